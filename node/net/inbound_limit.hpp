// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <unordered_map>

#include "core/base/lru_map.hpp"
#include "node/net/clock.hpp"
#include "node/net/enode.hpp"
#include "node/net/limits.hpp"

namespace cairn::node {

/// How many may knock, judged by addresses alone before a byte is read: a handshake costs us three
/// point multiplications and the other side nothing. Local addresses are not limited by range.
/// One thread.
class InboundLimit {
public:
    InboundLimit() : last_{kInboundTrackedMax} {}

    /// Why a connection is not taken.
    enum class Verdict : std::uint8_t { Accepted, TooSoon, SubnetFull, TooManyPending };

    /// A connection from `ip` is there; counted until `on_closed` if accepted.
    [[nodiscard]] Verdict accept(const IpAddress& ip, MonotonicMs now) {
        if (pending_ >= kPendingInboundMax) return Verdict::TooManyPending;
        if (is_limited(ip)) {
            const MonotonicMs* last = last_.peek(ip);
            if (last != nullptr && now - *last < kInboundThrottleMs) return Verdict::TooSoon;
            const auto held = subnets_.find(subnet_of(ip));
            if (held != subnets_.end() && held->second >= kInboundPerSubnetMax)
                return Verdict::SubnetFull;
            last_.put(ip, now);
            ++subnets_[subnet_of(ip)];
        }
        ++pending_;
        return Verdict::Accepted;
    }
    /// An accepted connection's handshake is over, well or badly.
    void on_settled() noexcept { --pending_; }
    /// An accepted connection has ended.
    void on_closed(const IpAddress& ip) {
        if (!is_limited(ip)) return;
        const auto held = subnets_.find(subnet_of(ip));
        if (held != subnets_.end() && --held->second == 0) subnets_.erase(held);
    }
    [[nodiscard]] std::size_t pending() const noexcept { return pending_; }

private:
    [[nodiscard]] static bool is_limited(const IpAddress& ip) noexcept {
        return !ip.is_loopback() && !ip.is_private();
    }
    LruMap<IpAddress, MonotonicMs> last_;
    std::unordered_map<IpNetwork, std::size_t> subnets_;
    std::size_t pending_ = 0;
};

}  // namespace cairn::node
