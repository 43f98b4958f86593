// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace cairn::miner {

/// A rate over the last seconds, from a counter that only grows. The clock is an argument. One thread.
class HashRate {
  public:
    /// @param window_seconds  how far back the rate looks
    explicit HashRate(double window_seconds) noexcept : window_{window_seconds} {}

    /// Notes the counter at a time; times never go back.
    void sample(double seconds, std::uint64_t hashes) {
        samples_.push_back({seconds, hashes});
        // One sample from before the window stays, for the rate to reach over all of it.
        while (samples_.size() > 2 && samples_[1].seconds <= seconds - window_) samples_.pop_front();
    }

    /// Hashes a second between the oldest and the newest sample kept; 0 where there are not two of different times.
    [[nodiscard]] double per_second() const noexcept {
        if (samples_.size() < 2) return 0;
        const double seconds = samples_.back().seconds - samples_.front().seconds;
        return seconds > 0 ? static_cast<double>(samples_.back().hashes - samples_.front().hashes) / seconds : 0;
    }

  private:
    struct Sample {
        double seconds;
        std::uint64_t hashes;
    };
    double window_;
    std::deque<Sample> samples_;
};

}  // namespace cairn::miner
