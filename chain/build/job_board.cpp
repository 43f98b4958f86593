// SPDX-License-Identifier: MIT
#include "chain/build/job_board.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "core/crypto/ethash.hpp"

namespace cairn::chain {

std::optional<EthWork> eth_work_of(const JobPosting& posting) {
    if (!posting.job) return std::nullopt;
    const MiningJob& job = *posting.job;
    EthWork work{.seal_hash = job.base.seal_hash,
                 .seed_hash = ethash_seed(ethash_epoch(job.number)),
                 .boundary = {},
                 .number = job.number};
    store_be256(work.boundary.data(), job.base.target.value);
    return work;
}

const char* to_text(SealOutcome outcome) noexcept {
    switch (outcome) {
        case SealOutcome::Accepted: return "accepted";
        case SealOutcome::Stale: return "stale work";
        case SealOutcome::Duplicate: return "block sealed already";
        case SealOutcome::LowDifficulty: return "low difficulty";
        case SealOutcome::WrongMix: return "wrong mix hash";
    }
    CAIRN_ASSERT(!"no outcome");
    return "";
}

JobBoard::JobBoard(const SealEngine& engine, Sealed sealed) : engine_{engine}, sealed_{std::move(sealed)} {
    CAIRN_ASSERT(sealed_ != nullptr);
}

JobBoard::~JobBoard() { CAIRN_ASSERT(listeners_.empty()); }

void JobBoard::drop_old_templates() {
    // Measured from the newest, not from the highest: the head may have moved to a shorter, heavier chain.
    const BlockNumber newest = templates_.back().job.number;
    std::erase_if(templates_, [&](const Template& t) { return t.job.number + kNumbersBehindMax <= newest; });
    while (templates_.size() > kTemplatesMax) templates_.pop_front();
}

void JobBoard::change(std::optional<MiningJob> job, const Block* block) {
    ++current_.generation;
    current_.job = std::move(job);
    current_.parent_hash = block != nullptr ? block->header->parent_hash : BlockHash{};
    current_.difficulty = block != nullptr ? block->header->difficulty : Difficulty{};
    if (block != nullptr) {
        current_.is_clean = last_parent_ != current_.parent_hash;
        last_parent_ = current_.parent_hash;
    }
    changed_.notify_all();
}

void JobBoard::announce() {
    const std::scoped_lock listeners_lock{listeners_mutex_};
    const JobPosting posting = current();
    // Another thread may have told of this change, or of a later one, already.
    if (posting.generation == announced_) return;
    announced_ = posting.generation;
    for (const auto& [id, listener] : listeners_) listener(posting);
}

void JobBoard::post(Block unsealed, std::optional<std::chrono::steady_clock::time_point> since) {
    auto block = std::make_shared<const Block>(std::move(unsealed));
    WorkBase base = work_base_of(*block->header);
    base.seal_hash = engine_.seal_hash(*block->header);
    {
        const std::scoped_lock lock{mutex_};
        if (current_.job && current_.job->base.seal_hash == base.seal_hash) return;
        const MiningJob job{.id = ++last_job_id_, .number = block->header->number, .base = base};
        std::erase_if(templates_, [&](const Template& t) { return t.job.base.seal_hash == base.seal_hash; });
        templates_.push_back({.block = block, .job = job});
        drop_old_templates();
        current_.since = since.value_or(std::chrono::steady_clock::now());
        change(job, block.get());
    }
    announce();
}

void JobBoard::withdraw() {
    {
        const std::scoped_lock lock{mutex_};
        if (!current_.job) return;
        change(std::nullopt, nullptr);
    }
    announce();
}

JobPosting JobBoard::current() const {
    const std::scoped_lock lock{mutex_};
    return current_;
}

std::optional<JobPosting> JobBoard::wait_job(std::uint64_t seen, std::stop_token stop,
                                             std::chrono::nanoseconds timeout) const {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, std::move(stop), timeout, [&] { return current_.generation != seen; }))
        return std::nullopt;
    return current_;
}

std::optional<WorkBase> JobBoard::find_work(const Hash256& seal_hash) const {
    const std::scoped_lock lock{mutex_};
    const Template* found = find_template(templates_, seal_hash);
    return found == nullptr ? std::nullopt : std::optional{found->job.base};
}

SealOutcome JobBoard::submit(const Hash256& seal_hash, const Seal& seal) {
    std::shared_ptr<const Block> block;
    {
        const std::scoped_lock lock{mutex_};
        const Template* found = find_template(templates_, seal_hash);
        if (found == nullptr) return SealOutcome::Stale;
        if (found->is_sealed) return SealOutcome::Duplicate;
        block = found->block;
    }
    // The check runs without the lock: an Ethash cache may have to be made first.
    Header header = *block->header;
    header.mix_hash = seal.mix_hash;
    header.nonce = seal.nonce;
    if (const auto verdict = engine_.check(header); !verdict)
        return verdict.error() == BlockError::SealMixWrong ? SealOutcome::WrongMix : SealOutcome::LowDifficulty;
    {
        const std::scoped_lock lock{mutex_};
        Template* found = find_template(templates_, seal_hash);
        if (found == nullptr) return SealOutcome::Stale;
        if (std::exchange(found->is_sealed, true)) return SealOutcome::Duplicate;
        // Nobody need search on while the block is on its way to become the head.
        if (current_.job && current_.job->base.seal_hash == seal_hash) change(std::nullopt, nullptr);
    }
    sealed_(Block{.header = HashedHeader{std::move(header)}, .body = block->body});
    announce();
    return SealOutcome::Accepted;
}

JobBoard::Subscription JobBoard::subscribe(Listener listener) {
    CAIRN_ASSERT(listener != nullptr);
    const std::scoped_lock lock{listeners_mutex_};
    const std::uint64_t id = ++last_listener_id_;
    listeners_.emplace(id, std::move(listener));
    return {*this, id};
}

JobBoard::Subscription::Subscription(Subscription&& other) noexcept
    : board_{std::exchange(other.board_, nullptr)}, id_{other.id_} {}

JobBoard::Subscription& JobBoard::Subscription::operator=(Subscription&& other) noexcept {
    if (this != &other) {
        end();
        board_ = std::exchange(other.board_, nullptr);
        id_ = other.id_;
    }
    return *this;
}

JobBoard::Subscription::~Subscription() { end(); }

void JobBoard::Subscription::end() noexcept {
    if (board_ == nullptr) return;
    const std::scoped_lock lock{board_->listeners_mutex_};
    board_->listeners_.erase(id_);
    board_ = nullptr;
}

}  // namespace cairn::chain
