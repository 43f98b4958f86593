// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "chain/import/events.hpp"
#include "chain/rules/block_error.hpp"
#include "chain/spec/chain_spec.hpp"
#include "chain/state/state.hpp"
#include "chain/store/store_writer.hpp"
#include "core/base/expected.hpp"
#include "vm/vm.hpp"

namespace cairn::chain {

/// Executes blocks on the head of a StoreWriter's transaction and makes each the head that proves
/// good. Keeps the machine and what it has read of the state from block to block. One thread.
class BlockImporter {
public:
    explicit BlockImporter(const ChainSpec& spec) : spec_{spec} {}

    /// From here on blocks go into this transaction, which outlives close().
    void open(StoreWriter& writer);
    /// Lets go of the transaction; before it commits, aborts or is wound back.
    void close() noexcept;

    /// Executes a block whose parent is the head, and which check_on_parent has passed; holds the
    /// state root against the header; then stores and applies it. Of a block with a fault nothing
    /// is written.
    ///
    /// @param rules  of the block
    /// @param total  with the block
    /// @return       the block with its receipts, or what is wrong (as execute_block, or
    ///               StateRootWrong)
    /// @throws StoreError
    [[nodiscard]] Result<ExecutedBlockPtr, BlockFault> import(const RuleSet& rules, Block block,
                                                              std::vector<Address> senders,
                                                              const TotalDifficulty& total);

private:
    struct Executed {
        std::vector<Receipt> receipts;
        StateDiff diff;
        Gas gas_used = 0;
    };
    [[nodiscard]] Result<Executed, BlockFault> execute(const RuleSet& rules, const Block& block,
                                                       std::span<const Address> senders);

    const ChainSpec& spec_;
    vm::Vm vm_;
    StoreWriter* writer_ = nullptr;
    std::optional<HeadState> head_state_;
    /// Over head_state_, brought up to the head; what it has read serves the next block.
    std::optional<State> state_;
    /// Gas executed since the state was last emptied: bounds what it holds.
    Gas gas_held_ = 0;
};

}  // namespace cairn::chain
