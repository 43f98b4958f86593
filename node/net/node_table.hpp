// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "node/net/clock.hpp"
#include "node/net/enode.hpp"
#include "node/net/limits.hpp"

namespace cairn::node {

/// Number of bits from the first in which two addresses differ on, 0 for equal ones: the logarithm
/// of Kademlia's distance. Pure.
[[nodiscard]] unsigned log_distance(const NodeAddress& a, const NodeAddress& b) noexcept;

/// Whether `a` is closer to `target` than `b` is, by Kademlia's distance. Pure.
[[nodiscard]] bool is_closer(const NodeAddress& target, const NodeAddress& a,
                             const NodeAddress& b) noexcept;

/// The nodes we know of, by distance from ourselves (discv4.md, "Node Table").
///
/// Nobody gets a node in, out or moved by telling of it: a member leaves only when it is silent,
/// and no subnet fills more than its share, so that an eclipse needs addresses in many networks.
/// Local addresses have no share: there a whole test network lives in one subnet. One thread.
class NodeTable {
public:
    explicit NodeTable(const NodeId& self);

    /// What became of a node.
    enum class Added : std::uint8_t {
        Known,        ///< was a member; its endpoint is kept as it was proved
        Member,       ///< joined its bucket
        Replacement,  ///< waits for a place
        Refused,      ///< ourselves, or its subnet has its share
    };
    /// A node that was heard of (not verified) or that answered us (verified).
    Added add(const Enode& node, bool is_verified);

    /// The node answered at this endpoint: it moves to the front, and its failures are forgotten.
    void on_alive(const Enode& node);
    /// The node did not answer. After kNodeFailuresMax times in a row (a node that never answered:
    /// at once) it gives its place to a replacement, if there is one or it is silent for good.
    void on_silent(const NodeId& id);

    /// The member to check next: the one longest unseen of a bucket drawn with `random`.
    [[nodiscard]] std::optional<Enode> pick_to_check(const RandomFill& random) const;
    /// Up to `count` members nearest to the target, nearest first; verified ones only where asked.
    [[nodiscard]] std::vector<Enode> closest(const NodeAddress& target, std::size_t count,
                                             bool verified_only) const;
    [[nodiscard]] const Enode* find(const NodeId& id) const;
    [[nodiscard]] bool is_verified(const NodeId& id) const;
    /// Members in all; verified ones.
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] std::size_t verified_count() const noexcept;
    /// Members of one bucket, the latest seen first; for tests and an operator's eyes.
    [[nodiscard]] std::vector<Enode> bucket(std::size_t index) const;
    [[nodiscard]] std::size_t bucket_of(const NodeId& id) const noexcept;

private:
    struct Entry {
        Enode node;
        NodeAddress address;
        bool is_verified = false;
        std::uint32_t failures = 0;
    };
    struct Bucket {
        std::vector<Entry> members;       ///< latest seen first
        std::vector<Entry> replacements;  ///< latest heard of first
        std::unordered_map<IpNetwork, std::size_t> subnets;
    };

    [[nodiscard]] Bucket& bucket_for(const NodeAddress& address) noexcept;
    /// Takes the address into the counts of its subnet; false where it has its share.
    bool take_subnet(Bucket& bucket, const IpAddress& ip);
    void give_subnet(Bucket& bucket, const IpAddress& ip);
    void promote_replacement(Bucket& bucket);

    NodeId self_;
    NodeAddress self_address_;
    std::array<Bucket, kBucketCount> buckets_;
    std::unordered_map<IpNetwork, std::size_t> subnets_;
};

}  // namespace cairn::node
