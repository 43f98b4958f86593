// SPDX-License-Identifier: MIT
#include "chain/rules/pow.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "chain/spec/rule_table.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/ethash.hpp"
#include "core/types/mining_job.hpp"

namespace cairn::chain {
namespace {

template <class Fixed>
Fixed fixed(std::string_view text) {
    return fixed_from_hex<Fixed>(text).value();
}

/// The worked vector of the network's specification (docs: mining).
Header worked_vector() {
    Header h;
    h.parent_hash.bytes.fill(0x11);
    h.beneficiary = fixed<Address>("000102030405060708090a0b0c0d0e0f10111213");
    h.state_root.bytes.fill(0x22);
    h.difficulty = {Uint256{1048576}};
    h.number = 7;
    h.gas_limit = 30000000;
    h.timestamp = 1800000000;
    h.extra_data = to_bytes(as_bytes("cairn"));
    h.base_fee = Wei{1000000000};
    h.mix_hash = fixed<Hash256>("8f02a9f839f3b61cf0daeed4b76a80cfdde0e631ed2c5afe9360c7f987e1b7be");
    h.nonce = fixed<SealNonce>("2a550003000374c2");
    return h;
}

TEST(Pow, sha256d_worked_vector_holds_and_nothing_near_it) {
    const auto engine = make_seal_engine(SealKind::Sha256d);
    const Header sealed = worked_vector();
    EXPECT_TRUE(engine->check(sealed));
    EXPECT_EQ(engine->seal_hash(sealed), seal_hash(sealed));
    const auto fails = [&](auto edit) {
        Header h = sealed;
        edit(h);
        const auto v = engine->check(h);
        return !v && v.error() == BlockError::SealAboveTarget;
    };
    for (std::size_t i = 0; i < 8; ++i)
        EXPECT_TRUE(fails([&](Header& h) { h.nonce.bytes[i] ^= 1; })) << i;
    EXPECT_TRUE(fails([](Header& h) { h.mix_hash.bytes[0] ^= 1; }));
    EXPECT_TRUE(fails([](Header& h) { h.timestamp += 1; }));
    EXPECT_TRUE(fails([](Header& h) { h.state_root.bytes[0] ^= 1; }));
    EXPECT_TRUE(fails([](Header& h) { h.difficulty.value += Uint256{1}; }));
}

TEST(Pow, sha256d_takes_the_target_itself_and_not_one_more) {
    const auto engine = make_seal_engine(SealKind::Sha256d);
    // Difficulties 1 to 3 hold half, a third of all seals; each verdict is that of the numbers.
    Header h = worked_vector();
    int held = 0;
    for (std::uint64_t i = 0; i < 300; ++i) {
        h.difficulty = {Uint256{1 + i % 3}};
        store_be64(h.nonce.data(), i);
        const WorkBase base = work_base_of(h);
        const bool expected = pow_value(make_work_header(base, seal_of(h))) <= base.target.value;
        EXPECT_EQ(engine->check(h).has_value(), expected);
        if (h.difficulty.value == Uint256{1}) {
            EXPECT_TRUE(expected);
        }
        held += expected ? 1 : 0;
    }
    EXPECT_GT(held, 150);
    EXPECT_LT(held, 220);
}

/// The first case of the public PoWTests: its value is too high for its difficulty.
Header ethash_vector() {
    const auto bytes = from_hex(
        "f901f3a00000000000000000000000000000000000000000000000000000000000000000a01dcc4de8dec75d7a"
        "ab85b567b6ccd41ad312451b948a7413f0a142fd40d49347940000000000000000000000000000000000000000"
        "a09178d0f23c965d81f0834a4c72c6253ce6830f4022b1359aaebfc1ecba442d4ea056e81f171bcc55a6ff8345"
        "e692c0f86e5b48e01b996cadc001622fb5e363b421a056e81f171bcc55a6ff8345e692c0f86e5b48e01b996cad"
        "c001622fb5e363b421b90100" +
        std::string(512, '0') +
        "8302000080830f4240808080a058f759ede17a706c93f13030328bcea40c1d1341fb26f2facd21ceb0dae57017"
        "884242424242424242");
    return decode_header(*bytes).value();
}

TEST(Pow, ethash_verdicts) {
    const auto engine = make_seal_engine(SealKind::Ethash);
    Header h = ethash_vector();
    EXPECT_EQ(engine->check(h).error(), BlockError::SealAboveTarget);
    // The seal commits to the difficulty, so that an easier header wants its own seal; at
    // difficulty 1 any value does.
    h.difficulty = {Uint256{1}};
    EXPECT_EQ(engine->check(h).error(), BlockError::SealMixWrong);
    const EthashCache cache{0};
    h.mix_hash = cache.hash(seal_hash(h), load_be64(h.nonce.data())).mix;
    EXPECT_TRUE(engine->check(h));
    h.mix_hash.bytes[0] ^= 1;
    EXPECT_EQ(engine->check(h).error(), BlockError::SealMixWrong);
    h.number = kEthashEpochBlocks * kEthashEpochsMax;
    EXPECT_EQ(engine->check(h).error(), BlockError::SealEpochTooHigh);
    h.number = ~0ULL;
    EXPECT_EQ(engine->check(h).error(), BlockError::SealEpochTooHigh);
}

TEST(Pow, ethash_caches_are_made_once_for_threads_that_ask_together) {
    const auto engine = make_seal_engine(SealKind::Ethash);
    std::vector<std::thread> threads;
    std::vector<int> wrong(4, 0);
    for (std::size_t t = 0; t < wrong.size(); ++t)
        threads.emplace_back([&, t] {
            Header h = ethash_vector();
            h.difficulty = {Uint256{1}};
            for (int i = 0; i < 3; ++i) {
                h.number = kEthashEpochBlocks * (t % 2);
                if (engine->check(h).error() == BlockError::SealMixWrong) ++wrong[t];
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(wrong, std::vector<int>(4, 3));
}

TEST(Pow, none_holds_everything) {
    const auto engine = make_seal_engine(SealKind::None);
    EXPECT_TRUE(engine->check(ethash_vector()));
    EXPECT_EQ(to_hex(engine->seal_hash(ethash_vector())),
              "2a8de2adf89af77358250bf908bf04ba94a6e8c3ba87775564a41d269a05e4ce");
}

TEST(Pow, headers_after_the_merge_have_no_seal) {
    const auto engine = make_seal_engine(SealKind::Sha256d);
    Header h = worked_vector();
    h.nonce = {};
    EXPECT_FALSE(check_seal(*engine, rules_of(Revision::London), h));
    EXPECT_TRUE(check_seal(*engine, rules_of(Revision::Paris), h));
}

}  // namespace
}  // namespace cairn::chain
