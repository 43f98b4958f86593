// SPDX-License-Identifier: MIT
#include "node/net/node_table.hpp"

#include <algorithm>
#include <bit>

namespace cairn::node {
namespace {

/// Distances of up to this many bits share the first bucket.
constexpr unsigned kFirstBucketBits = 256 - kBucketCount + 1;

bool is_counted(const IpAddress& ip) {
    return !ip.is_loopback() && !ip.is_private();
}

}  // namespace

unsigned log_distance(const NodeAddress& a, const NodeAddress& b) noexcept {
    for (std::size_t i = 0; i < NodeAddress::kSize; ++i) {
        const auto x = static_cast<unsigned>(a.bytes[i] ^ b.bytes[i]);
        if (x != 0)
            return static_cast<unsigned>(8 * (NodeAddress::kSize - 1 - i)) +
                   static_cast<unsigned>(std::bit_width(x));
    }
    return 0;
}

bool is_closer(const NodeAddress& target, const NodeAddress& a, const NodeAddress& b) noexcept {
    for (std::size_t i = 0; i < NodeAddress::kSize; ++i) {
        const int x = a.bytes[i] ^ target.bytes[i];
        const int y = b.bytes[i] ^ target.bytes[i];
        if (x != y) return x < y;
    }
    return false;
}

NodeTable::NodeTable(const NodeId& self) : self_{self}, self_address_{node_address_of(self)} {}

std::size_t NodeTable::bucket_of(const NodeId& id) const noexcept {
    const unsigned distance = log_distance(self_address_, node_address_of(id));
    return distance <= kFirstBucketBits ? 0 : distance - kFirstBucketBits;
}

NodeTable::Bucket& NodeTable::bucket_for(const NodeAddress& address) noexcept {
    const unsigned distance = log_distance(self_address_, address);
    return buckets_[distance <= kFirstBucketBits ? 0 : distance - kFirstBucketBits];
}

bool NodeTable::take_subnet(Bucket& bucket, const IpAddress& ip) {
    if (!is_counted(ip)) return true;
    const IpNetwork subnet = subnet_of(ip);
    const auto in_table = subnets_.find(subnet);
    if (in_table != subnets_.end() && in_table->second >= kTableSubnetMax) return false;
    const auto in_bucket = bucket.subnets.find(subnet);
    if (in_bucket != bucket.subnets.end() && in_bucket->second >= kBucketSubnetMax) return false;
    ++subnets_[subnet];
    ++bucket.subnets[subnet];
    return true;
}

void NodeTable::give_subnet(Bucket& bucket, const IpAddress& ip) {
    if (!is_counted(ip)) return;
    const IpNetwork subnet = subnet_of(ip);
    const auto give = [&subnet](auto& counts) {
        const auto it = counts.find(subnet);
        if (it != counts.end() && --it->second == 0) counts.erase(it);
    };
    give(subnets_);
    give(bucket.subnets);
}

NodeTable::Added NodeTable::add(const Enode& node, bool is_verified) {
    if (node.id == self_) return Added::Refused;
    const NodeAddress address = node_address_of(node.id);
    Bucket& bucket = bucket_for(address);
    const auto same = [&node](const Entry& entry) { return entry.node.id == node.id; };
    if (std::ranges::any_of(bucket.members, same)) {
        if (is_verified) on_alive(node);
        return Added::Known;
    }
    const Entry entry{node, address, is_verified, 0};
    if (bucket.members.size() < kBucketSize) {
        // It may have waited as a replacement, and then holds its subnet's share already.
        const auto waiting = std::ranges::find_if(bucket.replacements, same);
        if (waiting != bucket.replacements.end()) {
            give_subnet(bucket, waiting->node.endpoint.ip);
            bucket.replacements.erase(waiting);
        }
        if (!take_subnet(bucket, node.endpoint.ip)) return Added::Refused;
        if (is_verified)
            bucket.members.insert(bucket.members.begin(), entry);
        else
            bucket.members.push_back(entry);
        return Added::Member;
    }
    if (std::ranges::any_of(bucket.replacements, same)) return Added::Replacement;
    if (!take_subnet(bucket, node.endpoint.ip)) return Added::Refused;
    bucket.replacements.insert(bucket.replacements.begin(), entry);
    if (bucket.replacements.size() > kReplacementsMax) {
        give_subnet(bucket, bucket.replacements.back().node.endpoint.ip);
        bucket.replacements.pop_back();
    }
    return Added::Replacement;
}

void NodeTable::on_alive(const Enode& node) {
    Bucket& bucket = bucket_for(node_address_of(node.id));
    const auto it = std::ranges::find_if(
        bucket.members, [&node](const Entry& entry) { return entry.node.id == node.id; });
    if (it == bucket.members.end()) return;
    Entry entry = *it;
    if (entry.node.endpoint.ip != node.endpoint.ip) {
        // It moved, and proved it; the new subnet must have room as for any other.
        give_subnet(bucket, entry.node.endpoint.ip);
        if (!take_subnet(bucket, node.endpoint.ip)) {
            bucket.members.erase(it);
            return promote_replacement(bucket);
        }
    }
    entry.node = node;
    entry.is_verified = true;
    entry.failures = 0;
    bucket.members.erase(it);
    bucket.members.insert(bucket.members.begin(), entry);
}

void NodeTable::on_silent(const NodeId& id) {
    Bucket& bucket = bucket_for(node_address_of(id));
    const auto it = std::ranges::find_if(bucket.members,
                                         [&id](const Entry& entry) { return entry.node.id == id; });
    if (it == bucket.members.end()) return;
    ++it->failures;
    if (it->is_verified && it->failures < kNodeFailuresMax) return;
    give_subnet(bucket, it->node.endpoint.ip);
    bucket.members.erase(it);
    promote_replacement(bucket);
}

void NodeTable::promote_replacement(Bucket& bucket) {
    if (bucket.replacements.empty()) return;
    // Those that have answered before go first; a replacement joins at the end, where it is checked
    // next. It held its share of the subnet while it waited.
    auto it = std::ranges::find_if(bucket.replacements, &Entry::is_verified);
    if (it == bucket.replacements.end()) it = bucket.replacements.begin();
    bucket.members.push_back(*it);
    bucket.replacements.erase(it);
}

std::optional<Enode> NodeTable::pick_to_check(const RandomFill& random) const {
    std::vector<const Bucket*> filled;
    for (const Bucket& bucket : buckets_)
        if (!bucket.members.empty()) filled.push_back(&bucket);
    if (filled.empty()) return std::nullopt;
    std::array<std::uint8_t, 4> draw{};
    random(draw);
    return filled[load_be32(draw.data()) % filled.size()]->members.back().node;
}

std::vector<Enode> NodeTable::closest(const NodeAddress& target, std::size_t count,
                                      bool verified_only) const {
    std::vector<const Entry*> entries;
    for (const Bucket& bucket : buckets_)
        for (const Entry& entry : bucket.members)
            if (entry.is_verified || !verified_only) entries.push_back(&entry);
    const std::size_t taken = std::min(count, entries.size());
    std::partial_sort(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(taken),
                      entries.end(), [&target](const Entry* a, const Entry* b) {
                          return is_closer(target, a->address, b->address);
                      });
    std::vector<Enode> out;
    for (std::size_t i = 0; i < taken; ++i) out.push_back(entries[i]->node);
    return out;
}

const Enode* NodeTable::find(const NodeId& id) const {
    for (const Entry& entry : buckets_[bucket_of(id)].members)
        if (entry.node.id == id) return &entry.node;
    return nullptr;
}

bool NodeTable::is_verified(const NodeId& id) const {
    return std::ranges::any_of(buckets_[bucket_of(id)].members, [&id](const Entry& entry) {
        return entry.node.id == id && entry.is_verified;
    });
}

std::size_t NodeTable::size() const noexcept {
    std::size_t sum = 0;
    for (const Bucket& bucket : buckets_) sum += bucket.members.size();
    return sum;
}

std::size_t NodeTable::verified_count() const noexcept {
    std::size_t sum = 0;
    for (const Bucket& bucket : buckets_)
        sum += static_cast<std::size_t>(std::ranges::count_if(bucket.members, &Entry::is_verified));
    return sum;
}

std::vector<Enode> NodeTable::bucket(std::size_t index) const {
    std::vector<Enode> out;
    for (const Entry& entry : buckets_[index].members) out.push_back(entry.node);
    return out;
}

}  // namespace cairn::node
