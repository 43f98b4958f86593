// SPDX-License-Identifier: MIT
#include "node/mining/workers.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "core/base/hex.hpp"
#include "node/mining/limits.hpp"

namespace cairn::node {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kAddress = "0x00112233445566778899aabbccddeeff00112233";

WorkerName worker(std::string name = {}) {
    return {.address = *fixed_from_hex<Address>(kAddress), .name = std::move(name)};
}

TEST(WorkerName, is_an_address_with_or_without_prefix_and_name) {
    const std::string address = kAddress;
    EXPECT_EQ(parse_worker_name(address), worker());
    EXPECT_EQ(parse_worker_name(address.substr(2)), worker());
    EXPECT_EQ(parse_worker_name("0x00112233445566778899AABBCCDDEEFF00112233"), worker());
    EXPECT_EQ(parse_worker_name(address + ".rig-1_b.2"), worker("rig-1_b.2"));
    EXPECT_EQ(to_text(worker()), address);
    EXPECT_EQ(to_text(worker("a")), address + ".a");
}

TEST(WorkerName, everything_else_is_refused) {
    const std::string address = kAddress;
    for (const std::string& user :
         {std::string{}, std::string{"worker"}, address.substr(0, 41), address + "0", "." + address, address + ".",
          address + ".a b", address + ".\"", address + ".\xc3\xa4", address + ". ", "0y" + address.substr(2)})
        EXPECT_FALSE(parse_worker_name(user)) << user;
    EXPECT_TRUE(parse_worker_name(address + "." + std::string(kWorkerNameMax, 'x')));
    EXPECT_FALSE(parse_worker_name(address + "." + std::string(kWorkerNameMax + 1, 'x')));
}

TEST(WorkerTable, counts_each_outcome_in_its_place) {
    WorkerTable table;
    const auto share = [&](ShareOutcome outcome) {
        table.on_share({.worker = worker("a"), .difficulty = 2, .outcome = outcome}, seconds{1});
    };
    for (int i = 0; i < 4; ++i) share(ShareOutcome::Accepted);
    for (int i = 0; i < 3; ++i) share(ShareOutcome::Stale);
    share(ShareOutcome::Duplicate);
    share(ShareOutcome::LowDifficulty);
    share(ShareOutcome::Invalid);
    table.on_block(worker("a"), seconds{2});
    table.on_block(worker("b"), seconds{3});
    const auto all = table.snapshot(seconds{3});
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].worker, worker("a"));
    EXPECT_EQ(all[0].accepted, 4U);
    EXPECT_EQ(all[0].difficulty_sum, 8);
    EXPECT_EQ(all[0].stale, 3U);
    EXPECT_EQ(all[0].rejected, 3U);
    EXPECT_EQ(all[0].blocks, 1U);
    EXPECT_EQ(all[0].last_share_ms, 1000);
    EXPECT_EQ(all[1].worker, worker("b"));
    EXPECT_EQ(all[1].blocks, 1U);
    EXPECT_EQ(all[1].accepted, 0U);
}

TEST(WorkerTable, hash_rate_is_right_early_and_late_and_fades) {
    WorkerTable table;
    // A share of difficulty 1 every 12 s is 2^32 / 12 = 358 MH/s.
    constexpr double kRate = 4294967296.0 / 12;
    int second = 0;
    for (; second <= 120; second += 12)
        table.on_share({.worker = worker(), .difficulty = 1, .outcome = ShareOutcome::Accepted}, seconds{second});
    EXPECT_NEAR(table.snapshot(seconds{second}).at(0).hashes_per_second / kRate, 1, 0.15);
    for (; second <= 7200; second += 12)
        table.on_share({.worker = worker(), .difficulty = 1, .outcome = ShareOutcome::Accepted}, seconds{second});
    EXPECT_NEAR(table.snapshot(seconds{second}).at(0).hashes_per_second / kRate, 1, 0.02);
    EXPECT_LT(table.snapshot(seconds{second + 3600}).at(0).hashes_per_second / kRate, 0.01);
}

TEST(WorkerTable, the_one_idle_for_longest_gives_way) {
    WorkerTable table;
    for (std::size_t i = 0; i < kWorkersMax; ++i)
        table.on_block(worker(fmt::format("{:05}", i)), milliseconds{static_cast<std::int64_t>(i)});
    // The first is heard of again, so that the second is the idle one.
    table.on_share({.worker = worker("00000"), .difficulty = 1, .outcome = ShareOutcome::Accepted}, seconds{100});
    table.on_block(worker("zzz"), milliseconds{0});
    const auto all = table.snapshot(seconds{100});
    ASSERT_EQ(all.size(), kWorkersMax);
    EXPECT_EQ(all.front().worker.name, "00000");
    EXPECT_EQ(all[1].worker.name, "00002");
    EXPECT_EQ(all.back().worker.name, "zzz");
}

}  // namespace
}  // namespace cairn::node
