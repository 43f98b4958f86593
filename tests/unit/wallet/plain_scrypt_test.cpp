// SPDX-License-Identifier: MIT
#include "wallet/plain_scrypt.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"

namespace cairn::wallet {
namespace {

std::string plain(std::string_view password, std::string_view salt, const ScryptCost& cost,
                  std::size_t length) {
    Bytes out(length);
    EXPECT_TRUE(plain_scrypt(as_bytes(password), as_bytes(salt), cost, out).has_value());
    return to_hex(out);
}

TEST(PlainScrypt, rfc_7914_vectors) {
    // RFC 7914, section 12.
    EXPECT_EQ(plain("", "", {.n = 16, .r = 1, .p = 1}, 64),
              "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
              "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
    EXPECT_EQ(plain("password", "NaCl", {.n = 1024, .r = 8, .p = 16}, 64),
              "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
              "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
}

TEST(PlainScrypt, agrees_with_openssl_where_both_answer) {
    for (const auto& cost : {ScryptCost{2, 1, 1}, ScryptCost{64, 3, 2}, ScryptCost{256, 8, 5}}) {
        Bytes expected(50);
        ASSERT_TRUE(scrypt(as_bytes("pw"), as_bytes("salt"), cost, expected).has_value());
        EXPECT_EQ(plain("pw", "salt", cost, 50), to_hex(expected)) << cost.n;
    }
}

TEST(PlainScrypt, costs_are_bounded) {
    Bytes out(32);
    const auto error_of = [&out](const ScryptCost& cost, std::uint64_t memory_max) {
        const auto done = plain_scrypt({}, {}, cost, out, memory_max);
        EXPECT_FALSE(done.has_value());
        return done ? KdfError::BadLength : done.error();
    };
    for (const auto& cost : {ScryptCost{0, 1, 1}, ScryptCost{1, 1, 1}, ScryptCost{3, 1, 1},
                             ScryptCost{2, 0, 1}, ScryptCost{2, 1, 0}, ScryptCost{2, 1U << 30, 1}})
        EXPECT_EQ(error_of(cost, kScryptMemoryMax), KdfError::BadCost);
    // 128 * 1 * (16 + 1 + 2) bytes are needed.
    EXPECT_TRUE(plain_scrypt({}, {}, {16, 1, 1}, out, 2432).has_value());
    EXPECT_EQ(error_of({16, 1, 1}, 2431), KdfError::TooMuchMemory);
    EXPECT_EQ(error_of({std::uint64_t{1} << 63, 1, 1}, kScryptMemoryMax), KdfError::TooMuchMemory);
}

}  // namespace
}  // namespace cairn::wallet
