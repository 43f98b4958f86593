// SPDX-License-Identifier: MIT
#include "chain/trie/trie_update.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "chain/trie/node.hpp"
#include "core/base/hex.hpp"
#include "core/base/thread_pool.hpp"
#include "core/codec/rlp_encode.hpp"
#include "core/types/account.hpp"
#include "tests/support/trie_entries.hpp"

namespace cairn::chain::test {
namespace {

using cairn::test::build_trie;
using cairn::test::crowded_key;
using cairn::test::PlainEntries;
using cairn::test::random_value;
using cairn::test::rows_of;
using cairn::test::store_of;
using cairn::test::TrieRows;

/// Key to value; empty deletes.
using Batch = std::map<Bytes, Bytes>;

std::vector<TrieEdit> edits_of(const Batch& batch) {
    std::vector<TrieEdit> edits;
    for (const auto& [key, value] : batch) edits.push_back({Nibbles::from_key(key), value});
    return edits;
}

void merge(PlainEntries& entries, const Batch& batch) {
    for (const auto& [key, value] : batch) {
        if (value.empty())
            entries.erase(key);
        else
            entries[key] = value;
    }
}

/// Applies the batch to store and entries; root and rows must be those of a fresh build, and no row
/// may be written that was there before.
void check_update(MemoryNodeStore& store, PlainEntries& entries, const Batch& batch,
                  const TrieUpdateOptions& options = {}) {
    merge(entries, batch);
    TrieRows want_rows;
    const Hash256 want = build_trie(entries, &want_rows);
    NodeChanges changes;
    const auto root = update_trie(store, std::nullopt, edits_of(batch), changes, options);
    ASSERT_TRUE(root.has_value());
    ASSERT_EQ(*root, want);
    for (std::size_t i = 0; i < changes.size(); ++i)
        ASSERT_FALSE(equal(store.load(std::nullopt, changes[i].path), changes[i].encoding))
            << "idle row";
    store.apply(std::nullopt, changes);
    ASSERT_EQ(store.rows(std::nullopt), want_rows);
    ASSERT_EQ(stored_root(store, std::nullopt), want);
}

/// Deletes about a third of the keys it draws from those present.
Batch random_batch(std::mt19937_64& random, const PlainEntries& entries, std::size_t count,
                   std::size_t key_size, std::size_t value_max) {
    Batch batch;
    for (std::size_t i = 0; i < count; ++i) {
        Bytes key = crowded_key(random, key_size == 0 ? random() % 9 : key_size);
        if (random() % 2 == 0 && !entries.empty()) {
            const auto near = entries.lower_bound(key);
            key = (near == entries.end() ? entries.begin() : near)->first;
        }
        batch[key] = random() % 3 == 0 ? Bytes{} : random_value(random, value_max);
    }
    return batch;
}

TEST(TrieUpdate, random_batches_equal_a_fresh_build) {
    std::mt19937_64 random{11};
    for (int round = 0; round < 60; ++round) {
        MemoryNodeStore store;
        PlainEntries entries;
        const std::size_t key_size = round % 3 == 0 ? 0 : round % 3 == 1 ? 3 : 32;
        const std::size_t value_max = round % 2 == 0 ? 3 : 90;
        for (int block = 0; block < 25; ++block)
            ASSERT_NO_FATAL_FAILURE(check_update(
                store, entries,
                random_batch(random, entries, 1 + random() % 12, key_size, value_max)));
    }
}

TEST(TrieUpdate, large_batches_equal_a_fresh_build_with_and_without_threads) {
    ThreadPool pool{2};
    const ParallelFor spread = [&](std::size_t n, const std::function<void(std::size_t)>& job) {
        pool.parallel_for(n, job);
    };
    for (const bool is_spread : {false, true}) {
        std::mt19937_64 random{12};
        MemoryNodeStore store;
        PlainEntries entries;
        TrieUpdateOptions options;
        if (is_spread) options.parallel = spread;
        for (int block = 0; block < 12; ++block)
            ASSERT_NO_FATAL_FAILURE(
                check_update(store, entries, random_batch(random, entries, 700, 32, 90), options));
    }
}

/// A store that says its loads may not run together, and fails where they do.
class SerialStore final : public NodeStore {
public:
    explicit SerialStore(const NodeStore& inner) : inner_{inner} {}
    ByteView load(const TrieOwner& owner, const Nibbles& path) const override {
        EXPECT_FALSE(is_busy_.exchange(true));
        const ByteView row = inner_.load(owner, path);
        is_busy_ = false;
        return row;
    }
    bool has_concurrent_loads() const noexcept override { return false; }

private:
    const NodeStore& inner_;
    mutable std::atomic<bool> is_busy_ = false;
};

TEST(TrieUpdate, a_store_for_one_reader_is_read_by_one) {
    ThreadPool pool{2};
    std::mt19937_64 random{13};
    PlainEntries entries;
    while (entries.size() < 3000) entries[crowded_key(random, 32)] = random_value(random, 40);
    const TrieRows rows = rows_of(entries);
    const MemoryNodeStore memory = store_of(rows);
    const SerialStore store{memory};
    const Batch batch = random_batch(random, entries, 1000, 32, 40);
    merge(entries, batch);
    NodeChanges changes;
    TrieUpdateOptions options;
    options.parallel = [&](std::size_t n, const std::function<void(std::size_t)>& job) {
        pool.parallel_for(n, job);
    };
    const auto root = update_trie(store, std::nullopt, edits_of(batch), changes, options);
    ASSERT_TRUE(root.has_value());
    EXPECT_EQ(*root, build_trie(entries));
}

TEST(TrieUpdate, threads_and_a_root_that_collapses) {
    std::mt19937_64 random{14};
    MemoryNodeStore store;
    PlainEntries entries;
    TrieUpdateOptions options;
    options.parallel = [](std::size_t n, const std::function<void(std::size_t)>& job) {
        for (std::size_t i = n; i-- > 0;) job(i);
    };
    Batch all;
    for (std::size_t i = 0; i < 2 * kParallelEditsMin; ++i) {
        Bytes key = crowded_key(random, 32);
        key[0] = static_cast<std::uint8_t>(i % 2 == 0 ? 0x30 : 0x90);
        all[key] = random_value(random, 50);
    }
    ASSERT_NO_FATAL_FAILURE(check_update(store, entries, all, options));
    Batch right_goes;
    for (const auto& [key, value] : all)
        if (key[0] == 0x90) right_goes[key] = {};
    ASSERT_NO_FATAL_FAILURE(check_update(store, entries, right_goes, options));
    // The root is an extension or stands deeper: the update goes through as a whole.
    ASSERT_NO_FATAL_FAILURE(check_update(store, entries, all, options));
    for (auto& [key, value] : all) value = {};
    ASSERT_NO_FATAL_FAILURE(check_update(store, entries, all, options));
    EXPECT_TRUE(entries.empty());
}

TEST(TrieUpdate, nothing_changes_nothing) {
    MemoryNodeStore store;
    PlainEntries entries;
    check_update(store, entries, {});
    check_update(store, entries, {{Bytes{1}, {}}});
    EXPECT_EQ(stored_root(store, std::nullopt), kEmptyTrieRoot);
    check_update(
        store, entries,
        {{Bytes{1, 2}, Bytes(40, 1)}, {Bytes{1, 3}, Bytes(40, 2)}, {Bytes{2, 2}, Bytes{7}}});
    NodeChanges changes;
    // The same values, absent keys deleted, on and off the paths there are.
    const Batch idle{{Bytes{1}, {}},         {Bytes{1, 2}, Bytes(40, 1)}, {Bytes{1, 2, 0}, {}},
                     {Bytes{1, 4}, {}},      {Bytes{2, 2}, Bytes{7}},     {Bytes{2, 3}, {}},
                     {Bytes{0xff, 0xff}, {}}};
    const auto root = update_trie(store, std::nullopt, edits_of(idle), changes);
    ASSERT_TRUE(root.has_value());
    EXPECT_EQ(*root, build_trie(entries));
    EXPECT_TRUE(changes.is_empty());
}

TEST(TrieUpdate, one_changed_leaf_writes_its_path_only) {
    std::mt19937_64 random{15};
    PlainEntries entries;
    while (entries.size() < 2000) {
        Bytes key(32);
        for (auto& b : key) b = static_cast<std::uint8_t>(random());
        entries[key] = random_value(random, 60);
    }
    const TrieRows rows = rows_of(entries);
    const MemoryNodeStore store = store_of(rows);
    const Nibbles key = Nibbles::from_key(entries.begin()->first);
    NodeChanges changes;
    const auto root =
        update_trie(store, std::nullopt, std::vector<TrieEdit>{{key, Bytes(61, 1)}}, changes);
    ASSERT_TRUE(root.has_value());
    std::size_t on_path = 0;
    for (const auto& [path, encoding] : rows) on_path += starts_with(key, path) ? 1 : 0;
    EXPECT_EQ(changes.size(), on_path);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        EXPECT_TRUE(starts_with(key, changes[i].path));
        EXPECT_FALSE(changes[i].encoding.empty());
    }
}

TEST(TrieUpdate, edits_out_of_order_assert) {
    const MemoryNodeStore store;
    NodeChanges changes;
    const Nibbles a = Nibbles::from_key(Bytes{1});
    const Nibbles b = Nibbles::from_key(Bytes{2});
    const std::vector<TrieEdit> backwards{{b, Bytes{1}}, {a, Bytes{1}}};
    const std::vector<TrieEdit> twice{{a, Bytes{1}}, {a, Bytes{1}}};
    EXPECT_DEATH((void)update_trie(store, std::nullopt, backwards, changes), "");
    EXPECT_DEATH((void)update_trie(store, std::nullopt, twice, changes), "");
}

TEST(TrieUpdate, carry_over_sees_the_value_before) {
    MemoryNodeStore store;
    PlainEntries entries;
    check_update(store, entries,
                 {{Bytes{1, 2}, Bytes{5, 6}}, {Bytes{1, 3}, Bytes{8, 9}}, {Bytes{1}, Bytes{3, 4}}});
    Bytes leaf{1, 0};
    Bytes branch{1, 0};
    Bytes fresh{1, 0};
    const std::vector<TrieEdit> edits{{Nibbles::from_key(Bytes{1}), branch, branch},
                                      {Nibbles::from_key(Bytes{1, 2}), leaf, leaf},
                                      {Nibbles::from_key(Bytes{7}), fresh, fresh}};
    TrieUpdateOptions options;
    options.carry_over = [](ByteView before, std::span<std::uint8_t> patch) {
        patch[1] = before[1];
    };
    NodeChanges changes;
    const auto root = update_trie(store, std::nullopt, edits, changes, options);
    ASSERT_TRUE(root.has_value());
    EXPECT_EQ(branch, (Bytes{1, 4}));
    EXPECT_EQ(leaf, (Bytes{1, 6}));
    EXPECT_EQ(fresh, (Bytes{1, 0}));
    merge(entries, {{Bytes{1}, branch}, {Bytes{1, 2}, leaf}, {Bytes{7}, fresh}});
    EXPECT_EQ(*root, build_trie(entries));
}

TEST(TrieUpdate, each_missing_row_is_an_error_where_it_is_needed) {
    std::mt19937_64 random{16};
    PlainEntries entries;
    while (entries.size() < 40) entries[crowded_key(random, 4)] = random_value(random, 60);
    const TrieRows rows = rows_of(entries);
    Batch all;
    for (const auto& [key, value] : entries) all[key] = Bytes(70, 1);
    for (const auto& [path, encoding] : rows) {
        if (path.size == 0) continue;  // without its root the trie is an empty one
        MemoryNodeStore store = store_of(rows);
        store.put(std::nullopt, path, {});
        NodeChanges changes;
        const auto root = update_trie(store, std::nullopt, edits_of(all), changes);
        ASSERT_FALSE(root.has_value());
        EXPECT_EQ(root.error(), TrieError::MissingNode);
    }
}

TEST(TrieUpdate, each_malformed_row_is_an_error_or_harmless) {
    std::mt19937_64 random{17};
    PlainEntries entries;
    while (entries.size() < 300) entries[crowded_key(random, 32)] = random_value(random, 60);
    const TrieRows rows = rows_of(entries);
    const Batch batch = random_batch(random, entries, 200, 32, 60);
    TrieUpdateOptions spread;
    spread.parallel = [](std::size_t n, const std::function<void(std::size_t)>& job) {
        for (std::size_t i = 0; i < n; ++i) job(i);
    };
    std::size_t refused = 0;
    for (const auto& [path, encoding] : rows) {
        for (int kind = 0; kind < 4; ++kind) {
            Bytes broken = encoding;
            if (kind == 0)
                broken.pop_back();
            else if (kind == 1)
                broken[0] = 0x80;
            else
                broken[random() % broken.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
            MemoryNodeStore store = store_of(rows);
            store.put(std::nullopt, path, broken);
            NodeChanges changes;
            const auto root = update_trie(store, std::nullopt, edits_of(batch), changes,
                                          kind == 3 ? spread : TrieUpdateOptions{});
            if (!root) ++refused;
        }
    }
    EXPECT_GT(refused, rows.size());
}

/// Extensions that lead back to themselves by content: only the path's length ends this.
TEST(TrieUpdate, a_path_longer_than_any_key_is_malformed) {
    const Bytes hash = rlp_encode(Hash256{}.view());
    Bytes branch_payload;
    for (int i = 0; i < 16; ++i) append(branch_payload, hash);
    branch_payload.push_back(kEmptyItem);
    const Bytes branch = rlp_encode_list(branch_payload);
    MemoryNodeStore store;
    Nibbles path;
    store.put(std::nullopt, path, branch);
    while (path.size < kNibblesMax) {
        path.push(0);
        store.put(std::nullopt, path, branch);
    }
    NodeChanges changes;
    const std::vector<TrieEdit> edit{{Nibbles::from_key(Bytes(32, 0)), Bytes{1}}};
    const auto root = update_trie(store, std::nullopt, edit, changes);
    ASSERT_FALSE(root.has_value());
    EXPECT_EQ(root.error(), TrieError::MalformedNode);
}

TEST(TrieUpdate, an_extension_above_something_else_than_a_branch_is_malformed) {
    Bytes extension_payload = rlp_encode(ByteView{Bytes{0x00, 0x11}});
    append(extension_payload, rlp_encode(Hash256{}.view()));
    Bytes leaf_payload = rlp_encode(ByteView{Bytes{0x20}});
    append(leaf_payload, rlp_encode(ByteView{Bytes(40, 1)}));
    MemoryNodeStore store;
    store.put(std::nullopt, {}, rlp_encode_list(extension_payload));
    Nibbles below;
    below.push(1);
    below.push(1);
    store.put(std::nullopt, below, rlp_encode_list(leaf_payload));
    NodeChanges changes;
    const std::vector<TrieEdit> edit{{Nibbles::from_key(Bytes{0x11, 0x22}), Bytes{1}}};
    const auto root = update_trie(store, std::nullopt, edit, changes);
    ASSERT_FALSE(root.has_value());
    EXPECT_EQ(root.error(), TrieError::MalformedNode);
}

}  // namespace
}  // namespace cairn::chain::test
