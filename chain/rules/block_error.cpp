// SPDX-License-Identifier: MIT
#include "chain/rules/block_error.hpp"

namespace cairn::chain {

std::string_view to_string(BlockError error) noexcept {
    switch (error) {
        case BlockError::UnknownParent:
            return "unknown parent";
        case BlockError::ParentInvalid:
            return "parent is invalid";
        case BlockError::TimestampEarly:
            return "timestamp is ahead of the clock";
        case BlockError::InvalidatedByOperator:
            return "called invalid by the operator";
        case BlockError::ExtraDataTooLong:
            return "extra data too long";
        case BlockError::GasLimitTooLow:
            return "gas limit below 5000";
        case BlockError::GasLimitTooHigh:
            return "gas limit above 2^63-1";
        case BlockError::GasUsedAboveLimit:
            return "gas used above gas limit";
        case BlockError::BaseFeeMissing:
            return "base fee missing";
        case BlockError::BaseFeeUnexpected:
            return "base fee before EIP-1559";
        case BlockError::WithdrawalsRootMissing:
            return "withdrawals root missing";
        case BlockError::WithdrawalsRootUnexpected:
            return "withdrawals root where there are no withdrawals";
        case BlockError::BlobFieldsMissing:
            return "blob gas used or excess blob gas missing";
        case BlockError::BlobFieldsUnexpected:
            return "blob gas fields where there are no blobs";
        case BlockError::BeaconRootMissing:
            return "parent beacon root missing";
        case BlockError::BeaconRootUnexpected:
            return "parent beacon root where there is no beacon chain";
        case BlockError::RequestsHashMissing:
            return "requests hash missing";
        case BlockError::RequestsHashUnexpected:
            return "requests hash where there are no requests";
        case BlockError::BlobGasNotMultiple:
            return "blob gas used is no multiple of a blob's";
        case BlockError::BlobGasAboveMax:
            return "blob gas used above the maximum";
        case BlockError::DifficultyNotZero:
            return "difficulty not zero after the merge";
        case BlockError::NonceNotZero:
            return "nonce not zero after the merge";
        case BlockError::OmmersHashNotEmpty:
            return "ommers after the merge";
        case BlockError::DaoExtraDataWrong:
            return "extra data is not the DAO fork's";
        case BlockError::ParentHashWrong:
            return "parent hash wrong";
        case BlockError::NumberNotNext:
            return "number is not the parent's plus one";
        case BlockError::TimestampNotAfterParent:
            return "timestamp not after the parent's";
        case BlockError::GasLimitStepTooLarge:
            return "gas limit moved too far from the parent's";
        case BlockError::BaseFeeWrong:
            return "base fee wrong";
        case BlockError::ExcessBlobGasWrong:
            return "excess blob gas wrong";
        case BlockError::DifficultyWrong:
            return "difficulty wrong";
        case BlockError::SealEpochTooHigh:
            return "Ethash epoch too high";
        case BlockError::SealMixWrong:
            return "mix hash wrong";
        case BlockError::SealAboveTarget:
            return "proof of work above the target";
        case BlockError::TransactionsRootWrong:
            return "transactions root wrong";
        case BlockError::OmmersHashWrong:
            return "ommers hash wrong";
        case BlockError::WithdrawalsMissing:
            return "withdrawals missing";
        case BlockError::WithdrawalsUnexpected:
            return "withdrawals without a root in the header";
        case BlockError::WithdrawalsRootWrong:
            return "withdrawals root wrong";
        case BlockError::BlockTooLarge:
            return "block too large";
        case BlockError::BlobGasUsedWrong:
            return "blob gas used is not the transactions'";
        case BlockError::TxInvalid:
            return "transaction invalid";
        case BlockError::OmmersTooMany:
            return "too many ommers";
        case BlockError::OmmerDuplicate:
            return "ommer included before";
        case BlockError::OmmerIsAncestor:
            return "ommer is an ancestor";
        case BlockError::OmmerNotKin:
            return "ommer's parent is not two to seven generations up";
        case BlockError::OmmerHeaderInvalid:
            return "ommer invalid";
        case BlockError::SystemCallFailed:
            return "system call failed";
        case BlockError::DepositLogInvalid:
            return "deposit event malformed";
        case BlockError::GasUsedWrong:
            return "gas used wrong";
        case BlockError::LogsBloomWrong:
            return "logs bloom wrong";
        case BlockError::ReceiptsRootWrong:
            return "receipts root wrong";
        case BlockError::RequestsHashWrong:
            return "requests hash wrong";
        case BlockError::StateRootWrong:
            return "state root wrong";
    }
    return "unknown";
}

std::string to_string(const BlockFault& fault) {
    const auto with = [&](std::string_view what, std::string_view why) {
        return std::string{what} + " " + std::to_string(fault.index) + ": " + std::string{why};
    };
    switch (fault.error) {
        case BlockError::TxInvalid:
            return with("transaction",
                        fault.tx_error ? to_string(*fault.tx_error) : to_string(fault.error));
        case BlockError::OmmerDuplicate:
        case BlockError::OmmerIsAncestor:
        case BlockError::OmmerNotKin:
            return with("ommer", to_string(fault.error));
        case BlockError::OmmerHeaderInvalid:
            return with("ommer",
                        fault.ommer_error ? to_string(*fault.ommer_error) : to_string(fault.error));
        default:
            return std::string{to_string(fault.error)};
    }
}

}  // namespace cairn::chain
