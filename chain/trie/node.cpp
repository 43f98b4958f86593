// SPDX-License-Identifier: MIT
#include "chain/trie/node.hpp"

#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"

namespace cairn::chain {
namespace {

std::uint8_t* write_header(std::uint8_t base, std::size_t payload, std::uint8_t* out) noexcept {
    if (payload <= kRlpShortPayloadMax) {
        *out++ = static_cast<std::uint8_t>(base + payload);
        return out;
    }
    const std::size_t count = rlp_header_size(payload) - 1;
    *out++ = static_cast<std::uint8_t>(base + kRlpShortPayloadMax + count);
    for (std::size_t i = count; i-- > 0;) *out++ = static_cast<std::uint8_t>(payload >> (8 * i));
    return out;
}

/// Reads one string off the front of `rest`.
bool take_string(ByteView& rest, ByteView& payload) noexcept {
    const auto item = rlp_take_item(rest);
    if (!item || item->is_list) return false;
    payload = item->payload;
    return true;
}

/// Reads a reference off the front of `rest`; `where` is null for the empty one.
bool take_ref(ByteView& rest, const std::uint8_t*& where) noexcept {
    if (rest.empty()) return false;
    // The two frequent forms without the general reader: a branch has 16 of them.
    if (rest[0] == kEmptyItem) {
        where = nullptr;
        rest = rest.subspan(1);
        return true;
    }
    where = rest.data();
    if (rest[0] == kHashItem) {
        if (rest.size() < 33) return false;
        rest = rest.subspan(33);
        return true;
    }
    const auto item = rlp_take_item(rest);
    return item && item->is_list && item->encoded.size() < kEmbeddedBelow;
}

bool decode_short(ByteView first, ByteView rest, DecodedNode& node) noexcept {
    if (first.empty() || first[0] > 0x3f) return false;
    node.path_form = first;
    if ((first[0] & 0x20) != 0) {
        node.kind = DecodedNode::Kind::Leaf;
        return take_string(rest, node.value) && !node.value.empty() && rest.empty();
    }
    node.kind = DecodedNode::Kind::Extension;
    const bool has_path = first.size() > 1 || (first[0] & 0x10) != 0;
    return has_path && take_ref(rest, node.children[0]) && node.children[0] != nullptr &&
           rest.empty();
}

bool decode_branch(ByteView rest, DecodedNode& node) noexcept {
    node.kind = DecodedNode::Kind::Branch;
    std::size_t filled = 0;
    for (auto& child : node.children) {
        if (!take_ref(rest, child)) return false;
        filled += child != nullptr ? 1 : 0;
    }
    if (!take_string(rest, node.value) || !rest.empty()) return false;
    return filled + (node.value.empty() ? 0 : 1) >= 2;
}

}  // namespace

std::uint8_t* write_rlp_string(ByteView text, std::uint8_t* out) noexcept {
    if (text.size() == 1 && text[0] < 0x80) {
        *out++ = text[0];
        return out;
    }
    out = write_header(0x80, text.size(), out);
    if (!text.empty()) std::memcpy(out, text.data(), text.size());
    return out + text.size();
}

std::uint8_t* write_leaf(const Nibbles& key, std::size_t begin, ByteView value,
                         std::uint8_t* out) noexcept {
    std::array<std::uint8_t, kHexPrefixMax> form;
    const ByteView path{form.data(), write_hex_prefix(key, begin, key.size, true, form.data())};
    out = write_header(0xc0, rlp_size(path) + rlp_size(value), out);
    out = write_rlp_string(path, out);
    return write_rlp_string(value, out);
}

std::uint8_t* write_extension(const Nibbles& path, std::size_t begin, std::size_t end,
                              const std::uint8_t* child, std::uint8_t* out) noexcept {
    std::array<std::uint8_t, kHexPrefixMax> buffer;
    const ByteView form{buffer.data(), write_hex_prefix(path, begin, end, false, buffer.data())};
    const std::size_t child_size = ref_length(child);
    out = write_header(0xc0, rlp_size(form) + child_size, out);
    out = write_rlp_string(form, out);
    std::memcpy(out, child, child_size);
    return out + child_size;
}

std::uint8_t* write_branch(const std::array<const std::uint8_t*, 16>& children, ByteView value,
                           std::uint8_t* out) noexcept {
    std::size_t payload = rlp_size(value);
    for (const auto* child : children) payload += child == nullptr ? 1 : ref_length(child);
    out = write_header(0xc0, payload, out);
    for (const auto* child : children) {
        if (child == nullptr) {
            *out++ = kEmptyItem;
        } else if (child[0] == kHashItem) {
            std::memcpy(out, child, 33);
            out += 33;
        } else {
            const std::size_t size = ref_length(child);
            std::memcpy(out, child, size);
            out += size;
        }
    }
    return write_rlp_string(value, out);
}

bool decode_node(ByteView encoding, DecodedNode& node) noexcept {
    node = {};
    const auto list = rlp_decode_item(encoding);
    if (!list || !list->is_list) return false;
    // Two items make a leaf or an extension, 17 a branch; the end of the second says which.
    ByteView rest = list->payload;
    const auto first = rlp_take_item(rest);
    if (!first) return false;
    ByteView after = rest;
    if (!rlp_take_item(after)) return false;
    if (after.empty()) return !first->is_list && decode_short(first->payload, rest, node);
    return decode_branch(list->payload, node);
}

}  // namespace cairn::chain
