// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "chain/build/job_board.hpp"
#include "chain/spec/chain_spec.hpp"
#include "miner/work_rolls.hpp"
#include "miner/work_source.hpp"

namespace cairn::node {

/// The node's own job board as a source of work for miner::Miner. A job gives way to the next at once, and a job that
/// is sealed leaves nothing to search until the board has another.
class LocalWork final : public miner::WorkSource {
  public:
    /// @param board  outlives the source
    /// @param seal   Sha256d or Ethash (asserted): where nothing is sealed, there is nothing to search
    LocalWork(chain::JobBoard& board, chain::SealKind seal);

    [[nodiscard]] std::optional<miner::Work> wait_work(std::stop_token stop) override;
    void submit(const miner::Solution& solution) override;
    void exhausted(std::uint64_t work_id) override;

    /// Seals that the board accepted. Any thread.
    [[nodiscard]] std::uint64_t blocks() const;

  private:
    [[nodiscard]] miner::Work make_work(const chain::JobPosting& posting) const;

    chain::JobBoard& board_;
    const chain::SealKind seal_;
    miner::MerkleSlotRolls::Apart apart_;
    std::uint64_t first_nonce_ = 0;
    std::uint64_t seen_ = 0;  ///< wait_work's thread alone

    mutable std::mutex mutex_;
    std::deque<std::pair<std::uint64_t, Hash256>> seal_hashes_;  // guarded by mutex_: of the last jobs, by id
    std::uint64_t blocks_ = 0;                                   // guarded by mutex_
};

}  // namespace cairn::node
