// SPDX-License-Identifier: MIT
#include "core/types/difficulty.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace cairn {
namespace {

static_assert(!std::is_convertible_v<Difficulty, TotalDifficulty>);
static_assert(!std::is_convertible_v<Difficulty, Target>);

TEST(Difficulty, totals_add_and_saturate) {
    EXPECT_EQ(TotalDifficulty{Uint256{5}} + Difficulty{Uint256{7}}, TotalDifficulty{Uint256{12}});
    const TotalDifficulty most{Uint256::max()};
    EXPECT_EQ(most + Difficulty{}, most);
    EXPECT_EQ(TotalDifficulty{Uint256::max() - Uint256{1}} + Difficulty{Uint256{1}}, most);
    EXPECT_EQ(most + Difficulty{Uint256{1}}, most);
}

TEST(Difficulty, orders_by_value) {
    EXPECT_LT(Difficulty{Uint256{1}}, Difficulty{Uint256{2}});
    EXPECT_GT((Target{Uint256{0, 1, 0, 0}}), (Target{Uint256{~0ULL}}));
}

}  // namespace
}  // namespace cairn
