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

/// Expects that a block of that size has to wait until something is taken, which is done here.
void expect_to_wait(ImportQueue& queue, std::size_t bytes) {
    std::atomic<bool> has_begun{false};
    std::atomic<bool> is_taking{false};
    std::thread source{[&] {
        has_begun = true;
        put(queue, bytes);
        EXPECT_TRUE(is_taking) << "in before anything was taken";
    }};
    while (!has_begun) std::this_thread::yield();
    // Time for a block that does not wait to get in; one that waits needs none.
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    const std::size_t before = queue.size();
    is_taking = true;
    EXPECT_TRUE(queue.try_pop());
    source.join();
    EXPECT_EQ(queue.size(), before);
}

TEST(ImportQueue, holds_as_many_blocks_as_it_may) {
    ImportQueue queue{2, 1000};
    put(queue, 1);
    put(queue, 1);
    expect_to_wait(queue, 1);
}

TEST(ImportQueue, holds_as_many_bytes_as_it_may_but_always_one_block) {
    ImportQueue queue{10, 100};
    put(queue, 5000);
    expect_to_wait(queue, 1);
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
