// SPDX-License-Identifier: MIT
// The index against a plain search through all logs.
#include "chain/store/log_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "chain/store/store_error.hpp"
#include "tests/unit/chain/store/temp_folder.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;
using cairn::test::TempFolder;

Address address_of(std::uint64_t i) {
    Address address;
    address.bytes[19] = static_cast<std::uint8_t>(i);
    return address;
}
Hash256 topic_of(std::uint64_t i) {
    Hash256 topic;
    topic.bytes[i % 2 == 0 ? 31 : 0] = static_cast<std::uint8_t>(i + 1);
    return topic;
}

using Chain = std::vector<std::vector<Receipt>>;

Chain make_chain(std::mt19937_64& random, std::size_t blocks) {
    Chain chain(blocks);
    for (auto& receipts : chain) {
        if (random() % 3 != 0) continue;
        receipts.resize(1 + random() % 2);
        for (auto& receipt : receipts) {
            receipt.logs.resize(random() % 3);
            for (auto& log : receipt.logs) {
                log.address = address_of(random() % 6);
                for (auto topics = random() % 5; topics > 0; --topics)
                    log.topics.push_back(topic_of(random() % 8));
            }
        }
    }
    return chain;
}

/// Whether the block has one of the addresses and, for each position, one of the topics, somewhere.
bool may_match(const std::vector<Receipt>& receipts, const LogQuery& query) {
    const auto any = [&](const auto& choice, const auto& has) {
        return choice.empty() || std::any_of(choice.begin(), choice.end(), [&](const auto& item) {
                   return std::any_of(receipts.begin(), receipts.end(), [&](const Receipt& r) {
                       return std::any_of(r.logs.begin(), r.logs.end(),
                                          [&](const Log& log) { return has(log, item); });
                   });
               });
    };
    const auto has_address = [](const Log& log, const Address& a) { return log.address == a; };
    const auto has_topic = [](const Log& log, const Hash256& t) {
        return std::find(log.topics.begin(), log.topics.end(), t) != log.topics.end();
    };
    return any(query.addresses, has_address) &&
           std::all_of(query.topics.begin(), query.topics.end(),
                       [&](const auto& choice) { return any(choice, has_topic); });
}

LogQuery make_query(std::mt19937_64& random) {
    LogQuery query;
    for (auto n = random() % 3; n > 0; --n) query.addresses.push_back(address_of(random() % 8));
    query.topics.resize(random() % 4);
    for (auto& choice : query.topics)
        for (auto n = random() % 3; n > 0; --n) choice.push_back(topic_of(random() % 10));
    return query;
}

class LogIndex : public testing::Test {
protected:
    LogIndex() : env_{folder_.path(), options()}, txn_{env_, Txn::Kind::Write} {}
    static EnvOptions options() {
        EnvOptions options;
        options.durability = Durability::None;
        return options;
    }
    void put(const Chain& chain) {
        RowBuffer rows;
        for (std::size_t n = 0; n < chain.size(); ++n) put_log_index(rows, n, chain[n]);
        rows.flush(txn_);
    }
    TempFolder folder_;
    Env env_;
    Txn txn_;
};

TEST_F(LogIndex, finds_what_a_plain_search_finds) {
    std::mt19937_64 random{31};
    const auto chain = make_chain(random, 3 * kLogSectionBlocks + 10);
    put(chain);
    for (int round = 0; round < 500; ++round) {
        const auto query = make_query(random);
        const auto first = random() % chain.size();
        const auto last = first + random() % (chain.size() - first);
        const std::size_t count_max = round % 2 == 0 ? SIZE_MAX : random() % 20;
        std::vector<BlockNumber> expected;
        for (auto n = first; n <= last && expected.size() < count_max; ++n)
            if (may_match(chain[n], query)) expected.push_back(n);
        ASSERT_EQ(find_log_blocks(txn_, query, first, last, count_max), expected) << round;
    }
    EXPECT_TRUE(find_log_blocks(txn_, {}, 5, 4, 10).empty());
}

TEST_F(LogIndex, blocks_taken_back_leave_nothing) {
    std::mt19937_64 random{32};
    const auto chain = make_chain(random, 2 * kLogSectionBlocks);
    put(chain);
    EXPECT_GT(txn_.stats(Table::LogIndex).rows, 0U);
    for (std::size_t n = chain.size(); n-- > 0;) erase_log_index(txn_, n, chain[n]);
    EXPECT_EQ(txn_.stats(Table::LogIndex).rows, 0U);
}

TEST_F(LogIndex, taking_back_what_is_not_there_is_refused) {
    Receipt receipt;
    receipt.logs.push_back({address_of(1), {}, {}});
    EXPECT_THROW(erase_log_index(txn_, 5, std::vector{receipt}), StoreError);
    RowBuffer rows;
    put_log_index(rows, 5, std::vector{receipt});
    rows.flush(txn_);
    EXPECT_THROW(erase_log_index(txn_, 6, std::vector{receipt}), StoreError);
}

}  // namespace
