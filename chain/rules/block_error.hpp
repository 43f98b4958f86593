// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chain/rules/errors.hpp"

namespace cairn::chain {

/// Why a block may not stand on its parent; one enumerator per cause, in the order in which they
/// are looked for. What follows from each is in blame.hpp.
enum class BlockError : std::uint8_t {
    // Place in the chain (chain/import).
    UnknownParent,   ///< nobody has seen the parent
    ParentInvalid,   ///< the parent, or a block before it, is invalid
    TimestampEarly,  ///< more than kFutureSecondsMax ahead of the clock: not invalid, only early
    InvalidatedByOperator,  ///< breaks no rule; the person in charge said not to take it

    // Header by itself (chain/rules/header_check.hpp).
    ExtraDataTooLong,           ///< more than 32 bytes (Yellow Paper, equation 57)
    GasLimitTooLow,             ///< below 5000 (Yellow Paper, equation 57)
    GasLimitTooHigh,            ///< above 2^63-1
    GasUsedAboveLimit,          ///< Yellow Paper, equation 57
    BaseFeeMissing,             ///< EIP-1559
    BaseFeeUnexpected,          ///< before EIP-1559
    WithdrawalsRootMissing,     ///< EIP-4895
    WithdrawalsRootUnexpected,  ///< where there are no withdrawals
    BlobFieldsMissing,          ///< EIP-4844: blob gas used or excess blob gas
    BlobFieldsUnexpected,       ///< where there are no blobs
    BeaconRootMissing,          ///< EIP-4788
    BeaconRootUnexpected,       ///< where there is no beacon chain
    RequestsHashMissing,        ///< EIP-7685
    RequestsHashUnexpected,     ///< where there are no requests
    BlobGasNotMultiple,         ///< blob gas used is no multiple of a blob's (EIP-4844)
    BlobGasAboveMax,            ///< blob gas used above the schedule's maximum (EIP-4844, EIP-7691)
    DifficultyNotZero,          ///< after the merge (EIP-3675)
    NonceNotZero,               ///< after the merge (EIP-3675)
    OmmersHashNotEmpty,         ///< after the merge (EIP-3675)
    DaoExtraDataWrong,  ///< not "dao-hard-fork" in the ten blocks from the DAO fork on (EIP-779)

    // Header on its parent (chain/rules/header_check.hpp).
    ParentHashWrong,          ///< the header names another parent
    NumberNotNext,            ///< not the parent's plus one
    TimestampNotAfterParent,  ///< not greater than the parent's
    GasLimitStepTooLarge,     ///< moved by 1/1024 of the parent's or more
    BaseFeeWrong,             ///< EIP-1559
    ExcessBlobGasWrong,       ///< EIP-4844, EIP-7691, EIP-7918
    DifficultyWrong,          ///< chain/rules/difficulty.hpp

    // Seal (chain/rules/pow.hpp).
    SealEpochTooHigh,  ///< an Ethash epoch that is not served
    SealMixWrong,      ///< Ethash's mix is not the header's
    SealAboveTarget,   ///< the hash is above the target

    // Body against header (chain/rules/body_check.hpp).
    TransactionsRootWrong,  ///< Yellow Paper, equation 31
    OmmersHashWrong,        ///< Yellow Paper, equation 31
    WithdrawalsMissing,     ///< the header has a root and the body no list (EIP-4895)
    WithdrawalsUnexpected,  ///< the body has a list and the header no root
    WithdrawalsRootWrong,   ///< EIP-4895
    BlockTooLarge,          ///< RLP above the limit (EIP-7934)
    BlobGasUsedWrong,       ///< not the sum over the transactions (EIP-4844)
    TxInvalid,              ///< a transaction; BlockFault::tx_error says why

    // Ommers (chain/rules/ommers.hpp).
    OmmersTooMany,       ///< more than two, or any after the merge
    OmmerDuplicate,      ///< twice in the block, or in an ancestor before
    OmmerIsAncestor,     ///< the block itself or one it stands on
    OmmerNotKin,         ///< its parent is not two to seven generations up
    OmmerHeaderInvalid,  ///< BlockFault::ommer_error says why

    // Execution (chain/exec).
    SystemCallFailed,   ///< EIP-7002, EIP-7251: no code, or the call failed
    DepositLogInvalid,  ///< EIP-6110: a deposit event not laid out as the contract's
    GasUsedWrong,       ///< not what the transactions used
    LogsBloomWrong,     ///< not the receipts'
    ReceiptsRootWrong,  ///< not the receipts'
    RequestsHashWrong,  ///< EIP-7685
    StateRootWrong,     ///< not the state after the block
};
inline constexpr std::size_t kBlockErrorCount =
    static_cast<std::size_t>(BlockError::StateRootWrong) + 1;

/// One line in lower case: what is wrong.
[[nodiscard]] std::string_view to_string(BlockError error) noexcept;

/// What is wrong with a block, and where.
struct BlockFault {
    BlockError error{};
    /// Position of the transaction or ommer at fault, from 0.
    std::size_t index = 0;
    /// With TxInvalid: why.
    std::optional<TxError> tx_error{};
    /// With OmmerHeaderInvalid: why (a header or a seal error).
    std::optional<BlockError> ommer_error{};

    friend bool operator==(const BlockFault&, const BlockFault&) noexcept = default;
};

/// One line, with place and reason: "transaction 3: nonce too low".
[[nodiscard]] std::string to_string(const BlockFault& fault);

}  // namespace cairn::chain
