// SPDX-License-Identifier: MIT
#include "chain/pool/pool_head.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "chain/spec/rule_table.hpp"

namespace cairn::chain {
namespace {

HashedHeader header_with(Gas gas_used, std::optional<Wei> base_fee) {
    Header header;
    header.number = 10;
    header.timestamp = 1000;
    header.gas_limit = 30'000'000;
    header.gas_used = gas_used;
    header.base_fee = base_fee;
    return HashedHeader{header};
}

PoolHead head_under(Revision revision, const HashedHeader& header) {
    static std::vector<std::unique_ptr<ChainSpec>> specs;
    specs.push_back(std::make_unique<ChainSpec>(
        ChainSpec::with_single_rules(rules_of(revision), 1, SealKind::None)));
    return make_pool_head(*specs.back(), header, {}, 2000);
}

TEST(PoolHead, has_no_base_fee_before_london) {
    const auto header = header_with(1, {});
    const PoolHead head = head_under(Revision::Berlin, header);
    EXPECT_TRUE(head.base_fee.is_zero());
    EXPECT_EQ(head.ref, (BlockRef{10, header.hash()}));
    EXPECT_EQ(head.gas_limit, 30'000'000u);
}

// EIP-1559: a full block raises the base fee by an eighth, an empty one lowers it by as much.
TEST(PoolHead, has_the_next_blocks_base_fee) {
    const Wei fee{800};
    EXPECT_EQ(head_under(Revision::London, header_with(15'000'000, fee)).base_fee, fee);
    EXPECT_EQ(head_under(Revision::London, header_with(30'000'000, fee)).base_fee, Wei{900});
    EXPECT_EQ(head_under(Revision::London, header_with(0, fee)).base_fee, Wei{700});
    EXPECT_TRUE(head_under(Revision::London, header_with(0, fee)).blob_base_fee.is_zero());
}

TEST(PoolHead, has_the_least_blob_fee_without_excess) {
    EXPECT_EQ(head_under(Revision::Cancun, header_with(0, Wei{7})).blob_base_fee, Wei{1});
}

TEST(PoolHead, goes_by_the_later_of_clock_and_parent) {
    ChainParameters parameters;
    parameters.steps = {{ForkTrigger::Number, 0, rules_of(Revision::London)},
                        {ForkTrigger::Time, 1001, rules_of(Revision::Shanghai)},
                        {ForkTrigger::Time, 5000, rules_of(Revision::Cancun)}};
    const ChainSpec spec{parameters};
    const auto header = header_with(0, Wei{7});
    const auto revision_at = [&](UnixSeconds now) {
        return make_pool_head(spec, header, {}, now).rules->revision;
    };
    EXPECT_EQ(revision_at(0), Revision::Shanghai);
    EXPECT_EQ(revision_at(4999), Revision::Shanghai);
    EXPECT_EQ(revision_at(5000), Revision::Cancun);
}

}  // namespace
}  // namespace cairn::chain
