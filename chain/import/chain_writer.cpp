// SPDX-License-Identifier: MIT
#include "chain/import/chain_writer.hpp"

#include <algorithm>
#include <string>

#include "chain/rules/blame.hpp"
#include "chain/rules/header_check.hpp"
#include "chain/store/account_edits.hpp"
#include "chain/store/required.hpp"
#include "chain/store/store_error.hpp"
#include "core/base/assert.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

[[nodiscard]] ImportOutcome outcome_of(ImportStatus status, const BlockRef& block) {
    return {.status = status, .block = block};
}

[[nodiscard]] ImportOutcome invalid(const BlockRef& block, const BlockFault& fault) {
    return {.status = ImportStatus::Invalid, .block = block, .fault = fault};
}

}  // namespace

ChainWriter::ChainWriter(Store& store, const ChainSpec& spec, const SealEngine* engine,
                         const ChainManagerOptions& options,
                         std::function<void(const HeadChangedPtr&)> on_head,
                         std::function<void(const ImportStats&)> on_stats)
    : store_{store},
      spec_{spec},
      engine_{engine},
      options_{options},
      on_head_{std::move(on_head)},
      on_stats_{std::move(on_stats)},
      importer_{spec} {}

void ChainWriter::open() {
    if (writer_) return;
    writer_.emplace(store_);
    importer_.open(*writer_);
    const auto head = writer_->head();
    CAIRN_ASSERT(head);
    head_ = *head;
    head_total_ = required(writer_->total_difficulty(head_.hash), "total difficulty", head_);
    is_dirty_ = false;
    blocks_ = 0;
    gas_ = 0;
}

void ChainWriter::drop() {
    importer_.close();
    writer_.reset();
    last_.reset();
    reverted_.clear();
    applied_.clear();
}

bool ChainWriter::is_full() const noexcept {
    return blocks_ >= options_.batch_blocks_max || gas_ >= options_.batch_gas_max;
}

void ChainWriter::tag_blocks() {
    const auto header = required(writer_->header(head_), "header", head_);
    const bool is_merged = header->difficulty == Difficulty{} && head_.number > 0;
    const auto block_with = [&](std::uint64_t confirmations) {
        const std::uint64_t depth = is_merged || confirmations == 0 ? 0 : confirmations - 1;
        const BlockNumber number = head_.number > depth ? head_.number - depth : 0;
        return BlockRef{number, required(writer_->canonical_hash(number), "canonical hash",
                                         BlockRef{number, {}})};
    };
    writer_->set_safe(block_with(options_.safe_confirmations));
    writer_->set_finalized(block_with(options_.finalized_confirmations));
}

void ChainWriter::flush() {
    if (writer_) {
        const BlockRef head = head_;
        importer_.close();
        if (is_dirty_) {
            if (!applied_.empty() || !reverted_.empty()) tag_blocks();
            if (options_.keep_state_blocks != 0 && head.number > options_.keep_state_blocks)
                writer_->prune_below(head.number - options_.keep_state_blocks,
                                     2 * applied_.size() + 1);
            writer_->commit();
        } else {
            writer_->abort();
        }
        writer_.reset();
    }
    std::shared_ptr<HeadChanged> event;
    if (std::exchange(is_amended_, false) || !reverted_.empty() || !applied_.empty()) {
        event = std::make_shared<HeadChanged>();
        event->reverted = std::exchange(reverted_, {});
        event->applied = std::exchange(applied_, {});
        event->head = head_;
        event->total = head_total_;
        if (event->is_reorg()) {
            ++stats_.reorgs;
            stats_.deepest_reorg =
                std::max<std::uint64_t>(stats_.deepest_reorg, event->reverted.size());
        }
    }
    on_stats_(stats_);
    if (event) on_head_(event);
    for (const auto& [on_outcome, outcome] : std::exchange(outcomes_, {}))
        if (on_outcome) on_outcome(outcome);
}

void ChainWriter::answer(OnOutcome on_outcome, ImportOutcome outcome) {
    if (outcome.status == ImportStatus::Invalid) ++stats_.rejected;
    outcomes_.emplace_back(std::move(on_outcome), std::move(outcome));
}

