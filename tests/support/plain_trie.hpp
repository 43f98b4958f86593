// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <map>
#include <utility>

#include "core/base/bytes.hpp"
#include "core/codec/rlp_encode.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/account.hpp"
#include "core/types/ids.hpp"

namespace cairn::test {

/// Entries of a trie, by key.
using PlainEntries = std::map<Bytes, Bytes>;

/// The trie function of the Yellow Paper, appendix D, as it is written there: slow, and nothing but
/// itself. What the fast tries are checked and measured against.
class PlainTrie {
public:
    /// TRIE(J), with TRIE of nothing the hash of the empty string's RLP. Nodes of 32 bytes and
    /// more, by hash, go to `nodes` where it is given; the root always does.
    [[nodiscard]] static Hash256 root(const PlainEntries& entries,
                                      std::map<Hash256, Bytes>* nodes = nullptr) {
        if (entries.empty()) return kEmptyTrieRoot;
        Nibbled nibbled;
        for (const auto& [key, value] : entries) {
            Bytes path;
            for (const std::uint8_t b : key) {
                path.push_back(b >> 4);
                path.push_back(b & 15);
            }
            nibbled.emplace(std::move(path), value);
        }
        const Bytes encoding = structure(nibbled.begin(), nibbled.end(), 0, nodes);
        const Hash256 hash = keccak256(encoding);
        if (nodes != nullptr) (*nodes)[hash] = encoding;
        return hash;
    }

private:
    using Nibbled = std::map<Bytes, Bytes>;
    using At = Nibbled::const_iterator;

    /// HP(x, t), appendix C.
    static Bytes hex_prefix(const Bytes& nibbles, bool is_leaf) {
        Bytes out;
        std::size_t i = 0;
        const std::uint8_t flag = is_leaf ? 2 : 0;
        if (nibbles.size() % 2 == 0)
            out.push_back(static_cast<std::uint8_t>(16 * flag));
        else
            out.push_back(static_cast<std::uint8_t>(16 * (flag + 1) + nibbles[i++]));
        for (; i < nibbles.size(); i += 2)
            out.push_back(static_cast<std::uint8_t>(16 * nibbles[i] + nibbles[i + 1]));
        return out;
    }

    /// n(J, i): what stands in a parent; the RLP of an item.
    static Bytes reference(At begin, At end, std::size_t depth, std::map<Hash256, Bytes>* nodes) {
        if (begin == end) return rlp_encode(ByteView{});
        const Bytes encoding = structure(begin, end, depth, nodes);
        if (encoding.size() < 32) return encoding;
        const Hash256 hash = keccak256(encoding);
        if (nodes != nullptr) (*nodes)[hash] = encoding;
        return rlp_encode(hash.view());
    }

    /// c(J, i): the RLP of the node for entries that share `depth` nibbles.
    static Bytes structure(At begin, At end, std::size_t depth, std::map<Hash256, Bytes>* nodes) {
        if (std::next(begin) == end) {
            const Bytes rest{begin->first.begin() + static_cast<std::ptrdiff_t>(depth),
                             begin->first.end()};
            return list({rlp_encode(ByteView{hex_prefix(rest, true)}),
                         rlp_encode(ByteView{begin->second})});
        }
        std::size_t shared = depth;
        const Bytes& first = begin->first;
        const Bytes& last = std::prev(end)->first;
        while (shared < first.size() && shared < last.size() && first[shared] == last[shared])
            ++shared;
        if (shared > depth) {
            const Bytes path{first.begin() + static_cast<std::ptrdiff_t>(depth),
                             first.begin() + static_cast<std::ptrdiff_t>(shared)};
            return list({rlp_encode(ByteView{hex_prefix(path, false)}),
                         reference(begin, end, shared, nodes)});
        }
        Bytes value;
        if (begin->first.size() == depth) {
            value = begin->second;
            ++begin;
        }
        Bytes payload;
        for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
            At next = begin;
            while (next != end && next->first[depth] == nibble) ++next;
            append(payload, reference(begin, next, depth + 1, nodes));
            begin = next;
        }
        append(payload, rlp_encode(ByteView{value}));
        return rlp_encode_list(payload);
    }

    static Bytes list(std::initializer_list<Bytes> items) {
        Bytes payload;
        for (const auto& item : items) append(payload, item);
        return rlp_encode_list(payload);
    }
};

}  // namespace cairn::test
