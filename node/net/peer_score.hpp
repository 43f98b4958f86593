// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "chain/rules/blame.hpp"
#include "core/base/lru_map.hpp"
#include "core/types/units.hpp"
#include "node/net/clock.hpp"
#include "node/net/enode.hpp"
#include "node/net/limits.hpp"

namespace cairn::node {

/// Points for breaking the protocol: malformed messages, wrong tags. Once is a ban, since no honest
/// client's software does so.
inline constexpr std::uint32_t kPointsBreach = kBanScore;
/// Points for what follows from an error by chain/rules/blame.hpp: a ban where the giver could have
/// known, nothing otherwise. Pure.
[[nodiscard]] constexpr std::uint32_t points_of(const chain::Blame& blame) noexcept {
    return blame.is_givers_fault ? kBanScore : 0;
}

/// Who misbehaved, and who is banned. A score is of a key; a ban is of the key and, where it is a
/// public one, of its address, since keys cost nothing. Bounded; one thread.
class PeerScores {
public:
    PeerScores();

    /// Adds points, after forgiving one for each kScoreDecayMs since the last.
    /// @return whether the peer is banned with this
    bool add(const NodeId& id, const IpAddress& ip, std::uint32_t points, MonotonicMs now,
             UnixSeconds now_seconds);
    [[nodiscard]] std::uint32_t score(const NodeId& id, MonotonicMs now) const;

    [[nodiscard]] bool is_banned(const NodeId& id, UnixSeconds now) const;
    [[nodiscard]] bool is_banned(const IpAddress& ip, UnixSeconds now) const;
    /// The operator's word: lifts a ban.
    void forgive(const NodeId& id);

private:
    struct Score {
        std::uint32_t points = 0;
        MonotonicMs at = 0;
    };
    [[nodiscard]] static std::uint32_t decayed(const Score& score, MonotonicMs now) noexcept;

    LruMap<NodeId, Score> scores_;
    LruMap<NodeId, UnixSeconds> banned_ids_;  ///< until when
    LruMap<IpAddress, UnixSeconds> banned_ips_;
};

}  // namespace cairn::node
