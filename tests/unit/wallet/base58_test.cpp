// SPDX-License-Identifier: MIT
#include "wallet/base58.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"

namespace cairn::wallet {
namespace {

// A key and its address in Bitcoin's "Technical background of version 1 addresses": leading zero
// byte.
constexpr const char* kPayload = "00010966776006953d5567439e5e39f86a0d273bee";
constexpr const char* kText = "16UwLL9Risc3QfPqBUvKofHmBQ7wMtjvM";

TEST(Base58, a_published_address_both_ways) {
    EXPECT_EQ(encode_base58check(*from_hex(kPayload)).reveal(), kText);
    const auto payload = decode_base58check(kText);
    ASSERT_TRUE(payload.has_value());
    EXPECT_EQ(to_hex(payload->reveal_bytes()), kPayload);
}

TEST(Base58, leading_zero_bytes_survive) {
    for (std::size_t zeros = 0; zeros < 6; ++zeros) {
        Bytes bytes(zeros, 0);
        bytes.push_back(7);
        const auto text = encode_base58check(bytes);
        EXPECT_EQ(text.reveal().find_first_not_of('1'), zeros);
        EXPECT_EQ(decode_base58check(text.reveal())->reveal_bytes().size(), zeros + 1);
    }
    EXPECT_TRUE(decode_base58check(encode_base58check({}).reveal())->is_empty());
}

TEST(Base58, damage_is_found) {
    const std::string good = kText;
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_FALSE(decode_base58check(good.substr(0, length)).has_value()) << length;
    for (const char foreign : {'0', 'O', 'I', 'l', ' ', '+', '\0'}) {
        auto changed = good;
        changed[5] = foreign;
        EXPECT_FALSE(decode_base58check(changed).has_value()) << foreign;
    }
    EXPECT_FALSE(decode_base58check("1" + good).has_value());
    EXPECT_FALSE(decode_base58check(std::string(kBase58CharsMax + 1, '1')).has_value());
}

}  // namespace
}  // namespace cairn::wallet