void ChainWriter::take(PreparedBlock prepared, OnOutcome on_outcome) {
    // Listed first, so that it gets its answer also where the judge fails; a flush on the way
    // must not tell it yet.
    held_ = std::move(on_outcome);
    auto outcome = judge(std::move(prepared));
    answer(std::exchange(held_, {}), std::move(outcome));
}

void ChainWriter::abandon() noexcept {
    drop();
    if (held_) outcomes_.emplace_back(std::exchange(held_, {}), ImportOutcome{});
    for (const auto& [on_outcome, outcome] : std::exchange(outcomes_, {}))
        if (on_outcome) on_outcome({.status = ImportStatus::NotProcessed, .block = outcome.block});
}

std::optional<ParentInfo> ChainWriter::find_parent(const BlockHash& hash) {
    if (last_ && last_->header.hash() == hash) return last_;
    const auto ref = writer_->find(hash);
    if (!ref) return std::nullopt;
    return ParentInfo{required(writer_->header(*ref), "header", *ref),
                      required(writer_->total_difficulty(hash), "total difficulty", *ref)};
}

ImportOutcome ChainWriter::refuse(const BlockRef& block, const BlockFault& fault, bool is_sealed) {
    if (blame_of(fault.error).is_final) {
        if (is_sealed)
            remember_sealed(block, fault);
        else
            bad_blocks_.put_unsealed(block.hash, make_bad_block(block.number, fault));
    }
    return invalid(block, fault);
}

void ChainWriter::remember_sealed(const BlockRef& block, const BlockFault& fault) {
    // Where seals are not checked, a bad block costs nothing to make.
    const BadBlock bad = make_bad_block(block.number, fault);
    if (engine_ == nullptr || spec_.seal() == SealKind::None) {
        bad_blocks_.put_unsealed(block.hash, bad);
    } else {
        bad_blocks_.put(*writer_, block.hash, bad);
        is_dirty_ = true;
    }
}

ImportOutcome ChainWriter::judge(PreparedBlock prepared) {
    open();
    const HashedHeader header = prepared.block.header;
    const BlockRef ref{header->number, header.hash()};
    if (const auto bad = bad_blocks_.find(*writer_, ref.hash)) return invalid(ref, fault_of(*bad));
    if (ref == head_) return outcome_of(ImportStatus::AlreadyKnown, ref);
    if (const auto known = writer_->total_difficulty(ref.hash);
        known && writer_->body(ref) && (writer_->is_canonical(ref) || *known <= head_total_))
        return outcome_of(ImportStatus::AlreadyKnown, ref);
    if (bad_blocks_.find(*writer_, header->parent_hash))
        return refuse(ref, BlockFault{BlockError::ParentInvalid}, false);
    const auto parent = find_parent(header->parent_hash);
    if (!parent) return outcome_of(ImportStatus::UnknownParent, ref);

    const RuleSet& rules = spec_.rules_at(ref.number, header->timestamp, parent->total);
    if (const auto checked = check_on_parent(*writer_, spec_, rules, engine_, prepared, *parent,
                                             options_.gas_policy);
        !checked)
        return refuse(ref, checked.error().fault, checked.error().is_sealed);
    if (rules.difficulty_rule != DifficultyRule::Zero && options_.clock &&
        !check_not_early(*header, options_.clock()))
        return outcome_of(ImportStatus::Early, ref);

    const TotalDifficulty total = parent->total + header->difficulty;
    if (header->parent_hash == head_.hash) return extend(rules, std::move(prepared), total);
    if (total > head_total_) return reorganise(rules, std::move(prepared), total);
    writer_->put_block(prepared.block, total, prepared.senders);
    is_dirty_ = true;
    ++blocks_;
    last_ = ParentInfo{header, total};
    return outcome_of(ImportStatus::SideChain, ref);
}

