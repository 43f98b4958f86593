// SPDX-License-Identifier: MIT
#include "core/base/lru_map.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace cairn {
namespace {

std::vector<int> keys(const LruMap<int, std::string>& map) {
    std::vector<int> out;
    map.for_each([&](int key, const std::string&) { out.push_back(key); });
    return out;
}

TEST(LruMap, oldest_leaves_at_the_bound) {
    LruMap<int, std::string> map{2};
    map.put(1, "a");
    map.put(2, "b");
    EXPECT_EQ(map.size(), 2U);
    map.put(3, "c");
    EXPECT_EQ(keys(map), (std::vector{3, 2}));
}

TEST(LruMap, find_counts_as_use_and_peek_does_not) {
    LruMap<int, std::string> map{2};
    map.put(1, "a");
    map.put(2, "b");
    ASSERT_NE(map.find(1), nullptr);
    EXPECT_EQ(*map.peek(2), "b");
    EXPECT_TRUE(map.contains(2));
    map.put(3, "c");
    EXPECT_EQ(keys(map), (std::vector{3, 1}));
}

TEST(LruMap, missing_key_is_null) {
    LruMap<int, std::string> map{1};
    EXPECT_EQ(map.find(1), nullptr);
    EXPECT_EQ(map.peek(1), nullptr);
    EXPECT_FALSE(map.erase(1));
    EXPECT_TRUE(map.empty());
}

TEST(LruMap, put_replaces_value_and_weight) {
    LruMap<int, std::string> map{4, 10};
    map.put(1, "a", 4);
    map.put(1, "b", 6);
    EXPECT_EQ(map.size(), 1U);
    EXPECT_EQ(map.weight(), 6U);
    EXPECT_EQ(*map.find(1), "b");
}

TEST(LruMap, weight_bound_holds_exactly) {
    LruMap<int, std::string> map{8, 10};
    map.put(1, "a", 5);
    map.put(2, "b", 5);
    EXPECT_EQ(map.size(), 2U);
    map.put(3, "c", 1);
    EXPECT_EQ(keys(map), (std::vector{3, 2}));
    EXPECT_EQ(map.weight(), 6U);
    map.put(4, "d", 10);
    EXPECT_EQ(keys(map), (std::vector{4}));
}

TEST(LruMap, entry_above_the_whole_bound_is_not_taken) {
    LruMap<int, std::string> map{8, 10};
    map.put(1, "a", 5);
    EXPECT_EQ(map.put(2, "b", 11), nullptr);
    EXPECT_EQ(keys(map), (std::vector{1}));
    EXPECT_EQ(map.put(1, "c", 11), nullptr);
    EXPECT_TRUE(map.empty());
    EXPECT_EQ(map.weight(), 0U);
}

TEST(LruMap, erase_and_clear_give_the_weight_back) {
    LruMap<int, std::string> map{8, 10};
    map.put(1, "a", 5);
    map.put(2, "b", 3);
    EXPECT_TRUE(map.erase(1));
    EXPECT_EQ(map.weight(), 3U);
    map.clear();
    EXPECT_EQ(map.weight(), 0U);
    EXPECT_EQ(map.find(2), nullptr);
}

TEST(LruMapDeathTest, bound_of_zero_asserts) {
    using Map = LruMap<int, int>;
    EXPECT_DEATH(Map{0}, "count_max");
}

TEST(LruMap, behaves_as_a_plain_list_under_random_use) {
    // The model: a vector of keys, latest first, searched from the front.
    LruMap<int, std::string> map{16};
    std::vector<int> model;
    std::mt19937 random{1};
    for (int step = 0; step < 20000; ++step) {
        const int key = static_cast<int>(random() % 40);
        const auto at = std::find(model.begin(), model.end(), key);
        const bool held = at != model.end();
        if (held) model.erase(at);
        switch (random() % 3) {
            case 0:
                ASSERT_EQ(map.find(key) != nullptr, held);
                if (held) model.insert(model.begin(), key);
                break;
            case 1:
                map.put(key, std::to_string(key));
                model.insert(model.begin(), key);
                if (model.size() > 16) model.pop_back();
                break;
            default:
                ASSERT_EQ(map.erase(key), held);
                break;
        }
        ASSERT_EQ(keys(map), model);
    }
}

}  // namespace
}  // namespace cairn
