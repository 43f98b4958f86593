// SPDX-License-Identifier: MIT
#include "rpc/client/base64.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace cairn::rpc {
namespace {

// RFC 4648, section 10.
constexpr std::array<std::pair<const char*, const char*>, 7> kVectors{{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
}};

TEST(Base64, rfc_vectors_both_ways) {
    for (const auto& [plain, text] : kVectors) {
        EXPECT_EQ(to_base64(plain), text);
        EXPECT_EQ(from_base64(text), plain);
    }
}

TEST(Base64, padding_may_be_left_out) {
    EXPECT_EQ(from_base64("Zg"), "f");
    EXPECT_EQ(from_base64("Zm8"), "fo");
}

TEST(Base64, url_alphabet_differs_in_two_characters) {
    EXPECT_EQ(to_base64("\xfb\xff"), "+/8=");
    EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
    EXPECT_EQ(from_base64url("-_8"), "\xfb\xff");
    EXPECT_EQ(from_base64url("+/8"), std::nullopt);
    EXPECT_EQ(from_base64("-_8"), std::nullopt);
}

TEST(Base64, malformed_text_is_refused) {
    EXPECT_EQ(from_base64("Z"), std::nullopt);
    EXPECT_EQ(from_base64("Zm9vY"), std::nullopt);
    EXPECT_EQ(from_base64("Zm9 "), std::nullopt);
    EXPECT_EQ(from_base64("Z=g="), std::nullopt);
    EXPECT_EQ(from_base64("Zg==="), std::nullopt);
    // The last character carries bits beyond the last byte.
    EXPECT_EQ(from_base64("Zh=="), std::nullopt);
}

}  // namespace
}  // namespace cairn::rpc
