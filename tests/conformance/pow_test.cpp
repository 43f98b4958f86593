// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "chain/rules/pow.hpp"
#include "chain/spec/rule_table.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/ethash.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/block.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

Hash256 hash(const Json& value) {
    return fixed_from_hex<Hash256>(value.get_ref<const std::string&>()).value();
}
Bytes bytes(const Json& value) {
    return from_hex(value.get_ref<const std::string&>()).value();
}

TEST(PowConformance, every_case_of_the_suite) {
    const auto tests = ethereum_tests();
    CAIRN_SKIP_WITHOUT(tests);
    std::size_t count = 0;
    for (const auto& file : files_below(tests.path / "PoWTests")) {
        const Json suite = Json::parse(read_text(file));
        for (const auto& [name, test] : suite.items()) {
            SCOPED_TRACE(name);
            const auto header = decode_header(bytes(test.at("header")));
            ASSERT_TRUE(header);
            EXPECT_EQ(header->mix_hash, hash(test.at("mixHash")));
            EXPECT_EQ(to_hex(header->nonce), test.at("nonce").get<std::string>());
            EXPECT_EQ(seal_hash(*header), hash(test.at("header_hash")));
            const std::uint64_t epoch = ethash_epoch(header->number);
            EXPECT_EQ(ethash_seed(epoch), hash(test.at("seed")));
            EXPECT_EQ(ethash_cache_size(epoch), test.at("cache_size").get<std::uint64_t>());
            EXPECT_EQ(ethash_full_size(epoch), test.at("full_size").get<std::uint64_t>());
            const EthashCache cache{epoch};
            Bytes rows;
            for (const auto& row : cache.rows())
                append(rows, {reinterpret_cast<const std::uint8_t*>(row.data()), sizeof row});
            EXPECT_EQ(keccak256(rows), hash(test.at("cache_hash")));
            const auto result = cache.hash(seal_hash(*header), load_be64(header->nonce.data()));
            EXPECT_EQ(result.mix, header->mix_hash);
            EXPECT_EQ(result.value, hash(test.at("result")));
            ++count;
        }
    }
    EXPECT_GT(count, 0U);
}

/// The blockchain tests of old whose seals are real: each block of a valid chain holds, and with
/// one bit of its seal flipped does not.
TEST(PowConformance, seals_of_public_chains) {
    const auto tests = ethereum_tests();
    CAIRN_SKIP_WITHOUT(tests);
    const auto engine = chain::make_seal_engine(chain::SealKind::Ethash);
    std::size_t count = 0;
    const auto folder = tests.path / "LegacyTests" / "Constantinople" / "BlockchainTests";
    for (const auto& file : files_below(folder)) {
        const std::string text = read_text(file);
        // Most of the suite does without seals; a look at the text is cheaper than parsing it.
        if (text.find("\"Ethash\"") == std::string::npos) continue;
        const Json suite = Json::parse(text);
        for (const auto& [name, test] : suite.items()) {
            if (test.value("sealEngine", "") != "Ethash") continue;
            SCOPED_TRACE(name);
            for (const auto& entry : test.at("blocks")) {
                // Entries without a decoded header are the blocks to be refused.
                if (!entry.contains("blockHeader") || count >= 400) continue;
                const auto block = decode_block(bytes(entry.at("rlp")));
                ASSERT_TRUE(block);
                EXPECT_TRUE(engine->check(*block->header));
                Header wrong = *block->header;
                wrong.mix_hash.bytes[31] ^= 1;
                EXPECT_FALSE(engine->check(wrong));
                ++count;
            }
        }
    }
    EXPECT_GT(count, 0U);
    RecordProperty("seals", static_cast<int>(count));
}

}  // namespace
}  // namespace cairn::test
