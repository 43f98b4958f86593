// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cairn::node {

/// A protocol that can run over a connection, by name and version: {"eth", 68}.
struct Capability {
    std::string name;
    std::uint32_t version = 0;
    friend auto operator<=>(const Capability&, const Capability&) = default;
};

/// A capability that we speak, with the number of message codes it takes up.
struct LocalCapability {
    Capability capability;
    std::uint32_t code_count = 0;
};

/// A capability that both sides speak, and where its messages lie.
struct SharedCapability {
    Capability capability;
    /// Code on the wire of its message 0.
    std::uint32_t code_offset = 0;
    std::uint32_t code_count = 0;
    friend bool operator==(const SharedCapability&, const SharedCapability&) = default;
};

/// First code past those of the base protocol, which has 0 to 15 (devp2p, rlpx.md).
inline constexpr std::uint32_t kCapabilityCodeStart = 0x10;

/// What both sides speak: of each name the highest version in common, in order of the names
/// (which gives both sides the same codes). Source: devp2p, rlpx.md, "Capability Messaging". Pure.
[[nodiscard]] std::vector<SharedCapability> negotiate(std::span<const LocalCapability> local,
                                                      std::span<const Capability> remote);

/// The capability to whose range a code belongs; nothing for a code of none.
[[nodiscard]] const SharedCapability* find_by_code(std::span<const SharedCapability> shared,
                                                   std::uint32_t code) noexcept;

}  // namespace cairn::node
