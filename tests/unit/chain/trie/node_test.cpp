// SPDX-License-Identifier: MIT
#include "chain/trie/node.hpp"

#include <gtest/gtest.h>

#include <array>

#include "core/base/hex.hpp"
#include "core/codec/rlp_encode.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/account.hpp"

namespace cairn::chain::test {
namespace {

Bytes list_of(const std::vector<Bytes>& items) {
    Bytes payload;
    for (const auto& item : items) append(payload, item);
    return rlp_encode_list(payload);
}

Bytes text(const std::string& hex) {
    return rlp_encode(ByteView{from_hex(hex).value()});
}

/// A branch with those items at 0 and 1 and that value.
Bytes branch_of(const Bytes& first, const Bytes& second, const Bytes& value) {
    std::vector<Bytes> items(17, text(""));
    items[0] = first;
    items[1] = second;
    items[16] = value;
    return list_of(items);
}

bool decodes(const Bytes& encoding) {
    DecodedNode node;
    return decode_node(encoding, node);
}

const std::string kHash(64, 'a');

TEST(Node, constants_are_hashes_of_empty_things) {
    EXPECT_EQ(keccak256(rlp_encode(ByteView{})), kEmptyTrieRoot);
    EXPECT_EQ(keccak256(rlp_encode_list({})), kEmptyOmmersHash);
}

TEST(Node, leaf_is_written_as_rlp_and_read_back) {
    const auto key = Nibbles::from_key(from_hex("12345678").value());
    for (const std::size_t size : {1U, 2U, 55U, 56U, 70U, 255U, 256U, 70000U}) {
        const Bytes value(size, 0x07);
        Bytes out(kNodeOverheadMax + size);
        const auto* end = write_leaf(key, 3, value, out.data());
        out.resize(static_cast<std::size_t>(end - out.data()));
        EXPECT_EQ(out, list_of({text("345678"), rlp_encode(ByteView{value})})) << size;
        DecodedNode node;
        ASSERT_TRUE(decode_node(out, node));
        EXPECT_EQ(node.kind, DecodedNode::Kind::Leaf);
        EXPECT_EQ(to_hex(node.path_form), "345678");
        EXPECT_TRUE(equal(node.value, value));
    }
}

TEST(Node, extension_is_written_as_rlp_and_read_back) {
    const auto key = Nibbles::from_key(from_hex("12345678").value());
    for (const Bytes& child : {text(kHash), list_of({text("31"), text("05")})}) {
        Bytes out(kNodeOverheadMax);
        const auto* end = write_extension(key, 1, 4, child.data(), out.data());
        out.resize(static_cast<std::size_t>(end - out.data()));
        EXPECT_EQ(out, list_of({text("1234"), child}));
        DecodedNode node;
        ASSERT_TRUE(decode_node(out, node));
        EXPECT_EQ(node.kind, DecodedNode::Kind::Extension);
        EXPECT_TRUE(equal({node.children[0], ref_length(node.children[0])}, child));
    }
}

TEST(Node, branch_is_written_as_rlp_and_read_back) {
    const Bytes hash = text(kHash);
    const Bytes embedded = list_of({text("31"), text("05")});
    for (const Bytes& value : {Bytes{}, Bytes{7}, Bytes(300, 9)}) {
        std::array<const std::uint8_t*, 16> children{};
        children[0] = hash.data();
        children[1] = embedded.data();
        Bytes out(kBranchOverheadMax + value.size());
        const auto* end = write_branch(children, value, out.data());
        out.resize(static_cast<std::size_t>(end - out.data()));
        EXPECT_EQ(out, branch_of(hash, embedded, rlp_encode(ByteView{value})));
        DecodedNode node;
        ASSERT_TRUE(decode_node(out, node));
        EXPECT_EQ(node.kind, DecodedNode::Kind::Branch);
        EXPECT_EQ(node.children[0][0], kHashItem);
        EXPECT_TRUE(equal({node.children[1], ref_length(node.children[1])}, embedded));
        for (std::size_t i = 2; i < 16; ++i) EXPECT_EQ(node.children[i], nullptr);
        EXPECT_TRUE(equal(node.value, value));
    }
}

TEST(Node, full_branch_fills_its_room) {
    const Bytes hash = text(kHash);
    std::array<const std::uint8_t*, 16> children;
    children.fill(hash.data());
    Bytes out(kBranchOverheadMax);
    EXPECT_EQ(write_branch(children, {}, out.data()) - out.data(), 532);
    out.resize(532);
    EXPECT_TRUE(decodes(out));
}

TEST(Node, every_truncation_and_every_addition_is_refused) {
    const Bytes embedded = list_of({text("31"), text("05")});
    for (const Bytes& whole :
         {list_of({text("20"), text("aabb")}), list_of({text("11"), text(kHash)}),
          list_of({text("11"), embedded}), branch_of(text(kHash), embedded, text("")),
          branch_of(text(kHash), text(kHash), text(std::string(120, '1')))}) {
        ASSERT_TRUE(decodes(whole));
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_FALSE(
                decodes({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}))
                << size;
        Bytes more = whole;
        more.push_back(0);
        EXPECT_FALSE(decodes(more));
    }
}

TEST(Node, what_is_no_node_is_refused) {
    const Bytes hash = text(kHash);
    EXPECT_FALSE(decodes(text("")));                                 // the empty string
    EXPECT_FALSE(decodes(list_of({})));                              // no item
    EXPECT_FALSE(decodes(list_of({hash})));                          // one
    EXPECT_FALSE(decodes(list_of({text("20"), text("01"), hash})));  // three
    EXPECT_FALSE(decodes(list_of(std::vector<Bytes>(16, hash))));
    EXPECT_FALSE(decodes(list_of(std::vector<Bytes>(18, hash))));
    EXPECT_FALSE(decodes(list_of({text(""), text("01")})));            // no path form
    EXPECT_FALSE(decodes(list_of({text("40"), text("01")})));          // no such flag
    EXPECT_FALSE(decodes(list_of({list_of({}), text("01")})));         // path is a list
    EXPECT_FALSE(decodes(list_of({text("20"), text("")})));            // leaf without value
    EXPECT_FALSE(decodes(list_of({text("20"), list_of({})})));         // leaf with a list for value
    EXPECT_FALSE(decodes(list_of({text("00"), hash})));                // extension without path
    EXPECT_FALSE(decodes(list_of({text("11"), text("")})));            // extension without child
    EXPECT_FALSE(decodes(list_of({text("11"), text("aabb")})));        // child that is no hash
    EXPECT_FALSE(decodes(list_of({text("11"), text(kHash + "aa")})));  // 33 bytes
    EXPECT_FALSE(decodes(branch_of(hash, text(""), text(""))));        // branch of one
    EXPECT_FALSE(decodes(branch_of(text(""), text(""), text("aa"))));  // branch of a value
    EXPECT_TRUE(decodes(branch_of(hash, text(""), text("aa"))));       // of both
    EXPECT_FALSE(decodes(branch_of(hash, hash, list_of({}))));         // value is a list
    EXPECT_FALSE(decodes(branch_of(hash, text("aa"), text(""))));      // child of one byte
    EXPECT_FALSE(decodes(branch_of(hash, text("05"), text(""))));      // of one byte below 0x80
    EXPECT_TRUE(
        decodes(branch_of(hash, rlp_encode_list(Bytes(30, 1)), text(""))));  // 31 bytes embedded
    EXPECT_FALSE(
        decodes(branch_of(hash, rlp_encode_list(Bytes(31, 1)), text(""))));  // 32 must be a hash
}

}  // namespace
}  // namespace cairn::chain::test
