// SPDX-License-Identifier: MIT
#include "core/base/expected.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace cairn {
namespace {

enum class Fault { First, Second };

TEST(Result, value_is_there_and_error_is_not) {
    const Result<std::string, Fault> r{"text"};
    ASSERT_TRUE(r.has_value());
    EXPECT_TRUE(static_cast<bool>(r));
    EXPECT_EQ(*r, "text");
    EXPECT_EQ(r->size(), 4U);
}

TEST(Result, error_is_there_and_value_is_not) {
    const Result<std::string, Fault> r{Unexpected{Fault::Second}};
    ASSERT_FALSE(r.has_value());
    EXPECT_EQ(r.error(), Fault::Second);
}

TEST(Result, same_type_for_value_and_error_stays_apart) {
    const Result<int, int> value{1};
    const Result<int, int> error{Unexpected{1}};
    EXPECT_TRUE(value.has_value());
    EXPECT_FALSE(error.has_value());
}

TEST(Result, value_moves_out) {
    Result<std::unique_ptr<int>, Fault> r{std::make_unique<int>(7)};
    const std::unique_ptr<int> p = std::move(r).value();
    EXPECT_EQ(*p, 7);
}

TEST(Result, void_result_carries_only_the_verdict) {
    const Result<void, Fault> good;
    const Result<void, Fault> bad{Unexpected{Fault::First}};
    EXPECT_TRUE(good.has_value());
    EXPECT_FALSE(bad.has_value());
    EXPECT_EQ(bad.error(), Fault::First);
}

TEST(ResultDeathTest, reading_the_wrong_side_asserts) {
    const Result<int, Fault> value{1};
    const Result<int, Fault> error{Unexpected{Fault::First}};
    const Result<void, Fault> good;
    EXPECT_DEATH((void)error.value(), "has_value");
    EXPECT_DEATH((void)value.error(), "has_value");
    EXPECT_DEATH((void)good.error(), "failed_");
}

}  // namespace
}  // namespace cairn
