// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "chain/import/bad_blocks.hpp"
#include "chain/import/chain_manager.hpp"
#include "chain/import/events.hpp"
#include "chain/import/import_block.hpp"
#include "chain/import/import_outcome.hpp"
#include "chain/import/reorg.hpp"
#include "chain/import/verify.hpp"
#include "chain/spec/chain_spec.hpp"
#include "chain/store/store.hpp"
#include "chain/store/store_writer.hpp"

namespace cairn::chain {

/// Decides what becomes of prepared blocks and writes it down: the writer thread's work, without
/// the thread. Blocks gather in one write transaction until flush, or until a reorganisation, which
/// has a transaction to itself. Outcomes and events are told after the commit that they rest on.
///
/// Everything throws StoreError where the machine or the file fails; what was not flushed is then
/// lost and the object of no more use. One thread.
class ChainWriter {
public:
    using OnOutcome = std::function<void(const ImportOutcome&)>;

    /// @param engine   null: seals are taken on trust
    /// @param on_head   told of each move of the head
    /// @param on_stats  told the counters so far, before the outcomes that they count are told
    /// The references outlive it; the store has its genesis.
    ChainWriter(Store& store, const ChainSpec& spec, const SealEngine* engine,
                const ChainManagerOptions& options,
                std::function<void(const HeadChangedPtr&)> on_head,
                std::function<void(const ImportStats&)> on_stats);

    /// Judges a block, and stores and executes it as it deserves.
    void take(PreparedBlock prepared, OnOutcome on_outcome);
    /// An outcome that needed no look at the chain; told in order with the others.
    void answer(OnOutcome on_outcome, ImportOutcome outcome);
    /// Whether the transaction at hand has as much as one may have.
    [[nodiscard]] bool is_full() const noexcept;
    /// Commits and tells.
    void flush();
    /// After an exception: drops what was not committed and answers NotProcessed to its blocks.
    void abandon() noexcept;

    /// See ChainManager.
    [[nodiscard]] bool set_head(const BlockRef& block);
    [[nodiscard]] bool invalidate(const BlockHash& hash);
    [[nodiscard]] bool reconsider(const BlockHash& hash);
    void pretend(const std::vector<AccountPretence>& accounts);

private:
    /// A block on the way to the head that turned out bad, and those after it that fall with it.
    struct Broken {
        BlockRef block;
        BlockFault fault;
        std::vector<BlockRef> descendants;
    };

    void open();
    /// Drops everything since the last commit.
    void drop();
    [[nodiscard]] ImportOutcome judge(PreparedBlock prepared);
    [[nodiscard]] ImportOutcome refuse(const BlockRef& block, const BlockFault& fault,
                                       bool is_sealed);
    [[nodiscard]] ImportOutcome extend(const RuleSet& rules, PreparedBlock prepared,
                                       const TotalDifficulty& total);
    [[nodiscard]] ImportOutcome reorganise(const RuleSet& rules, PreparedBlock prepared,
                                           const TotalDifficulty& total);
    [[nodiscard]] std::optional<ParentInfo> find_parent(const BlockHash& hash);
    /// Moves the head to a stored block, in the transaction at hand, which has nothing else in it.
    /// @return what stood in the way; the transaction is then to be dropped
    [[nodiscard]] std::optional<Broken> move_head(const ReorgPlan& plan);
    void revert(const BlockRef& block);
    [[nodiscard]] std::optional<BlockFault> apply_stored(const BlockRef& block);
    [[nodiscard]] ExecutedBlockPtr read_executed(const BlockRef& block) const;
    /// Drops the transaction at hand and remembers the culprits in another.
    void remember(const Broken& broken);
    /// Remembers for good, where the seal is worth anything.
    void remember_sealed(const BlockRef& block, const BlockFault& fault);
    /// Makes the best of the chains that are not known to be bad the canonical one.
    void choose_again();
    void note_applied(ExecutedBlockPtr block);
    /// Sets the tags that follow from the head.
    void tag_blocks();
    [[nodiscard]] bool has_state_of(BlockNumber number) const {
        return number >= writer_->horizon();
    }

    Store& store_;
    const ChainSpec& spec_;
    const SealEngine* engine_;
    const ChainManagerOptions& options_;
    std::function<void(const HeadChangedPtr&)> on_head_;
    std::function<void(const ImportStats&)> on_stats_;
    BlockImporter importer_;
    BadBlocks bad_blocks_;
    ImportStats stats_;

    // The transaction at hand.
    std::optional<StoreWriter> writer_;
    bool is_dirty_ = false;
    BlockRef head_;
    TotalDifficulty head_total_;
    std::optional<ParentInfo> last_;  // the block stored last: mostly the next one's parent
    std::size_t blocks_ = 0;
    Gas gas_ = 0;
    std::vector<ExecutedBlockPtr> reverted_;
    std::vector<ExecutedBlockPtr> applied_;
    std::vector<std::pair<OnOutcome, ImportOutcome>> outcomes_;
    OnOutcome held_;  // of the block being judged
    bool is_amended_ = false;  // the head's state was, in the transaction at hand
};

/// Writes the genesis block and its state into an empty store.
/// @throws StoreError
void write_genesis(Store& store, const Genesis& genesis, const Block& block);

}  // namespace cairn::chain
