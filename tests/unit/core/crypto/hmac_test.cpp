// SPDX-License-Identifier: MIT
#include "core/crypto/hmac.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn {
namespace {

using crypto_test::fixed;
using crypto_test::hex;

struct Case {
    Bytes key;
    Bytes data;
    const char* sha256;
    const char* sha512;
};

// RFC 4231, section 4; case 5 gives truncated tags only.
std::vector<Case> rfc4231_cases() {
    const auto text = [](std::string_view s) { return to_bytes(as_bytes(s)); };
    return {
        {Bytes(20, 0x0b), text("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
         "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
         "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
        {text("Jefe"), text("what do ya want for nothing?"),
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
         "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
         "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
        {Bytes(20, 0xaa), Bytes(50, 0xdd), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
         "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
         "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"},
        {hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), Bytes(50, 0xcd),
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
         "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
         "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd"},
        {Bytes(131, 0xaa), text("Test Using Larger Than Block-Size Key - Hash Key First"),
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
         "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
         "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"},
        {Bytes(131, 0xaa),
         text("This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
              "hashed before being used by the HMAC algorithm."),
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
         "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
         "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"},
    };
}

TEST(HmacSha256, rfc4231) {
    for (const auto& c : rfc4231_cases()) EXPECT_EQ(hmac_sha256(c.key, c.data), fixed<Hash256>(c.sha256));
}

TEST(HmacSha512, rfc4231) {
    for (const auto& c : rfc4231_cases()) EXPECT_EQ(to_bytes(hmac_sha512(c.key, c.data).reveal()), hex(c.sha512));
}

TEST(HmacSha256, parts_hash_as_the_whole) {
    const Bytes key(20, 0x0b);
    const ByteView parts[] = {as_bytes("Hi"), {}, as_bytes(" The"), as_bytes("re")};
    EXPECT_EQ(hmac_sha256(key, parts), hmac_sha256(key, as_bytes("Hi There")));
}

// Published in Wikipedia's article on HMAC (empty key, empty message).
TEST(HmacSha256, empty_key_and_text) {
    EXPECT_EQ(hmac_sha256({}, ByteView{}),
              fixed<Hash256>("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
}

}  // namespace
}  // namespace cairn