void ChainWriter::note_applied(ExecutedBlockPtr block) {
    const Header& header = *block->block.header;
    is_dirty_ = true;
    head_ = block->ref();
    head_total_ = block->total;
    last_ = ParentInfo{block->block.header, block->total};
    ++blocks_;
    gas_ += header.gas_used;
    ++stats_.blocks;
    stats_.transactions += block->senders.size();
    stats_.gas += header.gas_used;
    applied_.push_back(std::move(block));
}

ImportOutcome ChainWriter::extend(const RuleSet& rules, PreparedBlock prepared,
                                  const TotalDifficulty& total) {
    const BlockRef ref{prepared.block.header->number, prepared.block.header.hash()};
    auto executed =
        importer_.import(rules, std::move(prepared.block), std::move(prepared.senders), total);
    if (!executed) return refuse(ref, executed.error(), true);
    note_applied(*std::move(executed));
    return outcome_of(ImportStatus::Canonical, ref);
}

ImportOutcome ChainWriter::reorganise(const RuleSet& rules, PreparedBlock prepared,
                                      const TotalDifficulty& total) {
    // What came before stands by itself, whatever becomes of this.
    flush();
    open();
    const BlockRef ref{prepared.block.header->number, prepared.block.header.hash()};
    const BlockRef parent{ref.number - 1, prepared.block.header->parent_hash};
    const ReorgPlan plan = plan_reorg(*writer_, head_, parent);
    if (!has_state_of(plan.ancestor.number)) {
        writer_->put_block(prepared.block, total, prepared.senders);
        is_dirty_ = true;
        return outcome_of(ImportStatus::BelowHorizon, ref);
    }
    auto broken = move_head(plan);
    if (!broken) {
        auto executed =
            importer_.import(rules, std::move(prepared.block), std::move(prepared.senders), total);
        if (executed) {
            note_applied(*std::move(executed));
            flush();
            return outcome_of(ImportStatus::Canonical, ref);
        }
        broken = Broken{ref, executed.error(), {}};
    } else {
        broken->descendants.push_back(ref);
    }
    remember(*broken);
    return invalid(ref, broken->block == ref ? broken->fault
                                             : BlockFault{BlockError::ParentInvalid});
}

ExecutedBlockPtr ChainWriter::read_executed(const BlockRef& block) const {
    return std::make_shared<const ExecutedBlock>(
        ExecutedBlock{required(writer_->block(block), "body", block),
                      required(writer_->receipts(block), "receipts", block),
                      writer_->senders(block).value_or(std::vector<Address>{}),
                      required(writer_->total_difficulty(block.hash), "total difficulty", block)});
}

void ChainWriter::revert(const BlockRef& block) {
    reverted_.push_back(read_executed(block));
    const auto undone = writer_->undo();
    CAIRN_ASSERT(undone && *undone == block);
}

std::optional<BlockFault> ChainWriter::apply_stored(const BlockRef& block) {
    Block stored = required(writer_->block(block), "body", block);
    const BlockRef parent{block.number - 1, stored.header->parent_hash};
    const auto parent_total =
        required(writer_->total_difficulty(parent.hash), "total difficulty", parent);
    const RuleSet& rules = spec_.rules_at(block.number, stored.header->timestamp, parent_total);
    auto senders = writer_->senders(block).value_or(std::vector<Address>{});
    if (senders.size() != stored.body.transactions.size())
        throw StoreError{StoreFault::Corrupt, "no senders of " + name_of(block)};
    const auto total = parent_total + stored.header->difficulty;
    auto executed = importer_.import(rules, std::move(stored), std::move(senders), total);
    if (!executed) return executed.error();
    note_applied(*std::move(executed));
    return std::nullopt;
}

std::optional<ChainWriter::Broken> ChainWriter::move_head(const ReorgPlan& plan) {
    importer_.close();
    for (const BlockRef& block : plan.revert) revert(block);
    if (!plan.revert.empty()) {
        is_dirty_ = true;
        head_ = plan.ancestor;
        head_total_ = required(writer_->total_difficulty(head_.hash), "total difficulty", head_);
        last_.reset();
    }
    importer_.open(*writer_);
    for (std::size_t i = 0; i < plan.apply.size(); ++i) {
        if (const auto fault = apply_stored(plan.apply[i])) {
            const auto rest = plan.apply.begin() + static_cast<std::ptrdiff_t>(i) + 1;
            return Broken{plan.apply[i], *fault, {rest, plan.apply.end()}};
        }
    }
    return std::nullopt;
}

