// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <variant>

#include "miner/ethash_search.hpp"
#include "miner/scan.hpp"

namespace cairn::miner {

/// Further headers for one piece of work once a header's versions and nonces are used up: another Merkle-root slot, or
/// another time. Immutable; any thread.
class WorkRolls {
  public:
    WorkRolls() = default;
    WorkRolls(const WorkRolls&) = delete;
    WorkRolls& operator=(const WorkRolls&) = delete;
    virtual ~WorkRolls() = default;

    /// How many there are, at least 1.
    [[nodiscard]] virtual std::uint64_t count() const noexcept = 0;

    /// Writes number `roll` < count() into a header; no two give the same one.
    virtual void apply(std::uint64_t roll, WorkHeader& header) const = 0;
};

/// One piece of work: what a WorkSource gives and a Miner searches.
struct Work {
    std::uint64_t id = 0;  ///< the source's own
    std::variant<Job, EthashJob> task;
    /// For a Job; null: only the header as it stands.
    std::shared_ptr<const WorkRolls> rolls;
    /// For a Job: the nonces to try are those below this; 1..2^32.
    std::uint64_t nonce_count = std::uint64_t{1} << 32;
    /// For an EthashJob: where the nonces begin, so that several miners of one job search apart.
    std::uint64_t first_nonce = 0;
    /// When there was reason for this work, where its source knows: how long it takes to reach the threads is measured
    /// from then on.
    std::optional<std::chrono::steady_clock::time_point> since = {};
};

/// What a search found: a whole work header, or an Ethash seal.
struct Solution {
    std::uint64_t work_id = 0;
    std::uint64_t roll = 0;  ///< of the header, where the work has rolls
    std::variant<WorkHeader, Seal> found;
};

/// Where work comes from and solutions go: a node's job board, a pool, another node. A Miner calls wait_work from one
/// thread and submit from another.
class WorkSource {
  public:
    WorkSource() = default;
    WorkSource(const WorkSource&) = delete;
    WorkSource& operator=(const WorkSource&) = delete;
    virtual ~WorkSource() = default;

    /// Waits until there is something else to search than the last call said, and gives it; gives nothing when there is
    /// nothing to search until the next call returns, or when `stop` was asked for.
    [[nodiscard]] virtual std::optional<Work> wait_work(std::stop_token stop) = 0;

    /// Takes a solution. May take its time: further ones wait in a bounded queue.
    virtual void submit(const Solution& solution) = 0;

    /// All of this work has been searched: other work is wanted. Called once for each work, by any thread, from between
    /// two searches; must not block.
    virtual void exhausted(std::uint64_t work_id) = 0;
};

}  // namespace cairn::miner
