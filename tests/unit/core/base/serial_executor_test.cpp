// SPDX-License-Identifier: MIT
#include "core/base/serial_executor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

namespace cairn {
namespace {

TEST(SerialExecutor, tasks_run_in_order_on_one_thread) {
    std::vector<int> order;
    std::promise<void> done;
    SerialExecutor executor;
    for (int i = 0; i < 100; ++i) executor.post([&, i] { order.push_back(i); });
    executor.post([&] { done.set_value(); });
    done.get_future().wait();
    ASSERT_EQ(order.size(), 100U);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(SerialExecutor, the_timer_comes_again_and_again_between_tasks) {
    std::atomic<int> ticks{0};
    std::promise<void> enough;
    SerialExecutor executor;
    executor.set_timer(std::chrono::milliseconds{1}, [&] {
        if (++ticks == 5) enough.set_value();
    });
    enough.get_future().wait();
    executor.stop();
    const int at_stop = ticks;
    EXPECT_GE(at_stop, 5);
}

TEST(SerialExecutor, a_busy_queue_does_not_starve_the_timer) {
    std::atomic<bool> has_ticked{false};
    SerialExecutor executor;
    std::function<void()> again = [&] {
        if (!has_ticked) executor.post(again);
    };
    executor.post(again);
    executor.set_timer(std::chrono::milliseconds{1}, [&] { has_ticked = true; });
    while (!has_ticked) std::this_thread::yield();
}

TEST(SerialExecutor, stopping_finishes_the_task_at_hand_and_forgets_the_rest) {
    std::promise<void> begun;
    std::promise<void> go_on;
    std::atomic<bool> has_finished{false};
    std::atomic<bool> is_forgotten{true};
    SerialExecutor executor;
    executor.post([&] {
        begun.set_value();
        go_on.get_future().wait();
        has_finished = true;
    });
    executor.post([&] { is_forgotten = false; });
    begun.get_future().wait();
    EXPECT_EQ(executor.size(), 1U);
    std::thread stopper{[&] { executor.stop(); }};
    while (executor.size() != 0) std::this_thread::yield();
    go_on.set_value();
    stopper.join();
    EXPECT_TRUE(has_finished);
    EXPECT_TRUE(is_forgotten);
    executor.post([&] { is_forgotten = false; });
    EXPECT_EQ(executor.size(), 0U);
}

}  // namespace
}  // namespace cairn
