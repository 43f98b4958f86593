// SPDX-License-Identifier: MIT
#include "core/crypto/secret.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <ostream>
#include <type_traits>

#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!std::is_copy_constructible_v<Secret<32>>);
static_assert(!std::is_copy_assignable_v<Secret<32>>);
static_assert(!std::is_convertible_v<Secret<32>, ByteView>);
static_assert(!Printable<Secret<32>>);

Bytes pattern() { return crypto_test::Generator{21}.bytes(32); }

TEST(Secret, is_wiped_on_destruction) {
    alignas(Secret<32>) std::uint8_t memory[sizeof(Secret<32>)];
    auto* const secret = new (memory) Secret<32>{Secret<32>::from(pattern())};
    ASSERT_EQ(to_bytes(secret->reveal()), pattern());
    secret->~Secret();
    EXPECT_EQ(Bytes(memory, memory + 32), Bytes(32));
}

TEST(Secret, moved_from_is_wiped) {
    auto first = Secret<32>::from(pattern());
    const Secret<32> second{std::move(first)};
    EXPECT_EQ(to_bytes(first.reveal()), Bytes(32));  // NOLINT: looking at a moved-from value is the point
    EXPECT_EQ(to_bytes(second.reveal()), pattern());
    auto third = Secret<32>::from(pattern());
    Secret<32> fourth;
    fourth = std::move(third);
    EXPECT_EQ(to_bytes(third.reveal()), Bytes(32));  // NOLINT
    EXPECT_EQ(fourth, second);
}

TEST(Secret, assigned_to_itself_is_kept) {
    auto secret = Secret<32>::from(pattern());
    auto& alias = secret;
    secret = std::move(alias);
    EXPECT_EQ(to_bytes(secret.reveal()), pattern());
}

TEST(Secret, clone_equals_and_outlives) {
    auto secret = std::make_unique<Secret<32>>(Secret<32>::from(pattern()));
    const auto clone = secret->clone();
    EXPECT_TRUE(clone == *secret);
    secret.reset();
    EXPECT_EQ(to_bytes(clone.reveal()), pattern());
}

TEST(Secret, differs_in_any_single_bit) {
    const auto secret = Secret<32>::from(pattern());
    for (std::size_t bit = 0; bit < 256; ++bit) {
        auto other = secret.clone();
        other.reveal_mutable()[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        EXPECT_FALSE(secret == other);
    }
}

TEST(EqualConstantTime, compares_lengths_and_bytes) {
    EXPECT_TRUE(equal_constant_time({}, {}));
    EXPECT_TRUE(equal_constant_time(as_bytes("abc"), as_bytes("abc")));
    EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("ab")));
    EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("abd")));
}

TEST(Wipe, zeroes_every_byte) {
    Bytes bytes = pattern();
    wipe(bytes);
    EXPECT_EQ(bytes, Bytes(32));
    wipe({});
}

TEST(SecretDeathTest, other_lengths_assert) { EXPECT_DEATH((void)Secret<32>::from(Bytes(31)), ""); }

}  // namespace
}  // namespace cairn
