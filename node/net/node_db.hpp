// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/types/units.hpp"
#include "node/net/enode.hpp"

namespace cairn::node {

/// What is remembered of a node from one start to the next.
struct KnownNode {
    Enode node;
    UnixSeconds seen = 0;       ///< it answered us last
    UnixSeconds connected = 0;  ///< it was a peer last; 0: never
    friend bool operator==(const KnownNode&, const KnownNode&) = default;
};

/// The nodes known from before, on disk as one line each: `enode://… seen connected`. At most
/// kNodeDbMax, none unseen for kNodeDbDays; where it is full, who was a peer outlasts who was only
/// seen. One thread.
class NodeDb {
public:
    /// A node answered.
    void on_seen(const Enode& node, UnixSeconds now);
    /// A node became a peer.
    void on_connected(const Enode& node, UnixSeconds now);
    void forget(const NodeId& id) { nodes_.erase(id); }

    /// All, those that were peers first, the latest first.
    [[nodiscard]] std::vector<KnownNode> nodes() const;
    [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }

    /// The file's content. Lines that are none are left out in reading: a damaged file costs what
    /// is damaged, and discovery finds it again.
    [[nodiscard]] std::string to_text() const;
    [[nodiscard]] static NodeDb from_text(std::string_view text, UnixSeconds now);

    /// An absent or unreadable file is an empty database.
    [[nodiscard]] static NodeDb load(const std::filesystem::path& file, UnixSeconds now);
    /// Writes beside the file, flushes, and renames: a crash leaves the old one or the new one.
    /// @return whether it is on disk
    [[nodiscard]] bool save(const std::filesystem::path& file) const;

private:
    KnownNode& entry(const Enode& node);

    std::map<NodeId, KnownNode> nodes_;
};

}  // namespace cairn::node
