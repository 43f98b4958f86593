// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chain/import/events.hpp"
#include "chain/rules/block_error.hpp"
#include "chain/state/state_diff.hpp"
#include "core/types/block.hpp"
#include "core/types/ids.hpp"
#include "core/types/transaction_rlp.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Gas limit that blocks are moved toward unless their maker says otherwise (docs: networks).
inline constexpr Gas kGasLimitTargetDefault = 30'000'000;

/// What the maker of a block chooses; the rest follows from the parent.
struct BlockAttributes {
    /// The parent, which must be the head; whatever is the head where absent.
    std::optional<BlockHash> parent{};
    /// Seconds since 1970; above the parent's.
    UnixSeconds timestamp = 0;
    Address beneficiary;
    /// At most 32 bytes; the ten blocks from the DAO fork on have their own (EIP-779).
    Bytes extra_data{};
    /// Where the gas limit moves, by less than 1/1024 a block.
    Gas gas_limit_target = kGasLimitTargetDefault;
    /// The gas limit is the target at once, which GasPolicy::IsMakersChoice lets pass.
    bool is_gas_limit_exact = false;
    /// The base fee, wei per gas, in place of what follows from the parent, where the rules have one
    /// at all; likewise.
    std::optional<Wei> base_fee{};
    /// Least tip of a pooled transaction, wei per gas; locals are exempt.
    Wei tip_min;
    /// Whether to include ommers that the store has.
    bool takes_ommers = true;

    // After the merge alone.
    Hash256 prev_randao;
    std::vector<Withdrawal> withdrawals{};
    Hash256 parent_beacon_root;
};

/// A block that lacks nothing but its seal, and all that making it gave.
struct BlockTemplate {
    /// Block, receipts, senders and total; mix hash and nonce are zero under proof of work.
    ExecutedBlockPtr executed;
    /// What it changes, over the state after its parent.
    StateDiff diff;
    /// Tips that go to the beneficiary, wei; the reward not counted.
    Wei fees;
    /// By ascending type: type ‖ data (EIP-7685).
    std::vector<Bytes> requests;
    /// Of its blob transactions that came from the pool, in order.
    std::vector<std::shared_ptr<const BlobSidecar>> sidecars;

    [[nodiscard]] const Block& block() const noexcept { return executed->block; }
};
using BlockTemplatePtr = std::shared_ptr<const BlockTemplate>;

/// Why no block could be made.
enum class BuildError : std::uint8_t {
    ParentNotHead,            ///< blocks are built on the head, whose state is at hand
    TimestampNotAfterParent,  ///< the timestamp asked for
    ExtraDataTooLong,         ///< for the rules of the block
    TxInvalid,                ///< one of the transactions asked for; tx_error says why
    ExecutionFailed,          ///< what comes after the transactions; block_error says why
};

/// What is wrong, and where.
struct BuildFault {
    BuildError error{};
    std::size_t index = 0;  ///< with TxInvalid: which transaction, from 0
    std::optional<TxError> tx_error{};
    std::optional<BlockError> block_error{};
    /// With NonceTooLow and NonceTooHigh: the account's nonce.
    std::optional<std::uint64_t> account_nonce{};
};

/// One line in lower case: "transaction 3: nonce too high".
[[nodiscard]] std::string to_string(const BuildFault& fault);

}  // namespace cairn::chain
