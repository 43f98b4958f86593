// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/lru_map.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/ids.hpp"
#include "node/net/eth_messages.hpp"
#include "node/sync/limits.hpp"
#include "node/sync/sync_types.hpp"

namespace cairn::node {

/// Hashes that a peer is known to have: the latest so many.
template <class Hash>
class KnownSet {
public:
    explicit KnownSet(std::size_t count_max) : hashes_{count_max} {}
    void insert(const Hash& hash) {
        if (hashes_.find(hash) == nullptr) hashes_.put(hash, {});
    }
    [[nodiscard]] bool contains(const Hash& hash) const { return hashes_.contains(hash); }
    [[nodiscard]] std::size_t size() const noexcept { return hashes_.size(); }

private:
    struct Nothing {};
    LruMap<Hash, Nothing> hashes_;
};

/// What is known of a peer, and what it is busy with.
struct SyncPeer {
    SyncPeer(PeerId peer_id, EthVersion eth_version) : id{peer_id}, version{eth_version} {}

    PeerId id;
    EthVersion version;
    /// Its best block and that block's total, as far as it told us or its headers showed.
    BlockHash head;
    TotalDifficulty total;
    /// Has shown a block that does not connect to ours: worth a look whatever it claims.
    bool is_suspected_ahead = false;
    /// Not followed before this moment.
    MonotonicMs aside_until = 0;
    /// When its head was last asked about or heard of.
    MonotonicMs probed_at = 0;
    unsigned timeouts = 0;  ///< in a row

    // Bodies: adaptive window.
    std::size_t body_window = kBodyWindowStart;
    std::size_t body_requests = 0;

    // Gossip.
    KnownSet<BlockHash> known_blocks{kKnownBlocksMax};
    KnownSet<TxHash> known_txs{kKnownTxsMax};
    std::size_t gossip_blocks = 0;   ///< entries of block gossip that it gave first
    std::size_t waiting_blocks = 0;  ///< whole blocks of it that are held
    std::size_t announced_txs = 0;   ///< entries of the transaction fetcher that it gave first
    std::size_t tx_requests = 0;

    [[nodiscard]] bool is_aside(MonotonicMs now) const noexcept { return now < aside_until; }
};

/// Small deterministic generator (splitmix64), so that a run replays from its seed. Not for
/// secrets.
class SyncRandom {
public:
    explicit SyncRandom(std::uint64_t seed) noexcept : state_{seed} {}
    [[nodiscard]] std::uint64_t next() noexcept {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    /// Below `bound`, which is above 0. The bias is far below anything that matters here.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }

private:
    std::uint64_t state_;
};

/// How the node follows its network.
struct SyncOptions {
    /// A chain with less work is not followed, whatever it claims: what an operator or a release
    /// knows the network's chain to have by some date.
    TotalDifficulty minimum_total;
    /// Seeds the choice among peers.
    std::uint64_t seed = 1;
};

/// What the parts of one SyncManager share: peers, outgoing actions, numbers of requests and jobs.
/// One thread.
class SyncShared {
public:
    explicit SyncShared(const SyncOptions& sync_options)
        : options{sync_options}, random{sync_options.seed} {}

    SyncOptions options;
    std::map<PeerId, SyncPeer> peers;
    std::vector<SyncAction> actions;
    SyncRandom random;

    /// Null where it is gone.
    [[nodiscard]] SyncPeer* find(PeerId id) {
        const auto it = peers.find(id);
        return it == peers.end() ? nullptr : &it->second;
    }

    /// Numbers a question to a peer and remembers it for a while.
    [[nodiscard]] RequestId issue(PeerId peer) {
        const RequestId id = ++last_request_;
        issued_.put(id, peer);
        return id;
    }
    /// Whether this was asked of the peer, recently enough to be remembered.
    [[nodiscard]] bool was_issued(RequestId id, PeerId peer) const {
        const PeerId* asked = issued_.peek(id);
        return asked != nullptr && *asked == peer;
    }
    [[nodiscard]] JobId next_job() noexcept { return ++last_job_; }

    void send(PeerId peer, EthMessage message, bool is_gossip = false) {
        actions.emplace_back(SendMessage{peer, std::move(message), is_gossip});
    }
    void penalise(PeerId peer, std::uint32_t points, std::string detail) {
        if (find(peer) != nullptr)
            actions.emplace_back(PenalisePeer{peer, points, std::move(detail)});
    }
    /// A reply did not come in time: the peer rests, and after some in a row it is let go.
    void note_timeout(SyncPeer& peer, MonotonicMs now) {
        peer.aside_until = std::max(peer.aside_until, now + kSetAsideMs / 6);
        if (++peer.timeouts == kTimeoutsMax)
            actions.emplace_back(
                DisconnectPeer{peer.id, DisconnectReason::Timeout, "does not answer"});
    }

private:
    RequestId last_request_ = 0;
    JobId last_job_ = 0;
    LruMap<RequestId, PeerId> issued_{kIssuedRequestsMax};
};

/// At least 1 and, rounded down, the square root: to so many peers whole blocks and transactions go
/// (devp2p, caps/eth.md).
[[nodiscard]] constexpr std::size_t push_count(std::size_t peers) noexcept {
    std::size_t root = 0;
    while ((root + 1) * (root + 1) <= peers) ++root;
    return root;
}

/// The ids in an order drawn by chance.
inline void shuffle(std::vector<PeerId>& ids, SyncRandom& random) noexcept {
    for (std::size_t i = ids.size(); i > 1; --i) std::swap(ids[i - 1], ids[random.below(i)]);
}

}  // namespace cairn::node
