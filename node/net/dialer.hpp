// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/base/lru_map.hpp"
#include "core/types/units.hpp"
#include "node/net/clock.hpp"
#include "node/net/enode.hpp"
#include "node/net/limits.hpp"

namespace cairn::node {

/// Why a node is dialled.
enum class DialKind : std::uint8_t {
    Static,   ///< the operator named it
    Dynamic,  ///< known from before, or discovered
    Feeler,   ///< a short visit to learn whether it lives; ends after the greeting
};
struct DialTask {
    Enode node;
    DialKind kind{};
};

/// Whom to dial next. Knows no sockets; moments are given in unix seconds. One thread.
///
/// Static nodes are dialled until they stay, whatever the limits. Of the others, those that were
/// peers before come first (an attacker who fills discovery with himself does not displace them),
/// and no two dialled peers share a subnet, local networks excepted.
class DialScheduler {
public:
    struct Config {
        NodeId self;
        /// Peers that are ours to choose: a share of all (kDialRatio). 0: dial only static nodes.
        std::size_t dialled_max = kPeersDefault / kDialRatio;
        /// Nobody else is dialled (`--netrestrict`); empty: no restriction.
        std::vector<IpNetwork> allowed;
    };
    explicit DialScheduler(Config config);

    /// False where kStaticNodesMax are named already.
    bool add_static(const Enode& node);
    void remove_static(const NodeId& id);
    [[nodiscard]] bool is_static(const NodeId& id) const { return statics_.contains(id); }

    /// A node that may be dialled. @param was_peer  it was a peer of ours before
    void add_candidate(const Enode& node, bool was_peer);
    /// Whether more candidates would be of use.
    [[nodiscard]] bool wants_candidates() const noexcept;

    /// What to begin at this moment, at most kPendingDialsMax under way; each is answered by
    /// on_connected or on_failed.
    [[nodiscard]] std::vector<DialTask> next(UnixSeconds now);
    /// When a remembered attempt lets a static node be dialled again; nothing where none waits.
    [[nodiscard]] std::optional<UnixSeconds> next_static_at() const;

    /// A dialled node became a peer, or one that dialled us (`kind` is nothing then).
    void on_connected(const Enode& node, std::optional<DialKind> kind);
    /// Nobody there, or refused at the greeting; `is_useless` where it has no business with us
    /// (other chain, other key). What is known of another connection to it stays.
    void on_failed(const NodeId& id, UnixSeconds now, bool is_useless);
    /// Who was on_connected left; `is_useless` as above.
    void on_gone(const NodeId& id, UnixSeconds now, bool is_useless = false);

    [[nodiscard]] std::size_t pending() const noexcept { return dialling_.size(); }
    [[nodiscard]] std::size_t candidates() const noexcept { return tried_.size() + heard_.size(); }

private:
    struct Attempt {
        std::uint32_t failures = 0;
        UnixSeconds not_before = 0;
    };
    struct Connected {
        std::optional<DialKind> kind;
        std::optional<IpNetwork> subnet;
    };
    [[nodiscard]] bool may_dial(const Enode& node, UnixSeconds now, bool is_static) const;
    [[nodiscard]] std::size_t dialled_count() const noexcept;
    [[nodiscard]] bool has_subnet(const IpAddress& ip) const;
    std::optional<Enode> take_candidate(std::deque<Enode>& queue, UnixSeconds now);
    void begin(const Enode& node, DialKind kind, std::vector<DialTask>& tasks);
    void back_off(const NodeId& id, UnixSeconds now, bool is_useless);

    Config config_;
    std::map<NodeId, Enode> statics_;
    std::deque<Enode> tried_;
    std::deque<Enode> heard_;
    std::set<NodeId> queued_;
    std::map<NodeId, DialTask> dialling_;
    std::map<NodeId, Connected> connected_;
    LruMap<NodeId, Attempt> attempts_;
    UnixSeconds next_feeler_ = 0;
};

}  // namespace cairn::node
