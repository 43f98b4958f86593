// SPDX-License-Identifier: MIT
#include "chain/rules/errors.hpp"

namespace cairn::chain {

std::string_view to_string(TxError error) noexcept {
    switch (error) {
        case TxError::TypeNotSupported:
            return "transaction type not supported";
        case TxError::ReplayProtectionNotSupported:
            return "replay-protected transaction before EIP-155";
        case TxError::WrongChainId:
            return "invalid chain id for signer";
        case TxError::SignatureOutOfRange:
            return "invalid transaction v, r, s values";
        case TxError::SignatureSTooHigh:
            return "invalid transaction v, r, s values: s above half the group order";
        case TxError::SignatureUnrecoverable:
            return "invalid sender";
        case TxError::NonceIsMax:
            return "nonce has max value";
        case TxError::TipAboveFeeCap:
            return "max priority fee per gas higher than max fee per gas";
        case TxError::GasCostOverflow:
            return "gas limit times fee exceeds 256 bits";
        case TxError::InitcodeTooLarge:
            return "max initcode size exceeded";
        case TxError::GasLimitAboveCap:
            return "transaction gas limit too high";
        case TxError::IntrinsicGasTooLow:
            return "intrinsic gas too low";
        case TxError::GasLimitBelowFloor:
            return "insufficient gas for floor data gas cost";
        case TxError::BlobCreation:
            return "blob transaction of type create";
        case TxError::BlobsMissing:
            return "blob transaction missing blob hashes";
        case TxError::BlobCountExceeded:
            return "blob transaction has too many blobs";
        case TxError::BlobHashVersion:
            return "blob transaction with invalid hash version";
        case TxError::SetCodeCreation:
            return "EIP-7702 transaction cannot be used to create contract";
        case TxError::AuthorizationListEmpty:
            return "EIP-7702 transaction with empty auth list";
        case TxError::SenderNotEoa:
            return "sender not an eoa";
        case TxError::NonceTooLow:
            return "nonce too low";
        case TxError::NonceTooHigh:
            return "nonce too high";
        case TxError::InsufficientFunds:
            return "insufficient funds for gas * price + value";
        case TxError::FeeCapBelowBaseFee:
            return "max fee per gas less than block base fee";
        case TxError::BlobFeeCapBelowBlobBaseFee:
            return "max fee per blob gas less than block blob gas fee";
        case TxError::BlockGasLimitReached:
            return "gas limit reached";
        case TxError::BlockBlobLimitReached:
            return "blob gas limit reached";
    }
    return "unknown";
}

}  // namespace cairn::chain
