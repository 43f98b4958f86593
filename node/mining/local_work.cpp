// SPDX-License-Identifier: MIT
#include "node/mining/local_work.hpp"

#include <algorithm>
#include <chrono>
#include <span>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"
#include "core/crypto/random.hpp"

namespace cairn::node {
namespace {

/// Jobs whose late solutions still find their seal hash.
constexpr std::size_t kJobsKept = chain::JobBoard::kTemplatesMax;

}  // namespace

LocalWork::LocalWork(chain::JobBoard& board, chain::SealKind seal) : board_{board}, seal_{seal} {
    CAIRN_ASSERT(seal != chain::SealKind::None);
    random_bytes(apart_);
    first_nonce_ = load_le64(apart_.data());
}

miner::Work LocalWork::make_work(const chain::JobPosting& posting) const {
    const MiningJob& job = *posting.job;
    if (seal_ == chain::SealKind::Ethash) {
        const miner::EthashJob task{.seal_hash = job.base.seal_hash, .number = job.number, .target = job.base.target};
        return {.id = job.id, .task = task, .rolls = nullptr, .first_nonce = first_nonce_, .since = posting.since};
    }
    const miner::Job task{.header = make_work_header(job.base, {}),
                          .target = job.base.target,
                          .version_mask = kWorkVersionMask};
    return {.id = job.id, .task = task, .rolls = std::make_shared<miner::MerkleSlotRolls>(apart_),
            .since = posting.since};
}

std::optional<miner::Work> LocalWork::wait_work(std::stop_token stop) {
    for (;;) {
        const auto posting = board_.wait_job(seen_, stop, std::chrono::hours{1});
        if (stop.stop_requested()) return std::nullopt;
        if (!posting) continue;
        seen_ = posting->generation;
        if (!posting->job) return std::nullopt;
        // A header with an epoch beyond those served is refused by the rules; nobody can search for it.
        if (seal_ == chain::SealKind::Ethash && ethash_epoch(posting->job->number) >= kEthashEpochsMax)
            return std::nullopt;
        const std::scoped_lock lock{mutex_};
        seal_hashes_.emplace_back(posting->job->id, posting->job->base.seal_hash);
        if (seal_hashes_.size() > kJobsKept) seal_hashes_.pop_front();
        return make_work(*posting);
    }
}

void LocalWork::submit(const miner::Solution& solution) {
    std::optional<Hash256> seal_hash;
    {
        const std::scoped_lock lock{mutex_};
        const auto it = std::ranges::find(seal_hashes_, solution.work_id, [](const auto& entry) { return entry.first; });
        if (it != seal_hashes_.end()) seal_hash = it->second;
    }
    if (!seal_hash) return;
    std::optional<Seal> seal;
    if (const auto* header = std::get_if<WorkHeader>(&solution.found)) {
        if (const auto base = board_.find_work(*seal_hash)) seal = find_seal(*base, *header);
    } else {
        seal = std::get<Seal>(solution.found);
    }
    if (!seal || board_.submit(*seal_hash, *seal) != chain::SealOutcome::Accepted) return;
    const std::scoped_lock lock{mutex_};
    ++blocks_;
}

/// Rolls are 2^64 - 1 and nonces of Ethash 2^64: neither ends.
void LocalWork::exhausted(std::uint64_t) {}

std::uint64_t LocalWork::blocks() const {
    const std::scoped_lock lock{mutex_};
    return blocks_;
}

}  // namespace cairn::node
