// SPDX-License-Identifier: MIT
#include "node/mining/vardiff.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

// While searching: five shares, or twenty seconds. One step is at most this factor either way, for five shares at the
// wrong end of a burst say little.
constexpr std::uint64_t kSearchShares = 5;
constexpr double kSearchSeconds = 20;
constexpr double kSearchStepMax = 64;

// Settled: thirty shares, or six minutes, in which thirty are expected; and two minutes for a client that has gone
// quiet (at most two shares where ten are expected has a chance of 1/360).
constexpr std::uint64_t kSettledShares = 30;
constexpr double kSettledSeconds = 360;
constexpr double kQuietSeconds = 120;
constexpr std::uint64_t kQuietShares = 2;
constexpr double kSettledStepMax = 8;

/// Deviations within this factor are left alone: thirty shares come out that far off once in a hundred times by chance.
constexpr double kTolerance = 1.6;

/// No share at all is taken for a part of one: the rate is low, not nothing.
constexpr double kSharesOfSilence = 0.5;

}  // namespace

void Vardiff::restart(double difficulty, Time now) noexcept { *this = Vardiff{difficulty, now}; }

void Vardiff::on_share(double difficulty) noexcept {
    sum_ += difficulty;
    ++shares_;
}

std::optional<double> Vardiff::retarget(Time now, double lowest, double highest) noexcept {
    const double seconds = std::max(std::chrono::duration<double>(now - start_).count(), 0.001);
    const bool is_due = is_settled_ ? shares_ >= kSettledShares || seconds >= kSettledSeconds ||
                                          (seconds >= kQuietSeconds && shares_ <= kQuietShares)
                                    : shares_ >= kSearchShares || seconds >= kSearchSeconds;
    if (!is_due) return std::nullopt;

    const double worth = shares_ > 0 ? sum_ : kSharesOfSilence * difficulty_;
    const double wanted = worth / seconds * 60 / kSharesPerMinute;
    const double step_max = is_settled_ ? kSettledStepMax : kSearchStepMax;
    const double ratio = std::clamp(wanted / difficulty_, 1 / step_max, step_max);
    const bool is_near = ratio < kTolerance && ratio > 1 / kTolerance;
    // Few shares near the wanted rate may be chance, but the search has no more to find.
    if (is_near) is_settled_ = true;
    start_ = now;
    sum_ = 0;
    shares_ = 0;
    const double next = std::max(std::min(is_near ? difficulty_ : difficulty_ * ratio, highest), lowest);
    if (next == difficulty_) return std::nullopt;
    difficulty_ = next;
    return next;
}

}  // namespace cairn::node
