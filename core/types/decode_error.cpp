// SPDX-License-Identifier: MIT
#include "core/types/decode_error.hpp"

#include <string_view>

namespace cairn {
namespace {

std::string_view text_of(DecodeCause cause) noexcept {
    switch (cause) {
        case DecodeCause::Rlp:
            return "bad RLP";
        case DecodeCause::TooShort:
            return "too few bytes";
        case DecodeCause::TooLong:
            return "too many bytes";
        case DecodeCause::UnknownTxType:
            return "unknown transaction type";
        case DecodeCause::InvalidV:
            return "invalid v";
        case DecodeCause::ChainIdOverflow:
            return "chain id above 64 bits";
        case DecodeCause::InvalidYParity:
            return "invalid y parity";
        case DecodeCause::InvalidOutcome:
            return "neither root nor status";
        case DecodeCause::UnknownWrapper:
            return "unknown wrapper version";
        case DecodeCause::SidecarMismatch:
            return "counts of blobs, commitments and proofs disagree";
    }
    return "unknown";
}

std::string_view text_of(DecodeField field) noexcept {
    switch (field) {
        case DecodeField::Whole:
            return "the whole";
        case DecodeField::ChainId:
            return "chain id";
        case DecodeField::Nonce:
            return "nonce";
        case DecodeField::GasPrice:
            return "gas price";
        case DecodeField::MaxPriorityFee:
            return "max priority fee per gas";
        case DecodeField::MaxFee:
            return "max fee per gas";
        case DecodeField::GasLimit:
            return "gas limit";
        case DecodeField::To:
            return "to";
        case DecodeField::Value:
            return "value";
        case DecodeField::Data:
            return "data";
        case DecodeField::TxAccessList:
            return "access list";
        case DecodeField::AccessListEntry:
            return "access list entry";
        case DecodeField::AccessListAddress:
            return "access list address";
        case DecodeField::AccessListStorageKeys:
            return "access list storage keys";
        case DecodeField::AccessListStorageKey:
            return "access list storage key";
        case DecodeField::MaxFeePerBlobGas:
            return "max fee per blob gas";
        case DecodeField::BlobHashes:
            return "blob versioned hashes";
        case DecodeField::AuthorizationList:
            return "authorization list";
        case DecodeField::Authorization:
            return "authorization";
        case DecodeField::SignatureV:
            return "signature's v";
        case DecodeField::SignatureR:
            return "signature's r";
        case DecodeField::SignatureS:
            return "signature's s";
        case DecodeField::Sidecar:
            return "blob sidecar";
        case DecodeField::ParentHash:
            return "parent hash";
        case DecodeField::OmmersHash:
            return "ommers hash";
        case DecodeField::Beneficiary:
            return "beneficiary";
        case DecodeField::StateRoot:
            return "state root";
        case DecodeField::TransactionsRoot:
            return "transactions root";
        case DecodeField::ReceiptsRoot:
            return "receipts root";
        case DecodeField::LogsBloom:
            return "logs bloom";
        case DecodeField::Difficulty:
            return "difficulty";
        case DecodeField::Number:
            return "number";
        case DecodeField::GasUsed:
            return "gas used";
        case DecodeField::Timestamp:
            return "timestamp";
        case DecodeField::ExtraData:
            return "extra data";
        case DecodeField::MixHash:
            return "mix hash";
        case DecodeField::SealNonce:
            return "seal nonce";
        case DecodeField::BaseFee:
            return "base fee";
        case DecodeField::WithdrawalsRoot:
            return "withdrawals root";
        case DecodeField::BlobGasUsed:
            return "blob gas used";
        case DecodeField::ExcessBlobGas:
            return "excess blob gas";
        case DecodeField::ParentBeaconRoot:
            return "parent beacon root";
        case DecodeField::RequestsHash:
            return "requests hash";
        case DecodeField::Header:
            return "header";
        case DecodeField::Transactions:
            return "transactions";
        case DecodeField::Ommers:
            return "ommers";
        case DecodeField::Withdrawals:
            return "withdrawals";
        case DecodeField::Outcome:
            return "receipt's outcome";
        case DecodeField::CumulativeGasUsed:
            return "cumulative gas used";
        case DecodeField::Logs:
            return "logs";
        case DecodeField::AccountBalance:
            return "balance";
        case DecodeField::AccountStorageRoot:
            return "storage root";
        case DecodeField::AccountCodeHash:
            return "code hash";
    }
    return "unknown";
}

}  // namespace

std::string to_string(const DecodeError& error) {
    std::string text{error.cause == DecodeCause::Rlp ? to_string(error.rlp) : text_of(error.cause)};
    return text.append(" in ").append(text_of(error.field));
}

}  // namespace cairn
