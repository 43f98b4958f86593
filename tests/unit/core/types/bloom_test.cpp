// SPDX-License-Identifier: MIT
#include "core/types/bloom.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/receipt.hpp"

namespace cairn {
namespace {

std::size_t bits_set(const Bloom& bloom) {
    std::size_t n = 0;
    for (const auto byte : bloom.bytes) n += static_cast<std::size_t>(__builtin_popcount(byte));
    return n;
}

// A Bloom filter as one great number, bit by bit: the definition of the Yellow Paper,
// section 4.3.1.
Bloom plain_model(const std::vector<Bytes>& items) {
    bool bits[2048] = {};
    for (const Bytes& item : items) {
        const Hash256 hash = keccak256(item);
        for (const std::size_t i : {0U, 2U, 4U})
            bits[(hash.bytes[i] * 256U + hash.bytes[i + 1]) % 2048] = true;
    }
    Bloom out;
    for (std::size_t bit = 0; bit < 2048; ++bit)
        if (bits[bit]) out.bytes[255 - bit / 8] |= static_cast<std::uint8_t>(1U << (bit % 8));
    return out;
}

// The words are those of go-ethereum's published test of its filter; whole filters are compared
// with the receipts of the public chains (conformance).
TEST(Bloom, members_are_found_and_strangers_are_not) {
    Bloom bloom;
    for (const char* word : {"testtest", "test", "hallo", "other"})
        bloom_add(bloom, as_bytes(word));
    for (const char* word : {"testtest", "test", "hallo", "other"})
        EXPECT_TRUE(bloom_may_contain(bloom, as_bytes(word))) << word;
    for (const char* word : {"tes", "lo"})
        EXPECT_FALSE(bloom_may_contain(bloom, as_bytes(word))) << word;
}

TEST(Bloom, agrees_with_the_plain_definition) {
    Bloom bloom;
    std::vector<Bytes> items;
    for (std::uint8_t i = 0; i < 100; ++i) {
        items.push_back(Bytes(i, i));
        bloom_add(bloom, items.back());
        ASSERT_EQ(bloom, plain_model(items)) << static_cast<int>(i);
    }
}

TEST(Bloom, one_item_sets_at_most_three_bits) {
    Bloom bloom;
    bloom_add(bloom, as_bytes("a"));
    EXPECT_GE(bits_set(bloom), 1U);
    EXPECT_LE(bits_set(bloom), 3U);
}

TEST(Bloom, logs_add_address_and_topics_but_not_data) {
    Log log;
    log.address.bytes.fill(1);
    log.topics.resize(2);
    log.topics[1].bytes.fill(2);
    log.data = Bytes(32, 3);
    const Bloom bloom = logs_bloom({&log, 1});
    EXPECT_EQ(bloom, plain_model({to_bytes(log.address), to_bytes(log.topics[0]),
                                  to_bytes(log.topics[1])}));
    EXPECT_EQ(logs_bloom({}), Bloom{});
}

TEST(Bloom, many_logs_agree_with_one_item_at_a_time) {
    std::vector<Log> logs;
    Bloom expected;
    for (std::size_t i = 0; i < 70; ++i) {
        Log& log = logs.emplace_back();
        log.address.bytes.fill(static_cast<std::uint8_t>(i));
        log.topics.resize(i % 5);
        for (std::size_t k = 0; k < log.topics.size(); ++k)
            log.topics[k].bytes.fill(static_cast<std::uint8_t>(5 * i + k));
        bloom_add(expected, log.address.view());
        for (const Hash256& topic : log.topics) bloom_add(expected, topic.view());
        ASSERT_EQ(logs_bloom(logs), expected) << i;
    }
}

TEST(Bloom, merging_is_union) {
    Bloom a;
    Bloom b;
    Bloom both;
    bloom_add(a, as_bytes("a"));
    bloom_add(b, as_bytes("b"));
    bloom_add(both, as_bytes("a"));
    bloom_add(both, as_bytes("b"));
    bloom_merge(a, b);
    EXPECT_EQ(a, both);
}

}  // namespace
}  // namespace cairn
