// SPDX-License-Identifier: MIT
#include "node/evm_tool/draft_bls.hpp"

#include <gtest/gtest.h>

namespace cairn::node {
namespace {

Address low_address(std::uint8_t last) {
    Address address;
    address.bytes[19] = last;
    return address;
}

TEST(DraftBls, tool_of_spring_2024_means_the_draft) {
    EXPECT_TRUE(means_draft_bls("evm version 1.14.0-unstable-a208e725-20240416"));
    EXPECT_TRUE(means_draft_bls("x-20240831"));
}

TEST(DraftBls, later_or_unnamed_tool_means_the_final_contracts) {
    EXPECT_FALSE(means_draft_bls("x-20240901"));
    EXPECT_FALSE(means_draft_bls("evm version 1.15.0-stable-20250115"));
    EXPECT_FALSE(means_draft_bls("evm version 1.14.0"));
    EXPECT_FALSE(means_draft_bls("x-2024041"));
    EXPECT_FALSE(means_draft_bls("x-2024041a"));
    EXPECT_FALSE(means_draft_bls(""));
}

TEST(DraftBls, nine_contracts_follow_those_of_cancun) {
    EXPECT_EQ(find_draft_bls_precompile(kDraftBlsRevision, low_address(0x0a))->name, "KZG_POINT_EVALUATION");
    EXPECT_EQ(find_draft_bls_precompile(kDraftBlsRevision, low_address(0x0b))->name, "BLS12_G1ADD");
    EXPECT_EQ(find_draft_bls_precompile(kDraftBlsRevision, low_address(0x0c))->name, "BLS12_G1MUL");
    EXPECT_EQ(find_draft_bls_precompile(kDraftBlsRevision, low_address(0x13))->name, "BLS12_MAP_FP2_TO_G2");
    EXPECT_EQ(find_draft_bls_precompile(kDraftBlsRevision, low_address(0x14)), nullptr);
    Address high = low_address(0x0b);
    high.bytes[0] = 1;
    EXPECT_EQ(find_draft_bls_precompile(kDraftBlsRevision, high), nullptr);
}

TEST(DraftBls, one_multiplication_takes_one_term_only) {
    const auto* mul = find_draft_bls_precompile(kDraftBlsRevision, low_address(0x0c));
    Bytes output;
    EXPECT_TRUE(mul->run(Bytes(160), kDraftBlsRevision, output));
    EXPECT_FALSE(mul->run(Bytes(320), kDraftBlsRevision, output));
    EXPECT_FALSE(mul->run({}, kDraftBlsRevision, output));
}

}  // namespace
}  // namespace cairn::node
