// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "core/base/lru_map.hpp"
#include "node/net/clock.hpp"
#include "node/net/enode.hpp"

namespace cairn::node {

/// Counts packets in each second, from every address and from all together. Of a local address only
/// the sum is counted: there a whole test network may live. One thread.
class PacketRateLimit {
public:
    PacketRateLimit(std::size_t per_ip_max, std::size_t all_max, std::size_t ips_max)
        : per_ip_max_{per_ip_max}, all_max_{all_max}, counts_{ips_max} {}

    /// Whether one more may pass; it is counted if so.
    [[nodiscard]] bool take(const IpAddress& ip, MonotonicMs now) {
        const MonotonicMs second = now / 1000;
        if (second != second_) {
            second_ = second;
            all_ = 0;
            counts_.clear();
        }
        std::size_t* held = counts_.find(ip);
        const std::size_t count = held == nullptr ? 0 : *held;
        const bool is_local = ip.is_loopback() || ip.is_private();
        if (all_ >= all_max_ || (count >= per_ip_max_ && !is_local)) return false;
        ++all_;
        if (held != nullptr)
            ++*held;
        else
            counts_.put(ip, 1);
        return true;
    }

private:
    std::size_t per_ip_max_;
    std::size_t all_max_;
    MonotonicMs second_ = 0;
    std::size_t all_ = 0;
    LruMap<IpAddress, std::size_t> counts_;
};

}  // namespace cairn::node
