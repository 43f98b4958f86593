// SPDX-License-Identifier: MIT
#include "node/net/peer_score.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

const NodeId kPeer = key_of(1).id;
const NodeId kOther = key_of(2).id;
const IpAddress kPublic = *IpAddress::parse("8.8.8.8");
const IpAddress kLocal = *IpAddress::parse("127.0.0.1");

TEST(PeerScores, the_ban_comes_at_the_bound) {
    PeerScores scores;
    EXPECT_FALSE(scores.add(kPeer, kPublic, kBanScore - 1, 0, 1000));
    EXPECT_EQ(scores.score(kPeer, 0), kBanScore - 1);
    EXPECT_FALSE(scores.is_banned(kPeer, 1000));
    EXPECT_TRUE(scores.add(kPeer, kPublic, 1, 0, 1000));
    EXPECT_TRUE(scores.is_banned(kPeer, 1000));
    EXPECT_TRUE(scores.is_banned(kPublic, 1000));
    EXPECT_FALSE(scores.is_banned(kOther, 1000));
}

TEST(PeerScores, a_ban_ends) {
    PeerScores scores;
    scores.add(kPeer, kPublic, kBanScore, 0, 1000);
    EXPECT_TRUE(scores.is_banned(kPeer, 1000 + kBanSeconds - 1));
    EXPECT_FALSE(scores.is_banned(kPeer, 1000 + kBanSeconds));
    EXPECT_FALSE(scores.is_banned(kPublic, 1000 + kBanSeconds));
}

TEST(PeerScores, points_are_forgiven_with_time) {
    PeerScores scores;
    scores.add(kPeer, kPublic, 50, 0, 1000);
    EXPECT_EQ(scores.score(kPeer, kScoreDecayMs - 1), 50U);
    EXPECT_EQ(scores.score(kPeer, 10 * kScoreDecayMs), 40U);
    EXPECT_EQ(scores.score(kPeer, 100 * kScoreDecayMs), 0U);
    EXPECT_FALSE(scores.add(kPeer, kPublic, 59, 10 * kScoreDecayMs, 2000));
    EXPECT_TRUE(scores.add(kPeer, kPublic, 1, 10 * kScoreDecayMs, 2000));
}

TEST(PeerScores, local_addresses_are_not_banned_with_the_key) {
    PeerScores scores;
    scores.add(kPeer, kLocal, kBanScore, 0, 1000);
    EXPECT_TRUE(scores.is_banned(kPeer, 1000));
    EXPECT_FALSE(scores.is_banned(kLocal, 1000));
}

TEST(PeerScores, the_operator_may_forgive) {
    PeerScores scores;
    scores.add(kPeer, kLocal, kBanScore, 0, 1000);
    scores.forgive(kPeer);
    EXPECT_FALSE(scores.is_banned(kPeer, 1000));
    EXPECT_EQ(scores.score(kPeer, 0), 0U);
}

TEST(PeerScores, points_never_overflow) {
    PeerScores scores;
    EXPECT_TRUE(scores.add(kPeer, kLocal, ~0U, 0, 1000));
    EXPECT_TRUE(scores.add(kPeer, kLocal, ~0U, 0, 1000));
}

TEST(PeerScores, only_the_givers_fault_costs) {
    EXPECT_EQ(points_of({true, true, 0}), kBanScore);
    EXPECT_EQ(points_of({false, true, 0}), 0U);
    EXPECT_EQ(points_of(chain::blame_of(chain::BlockError::TimestampEarly)), 0U);
}

}  // namespace
}  // namespace cairn::node
