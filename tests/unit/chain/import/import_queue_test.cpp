// SPDX-License-Identifier: MIT
#include "chain/import/import_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace cairn::chain {
namespace {

void put(ImportQueue& queue, std::size_t bytes) {
    ImportJob job;
    job.bytes = bytes;
    ASSERT_TRUE(queue.reserve(bytes));
    ASSERT_TRUE(queue.push(job));
}

/// Whether a block of that size has to wait until something is taken.
bool waits(ImportQueue& queue, std::size_t bytes) {
    std::atomic<bool> is_in{false};
    std::thread source{[&] {
        put(queue, bytes);
        is_in = true;
    }};
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    const bool had_to_wait = !is_in;
    while (had_to_wait && !is_in) {
        (void)queue.try_pop();
        std::this_thread::yield();
    }
    source.join();
    return had_to_wait;
}

TEST(ImportQueue, holds_as_many_blocks_as_it_may) {
    ImportQueue queue{2, 1000};
    put(queue, 1);
    EXPECT_FALSE(waits(queue, 1));
    EXPECT_TRUE(waits(queue, 1));
}

TEST(ImportQueue, holds_as_many_bytes_as_it_may_but_always_one_block) {
    ImportQueue queue{10, 100};
    EXPECT_FALSE(waits(queue, 5000));
    EXPECT_TRUE(waits(queue, 1));
}

TEST(ImportQueue, commands_do_not_wait_and_keep_their_place) {
    ImportQueue queue{1, 1};
    put(queue, 1);
    ImportJob command;
    command.command = [](bool) {};
    ASSERT_TRUE(queue.push(command));
    EXPECT_EQ(queue.size(), 2U);
    EXPECT_FALSE(queue.pop()->command);
    EXPECT_TRUE(queue.pop()->command);
    EXPECT_FALSE(queue.try_pop());
}

TEST(ImportQueue, closing_wakes_everybody_and_hands_out_what_is_left) {
    ImportQueue queue{1, 1};
    put(queue, 1);
    std::thread source{[&] { EXPECT_FALSE(queue.reserve(1)); }};
    EXPECT_EQ(queue.close().size(), 1U);
    source.join();
    EXPECT_FALSE(queue.pop());
    ImportJob late;
    EXPECT_FALSE(queue.push(late));
}

}  // namespace
}  // namespace cairn::chain
