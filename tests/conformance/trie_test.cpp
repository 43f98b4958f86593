// SPDX-License-Identifier: MIT
// The public trie vectors (ethereum/tests, TrieTests): each case by a fresh build, entry by entry
// through a store, forwards and backwards, and as one batch; and the rows that are left are those
// of a fresh build.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "chain/trie/node_store.hpp"
#include "chain/trie/proof.hpp"
#include "chain/trie/trie_builder.hpp"
#include "chain/trie/trie_update.hpp"
#include "chain/trie/trie_walk.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::chain::test {
namespace {

using cairn::test::ethereum_tests;
using cairn::test::read_text;
using Json = nlohmann::json;

/// Key and value, in the order of the case; an empty value deletes.
using Steps = std::vector<std::pair<Nibbles, Bytes>>;
using Rows = std::map<Nibbles, Bytes>;

/// Text, or bytes where it begins with 0x.
Bytes bytes_of(const std::string& text) {
    if (text.starts_with("0x")) return from_hex(text).value();
    return to_bytes(as_bytes(text));
}

Steps steps_of(const Json& in, bool is_secure) {
    Steps steps;
    const auto add = [&](const std::string& key, const Json& value) {
        const Bytes raw = bytes_of(key);
        const Nibbles path = is_secure ? Nibbles::from_key(keccak256(raw)) : Nibbles::from_key(raw);
        steps.emplace_back(path, value.is_null() ? Bytes{} : bytes_of(value.get<std::string>()));
    };
    if (in.is_array())
        for (const auto& step : in) add(step[0].get<std::string>(), step[1]);
    else
        for (const auto& [key, value] : in.items()) add(key, value);
    return steps;
}

/// What the steps leave.
Rows entries_of(const Steps& steps) {
    Rows entries;
    for (const auto& [key, value] : steps) {
        if (value.empty())
            entries.erase(key);
        else
            entries[key] = value;
    }
    return entries;
}

Hash256 build(const Rows& entries, Rows& rows) {
    TrieBuilder builder;
    builder.set_sink(
        [&](const Nibbles& path, ByteView encoding) { rows[path] = to_bytes(encoding); });
    for (const auto& [key, value] : entries) builder.add(key, value);
    return builder.finish();
}

Hash256 apply_one(MemoryNodeStore& store, std::span<const TrieEdit> edits) {
    NodeChanges changes;
    const auto root = update_trie(store, std::nullopt, edits, changes);
    EXPECT_TRUE(root.has_value());
    store.apply(std::nullopt, changes);
    return root ? *root : Hash256{};
}

Hash256 apply_in_turn(const Steps& steps, MemoryNodeStore& store) {
    Hash256 root;
    for (const auto& [key, value] : steps)
        root = apply_one(store, std::vector<TrieEdit>{{key, value}});
    return root;
}

void check_proofs(const MemoryNodeStore& store, const Hash256& root, const Steps& steps,
                  const Rows& entries) {
    for (const auto& step : steps) {
        const auto proof = make_proof(store, std::nullopt, step.first);
        ASSERT_TRUE(proof.has_value());
        const auto value = verify_proof(root, step.first, *proof);
        ASSERT_TRUE(value.has_value());
        const auto entry = entries.find(step.first);
        ASSERT_EQ(value->has_value(), entry != entries.end());
        if (value->has_value()) {
            EXPECT_TRUE(equal(**value, entry->second));
        }
    }
}

void check_case(const Json& test, bool is_secure, bool is_any_order) {
    const auto want = fixed_from_hex<Hash256>(test.at("root").get<std::string>()).value();
    Steps steps = steps_of(test.at("in"), is_secure);
    const Rows entries = entries_of(steps);
    Rows rows;
    EXPECT_EQ(build(entries, rows), want);

    MemoryNodeStore in_turn;
    EXPECT_EQ(apply_in_turn(steps, in_turn), want);
    EXPECT_EQ(in_turn.rows(std::nullopt), rows);
    check_proofs(in_turn, want, steps, entries);

    MemoryNodeStore at_once;
    std::vector<TrieEdit> edits;
    for (const auto& [key, value] : entries) edits.push_back({key, value});
    EXPECT_EQ(apply_one(at_once, edits), want);
    EXPECT_EQ(at_once.rows(std::nullopt), rows);

    if (is_any_order) {
        std::reverse(steps.begin(), steps.end());
        MemoryNodeStore backwards;
        EXPECT_EQ(apply_in_turn(steps, backwards), want);
        EXPECT_EQ(backwards.rows(std::nullopt), rows);
    }
}

void check_file(const std::string& name, bool is_secure, bool is_any_order) {
    const auto folder = ethereum_tests();
    CAIRN_SKIP_WITHOUT(folder);
    const Json file = Json::parse(read_text(folder.path / "TrieTests" / name));
    ASSERT_FALSE(file.empty());
    for (const auto& [label, test] : file.items()) {
        SCOPED_TRACE(label);
        check_case(test, is_secure, is_any_order);
    }
}

TEST(TrieVectors, trietest) {
    check_file("trietest.json", false, false);
}
TEST(TrieVectors, trieanyorder) {
    check_file("trieanyorder.json", false, true);
}
TEST(TrieVectors, trietest_secure) {
    check_file("trietest_secureTrie.json", true, false);
}
TEST(TrieVectors, trieanyorder_secure) {
    check_file("trieanyorder_secureTrie.json", true, true);
}
TEST(TrieVectors, hex_encoded_secure) {
    check_file("hex_encoded_securetrie_test.json", true, true);
}

/// The text of the key found; empty for none, as the vectors have it.
std::string text_of(const Result<std::optional<TrieEntry>, TrieError>& found) {
    EXPECT_TRUE(found.has_value());
    if (!found || !*found) return {};
    const Nibbles& key = (*found)->key;
    return std::string{as_text(ByteView{key.packed}.first(key.size / 2u))};
}

TEST(TrieVectors, next_and_previous) {
    const auto folder = ethereum_tests();
    CAIRN_SKIP_WITHOUT(folder);
    const Json file = Json::parse(read_text(folder.path / "TrieTests" / "trietestnextprev.json"));
    ASSERT_FALSE(file.empty());
    for (const auto& [label, test] : file.items()) {
        SCOPED_TRACE(label);
        Steps steps;
        for (const auto& key : test.at("in")) {
            const Bytes raw = bytes_of(key.get<std::string>());
            steps.emplace_back(Nibbles::from_key(raw), raw);
        }
        MemoryNodeStore store;
        apply_in_turn(steps, store);
        for (const auto& row : test.at("tests")) {
            const auto key = Nibbles::from_key(bytes_of(row[0].get<std::string>()));
            EXPECT_EQ(text_of(find_previous(store, std::nullopt, key)), row[1].get<std::string>())
                << row;
            EXPECT_EQ(text_of(find_next(store, std::nullopt, key)), row[2].get<std::string>())
                << row;
        }
    }
}

}  // namespace
}  // namespace cairn::chain::test
