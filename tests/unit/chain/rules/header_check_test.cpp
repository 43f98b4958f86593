// SPDX-License-Identifier: MIT
#include "chain/rules/header_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "chain/rules/base_fee.hpp"
#include "chain/rules/difficulty.hpp"
#include "chain/spec/rule_table.hpp"

namespace cairn::chain {
namespace {

using Edit = std::function<void(Header&)>;

Header valid_child(const ChainSpec& spec, const RuleSet& rules, const HashedHeader& parent) {
    Header h;
    h.parent_hash = parent.hash();
    h.number = parent->number + 1;
    h.timestamp = parent->timestamp + 12;
    h.gas_limit = parent->gas_limit;
    h.gas_used = 21000;
    if (rules.has_base_fee) h.base_fee = next_base_fee(*parent);
    if (rules.has_withdrawals) h.withdrawals_root = kEmptyTrieRoot;
    if (rules.has_blobs) {
        h.blob_gas_used = kGasPerBlob;
        h.excess_blob_gas = next_excess_blob_gas(rules.blobs, *parent);
    }
    if (rules.has_beacon_root) h.parent_beacon_root.emplace();
    if (rules.has_requests) h.requests_hash.emplace();
    h.difficulty = next_difficulty(spec, rules, *parent, h.timestamp);
    return h;
}

/// A parent and its valid child under one row of rules.
struct Pair {
    ChainSpec spec;
    HashedHeader parent;
    Header child;

    explicit Pair(const RuleSet& rules)
        : spec{make_spec(rules)},
          parent{make_parent(rules)},
          child{valid_child(spec, rules, parent)} {}

