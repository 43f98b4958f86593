// SPDX-License-Identifier: MIT
#include "node/net/peer_score.hpp"

#include <algorithm>

namespace cairn::node {

PeerScores::PeerScores() : scores_{kScoresMax}, banned_ids_{kScoresMax}, banned_ips_{kScoresMax} {}

std::uint32_t PeerScores::decayed(const Score& score, MonotonicMs now) noexcept {
    const MonotonicMs forgiven = (now - score.at) / kScoreDecayMs;
    return forgiven >= score.points ? 0 : score.points - static_cast<std::uint32_t>(forgiven);
}

bool PeerScores::add(const NodeId& id, const IpAddress& ip, std::uint32_t points, MonotonicMs now,
                     UnixSeconds now_seconds) {
    const Score* held = scores_.peek(id);
    const std::uint32_t before = held == nullptr ? 0 : decayed(*held, now);
    const std::uint32_t after = before + std::min(points, kBanScore);
    scores_.put(id, {after, now});
    if (after < kBanScore) return false;
    banned_ids_.put(id, now_seconds + kBanSeconds);
    // Behind a local address may be anybody: a whole test network, or the operator himself.
    if (!ip.is_loopback() && !ip.is_private()) banned_ips_.put(ip, now_seconds + kBanSeconds);
    return true;
}

std::uint32_t PeerScores::score(const NodeId& id, MonotonicMs now) const {
    const Score* held = scores_.peek(id);
    return held == nullptr ? 0 : decayed(*held, now);
}

bool PeerScores::is_banned(const NodeId& id, UnixSeconds now) const {
    const UnixSeconds* until = banned_ids_.peek(id);
    return until != nullptr && now < *until;
}

bool PeerScores::is_banned(const IpAddress& ip, UnixSeconds now) const {
    const UnixSeconds* until = banned_ips_.peek(ip);
    return until != nullptr && now < *until;
}

void PeerScores::forgive(const NodeId& id) {
    scores_.erase(id);
    banned_ids_.erase(id);
}

}  // namespace cairn::node
