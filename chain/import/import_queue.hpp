// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>

#include "chain/import/import_outcome.hpp"
#include "chain/import/verify.hpp"
#include "core/base/expected.hpp"

namespace cairn::chain {

/// What the verify threads make of a submitted block; nothing where the manager stopped first.
using Preparation = std::optional<Result<PreparedBlock, DecodeError>>;

/// One thing for the writer to do: a block, or a command between blocks.
struct ImportJob {
    std::future<Preparation> preparation;
    std::function<void(const ImportOutcome&)> on_outcome;
    std::size_t bytes = 0;  ///< of the block's encoding, about
    /// Set for a command; told false where the manager stops first.
    std::function<void(bool may_run)> command;
};

/// Jobs in order of submission, bounded by blocks and bytes. Commands are not counted: operators
/// give them one at a time. Any thread.
class ImportQueue {
public:
    ImportQueue(std::size_t blocks_max, std::size_t bytes_max)
        : blocks_max_{blocks_max}, bytes_max_{bytes_max} {}

    /// Takes a place for a block, waiting while there is none; false once closed. The block is
    /// then put by push.
    [[nodiscard]] bool reserve(std::size_t bytes);
    /// Appends; false once closed, the job untouched.
    [[nodiscard]] bool push(ImportJob& job);
    /// The first job, waiting for one; nothing once closed.
    [[nodiscard]] std::optional<ImportJob> pop();
    /// The first job if there is one.
    [[nodiscard]] std::optional<ImportJob> try_pop();
    /// What is left; pop and push end.
    [[nodiscard]] std::deque<ImportJob> close();
    [[nodiscard]] std::size_t size() const;

private:
    [[nodiscard]] ImportJob take();

    mutable std::mutex mutex_;
    std::condition_variable has_job_;
    std::condition_variable has_room_;
    std::deque<ImportJob> jobs_;
    std::size_t blocks_ = 0;  // reserved
    std::size_t bytes_ = 0;   // reserved
    bool closed_ = false;
    const std::size_t blocks_max_;
    const std::size_t bytes_max_;
};

}  // namespace cairn::chain
