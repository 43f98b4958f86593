// SPDX-License-Identifier: MIT
#include "chain/build/rebuild_policy.hpp"

#include <algorithm>

namespace cairn::chain {

void RebuildPolicy::on_head(Moment now) noexcept {
    head_at_ = now;
    pool_at_.reset();
}

void RebuildPolicy::on_pool(Moment now) noexcept {
    // The first of a flood sets the time, or a steady stream would put it off for ever.
    if (!pool_at_) pool_at_ = now;
}

std::optional<RebuildPolicy::Moment> RebuildPolicy::due_at() const noexcept {
    if (head_at_) return head_at_;
    if (!built_at_) return std::nullopt;
    const Moment for_age = *built_at_ + options_.age_max;
    if (!pool_at_) return for_age;
    return std::min(for_age,
                    std::max(*pool_at_ + options_.debounce, *built_at_ + options_.interval_min));
}

std::optional<RebuildReason> RebuildPolicy::take(Moment now) noexcept {
    const auto due = due_at();
    if (!due || now < *due) return std::nullopt;
    const RebuildReason reason = head_at_   ? RebuildReason::NewHead
                                 : pool_at_ ? RebuildReason::PoolChanged
                                            : RebuildReason::Age;
    head_at_.reset();
    pool_at_.reset();
    built_at_ = now;
    return reason;
}

}  // namespace cairn::chain