void ChainWriter::remember(const Broken& broken) {
    drop();
    open();
    remember_sealed(broken.block, broken.fault);
    for (const BlockRef& block : broken.descendants)
        remember_sealed(block, BlockFault{BlockError::ParentInvalid});
}

void ChainWriter::choose_again() {
    for (;;) {
        flush();
        open();
        const BlockRef best = find_best_tip(*writer_, [&](const BlockHash& hash) {
            return bad_blocks_.find(*writer_, hash).has_value();
        });
        if (best == head_) return;
        const ReorgPlan plan = plan_reorg(*writer_, head_, best);
        const auto broken = move_head(plan);
        if (!broken) return;
        remember(*broken);
    }
}

bool ChainWriter::set_head(const BlockRef& block) {
    flush();
    open();
    if (!writer_->is_canonical(block) || !has_state_of(block.number)) return false;
    const auto broken = move_head(plan_reorg(*writer_, head_, block));
    CAIRN_ASSERT(!broken);
    flush();
    return true;
}

void ChainWriter::pretend(const std::vector<AccountPretence>& accounts) {
    flush();
    open();
    const auto head_state = writer_->head_state();
    State state{head_state};
    state.begin_transaction();
    for (const AccountPretence& account : accounts) {
        const Address& address = account.address;
        if (account.balance) {
            state.subtract_balance(address, state.balance(address));
            state.add_balance(address, *account.balance);
        }
        if (account.nonce) state.set_nonce(address, *account.nonce);
        if (account.code) state.set_code(address, *account.code);
        for (const auto& [slot, value] : account.storage) state.set_storage(address, slot, value);
    }
    state.finalise_transaction(EmptyAccounts::Delete);
    const StateDiff diff = state.take_diff();
    StateTrieChanges changes;
    const auto root = [&] {
        const auto tries = writer_->tries();
        return update_state_root(tries, account_edits(diff, head_state).edits, changes);
    }();
    if (!root) throw StoreError{StoreFault::Corrupt, "the tries cannot be walked"};
    writer_->amend_head(diff, changes, *root);
    is_dirty_ = true;
    is_amended_ = true;
    flush();
}

bool ChainWriter::invalidate(const BlockHash& hash) {
    flush();
    open();
    const auto block = writer_->find(hash);
    if (!block || block->number == 0) return false;
    if (writer_->is_canonical(*block) && !has_state_of(block->number - 1)) return false;
    bad_blocks_.put(*writer_, hash,
                    make_bad_block(block->number, BlockFault{BlockError::InvalidatedByOperator}));
    is_dirty_ = true;
    choose_again();
    flush();
    return true;
}

bool ChainWriter::reconsider(const BlockHash& hash) {
    flush();
    open();
    const auto block = writer_->find(hash);
    if (!block) return false;
    bad_blocks_.clear_unsealed();
    // Its ancestors down to the canonical chain, then everything stored upon it.
    for (BlockRef at = *block; !writer_->is_canonical(at);) {
        bad_blocks_.erase(*writer_, at.hash);
        const auto header = required(writer_->header(at), "header", at);
        at = {at.number - 1, header->parent_hash};
    }
    std::vector<BlockHash> level{hash};
    for (BlockNumber number = block->number + 1; !level.empty(); ++number) {
        std::vector<BlockHash> next;
        for (const BlockHash& candidate : writer_->hashes_at(number)) {
            const auto header =
                required(writer_->header(BlockRef{number, candidate}), "header",
                         BlockRef{number, candidate});
            if (std::find(level.begin(), level.end(), header->parent_hash) == level.end()) continue;
            bad_blocks_.erase(*writer_, candidate);
            next.push_back(candidate);
        }
        level = std::move(next);
    }
    is_dirty_ = true;
    choose_again();
    flush();
    return true;
}

}  // namespace cairn::chain
