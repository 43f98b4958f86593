// SPDX-License-Identifier: MIT
#include "core/base/fixed_bytes.hpp"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>
#include <unordered_set>

namespace cairn {
namespace {

using Three = FixedBytes<3, struct ThreeTag>;
using OtherThree = FixedBytes<3, struct OtherThreeTag>;
using Twenty = FixedBytes<20, struct TwentyTag>;

static_assert(!std::is_convertible_v<Three, OtherThree>);
static_assert(!std::is_constructible_v<OtherThree, Three>);
static_assert(std::is_trivially_copyable_v<Three> && sizeof(Three) == 3);

TEST(FixedBytes, starts_as_zero) {
    EXPECT_TRUE(Three{}.is_zero());
    EXPECT_FALSE(Three::from(Bytes{0, 0, 1}).is_zero());
}

TEST(FixedBytes, from_view_copies_the_bytes) {
    const Bytes source{1, 2, 3};
    const auto x = Three::from(source);
    EXPECT_TRUE(equal(x.view(), source));
    EXPECT_EQ(x.size(), 3U);
}

TEST(FixedBytesDeathTest, from_another_length_asserts) {
    EXPECT_DEATH((void)Three::from(Bytes{1, 2}), "N");
    EXPECT_DEATH((void)Three::from(Bytes{1, 2, 3, 4}), "N");
}

TEST(FixedBytes, as_keeps_the_bytes_under_another_meaning) {
    const auto x = Three::from(Bytes{1, 2, 3});
    EXPECT_TRUE(equal(x.as<OtherThree>().view(), x.view()));
}

TEST(FixedBytes, order_is_lexicographic) {
    const auto low = Three::from(Bytes{0, 255, 255});
    const auto high = Three::from(Bytes{1, 0, 0});
    EXPECT_LT(low, high);
    EXPECT_GT(high, low);
    EXPECT_EQ(low, low);
    EXPECT_NE(low, high);
}

TEST(FixedBytes, hash_spreads_keys_that_differ_in_one_byte_anywhere) {
    std::set<std::size_t> hashes;
    for (std::size_t i = 0; i < Twenty::kSize; ++i) {
        Twenty x;
        x.bytes[i] = 1;
        hashes.insert(std::hash<Twenty>{}(x));
    }
    EXPECT_EQ(hashes.size(), Twenty::kSize);
    const std::unordered_set<Twenty> keys{Twenty{}, Twenty{}};
    EXPECT_EQ(keys.size(), 1U);
}

}  // namespace
}  // namespace cairn
