// SPDX-License-Identifier: MIT
#include "chain/build/rebuild_policy.hpp"

#include <gtest/gtest.h>

namespace cairn::chain {
namespace {

using std::chrono::milliseconds;

class RebuildPolicyTest : public testing::Test {
protected:
    [[nodiscard]] RebuildPolicy::Moment at(int ms) const { return start + milliseconds{ms}; }

    RebuildPolicy::Moment start{std::chrono::hours{1}};
    RebuildPolicy policy{{.debounce = milliseconds{200},
                          .interval_min = milliseconds{1000},
                          .age_max = milliseconds{10'000}}};
};

TEST_F(RebuildPolicyTest, nothing_is_due_before_the_first_head) {
    EXPECT_FALSE(policy.due_at());
    policy.on_pool(at(0));
    EXPECT_FALSE(policy.due_at());
    EXPECT_FALSE(policy.take(at(100'000)));
}

TEST_F(RebuildPolicyTest, a_new_head_is_answered_at_once) {
    policy.on_head(at(0));
    EXPECT_EQ(policy.take(at(0)), RebuildReason::NewHead);
    EXPECT_FALSE(policy.take(at(1)));
    policy.on_head(at(2));
    EXPECT_EQ(policy.take(at(2)), RebuildReason::NewHead);
}

TEST_F(RebuildPolicyTest, the_pool_is_answered_after_the_debounce_and_the_interval) {
    policy.on_head(at(0));
    (void)policy.take(at(0));
    policy.on_pool(at(100));
    EXPECT_EQ(policy.due_at(), at(1000));
    EXPECT_FALSE(policy.take(at(999)));
    EXPECT_EQ(policy.take(at(1000)), RebuildReason::PoolChanged);
    policy.on_pool(at(5000));
    EXPECT_EQ(policy.due_at(), at(5200));
    EXPECT_EQ(policy.take(at(5200)), RebuildReason::PoolChanged);
}

TEST_F(RebuildPolicyTest, a_stream_of_transactions_does_not_put_it_off) {
    policy.on_head(at(0));
    (void)policy.take(at(0));
    for (int ms = 2000; ms < 2200; ms += 10) policy.on_pool(at(ms));
    EXPECT_EQ(policy.due_at(), at(2200));
}

TEST_F(RebuildPolicyTest, a_head_answers_the_pool_too) {
    policy.on_head(at(0));
    (void)policy.take(at(0));
    policy.on_pool(at(100));
    policy.on_head(at(150));
    EXPECT_EQ(policy.take(at(150)), RebuildReason::NewHead);
    EXPECT_EQ(policy.due_at(), at(10'150));
}

TEST_F(RebuildPolicyTest, an_old_template_is_made_anew_for_its_clock) {
    policy.on_head(at(0));
    (void)policy.take(at(0));
    EXPECT_FALSE(policy.take(at(9999)));
    EXPECT_EQ(policy.take(at(10'000)), RebuildReason::Age);
    EXPECT_EQ(policy.due_at(), at(20'000));
}

}  // namespace
}  // namespace cairn::chain
