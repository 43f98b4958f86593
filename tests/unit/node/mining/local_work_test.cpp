// SPDX-License-Identifier: MIT
#include "node/mining/local_work.hpp"

#include <chrono>
#include <thread>

#include "tests/unit/node/mining/board_fixture.hpp"
#include "miner/kernel.hpp"
#include "miner/miner.hpp"

namespace cairn::node {
namespace {

using miner::EthashJob;
using miner::Job;
using miner::Miner;

class LocalWorkTest : public BoardFixture {
  protected:
    /// Waits for that many sealed blocks; false when they do not come in time.
    bool wait_sealed(std::size_t count) const {
        for (int i = 0; i < 30'000; ++i) {
            if (sealed().size() >= count) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
        return false;
    }
};

TEST_F(LocalWorkTest, gives_the_boards_job_with_everything_that_may_vary) {
    LocalWork source{board, chain::SealKind::Sha256d};
    board.post(unsealed_block(1 << 20));
    const auto work = source.wait_work({});
    ASSERT_TRUE(work);
    const auto& job = std::get<Job>(work->task);
    EXPECT_EQ(job.version_mask, kWorkVersionMask);
    EXPECT_EQ(job.target, board.current().job->base.target);
    EXPECT_TRUE(find_seal(board.current().job->base, job.header));
    ASSERT_TRUE(work->rolls);
    WorkHeader rolled = job.header;
    work->rolls->apply(77, rolled);
    EXPECT_TRUE(find_seal(board.current().job->base, rolled));
    EXPECT_NE(rolled, job.header);
}

TEST_F(LocalWorkTest, two_sources_search_apart) {
    board.post(unsealed_block(1 << 20));
    WorkHeader headers[2]{};
    for (WorkHeader& header : headers) {
        LocalWork source{board, chain::SealKind::Sha256d};
        source.wait_work({})->rolls->apply(0, header);
    }
    EXPECT_NE(headers[0], headers[1]);
}

TEST_F(LocalWorkTest, nothing_to_search_is_said_once_the_job_is_sealed) {
    LocalWork source{board, chain::SealKind::Sha256d};
    EXPECT_FALSE(source.wait_work({}));
    board.post(unsealed_block(1));
    const auto work = source.wait_work({});
    ASSERT_TRUE(work);
    source.submit({.work_id = work->id, .roll = 0, .found = std::get<Job>(work->task).header});
    EXPECT_EQ(source.blocks(), 1U);
    EXPECT_FALSE(source.wait_work({}));
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(source.wait_work(stop.get_token()));
}

TEST_F(LocalWorkTest, solutions_of_nothing_known_or_of_little_work_are_left) {
    LocalWork source{board, chain::SealKind::Sha256d};
    board.post(unsealed_block(std::uint64_t{1} << 60));
    const auto work = source.wait_work({});
    source.submit({.work_id = work->id + 1, .roll = 0, .found = std::get<Job>(work->task).header});
    source.submit({.work_id = work->id, .roll = 0, .found = std::get<Job>(work->task).header});
    source.submit({.work_id = work->id, .roll = 0, .found = WorkHeader{}});
    EXPECT_EQ(source.blocks(), 0U);
    EXPECT_TRUE(sealed().empty());
}

TEST_F(LocalWorkTest, a_miner_seals_block_after_block) {
    LocalWork source{board, chain::SealKind::Sha256d};
    Miner miner{source, {.threads = 2, .nice = 0, .kernel = &miner::kKernelPortable}};
    for (std::uint8_t i = 1; i <= 10; ++i) {
        board.post(unsealed_block(20'000, i, i));
        ASSERT_TRUE(wait_sealed(i)) << int{i};
    }
    const auto found = sealed();
    ASSERT_EQ(found.size(), 10U);
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].header->number, i + 1);
        EXPECT_TRUE(engine->check(*found[i].header));
    }
    EXPECT_EQ(source.blocks(), 10U);
}

TEST(LocalWorkEthash, a_miner_seals_an_ethash_block) {
    const auto engine = chain::make_seal_engine(chain::SealKind::Ethash);
    std::atomic<int> sealed{0};
    chain::JobBoard board{*engine, [&](const Block& block) {
                              EXPECT_EQ(block.header->number, 7U);
                              sealed = 1;
                              sealed.notify_all();
                          }};
    LocalWork source{board, chain::SealKind::Ethash};
    board.post(unsealed_block(50));
    Miner miner{source, {.threads = 1, .nice = 0, .kernel = &miner::kKernelPortable}};
    sealed.wait(0);
    EXPECT_EQ(sealed, 1);
}

TEST(LocalWorkEthash, an_epoch_beyond_those_served_is_nothing_to_search) {
    const auto engine = chain::make_seal_engine(chain::SealKind::Ethash);
    chain::JobBoard board{*engine, [](const Block&) {}};
    LocalWork source{board, chain::SealKind::Ethash};
    board.post(unsealed_block(50, 0, kEthashEpochsMax * kEthashEpochBlocks));
    EXPECT_FALSE(source.wait_work({}));
    board.post(unsealed_block(50, 0, kEthashEpochsMax * kEthashEpochBlocks - 1));
    const auto work = source.wait_work({});
    ASSERT_TRUE(work);
    EXPECT_EQ(std::get<EthashJob>(work->task).number, kEthashEpochsMax * kEthashEpochBlocks - 1);
}

}  // namespace
}  // namespace cairn::node
