// SPDX-License-Identifier: MIT
// The public trie vectors (ethereum/tests, TrieTests): each case by a fresh build, entry by entry
// through a store, forwards and backwards, and as one batch; and the rows that are left are those
// of a fresh build.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chain/trie/list_root.hpp"
#include "chain/trie/node_store.hpp"
#include "chain/trie/proof.hpp"
#include "chain/trie/state_root.hpp"
#include "chain/trie/trie_builder.hpp"
#include "chain/trie/trie_update.hpp"
#include "chain/trie/trie_walk.hpp"
#include "core/base/hex.hpp"
#include "core/codec/rlp_decode.hpp"
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

/// Accounts of a blockchain test's `pre` or `postState`.
struct StateAccount {
    AccountEdit::Fields fields;
    std::map<Uint256, Uint256> storage;
};
using State = std::map<Address, StateAccount>;

State state_of(const Json& accounts) {
    State state;
    for (const auto& [address, in] : accounts.items()) {
        const auto number = [&](const char* name) {
            return parse_uint256(in.at(name).get<std::string>()).value();
        };
        StateAccount account;
        account.fields.nonce = number("nonce").low64();
        account.fields.balance = number("balance");
        account.fields.code_hash =
            keccak256(bytes_of(in.at("code").get<std::string>())).as<CodeHash>();
        for (const auto& [key, value] : in.at("storage").items())
            account.storage[parse_uint256(key).value()] =
                parse_uint256(value.get<std::string>()).value();
        state[fixed_from_hex<Address>(address).value()] = account;
    }
    return state;
}

Hash256 built_root(const State& state) {
    StateRootBuilder builder;
    for (const auto& [address, account] : state)
        builder.add(address, account.fields.nonce, account.fields.balance, account.fields.code_hash,
                    account.storage);
    return builder.root();
}

/// Leads the store from one state to another, as a block would.
Hash256 update_root(MemoryNodeStore& store, const State& from, const State& to) {
    std::map<Address, std::vector<SlotEdit>> slots;
    std::vector<AccountEdit> edits;
    for (const auto& [address, account] : from) {
        for (const auto& [key, value] : account.storage) slots[address].push_back({key, {}});
        if (!to.contains(address)) edits.push_back({address, std::nullopt, false, {}});
    }
    for (const auto& [address, account] : to) {
        auto& written = slots[address];
        for (const auto& [key, value] : account.storage) {
            std::erase_if(written, [&](const SlotEdit& edit) { return edit.key == key; });
            written.push_back({key, value});
        }
        edits.push_back({address, account.fields, false, written});
    }
    StateTrieChanges changes;
    const auto root = update_state_root(store, edits, changes);
    EXPECT_TRUE(root.has_value());
    store.apply(std::nullopt, changes.accounts);
    for (const auto& storage : changes.storages) {
        if (storage.is_wiped) store.wipe(storage.owner);
        store.apply(storage.owner, storage.rows);
    }
    return root ? *root : Hash256{};
}

Hash256 hash_at(const Json& header, const char* name) {
    return fixed_from_hex<Hash256>(header.at(name).get<std::string>()).value();
}

/// Root of list `index` of a block's RLP; typed transactions stand there as strings (EIP-2718).
std::optional<Hash256> list_root_in(const Bytes& block, std::size_t index) {
    RlpReader reader = RlpReader::of_list(block);
    for (std::size_t i = 0; i < index; ++i) reader.skip();
    RlpReader list = reader.list();
    std::vector<ByteView> items;
    RlpItem item;
    while (!list.at_end() && list.read_item(item))
        items.push_back(item.is_list ? item.encoded : item.payload);
    if (!list.finish()) return std::nullopt;
    return list_root(items);
}

struct Counts {
    std::size_t states = 0;
    std::size_t lists = 0;
    std::size_t withdrawals = 0;
};

void check_lists(const Json& block, Counts& counts) {
    if (!block.contains("blockHeader") || block.contains("expectException")) return;
    const Json& header = block.at("blockHeader");
    const Bytes rlp = bytes_of(block.at("rlp").get<std::string>());
    EXPECT_EQ(list_root_in(rlp, 1), hash_at(header, "transactionsTrie"));
    ++counts.lists;
    if (!header.contains("withdrawalsRoot")) return;
    EXPECT_EQ(list_root_in(rlp, 3), hash_at(header, "withdrawalsRoot"));
    ++counts.withdrawals;
}

void check_chain(const Json& test, Counts& counts) {
    const State pre = state_of(test.at("pre"));
    const Hash256 genesis_root = hash_at(test.at("genesisBlockHeader"), "stateRoot");
    EXPECT_EQ(built_root(pre), genesis_root);
    MemoryNodeStore store;
    EXPECT_EQ(update_root(store, {}, pre), genesis_root);
    const std::string last = test.at("lastblockhash").get<std::string>();
    const Json* last_header = nullptr;
    for (const auto& block : test.at("blocks")) {
        check_lists(block, counts);
        if (block.contains("blockHeader") && block.at("blockHeader").at("hash") == last)
            last_header = &block.at("blockHeader");
    }
    if (last_header == nullptr || !test.contains("postState")) return;
    const State post = state_of(test.at("postState"));
    const Hash256 post_root = hash_at(*last_header, "stateRoot");
    EXPECT_EQ(built_root(post), post_root);
    EXPECT_EQ(update_root(store, pre, post), post_root);
    ++counts.states;
}

// The states and lists of the public chains, with the roots of their headers. What the blocks do is
// not executed here.
TEST(TrieVectors, states_and_lists_of_blockchain_tests) {
    const auto folder = ethereum_tests();
    CAIRN_SKIP_WITHOUT(folder);
    Counts counts;
    for (const auto& path :
         cairn::test::files_below(folder.path / "BlockchainTests" / "ValidBlocks")) {
        const Json file = Json::parse(read_text(path));
        for (const auto& [label, test] : file.items()) {
            SCOPED_TRACE(path.filename().string() + " " + label);
            check_chain(test, counts);
        }
    }
    EXPECT_GT(counts.states, 100U);
    EXPECT_GT(counts.lists, 100U);
    EXPECT_GT(counts.withdrawals, 10U);
}

}  // namespace
}  // namespace cairn::chain::test
