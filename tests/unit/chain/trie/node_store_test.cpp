// SPDX-License-Identifier: MIT
#include "chain/trie/node_store.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace cairn::chain::test {
namespace {

Nibbles path_of(std::initializer_list<unsigned> nibbles) {
    Nibbles out;
    for (const unsigned n : nibbles) out.push(n);
    return out;
}

TEST(NodeChanges, rows_keep_their_order_and_bytes) {
    NodeChanges changes;
    EXPECT_TRUE(changes.is_empty());
    changes.append_row({}, Bytes{1, 2});
    changes.append_row(path_of({1}), {});
    NodeChanges tail;
    tail.append_row(path_of({1, 2}), Bytes{3});
    tail.append_row(path_of({2}), Bytes{4, 5, 6});
    changes.append_rows(tail);
    ASSERT_EQ(changes.size(), 4U);
    EXPECT_TRUE(equal(changes[0].encoding, Bytes{1, 2}));
    EXPECT_TRUE(changes[1].encoding.empty());
    EXPECT_TRUE(equal(changes[2].encoding, Bytes{3}));
    EXPECT_EQ(changes[3].path, path_of({2}));
    EXPECT_TRUE(equal(changes[3].encoding, Bytes{4, 5, 6}));
    changes.clear();
    EXPECT_TRUE(changes.is_empty());
}

TEST(NodeChanges, a_path_out_of_order_asserts) {
    NodeChanges changes;
    changes.append_row(path_of({1}), {});
    EXPECT_DEATH(changes.append_row(path_of({1}), {}), "");
    EXPECT_DEATH(changes.append_row(path_of({0, 5}), {}), "");
    NodeChanges tail;
    tail.append_row({}, {});
    EXPECT_DEATH(changes.append_rows(tail), "");
}

TEST(MemoryNodeStore, tries_of_two_owners_are_apart) {
    MemoryNodeStore store;
    const TrieOwner owner = Hash256::from(Bytes(32, 7));
    store.put(std::nullopt, path_of({1}), Bytes{1});
    store.put(owner, path_of({1}), Bytes{2});
    EXPECT_TRUE(equal(store.load(std::nullopt, path_of({1})), Bytes{1}));
    EXPECT_TRUE(equal(store.load(owner, path_of({1})), Bytes{2}));
    EXPECT_TRUE(store.load(owner, path_of({1, 0})).empty());
    store.wipe(owner);
    EXPECT_TRUE(store.load(owner, path_of({1})).empty());
    EXPECT_EQ(store.size(owner), 0U);
    EXPECT_EQ(store.size(std::nullopt), 1U);
}

TEST(MemoryNodeStore, changes_write_and_delete) {
    MemoryNodeStore store;
    store.put(std::nullopt, path_of({1}), Bytes{1});
    store.put(std::nullopt, path_of({2}), Bytes{2});
    NodeChanges changes;
    changes.append_row(path_of({1}), {});
    changes.append_row(path_of({2}), Bytes{3});
    store.apply(std::nullopt, changes);
    EXPECT_TRUE(store.load(std::nullopt, path_of({1})).empty());
    EXPECT_TRUE(equal(store.load(std::nullopt, path_of({2})), Bytes{3}));
}

TEST(RunParallel, without_a_pool_each_job_runs_once_in_order) {
    std::vector<std::size_t> seen;
    run_parallel({}, 4, [&](std::size_t i) { seen.push_back(i); });
    EXPECT_EQ(seen, (std::vector<std::size_t>{0, 1, 2, 3}));
}

TEST(RunParallel, one_job_does_not_wake_a_pool) {
    bool woken = false;
    std::size_t ran = 0;
    const ParallelFor pool = [&](std::size_t, const std::function<void(std::size_t)>&) {
        woken = true;
    };
    run_parallel(pool, 1, [&](std::size_t) { ++ran; });
    EXPECT_FALSE(woken);
    EXPECT_EQ(ran, 1U);
}

}  // namespace
}  // namespace cairn::chain::test
