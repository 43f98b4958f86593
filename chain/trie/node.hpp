// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "chain/trie/nibbles.hpp"
#include "core/base/bytes.hpp"

namespace cairn::chain {

/// How a node stands inside its parent: the RLP item 0xa0 and its hash, or the node's own RLP (a
/// list) where that is shorter than 32 bytes. 33 bytes at most; the item's first byte says its
/// length.
using NodeRef = std::array<std::uint8_t, 33>;

/// First byte of the RLP of the empty string: no child, no value.
inline constexpr std::uint8_t kEmptyItem = 0x80;
/// First byte of the RLP of a 32-byte string.
inline constexpr std::uint8_t kHashItem = 0xa0;
/// A node's encoding below this many bytes stands inside its parent.
inline constexpr std::size_t kEmbeddedBelow = 32;

/// Length in bytes of a reference by its first byte: kEmptyItem 1, kHashItem 33, a short list 1 +
/// its payload.
[[nodiscard]] inline std::size_t ref_length(const std::uint8_t* ref) noexcept {
    return ref[0] >= 0xc0 ? 1u + (ref[0] - 0xc0u) : ref[0] == kHashItem ? 33u : 1u;
}

/// Writes the RLP of a byte string; returns the place after it. `out` has room for 9 + text.size()
/// bytes.
std::uint8_t* write_rlp_string(ByteView text, std::uint8_t* out) noexcept;

/// Room that a leaf or an extension needs at most besides its value: list header, path, value
/// header or child.
inline constexpr std::size_t kNodeOverheadMax = 9 + 1 + kHexPrefixMax + 33;
/// Room that a branch needs at most besides its value.
inline constexpr std::size_t kBranchOverheadMax = 9 + 16 * 33 + 9;

/// Writes the RLP of a leaf, [HP(key[begin, key.size), leaf), value]; returns the place after it.
/// `out` has room for kNodeOverheadMax + value.size() bytes.
std::uint8_t* write_leaf(const Nibbles& key, std::size_t begin, ByteView value,
                         std::uint8_t* out) noexcept;
/// Writes the RLP of an extension, [HP(path[begin, end)), child]; returns the place after it. `out`
/// has room for kNodeOverheadMax bytes.
std::uint8_t* write_extension(const Nibbles& path, std::size_t begin, std::size_t end,
                              const std::uint8_t* child, std::uint8_t* out) noexcept;
/// Writes the RLP of a branch, 16 references and a value; a null reference is an empty one. Returns
/// the place after it. `out` has room for kBranchOverheadMax + value.size() bytes.
std::uint8_t* write_branch(const std::array<const std::uint8_t*, 16>& children, ByteView value,
                           std::uint8_t* out) noexcept;

/// What a node's RLP says; views into it.
struct DecodedNode {
    enum class Kind { Leaf, Extension, Branch };
    Kind kind = Kind::Branch;
    /// Leaf and extension: the hex-prefix form.
    ByteView path_form;
    /// Leaf: its value, not empty. Branch: its value, perhaps empty.
    ByteView value;
    /// Branch: where each child's reference begins, null for none. Extension: the child at [0].
    std::array<const std::uint8_t*, 16> children{};
};

/// Reads a node. Takes canonical RLP only: shortest lengths, no trailing bytes; references are
/// empty, 32-byte strings or lists shorter than 32 bytes; an extension has a path and a child; a
/// leaf has a value; a branch has two of children and value. Whether embedded lists are nodes is
/// found when they are read in turn. Pure; any thread; no heap.
/// @return false for anything else; `node` is then unspecified
[[nodiscard]] bool decode_node(ByteView encoding, DecodedNode& node) noexcept;

}  // namespace cairn::chain
