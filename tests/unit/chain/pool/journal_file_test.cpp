// SPDX-License-Identifier: MIT
#include "chain/pool/journal_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/unit/chain/pool/pool_fixture.hpp"
#include "tests/unit/chain/store/temp_folder.hpp"

namespace cairn::chain {
namespace {

PooledTx tx_number(std::uint64_t nonce) {
    const auto type = nonce % 2 == 0 ? TxType::DynamicFee : TxType::Legacy;
    return {test::make_tx(0, nonce, {.data_bytes = nonce, .type = type}).tx.signed_tx(), nullptr};
}

class JournalFileTest : public testing::Test {
protected:
    [[nodiscard]] std::string content() const {
        std::ifstream file{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    void write(const std::string& bytes) const { std::ofstream{path, std::ios::binary} << bytes; }
    [[nodiscard]] JournalFile::Loaded must_load() {
        auto loaded = JournalFile{path}.load();
        EXPECT_TRUE(loaded.has_value()) << (loaded ? "" : loaded.error());
        return loaded ? std::move(*loaded) : JournalFile::Loaded{};
    }

    cairn::test::TempFolder folder;
    std::filesystem::path path = folder.path() / "transactions.journal";
};

TEST_F(JournalFileTest, no_file_is_an_empty_journal) {
    EXPECT_TRUE(must_load().txs.empty());
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(JournalFileTest, what_is_appended_comes_back_in_order) {
    {
        JournalFile journal{path};
        for (std::uint64_t nonce = 0; nonce < 5; ++nonce)
            ASSERT_TRUE(journal.append(tx_number(nonce)));
    }
    const auto loaded = must_load();
    ASSERT_EQ(loaded.txs.size(), 5u);
    EXPECT_EQ(loaded.damaged_bytes, 0u);
    for (std::uint64_t nonce = 0; nonce < 5; ++nonce)
        EXPECT_EQ(loaded.txs[nonce].tx, tx_number(nonce).tx);
}

TEST_F(JournalFileTest, rewriting_leaves_only_what_is_given_and_goes_on) {
    JournalFile journal{path};
    for (std::uint64_t nonce = 0; nonce < 5; ++nonce) ASSERT_TRUE(journal.append(tx_number(nonce)));
    const std::vector<PooledTx> kept{tx_number(3)};
    ASSERT_TRUE(journal.rotate(kept));
    ASSERT_TRUE(journal.append(tx_number(7)));
    const auto loaded = must_load();
    ASSERT_EQ(loaded.txs.size(), 2u);
    EXPECT_EQ(loaded.txs[0].tx, tx_number(3).tx);
    EXPECT_EQ(loaded.txs[1].tx, tx_number(7).tx);
    EXPECT_FALSE(std::filesystem::exists(path.string() + ".new"));
}

TEST_F(JournalFileTest, a_tail_cut_at_any_byte_costs_the_last_one_and_is_mended) {
    {
        JournalFile journal{path};
        ASSERT_TRUE(journal.append(tx_number(0)));
    }
    const std::size_t first_size = content().size();
    {
        JournalFile journal{path};
        ASSERT_TRUE(journal.append(tx_number(1)));
    }
    const std::string whole = content();
    for (std::size_t size = first_size; size < whole.size(); ++size) {
        write(whole.substr(0, size));
        const auto loaded = must_load();
        ASSERT_EQ(loaded.txs.size(), 1u) << size;
        EXPECT_EQ(loaded.damaged_bytes, size - first_size);
        EXPECT_EQ(content().size(), first_size);
        JournalFile journal{path};
        ASSERT_TRUE(journal.append(tx_number(2)));
        ASSERT_EQ(must_load().txs.size(), 2u);
    }
}

TEST_F(JournalFileTest, a_flipped_bit_is_found) {
    {
        JournalFile journal{path};
        ASSERT_TRUE(journal.append(tx_number(0)));
        ASSERT_TRUE(journal.append(tx_number(1)));
    }
    const std::string whole = content();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 4);
        write(damaged);
        EXPECT_LT(must_load().txs.size(), 2u) << at;
    }
}

TEST_F(JournalFileTest, another_kind_of_file_is_no_journal) {
    write("{\"this\": \"is something else\"}");
    const auto loaded = must_load();
    EXPECT_TRUE(loaded.txs.empty());
    EXPECT_GT(loaded.damaged_bytes, 0u);
}

TEST_F(JournalFileTest, errors_name_the_file) {
    JournalFile journal{folder.path() / "missing" / "journal"};
    const auto appended = journal.append(tx_number(0));
    ASSERT_FALSE(appended);
    EXPECT_NE(appended.error().find("missing"), std::string::npos);
    EXPECT_FALSE(journal.rotate({}));
    EXPECT_FALSE(JournalFile{folder.path()}.load());
}

}  // namespace
}  // namespace cairn::chain
