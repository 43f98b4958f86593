// SPDX-License-Identifier: MIT
#include "node/net/enr.hpp"

#include <gtest/gtest.h>

#include "core/codec/rlp_encode.hpp"
#include "node/net/limits.hpp"
#include "tests/unit/node/net/eip8_vectors.hpp"
#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

/// The example of EIP-778, signed with the key that EIP-8 calls B's.
constexpr std::string_view kExample =
    "enr:-IS4QHCYrYZbAKWCBRlAy5zzaDZXJBGkcnh4MHcBFZntXNFrdvJjX04jRzjzCBOonrkTfj499SZuOh8R33Ls8RRcy5"
    "wBgmlkgnY0gmlwhH8AAAGJc2VjcDI1NmsxoQPKY0yuDUmstAHYpMa2_oxVtw0RW_QAdpzBQA8yWM0xOIN1ZHCCdl8";

TEST(NodeRecord, example_of_eip778) {
    const auto record = NodeRecord::parse(kExample);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->seq(), 1U);
    EXPECT_EQ(to_hex(node_address_of(record->id())),
              "a448f24c6d18e575453db13171562b71999873db5b286df957af199ec94617f7");
    EXPECT_EQ(record->endpoint4(), (Endpoint{*IpAddress::parse("127.0.0.1"), 30303, 0}));
    EXPECT_FALSE(record->endpoint6());
    EXPECT_FALSE(record->fork_id());
    EXPECT_EQ(record->to_string(), kExample);
}

TEST(NodeRecord, making_the_example_gives_the_example) {
    EnrFields fields;
    fields.ip4 = IpAddress::parse("127.0.0.1");
    fields.udp_port = 30303;
    EXPECT_EQ(NodeRecord::make(key_of(eip8::kStaticKeyB), 1, fields).to_string(), kExample);
}

TEST(NodeRecord, every_field_round_trips) {
    EnrFields fields;
    fields.ip4 = IpAddress::parse("192.0.2.1");
    fields.ip6 = IpAddress::parse("2001:db8::1");
    fields.tcp_port = 30303;
    fields.udp_port = 30301;
    fields.fork_id = chain::ForkId{0xfc64ec04, 1150000};
    const auto record = NodeRecord::decode(NodeRecord::make(key_of(1), 77, fields).encoded());
    ASSERT_TRUE(record);
    EXPECT_EQ(record->id(), key_of(1).id);
    EXPECT_EQ(record->seq(), 77U);
    EXPECT_EQ(record->endpoint4(), (Endpoint{*fields.ip4, 30301, 30303}));
    EXPECT_EQ(record->endpoint6(), (Endpoint{*fields.ip6, 30301, 30303}));
    EXPECT_EQ(record->fork_id(), fields.fork_id);
}

TEST(NodeRecord, truncated_or_changed_at_any_byte_is_refused) {
    const Bytes good = NodeRecord::parse(kExample)->encoded();
    for (std::size_t i = 0; i < good.size(); ++i) {
        EXPECT_FALSE(NodeRecord::decode(ByteView{good}.first(i))) << i;
        Bytes changed = good;
        changed[i] ^= 1;
        EXPECT_FALSE(NodeRecord::decode(changed)) << i;
    }
}

TEST(NodeRecord, malformed_texts_are_refused) {
    EXPECT_EQ(NodeRecord::parse(kExample.substr(4)).error(), EnrError::NotEnr);
    EXPECT_EQ(NodeRecord::parse("enr:+/").error(), EnrError::NotEnr);
    EXPECT_EQ(NodeRecord::parse("enr:A").error(), EnrError::NotEnr);
    EXPECT_EQ(NodeRecord::parse(std::string{kExample} + "=").error(), EnrError::NotEnr);
    EXPECT_EQ(NodeRecord::parse("enr:").error(), EnrError::Malformed);
    EXPECT_EQ(NodeRecord::parse("enr:" + std::string(2 * kNodeRecordMax + 1, 'A')).error(),
              EnrError::TooLarge);
}

/// A record with these entries, its signature of zeros.
Bytes unsigned_record(const std::vector<std::pair<std::string, Bytes>>& entries) {
    Bytes out;
    RlpWriter writer{out};
    writer.begin_list();
    writer.add(Bytes(64));
    writer.add(std::uint64_t{1});
    for (const auto& [key, value] : entries) {
        writer.add(as_bytes(key));
        writer.add(value);
    }
    writer.end_list();
    return out;
}

TEST(NodeRecord, each_error_for_its_reason) {
    const Bytes v4 = to_bytes(as_bytes("v4"));
    const Bytes key = to_bytes(*secp256k1::compress(key_of(1).id));
    EXPECT_EQ(NodeRecord::decode(unsigned_record({{"id", v4}, {"secp256k1", key}})).error(),
              EnrError::BadSignature);
    EXPECT_EQ(NodeRecord::decode(unsigned_record({{"id", v4}})).error(), EnrError::BadKey);
    EXPECT_EQ(NodeRecord::decode(unsigned_record({{"id", v4}, {"secp256k1", Bytes(33)}})).error(),
              EnrError::BadKey);
    EXPECT_EQ(NodeRecord::decode(unsigned_record({{"secp256k1", key}})).error(),
              EnrError::UnknownIdentity);
    EXPECT_EQ(NodeRecord::decode(unsigned_record({{"id", Bytes{'v', '5'}}})).error(),
              EnrError::UnknownIdentity);
    EXPECT_EQ(NodeRecord::decode(unsigned_record({{"secp256k1", key}, {"id", v4}})).error(),
              EnrError::KeysUnsorted);
    EXPECT_EQ(NodeRecord::decode(unsigned_record({{"id", v4}, {"id", v4}})).error(),
              EnrError::KeysUnsorted);
    EXPECT_EQ(NodeRecord::decode(unsigned_record({{"id", v4}, {"x", Bytes(300)}})).error(),
              EnrError::TooLarge);
    EXPECT_EQ(NodeRecord::decode(hex("c0")).error(), EnrError::Malformed);
}

}  // namespace
}  // namespace cairn::node
