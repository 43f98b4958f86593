// SPDX-License-Identifier: MIT
#include "core/crypto/ripemd160.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn {
namespace {

using crypto_test::fixed;

// Test values of the RIPEMD-160 paper, appendix B.
TEST(Ripemd160, known_answers) {
    const std::pair<const char*, const char*> cases[] = {
        {"", "9c1185a5c5e9fc54612808977ee8f548b2258d31"},
        {"a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe"},
        {"abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"},
        {"message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"},
        {"abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "b0e20b6e3116640286ed3a87a5713079b21f5189"},
    };
    for (const auto& [message, digest] : cases)
        EXPECT_EQ(ripemd160(as_bytes(message)), fixed<Ripemd160Digest>(digest)) << message;
    EXPECT_EQ(ripemd160(Bytes(1'000'000, 'a')), fixed<Ripemd160Digest>("52783243c1697bdbe16d37f97f68f08325dc1528"));
}

}  // namespace
}  // namespace cairn
