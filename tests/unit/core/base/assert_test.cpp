// SPDX-License-Identifier: MIT
#include "core/base/assert.hpp"

#include <gtest/gtest.h>

namespace {

TEST(AssertDeathTest, broken_condition_prints_itself_and_aborts) {
    const int two = 2;
    EXPECT_DEATH(CAIRN_ASSERT(two == 3), "two == 3");
}

TEST(Assert, true_condition_is_evaluated_once) {
    int calls = 0;
    CAIRN_ASSERT(++calls > 0);
    EXPECT_EQ(calls, 1);
}

}  // namespace
