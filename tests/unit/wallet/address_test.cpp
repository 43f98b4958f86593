// SPDX-License-Identifier: MIT
#include "wallet/address.hpp"

#include <gtest/gtest.h>

#include <cctype>

#include "core/base/hex.hpp"

namespace cairn::wallet {
namespace {

/// EIP-55, "Test Cases".
constexpr const char* kChecksummed[] = {
    "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"};

AddressError error_of(std::string_view text) {
    const auto address = parse_address(text);
    EXPECT_FALSE(address.has_value()) << text;
    return address ? AddressError::Length : address.error();
}

TEST(Address, eip55_vectors_both_ways) {
    for (const auto* text : kChecksummed) {
        const auto address = parse_address(text);
        ASSERT_TRUE(address.has_value()) << text;
        EXPECT_EQ(to_checksum(*address), text);
    }
}

TEST(Address, one_case_carries_no_checksum) {
    const std::string lower = "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
    std::string upper = lower;
    for (auto& c : upper) c = static_cast<char>(std::toupper(c));
    for (const auto& text : {lower, "0x" + lower, "0X" + lower, upper, "0x" + upper}) {
        const auto address = parse_address(text);
        ASSERT_TRUE(address.has_value()) << text;
        EXPECT_EQ(to_hex(*address), lower);
    }
}

TEST(Address, any_letter_in_the_wrong_case_is_found) {
    const std::string good = kChecksummed[4];
    for (std::size_t i = 2; i < good.size(); ++i) {
        if (std::isalpha(static_cast<unsigned char>(good[i])) == 0) continue;
        std::string changed = good;
        changed[i] = static_cast<char>(changed[i] ^ 0x20);
        EXPECT_EQ(error_of(changed), AddressError::Checksum) << changed;
    }
}

TEST(Address, length_and_digits_are_checked) {
    const std::string good = kChecksummed[4];
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_EQ(error_of(good.substr(0, length)), AddressError::Length) << length;
    EXPECT_EQ(error_of(good + "0"), AddressError::Length);
    EXPECT_EQ(error_of("0xg" + good.substr(3)), AddressError::Digit);
    EXPECT_EQ(error_of("0x0x" + good.substr(4)), AddressError::Digit);
}

}  // namespace
}  // namespace cairn::wallet
