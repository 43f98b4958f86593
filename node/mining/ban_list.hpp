// SPDX-License-Identifier: MIT
#pragma once

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

    /// Refuses an address until kBanTime from `now`.
    void ban(const std::string& address, Time now) {
        ends_[address] = now + kBanTime;
        if (ends_.size() <= kBansMax) return;
        auto first = ends_.begin();
        for (auto it = ends_.begin(); it != ends_.end(); ++it)
            if (it->second < first->second) first = it;
        ends_.erase(first);
    }

    /// Whether an address is refused; forgets a ban that is over.
    [[nodiscard]] bool is_banned(const std::string& address, Time now) {
        const auto it = ends_.find(address);
        if (it == ends_.end()) return false;
        if (now < it->second) return true;
        ends_.erase(it);
        return false;
    }

    [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }

  private:
    std::map<std::string, Time> ends_;
};

}  // namespace cairn::node