    static ChainSpec make_spec(const RuleSet& rules) {
        ChainParameters p;
        p.steps.push_back({ForkTrigger::Number, 0, rules});
        p.asert_anchor = AsertAnchor{.number = 0, .timestamp = 0, .difficulty = {Uint256{131072}}};
        return ChainSpec{std::move(p)};
    }
    static Header make_parent(const RuleSet& rules) {
        Header h;
        h.number = 1000;
        h.timestamp = 1'000'000;
        h.gas_limit = 10'240'000;
        h.gas_used = 5'120'000;
        if (rules.difficulty_rule != DifficultyRule::Zero) h.difficulty = {Uint256{1'000'000}};
        if (rules.has_base_fee) h.base_fee = Wei{1'000'000'000};
        if (rules.has_withdrawals) h.withdrawals_root = kEmptyTrieRoot;
        if (rules.has_blobs) {
            h.blob_gas_used = 6 * kGasPerBlob;
            h.excess_blob_gas = kGasPerBlob;
        }
        if (rules.has_beacon_root) h.parent_beacon_root.emplace();
        if (rules.has_requests) h.requests_hash.emplace();
        return h;
    }

    [[nodiscard]] std::optional<BlockError> error(const Edit& edit = {}) const {
        Header h = child;
        if (edit) edit(h);
        const auto v = check_header(spec, h, parent, TotalDifficulty{});
        return v ? std::nullopt : std::optional{v.error()};
    }
};

const RuleSet& rules(Revision revision) {
    return rules_of(revision);
}

TEST(HeaderCheck, a_valid_child_of_every_revision_passes) {
    for (std::size_t r = 0; r < kRevisionCount; ++r)
        EXPECT_EQ(Pair{rules(static_cast<Revision>(r))}.error(), std::nullopt) << r;
    EXPECT_EQ(Pair{cairn_testnet_rules()}.error(), std::nullopt);
    EXPECT_EQ(Pair{cairn_dev_rules()}.error(), std::nullopt);
}

TEST(HeaderCheck, extra_data_of_32_bytes_is_the_most) {
    const Pair pair{rules(Revision::Frontier)};
    EXPECT_EQ(pair.error([](Header& h) { h.extra_data.assign(32, 1); }), std::nullopt);
    EXPECT_EQ(pair.error([](Header& h) { h.extra_data.assign(33, 1); }),
              BlockError::ExtraDataTooLong);
}

TEST(HeaderCheck, gas_limit_bounds) {
    const Pair pair{rules(Revision::Frontier)};
    const auto at = [&](Gas limit) { return pair.error([&](Header& h) { h.gas_limit = limit; }); };
    EXPECT_EQ(at(4999), BlockError::GasLimitTooLow);
    EXPECT_EQ(at(5000), BlockError::GasUsedAboveLimit);
    EXPECT_EQ(at(kGasLimitMax), BlockError::GasLimitStepTooLarge);
    EXPECT_EQ(at(kGasLimitMax + 1), BlockError::GasLimitTooHigh);
    // The parent's 10,240,000 / 1024 is 10,000.
    EXPECT_EQ(at(10'240'000 + 9'999), std::nullopt);
    EXPECT_EQ(at(10'240'000 + 10'000), BlockError::GasLimitStepTooLarge);
    EXPECT_EQ(at(10'240'000 - 9'999), std::nullopt);
    EXPECT_EQ(at(10'240'000 - 10'000), BlockError::GasLimitStepTooLarge);
}

TEST(HeaderCheck, gas_used_up_to_the_limit) {
    const Pair pair{rules(Revision::Frontier)};
    EXPECT_EQ(pair.error([](Header& h) { h.gas_used = h.gas_limit; }), std::nullopt);
    EXPECT_EQ(pair.error([](Header& h) { h.gas_used = h.gas_limit + 1; }),
              BlockError::GasUsedAboveLimit);
}

TEST(HeaderCheck, gas_limit_doubles_where_the_base_fee_begins) {
    ChainParameters p;
    p.steps.push_back({ForkTrigger::Number, 0, rules(Revision::Berlin)});
    p.steps.push_back({ForkTrigger::Number, 1001, rules(Revision::London)});
    const ChainSpec spec{std::move(p)};
    const HashedHeader parent{Pair::make_parent(rules(Revision::Berlin))};
    Header child = valid_child(spec, rules(Revision::London), parent);
    EXPECT_EQ(child.base_fee, Wei{1'000'000'000});
    const auto at = [&](Gas limit) {
        child.gas_limit = limit;
        return check_header(spec, child, parent, {}).has_value();
    };
    EXPECT_TRUE(at(20'480'000));
    EXPECT_TRUE(at(20'480'000 + 19'999));
    EXPECT_FALSE(at(20'480'000 + 20'000));
    EXPECT_TRUE(at(20'480'000 - 19'999));
    EXPECT_FALSE(at(10'240'000));
}

TEST(HeaderCheck, fields_come_with_their_forks) {
    using enum BlockError;
    using enum Revision;
    const auto without = [](Revision r, const Edit& edit) { return Pair{rules(r)}.error(edit); };
    EXPECT_EQ(without(Berlin, [](Header& h) { h.base_fee = 7; }), BaseFeeUnexpected);
    EXPECT_EQ(without(London, [](Header& h) { h.base_fee.reset(); }), BaseFeeMissing);
    EXPECT_EQ(without(Paris, [](Header& h) { h.withdrawals_root = kEmptyTrieRoot; }),
              WithdrawalsRootUnexpected);
    EXPECT_EQ(without(Shanghai, [](Header& h) { h.withdrawals_root.reset(); }),
              WithdrawalsRootMissing);
    EXPECT_EQ(without(Shanghai, [](Header& h) { h.blob_gas_used = 0; }), BlobFieldsUnexpected);
    EXPECT_EQ(without(Shanghai, [](Header& h) { h.excess_blob_gas = 0; }), BlobFieldsUnexpected);
    EXPECT_EQ(without(Cancun, [](Header& h) { h.blob_gas_used.reset(); }), BlobFieldsMissing);
    EXPECT_EQ(without(Cancun, [](Header& h) { h.excess_blob_gas.reset(); }), BlobFieldsMissing);
    EXPECT_EQ(without(Shanghai, [](Header& h) { h.parent_beacon_root.emplace(); }),
              BeaconRootUnexpected);
    EXPECT_EQ(without(Cancun, [](Header& h) { h.parent_beacon_root.reset(); }), BeaconRootMissing);
    EXPECT_EQ(without(Cancun, [](Header& h) { h.requests_hash.emplace(); }),
              RequestsHashUnexpected);
    EXPECT_EQ(without(Prague, [](Header& h) { h.requests_hash.reset(); }), RequestsHashMissing);
    // Cairn's networks have the London header.
    EXPECT_EQ(Pair{cairn_testnet_rules()}.error([](Header& h) { h.withdrawals_root.emplace(); }),
              WithdrawalsRootUnexpected);
}

TEST(HeaderCheck, blob_gas) {
    const Pair pair{rules(Revision::Cancun)};
    const auto used = [&](Gas gas) {
        return pair.error([&](Header& h) { h.blob_gas_used = gas; });
    };
    EXPECT_EQ(used(0), std::nullopt);
    EXPECT_EQ(used(6 * kGasPerBlob), std::nullopt);
    EXPECT_EQ(used(7 * kGasPerBlob), BlockError::BlobGasAboveMax);
    EXPECT_EQ(used(kGasPerBlob + 1), BlockError::BlobGasNotMultiple);
    // 1 + 6 blobs less the target of 3.
    EXPECT_EQ(pair.child.excess_blob_gas, 4 * kGasPerBlob);
    EXPECT_EQ(pair.error([](Header& h) { h.excess_blob_gas = 3 * kGasPerBlob; }),
              BlockError::ExcessBlobGasWrong);
}

TEST(HeaderCheck, nothing_of_proof_of_work_after_the_merge) {
    const Pair pair{rules(Revision::Paris)};
    EXPECT_EQ(pair.error([](Header& h) { h.difficulty = {Uint256{1}}; }),
              BlockError::DifficultyNotZero);
    EXPECT_EQ(pair.error([](Header& h) { h.nonce.bytes[7] = 1; }), BlockError::NonceNotZero);
    EXPECT_EQ(pair.error([](Header& h) { h.ommers_hash = {}; }), BlockError::OmmersHashNotEmpty);
    EXPECT_EQ(pair.error([](Header& h) { h.mix_hash.bytes[0] = 1; }), std::nullopt);  // PREVRANDAO
}

TEST(HeaderCheck, the_merge_lies_where_the_parents_total_says) {
    ChainParameters p;
    p.terminal_total_difficulty = TotalDifficulty{Uint256{5'000'000}};
    p.steps.push_back({ForkTrigger::Number, 0, rules(Revision::London)});
    p.steps.push_back({ForkTrigger::TotalDifficulty, 0, rules(Revision::Paris)});
    const ChainSpec spec{std::move(p)};
    const HashedHeader parent{Pair::make_parent(rules(Revision::London))};
    const Header work = valid_child(spec, rules(Revision::London), parent);
    const Header stake = valid_child(spec, rules(Revision::Paris), parent);
    const TotalDifficulty below{Uint256{4'999'999}};
    const TotalDifficulty reached{Uint256{5'000'000}};
    EXPECT_TRUE(check_header(spec, work, parent, below));
    EXPECT_EQ(check_header(spec, stake, parent, below).error(), BlockError::DifficultyWrong);
    EXPECT_TRUE(check_header(spec, stake, parent, reached));
    EXPECT_EQ(check_header(spec, work, parent, reached).error(), BlockError::DifficultyNotZero);
}

TEST(HeaderCheck, extra_data_of_the_dao_fork) {
    ChainParameters p;
    p.steps.push_back({ForkTrigger::Number, 0, rules(Revision::Homestead)});
    p.dao_fork_block = 2000;
    const ChainSpec spec{std::move(p)};
    const auto error = [&](BlockNumber number, std::string_view extra) {
        Header h;
        h.number = number;
        h.gas_limit = 5000;
        h.extra_data = to_bytes(as_bytes(extra));
        return check_header_alone(spec, rules(Revision::Homestead), h).has_value();
    };
    EXPECT_TRUE(error(1999, ""));
    EXPECT_FALSE(error(2000, ""));
    EXPECT_TRUE(error(2000, "dao-hard-fork"));
    EXPECT_TRUE(error(2009, "dao-hard-fork"));
    EXPECT_FALSE(error(2009, "dao-hard-fork!"));
    EXPECT_TRUE(error(2010, ""));
}

TEST(HeaderCheck, place_on_the_parent) {
    const Pair pair{rules(Revision::London)};
    EXPECT_EQ(pair.error([](Header& h) { h.parent_hash.bytes[0] ^= 1; }),
              BlockError::ParentHashWrong);
    EXPECT_EQ(pair.error([](Header& h) { h.number = 1000; }), BlockError::NumberNotNext);
    EXPECT_EQ(pair.error([](Header& h) { h.number = 1002; }), BlockError::NumberNotNext);
    EXPECT_EQ(pair.error([](Header& h) { h.number = 0; }), BlockError::NumberNotNext);
    EXPECT_EQ(pair.error([](Header& h) { h.timestamp = 1'000'000; }),
              BlockError::TimestampNotAfterParent);
    EXPECT_EQ(pair.error([](Header& h) { h.timestamp = 0; }), BlockError::TimestampNotAfterParent);
    EXPECT_EQ(pair.error([](Header& h) { h.base_fee = *h.base_fee + Wei{1}; }),
              BlockError::BaseFeeWrong);
    EXPECT_EQ(pair.error([](Header& h) { h.difficulty.value += Uint256{1}; }),
              BlockError::DifficultyWrong);
    EXPECT_EQ(pair.error([](Header& h) { h.difficulty = {}; }), BlockError::DifficultyWrong);
}

TEST(HeaderCheck, the_cheapest_failure_is_reported_first) {
    const Pair pair{rules(Revision::London)};
    EXPECT_EQ(pair.error([](Header& h) {
        h.difficulty = {};
        h.number = 0;
        h.gas_used = h.gas_limit + 1;
        h.extra_data.assign(33, 0);
    }),
              BlockError::ExtraDataTooLong);
    EXPECT_EQ(pair.error([](Header& h) {
        h.difficulty = {};
        h.number = 0;
    }),
              BlockError::NumberNotNext);
}

TEST(HeaderCheck, early_is_more_than_fifteen_seconds_ahead) {
    Header h;
    h.timestamp = 1015;
    EXPECT_TRUE(check_not_early(h, 1000));
    EXPECT_TRUE(check_not_early(h, 5000));
    h.timestamp = 1016;
    EXPECT_EQ(check_not_early(h, 1000).error(), BlockError::TimestampEarly);
    h.timestamp = ~0ULL;
    EXPECT_EQ(check_not_early(h, 0).error(), BlockError::TimestampEarly);
}

// The rule that header_check.hpp does not compute, because it follows.
TEST(HeaderCheck, rising_timestamps_are_above_the_median_of_the_last_eleven) {
    std::mt19937_64 random{11};
    for (int i = 0; i < 1000; ++i) {
        std::vector<UnixSeconds> times{random() % 1000};
        const std::size_t count = 1 + random() % 20;
        while (times.size() < count) times.push_back(times.back() + 1 + random() % 30);
        const UnixSeconds child = times.back() + 1;
        std::vector<UnixSeconds> last(
            times.end() - static_cast<int>(std::min<std::size_t>(11, count)), times.end());
        std::ranges::sort(last);
        EXPECT_GT(child, last[last.size() / 2]);
    }
}

}  // namespace
}  // namespace cairn::chain
