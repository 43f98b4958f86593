// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace cairn::node {

/// Finds the share difficulty at which one client sends a wanted number of shares a minute.
///
/// The hash rate is taken from the difficulty of what arrived, not from the number of shares, so that shares sent under
/// an earlier difficulty count for what they are. Until a first stretch of time comes out near the wanted rate, steps
/// are taken soon and may be large; afterwards only what chance hardly explains moves the difficulty.
///
/// Times are since any fixed point and never go back. One thread.
class Vardiff {
  public:
    using Time = std::chrono::milliseconds;

    static constexpr double kSharesPerMinute = 5;

    /// @param difficulty  to begin with
    Vardiff(double difficulty, Time now) noexcept : difficulty_{difficulty}, start_{now} {}

    [[nodiscard]] double difficulty() const noexcept { return difficulty_; }

    /// Begins anew from a difficulty that the client asked for.
    void restart(double difficulty, Time now) noexcept;

    /// Takes note of a share worth `difficulty`.
    void on_share(double difficulty) noexcept;

    /// Another difficulty, where what came since the last change asks for one. To be asked after each share and every
    /// second or so.
    /// @param lowest, highest  bounds, the lower one having the last word
    [[nodiscard]] std::optional<double> retarget(Time now, double lowest, double highest) noexcept;

  private:
    double difficulty_;
    Time start_;
    double sum_ = 0;  ///< of the shares' difficulties since start_
    std::uint64_t shares_ = 0;
    bool is_settled_ = false;
};

}  // namespace cairn::node
