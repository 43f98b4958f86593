// SPDX-License-Identifier: MIT
// The worked vector of docs/mining.md, field by field, and the bounds around it.
#include "node/mining/stratum_work.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::node {
namespace {

MiningJob vector_job() {
    return {.id = 1,
            .number = 7,
            .base = {.seal_hash = *fixed_from_hex<Hash256>(
                         "21a073a9070379084706beb8fd1e55beffd635428198d4e4b60bb98f2ca0a370"),
                     .timestamp = 1'800'000'000,
                     .target = target_of({Uint256{1048576}})}};
}
constexpr Extranonce1 kExtranonce1{0x0a, 0x0b, 0x0c, 0x0d};
constexpr ShareFields kShare{.extranonce2 = {1, 2, 3, 4, 5, 6, 7, 8},
                             .time = 0x6b49d203,
                             .nonce = 0x000374c2,
                             .version = kWorkVersion | 0x054aa000};
MerkleBranches vector_branches() {
    MerkleBranches branches;
    branches[0].bytes.fill(0xaa);
    branches[1].bytes.fill(0xbb);
    return branches;
}
constexpr const char* kHeader =
    "00a04a2521a073a9070379084706beb8fd1e55beffd635428198d4e4b60bb98f2ca0a3708f02a9f839f3b61cf0daeed4b76a80cfdde0e631ed"
    "2c5afe9360c7f987e1b7be03d2496b0000101ec2740300";
constexpr const char* kGetworkData =
    "254aa000a973a02108790307b8be0647be551efd4235d6ffe4d498818fb90bb670a3a02cf8a9028f1cb6f339d4eedaf0cf806ab731e6e0dd"
    "fe5a2cedf9c76093beb7e1876b49d2031e100000000374c20000008000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000080020000";

TEST(StratumWork, notify_of_the_worked_vector) {
    EXPECT_EQ(make_notify("1f", vector_job(), make_coinbase(7), vector_branches(), true),
              "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"1f\","
              "\"a973a02108790307b8be0647be551efd4235d6ffe4d498818fb90bb670a3a02c\","
              "\"01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff180307000006436169726e2f0c\","
              "\"ffffffff010000000000000000016a00000000\","
              "[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
              "\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"],"
              "\"20000000\",\"1e100000\",\"6b49d200\",true]}\n");
}

TEST(StratumWork, header_and_seal_of_the_worked_vector) {
    const Hash256 root = merkle_root_of(make_coinbase(7), kExtranonce1, kShare.extranonce2, vector_branches());
    EXPECT_EQ(to_hex(root), "8f02a9f839f3b61cf0daeed4b76a80cfdde0e631ed2c5afe9360c7f987e1b7be");
    const WorkHeader header = make_share_header(vector_job(), root, kShare);
    EXPECT_EQ(to_hex(header), kHeader);
    EXPECT_EQ(to_hex(sha256d(header)), "d22a18a615f614595539b3307fdeb482031ffd607027a263c2c42715de0d0000");
    const auto seal = find_seal(vector_job().base, header);
    ASSERT_TRUE(seal);
    EXPECT_EQ(seal->mix_hash, root);
    EXPECT_EQ(to_hex(seal->nonce), "2a550003000374c2");
}

TEST(StratumWork, getwork_of_the_worked_vector_both_ways) {
    const auto header = parse_getwork_data(kGetworkData);
    ASSERT_TRUE(header);
    EXPECT_EQ(to_hex(*header), kHeader);
    EXPECT_EQ(make_getwork_data(*header), kGetworkData);
    EXPECT_EQ(parse_getwork_data(std::string{kGetworkData}.substr(0, 160)), header);
    EXPECT_EQ(make_getwork_target(vector_job().base.target),
              "0000000000000000000000000000000000000000000000000000000000100000");
}

TEST(StratumWork, getwork_data_of_any_other_length_or_alphabet_is_refused) {
    const std::string data = kGetworkData;
    for (std::size_t length = 0; length < data.size(); ++length) {
        if (length == 160) continue;
        EXPECT_FALSE(parse_getwork_data(data.substr(0, length))) << length;
    }
    EXPECT_FALSE(parse_getwork_data(data + "00"));
    EXPECT_FALSE(parse_getwork_data("0x" + data.substr(2)));
    std::string odd = data;
    odd[10] = 'g';
    EXPECT_FALSE(parse_getwork_data(odd));
}

