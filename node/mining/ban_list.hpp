// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "node/mining/limits.hpp"

namespace cairn::node {

/// Addresses that are refused for a while. At most kBansMax; the one that ends first gives way. Times are since any
/// fixed point and never go back. One thread.
class BanList {
  public:
    using Time = std::chrono::milliseconds;

    /// Refuses an address from `now` on, for kBanTimeMin or twice as long as the last time.
    void ban(const std::string& address, Time now) {
        Ban& ban = bans_[address];
        const bool is_forgotten = ban.length == Time{0} || now >= ban.end + kBanMemory;
        ban.length = is_forgotten ? kBanTimeMin : std::min(2 * ban.length, kBanTimeMax);
        ban.end = now + ban.length;
        if (bans_.size() <= kBansMax) return;
        bans_.erase(std::ranges::min_element(bans_, {}, [](const auto& entry) { return entry.second.end; }));
    }

    /// Whether an address is refused.
    [[nodiscard]] bool is_banned(const std::string& address, Time now) const {
        const auto it = bans_.find(address);
        return it != bans_.end() && now < it->second.end;
    }

    /// Addresses remembered.
    [[nodiscard]] std::size_t size() const noexcept { return bans_.size(); }

  private:
    struct Ban {
        Time end{0};
        Time length{0};
    };
    std::map<std::string, Ban> bans_;
};

}  // namespace cairn::node
