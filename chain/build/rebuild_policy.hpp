// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace cairn::chain {

/// When templates are made anew.
struct RebuildOptions {
    /// After a change of the pool this much is waited for more of them.
    std::chrono::milliseconds debounce{200};
    /// Between two templates on the same head at least; every one costs a whole block's execution.
    std::chrono::milliseconds interval_min{1000};
    /// A template older than this is made anew though nothing changed, for its timestamp's sake.
    std::chrono::milliseconds age_max{10'000};
};

/// Why a template is made.
enum class RebuildReason : std::uint8_t { NewHead, PoolChanged, Age };

/// Says when to make a template: at once on a new head, a little after the pool has got something
/// better, and now and then for the clock. A state machine without a clock of its own: moments are
/// the caller's, from a clock that does not go back. One thread.
class RebuildPolicy {
public:
    using Moment = std::chrono::steady_clock::time_point;

    explicit RebuildPolicy(const RebuildOptions& options = {}) noexcept : options_{options} {}

    /// The head changed: what was made is worth nothing.
    void on_head(Moment now) noexcept;
    /// The pool got an executable transaction.
    void on_pool(Moment now) noexcept;

    /// When the next template is due; nothing before the first head.
    [[nodiscard]] std::optional<Moment> due_at() const noexcept;
    /// The reason for a template that is due at this moment, which then counts as made from here
    /// on; nothing where none is due.
    [[nodiscard]] std::optional<RebuildReason> take(Moment now) noexcept;

private:
    RebuildOptions options_;
    std::optional<Moment> head_at_;  // an unanswered new head
    std::optional<Moment> pool_at_;  // the first unanswered change of the pool
    std::optional<Moment> built_at_;
};

}  // namespace cairn::chain
