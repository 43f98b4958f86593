// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "chain/trie/nibbles.hpp"
#include "core/base/bytes.hpp"

namespace cairn::chain {

/// How a node stands inside its parent: the RLP item 0xa0 and its hash, or the node's own RLP (a list) where that is
/// shorter than 32 bytes. 33 bytes at most; the item's first byte says its length.
using NodeRef = std::array<std::uint8_t, 33>;

/// First byte of the RLP of the empty string: no child, no value.
inline constexpr std::uint8_t kEmptyItem = 0x80;
/// First byte of the RLP of a 32-byte string.
inline constexpr std::uint8_t kHashItem = 0xa0;
/// A node's encoding below this many bytes stands inside its parent.
inline constexpr std::size_t kEmbeddedBelow = 32;

/// Length in bytes of a reference by its first byte: kEmptyItem 1, kHashItem 33, a short list 1 + its payload.
[[nodiscard]] inline std::size_t ref_length(const std::uint8_t* ref) noexcept {
    return ref[0] >= 0xc0 ? 1u + (ref[0] - 0xc0u) : ref[0] == kHashItem ? 33u : 1u;
}

/// Size of the RLP of a byte string.
[[nodiscard]] std::size_t rlp_string_size(ByteView text) noexcept;
/// Writes the RLP of a byte string; returns the place after it.
std::uint8_t* write_rlp_string(ByteView text, std::uint8_t* out) noexcept;
/// Size of the header of an RLP list with that payload.
[[nodiscard]] std::size_t rlp_list_header_size(std::size_t payload) noexcept;
/// Writes the header of an RLP list; returns the place after it.
std::uint8_t* write_rlp_list_header(std::size_t payload, std::uint8_t* out) noexcept;

/// Appends the RLP of a leaf, [HP(key[begin, key.size), leaf), value], to `out`.
void append_leaf(Bytes& out, const Nibbles& key, std::size_t begin, ByteView value);
/// Appends the RLP of an extension, [HP(path[begin, end)), child], to `out`.
void append_extension(Bytes& out, const Nibbles& path, std::size_t begin, std::size_t end,
                      const std::uint8_t* child);
/// Appends the RLP of a branch, 16 references and a value, to `out`; a null reference is an empty one.
void append_branch(Bytes& out, const std::array<const std::uint8_t*, 16>& children, ByteView value);

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

/// Reads a node. Takes canonical RLP only: shortest lengths, no trailing bytes; references are empty, 32-byte strings
/// or lists shorter than 32 bytes; an extension has a path and a child; a leaf has a value. Whether embedded lists are
/// nodes is found when they are read in turn. Pure; any thread; no heap.
/// @return false for anything else; `node` is then unspecified
[[nodiscard]] bool decode_node(ByteView encoding, DecodedNode& node) noexcept;

}  // namespace cairn::chain
