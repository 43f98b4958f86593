// SPDX-License-Identifier: MIT
#include "chain/rules/blame.hpp"

namespace cairn::chain {
namespace {

// JSON-RPC codes: what geth answers with where a block or transaction is refused.
constexpr int kServerError = -32000;
constexpr int kInvalidParams = -32602;

constexpr Blame kInvalid{.is_givers_fault = true, .is_final = true, .rpc_code = kServerError};
/// The body is not the header's: somebody mixed them, and the header may yet be good.
constexpr Blame kMixed{.is_givers_fault = true, .is_final = false, .rpc_code = kServerError};
/// Nobody's fault; it may be good later or elsewhere.
constexpr Blame kNotYet{.is_givers_fault = false, .is_final = false, .rpc_code = kServerError};

}  // namespace

Blame blame_of(BlockError error) noexcept {
    switch (error) {
        case BlockError::UnknownParent:
        case BlockError::TimestampEarly:
        case BlockError::InvalidatedByOperator:
            return kNotYet;
        case BlockError::TransactionsRootWrong:
        case BlockError::OmmersHashWrong:
        case BlockError::WithdrawalsMissing:
        case BlockError::WithdrawalsUnexpected:
        case BlockError::WithdrawalsRootWrong:
            return kMixed;
        // The caller named the parent, or was mistaken: other headers say nothing about this one.
        case BlockError::ParentHashWrong:
            return kMixed;
        case BlockError::SealEpochTooHigh:
            return kMixed;
        case BlockError::ParentInvalid:
        case BlockError::ExtraDataTooLong:
        case BlockError::GasLimitTooLow:
        case BlockError::GasLimitTooHigh:
        case BlockError::GasUsedAboveLimit:
        case BlockError::BaseFeeMissing:
        case BlockError::BaseFeeUnexpected:
        case BlockError::WithdrawalsRootMissing:
        case BlockError::WithdrawalsRootUnexpected:
        case BlockError::BlobFieldsMissing:
        case BlockError::BlobFieldsUnexpected:
        case BlockError::BeaconRootMissing:
        case BlockError::BeaconRootUnexpected:
        case BlockError::RequestsHashMissing:
        case BlockError::RequestsHashUnexpected:
        case BlockError::BlobGasNotMultiple:
        case BlockError::BlobGasAboveMax:
        case BlockError::DifficultyNotZero:
        case BlockError::NonceNotZero:
        case BlockError::OmmersHashNotEmpty:
        case BlockError::DaoExtraDataWrong:
        case BlockError::NumberNotNext:
        case BlockError::TimestampNotAfterParent:
        case BlockError::GasLimitStepTooLarge:
        case BlockError::BaseFeeWrong:
        case BlockError::ExcessBlobGasWrong:
        case BlockError::DifficultyWrong:
        case BlockError::SealMixWrong:
        case BlockError::SealAboveTarget:
        case BlockError::BlockTooLarge:
        case BlockError::BlobGasUsedWrong:
        case BlockError::TxInvalid:
        case BlockError::OmmersTooMany:
        case BlockError::OmmerDuplicate:
        case BlockError::OmmerIsAncestor:
        case BlockError::OmmerNotKin:
        case BlockError::OmmerHeaderInvalid:
        case BlockError::SystemCallFailed:
        case BlockError::DepositLogInvalid:
        case BlockError::GasUsedWrong:
        case BlockError::LogsBloomWrong:
        case BlockError::ReceiptsRootWrong:
        case BlockError::RequestsHashWrong:
        case BlockError::StateRootWrong:
            return kInvalid;
    }
    return kInvalid;
}

Blame blame_of(TxError error) noexcept {
    constexpr Blame kBadTx{.is_givers_fault = true, .is_final = true, .rpc_code = kServerError};
    switch (error) {
        // Wrong under every state and every rule to come.
        case TxError::WrongChainId:
        case TxError::SignatureOutOfRange:
        case TxError::SignatureSTooHigh:
        case TxError::SignatureUnrecoverable:
        case TxError::NonceIsMax:
        case TxError::TipAboveFeeCap:
        case TxError::GasCostOverflow:
        case TxError::BlobCreation:
        case TxError::BlobsMissing:
        case TxError::BlobHashVersion:
        case TxError::SetCodeCreation:
        case TxError::AuthorizationListEmpty:
            return kBadTx;
        // A later fork may move the bound; the peer may be on the other side of one.
        case TxError::TypeNotSupported:
        case TxError::ReplayProtectionNotSupported:
        case TxError::InitcodeTooLarge:
        case TxError::GasLimitAboveCap:
        case TxError::IntrinsicGasTooLow:
        case TxError::GasLimitBelowFloor:
        case TxError::BlobCountExceeded:
        // The state or the block decides, and the peer's may be another.
        case TxError::SenderNotEoa:
        case TxError::NonceTooLow:
        case TxError::NonceTooHigh:
        case TxError::InsufficientFunds:
        case TxError::FeeCapBelowBaseFee:
        case TxError::BlobFeeCapBelowBlobBaseFee:
        case TxError::BlockGasLimitReached:
        case TxError::BlockBlobLimitReached:
            return kNotYet;
    }
    return kNotYet;
}

Blame blame_of(const DecodeError&) noexcept {
    return {.is_givers_fault = true, .is_final = false, .rpc_code = kInvalidParams};
}

}  // namespace cairn::chain
