// SPDX-License-Identifier: MIT
#include "wallet/secret_text.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace cairn::wallet {
namespace {

TEST(SecretText, is_not_copied_by_accident) {
    EXPECT_FALSE(std::is_copy_constructible_v<SecretText>);
    EXPECT_FALSE(std::is_copy_assignable_v<SecretText>);
    EXPECT_TRUE(std::is_nothrow_move_constructible_v<SecretText>);
}

TEST(SecretText, grows_shrinks_and_compares) {
    SecretText text;
    EXPECT_TRUE(text.is_empty());
    text.drop_last();
    text.append('a');
    text.append("bc");
    EXPECT_EQ(text.reveal(), "abc");
    EXPECT_EQ(text.reveal_bytes().size(), 3U);
    EXPECT_TRUE(text.clone() == text);
    text.drop_last();
    EXPECT_TRUE(text == SecretText{"ab"});
    EXPECT_FALSE(text == SecretText{"ac"});
    EXPECT_FALSE(text == SecretText{"abc"});
}

// That freed buffers are wiped cannot be looked at without reading freed memory; that a container
// over the allocator stays right while it gives buffers back can.
TEST(WipingAllocator, a_growing_container_keeps_its_content) {
    std::vector<char, WipingAllocator<char>> chars;
    for (int i = 0; i < 1000; ++i) chars.push_back(static_cast<char>(i % 100));
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(chars[static_cast<std::size_t>(i)], i % 100);
}

}  // namespace
}  // namespace cairn::wallet