TEST(StratumWork, height_takes_a_fourth_byte_from_2_to_the_23_on) {
    EXPECT_EQ(to_hex(ByteView{make_coinbase(0x7fffff).head}.subspan(41)), "1803ffff7f06436169726e2f0c");
    EXPECT_EQ(to_hex(ByteView{make_coinbase(0x800000).head}.subspan(41)), "19040000800006436169726e2f0c");
    EXPECT_EQ(to_hex(ByteView{make_coinbase(0x7fffffff).head}.subspan(41)), "1904ffffff7f06436169726e2f0c");
    EXPECT_EQ(make_coinbase(0x80000000).head, make_coinbase(0).head);
}

TEST(StratumWork, branches_differ_by_issue_and_by_seal_hash) {
    Hash256 other;
    other.bytes.fill(1);
    std::set<Hash256> seen;
    for (std::uint64_t issue = 0; issue < 100; ++issue)
        for (const Hash256& hash : {Hash256{}, other})
            for (const Hash256& branch : make_branches(hash, issue)) EXPECT_TRUE(seen.insert(branch).second);
}

TEST(StratumWork, hex_numbers_have_exactly_their_digits) {
    EXPECT_EQ(parse_hex_number("6b49d203", 8), 0x6b49d203U);
    EXPECT_EQ(parse_hex_number("6B49D203", 8), 0x6b49d203U);
    EXPECT_EQ(parse_hex_number("ffffffffffffffff", 16), ~std::uint64_t{0});
    EXPECT_FALSE(parse_hex_number("6b49d20", 8));
    EXPECT_FALSE(parse_hex_number("6b49d2030", 8));
    EXPECT_FALSE(parse_hex_number("0x49d203", 8));
    EXPECT_FALSE(parse_hex_number(" b49d203", 8));
    EXPECT_FALSE(parse_hex_number("6b49d20g", 8));
    EXPECT_FALSE(parse_hex_number("", 8));
}

/// Both clients' bounds of a difficulty, as their sources compute them: minerd floor(0xffff0000 / diff) << 192,
/// cpuminer-opt (2^96 / diff) << 128 | 2^128 - 1.
TEST(StratumWork, share_target_is_not_below_what_any_client_sends) {
    for (const double difficulty : {4e-6, 1e-9, 0.001, 0.5, 1.0}) {
        const Uint256 target = share_target_of(difficulty).value;
        const Uint256 minerd = Uint256{static_cast<std::uint64_t>(0xffff0000 / difficulty)} << 192;
        const double scaled = 79228162514264337593543950336.0 / difficulty;
        const auto high = static_cast<std::uint64_t>(scaled / 18446744073709551616.0);
        const auto low = static_cast<std::uint64_t>(scaled - static_cast<double>(high) * 18446744073709551616.0);
        const Uint256 opt{~std::uint64_t{0}, ~std::uint64_t{0}, low, high};
        EXPECT_GE(target, minerd) << difficulty;
        EXPECT_GE(target, opt) << difficulty;
        // And above the easier one by no more than rounding.
        EXPECT_LE(target, opt + (opt >> 50)) << difficulty;
    }
}

TEST(StratumWork, share_targets_beyond_both_ends) {
    EXPECT_GT(share_target_of(0).value, Uint256::max() >> 1);
    EXPECT_EQ(share_target_of(0).value, share_target_of(kShareDifficultyMin).value);
    EXPECT_EQ(share_target_of(-5).value, share_target_of(kShareDifficultyMin).value);
    // 2^224 / 2^100 = 2^124, and one unit in the 53rd bit.
    const Uint256 far = share_target_of(std::ldexp(1.0, 100)).value;
    EXPECT_GE(far, Uint256{1} << 124);
    EXPECT_LE(far, (Uint256{1} << 124) + (Uint256{1} << 73));
    EXPECT_LE(share_target_of(1e70).value, Uint256{2});
}

TEST(StratumWork, at_the_highest_difficulty_every_client_still_reports_each_block) {
    for (const std::uint64_t hashes : {std::uint64_t{1} << 20, std::uint64_t{1} << 32, std::uint64_t{123456789012345}}) {
        const Target block = target_of({Uint256{hashes}});
        const double difficulty = share_difficulty_max(block);
        const Uint256 minerd = difficulty <= 1 ? Uint256{static_cast<std::uint64_t>(0xffff0000 / difficulty)} << 192
                                               : share_target_of(difficulty * 65536 / 65535).value;
        EXPECT_GE(minerd, block.value) << hashes;
        // And is hardly easier than the block itself.
        EXPECT_LE(share_target_of(difficulty).value, block.value + (block.value >> 15)) << hashes;
    }
}

}  // namespace
}  // namespace cairn::node
