// SPDX-License-Identifier: MIT
#include "node/net/p2p_messages.hpp"

#include <gtest/gtest.h>

#include "node/net/limits.hpp"
#include "tests/unit/node/net/eip8_vectors.hpp"
#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

Hello make_hello() {
    return {5, "cairn/v0.1.0/linux", {{"eth", 66}, {"eth", 68}}, 30303, key_of(1).id};
}

TEST(Hello, vector_of_eip8_with_a_later_version_and_further_items) {
    const auto hello = decode_hello(hex(eip8::kHelloExtended));
    ASSERT_TRUE(hello);
    // The EIP's text says 22, which is the version of "mork"; the bytes have 0x37.
    EXPECT_EQ(hello->version, 0x37U);
    EXPECT_EQ(hello->client, "kneth/v0.91/plan9");
    EXPECT_EQ(hello->capabilities, (std::vector<Capability>{{"eth", 61}, {"mork", 22}}));
    EXPECT_EQ(hello->listen_port, 9999U);
    EXPECT_EQ(to_hex(hello->id),
              "fda1cff674c90c9a197539fe3dfb53086ace64f83ed7c6eabec741f7f381cc80"
              "3e52ab2cd55d5569bce4347107a310dfd5f88a010cd2ffd1005ca406f1842877");
}

TEST(Hello, round_trip) {
    const Hello hello = make_hello();
    EXPECT_EQ(*decode_hello(encode_hello(hello)), hello);
}

TEST(Hello, truncated_at_every_byte_is_refused) {
    const Bytes bytes = encode_hello(make_hello());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_hello(ByteView{bytes}.first(size))) << size;
}

TEST(Hello, client_names_are_cut_and_made_printable) {
    Hello hello = make_hello();
    hello.client = "a\x1b[31m\xc3\xa9";
    EXPECT_EQ(decode_hello(encode_hello(hello))->client, "a?[31m??");
    hello.client = std::string(kClientNameMax + 1, 'x');
    EXPECT_EQ(decode_hello(encode_hello(hello))->client, std::string(kClientNameMax, 'x'));
}

TEST(Hello, capabilities_are_bounded_in_number_and_name) {
    Hello hello = make_hello();
    hello.capabilities.assign(kCapabilitiesMax, {"eth", 1});
    EXPECT_TRUE(decode_hello(encode_hello(hello)));
    hello.capabilities.push_back({"eth", 1});
    EXPECT_EQ(decode_hello(encode_hello(hello)).error(), RlpError::TooManyItems);
    hello.capabilities = {{"12345678", 1}};
    EXPECT_TRUE(decode_hello(encode_hello(hello)));
    hello.capabilities = {{"123456789", 1}};
    EXPECT_EQ(decode_hello(encode_hello(hello)).error(), RlpError::StringTooLong);
}

TEST(Disconnect, every_form_that_clients_send) {
    EXPECT_EQ(*decode_disconnect(hex("c104")), DisconnectReason::TooManyPeers);
    EXPECT_EQ(*decode_disconnect(hex("04")), DisconnectReason::TooManyPeers);
    EXPECT_EQ(*decode_disconnect(hex("c180")), DisconnectReason::Requested);
    EXPECT_EQ(*decode_disconnect(hex("c0")), DisconnectReason::Requested);
    EXPECT_EQ(*decode_disconnect({}), DisconnectReason::Requested);
    EXPECT_EQ(*decode_disconnect(hex("c20b01")), DisconnectReason::Timeout);
    EXPECT_FALSE(decode_disconnect(hex("c2")));
    EXPECT_FALSE(decode_disconnect(hex("c3820100")));
}

TEST(Disconnect, every_reason_has_a_name_and_a_round_trip) {
    for (unsigned i = 0; i <= 0x10; ++i) {
        const auto reason = static_cast<DisconnectReason>(i);
        EXPECT_EQ(*decode_disconnect(encode_disconnect(reason)), reason);
        const bool is_named = i <= 0x0b || i == 0x10;
        EXPECT_EQ(to_string(reason) != "unknown reason", is_named) << i;
    }
}

}  // namespace
}  // namespace cairn::node
