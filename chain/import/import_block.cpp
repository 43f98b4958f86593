// SPDX-License-Identifier: MIT
#include "chain/import/import_block.hpp"

#include <memory>
#include <utility>

#include "chain/exec/block_executor.hpp"
#include "chain/import/intermediate_root.hpp"
#include "chain/store/account_edits.hpp"
#include "chain/store/store_error.hpp"
#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

/// A cold slot costs 2,100 gas and takes about 200 bytes while it is held, so that this bounds the
/// state kept between blocks near 40 MB.
constexpr Gas kGasHeldMax = 400'000'000;

}  // namespace

void BlockImporter::open(StoreWriter& writer) {
    CAIRN_ASSERT(writer_ == nullptr);
    writer_ = &writer;
    head_state_.emplace(writer.head_state());
    if (state_)
        state_->reset(*head_state_);
    else
        state_.emplace(*head_state_);
    gas_held_ = 0;
}

void BlockImporter::close() noexcept {
    head_state_.reset();
    writer_ = nullptr;
}

Result<BlockImporter::Executed, BlockFault> BlockImporter::execute(
    const RuleSet& rules, const Block& block, std::span<const Address> senders) {
    const BlockHashFunction block_hash = [this](BlockNumber number) {
        const auto hash = writer_->canonical_hash(number);
        return hash ? hash->as<Hash256>() : Hash256{};
    };
    if (!rules.receipt_has_state_root) {
        auto outcome = execute_block(vm_, *state_, spec_, rules, block, senders, block_hash);
        if (!outcome) return Unexpected{outcome.error()};
        return Executed{std::move(outcome->receipts), state_->take_diff(), outcome->gas_used};
    }
    const auto tries = writer_->tries();
    IntermediateRoots roots{tries};
    auto outcome = execute_block(vm_, *state_, spec_, rules, block, senders, block_hash,
                                 [&](State& state) { return roots.root_of(state); });
    if (!outcome) return Unexpected{outcome.error()};
    return Executed{std::move(outcome->receipts), roots.take_diff(*state_), outcome->gas_used};
}

Result<ExecutedBlockPtr, BlockFault> BlockImporter::import(const RuleSet& rules, Block block,
                                                           std::vector<Address> senders,
                                                           const TotalDifficulty& total) {
    CAIRN_ASSERT(writer_ != nullptr);
    if (gas_held_ > kGasHeldMax) {
        state_->reset(*head_state_);
        gas_held_ = 0;
    }
    auto executed = execute(rules, block, senders);
    if (!executed) {
        state_->reset(*head_state_);
        return Unexpected{executed.error()};
    }
    gas_held_ += executed->gas_used;

    StateTrieChanges changes;
    {
        const auto tries = writer_->tries();
        const auto edits = account_edits(executed->diff, *head_state_);
        const auto root = update_state_root(tries, edits.edits, changes);
        if (!root) throw StoreError{StoreFault::Corrupt, "the tries cannot be walked"};
        if (*root != block.header->state_root) {
            state_->reset(*head_state_);
            return Unexpected{BlockFault{BlockError::StateRootWrong}};
        }
    }
    writer_->put_block(block, total, senders);
    writer_->apply(block, executed->receipts, executed->diff, changes);
    return std::make_shared<const ExecutedBlock>(
        ExecutedBlock{std::move(block), std::move(executed->receipts), std::move(senders), total});
}

}  // namespace cairn::chain
