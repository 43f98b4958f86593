// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <fstream>

#include "chain/pool/tx_pool.hpp"
#include "core/crypto/secp256k1.hpp"
#include "tests/unit/chain/pool/pool_fixture.hpp"
#include "tests/unit/chain/store/temp_folder.hpp"

namespace cairn::chain {
namespace {

class TxPoolJournalTest : public test::PoolTest {
protected:
    /// Really signed: the journal's readers recover the sender.
    static NewTx signed_tx(std::uint8_t key, std::uint64_t nonce, std::uint64_t tip = 1000) {
        std::array<std::uint8_t, 32> bytes{};
        bytes[31] = key;
        const auto tx =
            sign_tx(test::make_fields(key, nonce, {.tip = tip}), secp256k1::SecretKey::from(bytes));
        return {*recover_sender(*tx)};
    }
    [[nodiscard]] PoolOptions with_journal() const {
        PoolOptions out;
        out.journal = path;
        out.rejournal = 100;
        return out;
    }

    cairn::test::TempFolder folder;
    std::filesystem::path path = folder.path() / "journal";
};

TEST_F(TxPoolJournalTest, locals_survive_a_restart_and_peers_do_not) {
    start(with_journal());
    must_add(signed_tx(1, 0), Origin::Local);
    must_add(signed_tx(1, 2, 0), Origin::Local);
    must_add(signed_tx(2, 0), Origin::Peer);
    start(with_journal());
    const auto load = pool->load_journal(now);
    EXPECT_EQ(load.loaded, 2u);
    EXPECT_EQ(load.rejected, 0u);
    EXPECT_TRUE(load.error.empty());
    EXPECT_EQ(pool->status().pending, 1u);
    EXPECT_EQ(pool->status().queued, 1u);
    EXPECT_EQ(pool->status().local, 2u);
    EXPECT_EQ(told_of<TxAdded>().size(), 2u);
}

TEST_F(TxPoolJournalTest, what_was_mined_meanwhile_is_not_taken) {
    start(with_journal());
    const auto tx = signed_tx(1, 0);
    must_add(tx, Origin::Local);
    (void)chain.mine({tx.tx});
    start(with_journal());
    const auto load = pool->load_journal(now);
    EXPECT_EQ(load.loaded, 0u);
    EXPECT_EQ(load.rejected, 1u);
}

TEST_F(TxPoolJournalTest, rewriting_forgets_what_is_done) {
    start(with_journal());
    const auto tx = signed_tx(1, 0);
    must_add(tx, Origin::Local);
    must_add(signed_tx(1, 1), Origin::Local);
    const auto size_before = std::filesystem::file_size(path);
    move(chain.mine({tx.tx}));
    pool->maintain(now + 99);
    EXPECT_EQ(std::filesystem::file_size(path), size_before);
    pool->maintain(now + 100);
    EXPECT_LT(std::filesystem::file_size(path), size_before);
    start(with_journal());
    EXPECT_EQ(pool->load_journal(now).loaded, 1u);
}

TEST_F(TxPoolJournalTest, a_damaged_tail_is_told_and_the_rest_taken) {
    start(with_journal());
    must_add(signed_tx(1, 0), Origin::Local);
    std::ofstream{path, std::ios::binary | std::ios::app} << "half a rec";
    start(with_journal());
    const auto load = pool->load_journal(now);
    EXPECT_EQ(load.loaded, 1u);
    EXPECT_EQ(load.damaged_bytes, 10u);
}

TEST_F(TxPoolJournalTest, a_journal_that_cannot_be_written_is_counted_and_costs_nothing_else) {
    PoolOptions options = with_journal();
    options.journal = folder.path() / "missing" / "journal";
    start(options);
    must_add(signed_tx(1, 0), Origin::Local);
    EXPECT_EQ(pool->stats().journal_failures, 1u);
    EXPECT_FALSE(pool->stats().journal_error.empty());
    pool->maintain(now + 100);
    EXPECT_EQ(pool->stats().journal_failures, 2u);
}

TEST_F(TxPoolJournalTest, without_a_journal_nothing_is_written) {
    start();
    must_add(signed_tx(1, 0), Origin::Local);
    pool->maintain(now + 100'000);
    EXPECT_EQ(pool->load_journal(now).loaded, 0u);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST_F(TxPoolJournalTest, an_unreadable_journal_is_told) {
    PoolOptions options;
    options.journal = folder.path();
    start(options);
    EXPECT_FALSE(pool->load_journal(now).error.empty());
}

}  // namespace
}  // namespace cairn::chain
