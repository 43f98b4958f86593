// SPDX-License-Identifier: MIT
#include "chain/build/job_board.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "chain/rules/pow.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/ethash.hpp"

namespace cairn::chain {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// The block of the own networks' worked vector (docs/mining.md), whose seal is known.
Header vector_header() {
    Header h;
    h.parent_hash.bytes.fill(0x11);
    for (std::uint8_t i = 0; i < 20; ++i) h.beneficiary.bytes[i] = i;
    h.state_root.bytes.fill(0x22);
    h.difficulty = {Uint256{1048576}};
    h.number = 7;
    h.gas_limit = 30'000'000;
    h.timestamp = 1'800'000'000;
    h.extra_data = to_bytes(as_bytes("cairn"));
    h.base_fee = Wei{1'000'000'000};
    return h;
}
const Hash256 kVectorSealHash =
    *fixed_from_hex<Hash256>("21a073a9070379084706beb8fd1e55beffd635428198d4e4b60bb98f2ca0a370");
const Seal kVectorSeal{
    .mix_hash = *fixed_from_hex<Hash256>("8f02a9f839f3b61cf0daeed4b76a80cfdde0e631ed2c5afe9360c7f987e1b7be"),
    .nonce = *fixed_from_hex<SealNonce>("2a550003000374c2")};
constexpr const char* kVectorBlockHash = "e94fe8bf9a211008e0294e8fb18815656d4c36caa85729e30ec12597c6a43509";

Block block_of(Header header) { return {.header = HashedHeader{std::move(header)}, .body = {}}; }

/// A block of difficulty 1, which every seal seals.
Block easy_block(BlockNumber number, std::uint8_t parent, std::uint8_t salt = 0) {
    Header h;
    h.parent_hash.bytes.fill(parent);
    h.number = number;
    h.difficulty = {Uint256{1}};
    h.extra_data = {salt};
    return block_of(h);
}
Hash256 seal_hash_of(const Block& block) { return seal_hash(*block.header); }

class JobBoardTest : public testing::Test {
  protected:
    std::unique_ptr<SealEngine> engine = make_seal_engine(SealKind::Sha256d);
    std::vector<Block> sealed;
    JobBoard board{*engine, [this](Block block) { sealed.push_back(std::move(block)); }};
};

TEST_F(JobBoardTest, empty_board_has_no_job) {
    EXPECT_FALSE(board.current().job);
    EXPECT_EQ(board.current().generation, 1U);
    EXPECT_FALSE(eth_work_of(board.current()));
    EXPECT_EQ(board.submit(kVectorSealHash, kVectorSeal), SealOutcome::Stale);
}

TEST_F(JobBoardTest, a_posting_knows_since_when_there_was_reason_for_it) {
    const auto before = std::chrono::steady_clock::now();
    board.post(easy_block(7, 1));
    EXPECT_GE(board.current().since, before);
    EXPECT_LE(board.current().since, std::chrono::steady_clock::now());
    board.post(easy_block(8, 2), before - seconds{5});
    EXPECT_EQ(board.current().since, before - seconds{5});
}

TEST_F(JobBoardTest, posted_block_becomes_the_job) {
    board.post(block_of(vector_header()));
    const JobPosting posting = board.current();
    ASSERT_TRUE(posting.job);
    EXPECT_EQ(posting.generation, 2U);
    EXPECT_EQ(posting.job->base.seal_hash, kVectorSealHash);
    EXPECT_EQ(posting.job->base.timestamp, 1'800'000'000U);
    EXPECT_EQ(posting.job->base.target, target_of({Uint256{1048576}}));
    EXPECT_EQ(posting.job->number, 7U);
    EXPECT_EQ(posting.parent_hash, vector_header().parent_hash);
    EXPECT_EQ(posting.difficulty, Difficulty{Uint256{1048576}});
    EXPECT_TRUE(posting.is_clean);
    EXPECT_EQ(board.find_work(kVectorSealHash), posting.job->base);
    EXPECT_FALSE(board.find_work(Hash256{}));
}

TEST_F(JobBoardTest, seal_of_the_worked_vector_is_accepted_once_and_handed_on_in_its_header) {
    board.post(block_of(vector_header()));
    EXPECT_EQ(board.submit(kVectorSealHash, kVectorSeal), SealOutcome::Accepted);
    ASSERT_EQ(sealed.size(), 1U);
    EXPECT_EQ(to_hex(sealed[0].header.hash()), kVectorBlockHash);
    EXPECT_EQ(board.submit(kVectorSealHash, kVectorSeal), SealOutcome::Duplicate);
    EXPECT_EQ(sealed.size(), 1U);
}

TEST_F(JobBoardTest, body_travels_with_its_header) {
    Block block = easy_block(1, 1);
    block.body.ommers.push_back(HashedHeader{vector_header()});
    board.post(block);
    EXPECT_EQ(board.submit(seal_hash_of(block), {}), SealOutcome::Accepted);
    ASSERT_EQ(sealed.size(), 1U);
    EXPECT_EQ(sealed[0].body, block.body);
}

TEST_F(JobBoardTest, every_other_seal_is_of_low_difficulty_and_leaves_the_template_open) {
    board.post(block_of(vector_header()));
    for (std::size_t i = 0; i < 40; ++i) {
        Seal wrong = kVectorSeal;
        (i < 32 ? wrong.mix_hash.bytes[i] : wrong.nonce.bytes[i - 32]) ^= 1;
        EXPECT_EQ(board.submit(kVectorSealHash, wrong), SealOutcome::LowDifficulty) << i;
    }
    EXPECT_TRUE(sealed.empty());
    EXPECT_EQ(board.submit(kVectorSealHash, kVectorSeal), SealOutcome::Accepted);
}

TEST_F(JobBoardTest, no_job_remains_once_it_is_sealed_until_the_next_is_posted) {
    board.post(easy_block(1, 1));
    const auto seen = board.current().generation;
    EXPECT_EQ(board.submit(board.current().job->base.seal_hash, {}), SealOutcome::Accepted);
    EXPECT_FALSE(board.current().job);
    EXPECT_EQ(board.current().generation, seen + 1);
    board.post(easy_block(2, 2));
    EXPECT_TRUE(board.current().job);
    EXPECT_EQ(board.current().generation, seen + 2);
}

TEST_F(JobBoardTest, a_seal_for_an_earlier_template_counts_and_leaves_the_job_alone) {
    board.post(easy_block(1, 1));
    const Hash256 earlier = board.current().job->base.seal_hash;
    board.post(easy_block(2, 2));
    const auto generation = board.current().generation;
    EXPECT_EQ(board.submit(earlier, {}), SealOutcome::Accepted);
    EXPECT_EQ(sealed.at(0).header->number, 1U);
    EXPECT_EQ(board.current().generation, generation);
    EXPECT_TRUE(board.current().job);
}

TEST_F(JobBoardTest, a_job_is_clean_when_its_parent_is_another) {
    board.post(easy_block(5, 1, 0));
    EXPECT_TRUE(board.current().is_clean);
    board.post(easy_block(5, 1, 1));
    EXPECT_FALSE(board.current().is_clean);
    board.post(easy_block(5, 2, 2));
    EXPECT_TRUE(board.current().is_clean);
    board.withdraw();
    board.post(easy_block(5, 2, 3));
    EXPECT_FALSE(board.current().is_clean);
}

TEST_F(JobBoardTest, job_ids_are_never_reused) {
    board.post(easy_block(5, 1, 0));
    const auto first = board.current().job->id;
    board.post(easy_block(5, 1, 1));
    EXPECT_GT(board.current().job->id, first);
    board.post(easy_block(5, 1, 0));
    EXPECT_GT(board.current().job->id, first + 1);
}

TEST_F(JobBoardTest, posting_the_job_again_changes_nothing) {
    board.post(easy_block(1, 1));
    const auto generation = board.current().generation;
    board.post(easy_block(1, 1));
    EXPECT_EQ(board.current().generation, generation);
}

TEST_F(JobBoardTest, a_sealed_template_that_is_posted_again_may_be_sealed_again) {
    board.post(easy_block(1, 1));
    const Hash256 hash = board.current().job->base.seal_hash;
    EXPECT_EQ(board.submit(hash, {}), SealOutcome::Accepted);
    EXPECT_EQ(board.submit(hash, {}), SealOutcome::Duplicate);
    board.post(easy_block(1, 1));
    EXPECT_EQ(board.submit(hash, {}), SealOutcome::Accepted);
    EXPECT_EQ(sealed.size(), 2U);
}

TEST_F(JobBoardTest, withdrawing_leaves_no_job_but_keeps_templates) {
    board.post(easy_block(1, 1));
    const Hash256 hash = board.current().job->base.seal_hash;
    const auto generation = board.current().generation;
    board.withdraw();
    EXPECT_FALSE(board.current().job);
    EXPECT_EQ(board.current().generation, generation + 1);
    board.withdraw();
    EXPECT_EQ(board.current().generation, generation + 1);
    EXPECT_EQ(board.submit(hash, {}), SealOutcome::Accepted);
}

TEST_F(JobBoardTest, the_oldest_of_too_many_templates_is_stale) {
    const Block first = easy_block(1, 1, 0);
    const Block second = easy_block(1, 1, 1);
    board.post(first);
    board.post(second);
    for (std::size_t i = 2; i < JobBoard::kTemplatesMax; ++i) board.post(easy_block(1, 1, static_cast<std::uint8_t>(i)));
    EXPECT_TRUE(board.find_work(seal_hash_of(first)));
    board.post(easy_block(1, 1, 200));
    EXPECT_EQ(board.submit(seal_hash_of(first), {}), SealOutcome::Stale);
    EXPECT_EQ(board.submit(seal_hash_of(second), {}), SealOutcome::Accepted);
}

TEST_F(JobBoardTest, a_template_is_kept_while_it_may_become_an_ommer) {
    const Block block = easy_block(10, 1);
    board.post(block);
    board.post(easy_block(16, 2));
    EXPECT_TRUE(board.find_work(seal_hash_of(block)));
    board.post(easy_block(17, 3));
    EXPECT_FALSE(board.find_work(seal_hash_of(block)));
}

TEST_F(JobBoardTest, a_head_on_a_shorter_chain_gets_its_template) {
    board.post(easy_block(100, 1));
    const Block shorter = easy_block(10, 2);
    board.post(shorter);
    EXPECT_EQ(board.submit(seal_hash_of(shorter), {}), SealOutcome::Accepted);
}

TEST_F(JobBoardTest, waiting_ends_with_a_change_a_stop_or_a_time) {
    EXPECT_EQ(board.wait_job(0, {}, seconds{10})->generation, 1U);
    EXPECT_FALSE(board.wait_job(1, {}, milliseconds{1}));
    std::stop_source stop;
    std::jthread stopper{[&] { stop.request_stop(); }};
    EXPECT_FALSE(board.wait_job(1, stop.get_token(), std::chrono::hours{1}));
    std::jthread poster{[&] { board.post(easy_block(3, 3)); }};
    const auto posting = board.wait_job(1, {}, std::chrono::hours{1});
    ASSERT_TRUE(posting && posting->job);
    EXPECT_EQ(posting->job->number, 3U);
}

TEST_F(JobBoardTest, listeners_hear_each_change_in_order_and_none_after_their_end) {
    std::vector<std::uint64_t> heard;
    {
        const auto subscription =
            board.subscribe([&](const JobPosting& posting) { heard.push_back(posting.generation); });
        board.post(easy_block(1, 1));
        EXPECT_EQ(board.submit(board.current().job->base.seal_hash, {}), SealOutcome::Accepted);
        board.post(easy_block(2, 2));
        board.post(easy_block(2, 2));
        board.withdraw();
    }
    board.post(easy_block(3, 3));
    EXPECT_EQ(heard, (std::vector<std::uint64_t>{2, 3, 4, 5}));
}

TEST_F(JobBoardTest, a_subscription_moves_with_its_owner) {
    int calls = 0;
    JobBoard::Subscription kept;
    {
        auto subscription = board.subscribe([&](const JobPosting&) { ++calls; });
        kept = std::move(subscription);
    }
    board.post(easy_block(1, 1));
    EXPECT_EQ(calls, 1);
    kept = {};
    board.post(easy_block(2, 2));
    EXPECT_EQ(calls, 1);
}

TEST(JobBoardThreads, of_many_seals_at_once_one_is_accepted) {
    const auto engine = make_seal_engine(SealKind::Sha256d);
    std::atomic<int> handed_on{0};
    JobBoard board{*engine, [&](const Block&) { ++handed_on; }};
    for (std::uint8_t round = 1; round < 50; ++round) {
        const Block block = easy_block(round, round);
        board.post(block);
        std::atomic<int> accepted{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&, i] {
                    Seal seal;
                    seal.nonce.bytes[7] = static_cast<std::uint8_t>(i);
                    const auto outcome = board.submit(seal_hash_of(block), seal);
                    if (outcome == SealOutcome::Accepted) ++accepted;
                    else EXPECT_EQ(outcome, SealOutcome::Duplicate);
                });
        }
        ASSERT_EQ(accepted, 1);
        ASSERT_EQ(handed_on, round);
    }
}

TEST(JobBoardEthash, work_is_in_the_form_of_eth_getWork) {
    const auto engine = make_seal_engine(SealKind::Ethash);
    JobBoard board{*engine, [](const Block&) {}};
    Header h = vector_header();
    h.number = 30000;
    board.post(block_of(h));
    const auto work = eth_work_of(board.current());
    ASSERT_TRUE(work);
    EXPECT_EQ(work->seal_hash, seal_hash(h));
    // Seed of epoch 1: Keccak-256 of 32 zero bytes.
    EXPECT_EQ(to_hex(work->seed_hash), "290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563");
    EXPECT_EQ(to_hex(work->boundary), "0000100000000000000000000000000000000000000000000000000000000000");
    EXPECT_EQ(work->number, 30000U);
}

TEST(JobBoardEthash, a_mix_that_the_nonce_does_not_give_is_told_apart_from_little_work) {
    const auto engine = make_seal_engine(SealKind::Ethash);
    std::vector<Block> sealed;
    JobBoard board{*engine, [&](Block block) { sealed.push_back(std::move(block)); }};
    const Block block = easy_block(1, 1);
    board.post(block);
    EXPECT_EQ(board.submit(seal_hash_of(block), {}), SealOutcome::WrongMix);
    const EthashCache cache{0};
    const Seal seal{.mix_hash = cache.hash(seal_hash_of(block), 0).mix, .nonce = {}};
    EXPECT_EQ(board.submit(seal_hash_of(block), seal), SealOutcome::Accepted);
    EXPECT_EQ(sealed.size(), 1U);

    Header hard = vector_header();
    hard.difficulty = {Uint256::max()};
    board.post(block_of(hard));
    EXPECT_EQ(board.submit(seal_hash(hard), {}), SealOutcome::LowDifficulty);
}

TEST(JobBoardText, every_outcome_has_words_of_its_own) {
    std::vector<std::string> texts;
    for (const auto outcome : {SealOutcome::Accepted, SealOutcome::Stale, SealOutcome::Duplicate,
                               SealOutcome::LowDifficulty, SealOutcome::WrongMix})
        texts.emplace_back(to_text(outcome));
    EXPECT_EQ(texts, (std::vector<std::string>{"accepted", "stale work", "block sealed already", "low difficulty",
                                               "wrong mix hash"}));
}

}  // namespace
}  // namespace cairn::chain
