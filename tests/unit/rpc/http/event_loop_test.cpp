// SPDX-License-Identifier: MIT
#include "rpc/http/event_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

namespace cairn::rpc {
namespace {

using namespace std::chrono_literals;

/// Longer than any machine needs.
constexpr auto kPatience = 60s;

/// A loop that runs, and ends with the test.
class EventLoopTest : public ::testing::Test {
protected:
    EventLoopTest() { loop_.start(); }
    ~EventLoopTest() override {
        end();
        loop_.finish();
    }
    void end() {
        asio::post(loop_.io(), [this] { loop_.release(); });
    }
    /// Runs `task` on the loop and gives what it returns.
    template <class Task>
    auto on_loop(Task task) {
        std::promise<decltype(task())> result;
        asio::post(loop_.io(), [&] { result.set_value(task()); });
        return result.get_future().get();
    }
    /// Begins work on the loop that ends when `ends` does, and waits until others are served.
    /// @return whether it kept the loop, once it has ended
    std::future<bool> begin_long(const std::shared_future<void>& ends) {
        auto kept = std::make_shared<std::promise<bool>>();
        asio::post(loop_.io(), [this, kept, ends] {
            kept->set_value(loop_.run_brief([&] { ends.wait(); }));
        });
        EXPECT_TRUE(on_loop([] { return true; }));
        return kept->get_future();
    }

    EventLoop loop_;
};

TEST_F(EventLoopTest, work_that_lasts_holds_nobody_up) {
    std::promise<void> ends;
    auto kept = begin_long(ends.get_future().share());
    // That begin_long came back says that another thread has the loop.
    EXPECT_EQ(kept.wait_for(0s), std::future_status::timeout);
    ends.set_value();
    EXPECT_FALSE(kept.get());
    EXPECT_TRUE(on_loop([] { return true; }));
}

TEST_F(EventLoopTest, after_work_that_lasted_others_are_refused_for_a_while) {
    EXPECT_TRUE(on_loop([this] { return loop_.may_run_brief(); }));
    std::promise<void> ends;
    auto kept = begin_long(ends.get_future().share());
    ends.set_value();
    EXPECT_FALSE(kept.get());
    const auto refusals = on_loop([this] {
        int count = 0;
        while (count < 1000 && !loop_.may_run_brief()) ++count;
        return count;
    });
    EXPECT_GT(refusals, 10);
    EXPECT_LT(refusals, 1000);
}

TEST_F(EventLoopTest, only_so_many_works_go_on_without_the_loop) {
    std::promise<void> ends;
    const auto end = ends.get_future().share();
    const auto may_ever_run = [this] {
        for (int i = 0; i < 1000; ++i)
            if (loop_.may_run_brief()) return true;
        return false;
    };
    std::vector<std::future<bool>> kept;
    for (unsigned i = 0; i < EventLoop::kLostMax; ++i) {
        EXPECT_TRUE(on_loop(may_ever_run)) << i;
        kept.push_back(begin_long(end));
    }
    EXPECT_FALSE(on_loop(may_ever_run));
    ends.set_value();
    for (auto& each : kept) EXPECT_FALSE(each.get());
    // They go when they are done, each in its own time.
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!on_loop(may_ever_run) && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    EXPECT_TRUE(on_loop(may_ever_run));
}

TEST_F(EventLoopTest, join_leaves_work_that_lost_the_loop_and_finish_waits_for_it) {
    std::promise<void> ends;
    std::atomic<bool> has_ended{false};
    asio::post(loop_.io(), [&, end = ends.get_future().share()] {
        (void)loop_.run_brief([&] {
            end.wait();
            has_ended = true;
        });
    });
    EXPECT_TRUE(on_loop([] { return true; }));
    end();
    loop_.join();
    EXPECT_FALSE(has_ended);
    ends.set_value();
    loop_.finish();
    EXPECT_TRUE(has_ended);
}

TEST_F(EventLoopTest, whoever_has_the_loop_is_alone_on_it) {
    // Some of the works take about as long as the loop is left to one, so that some lose it while
    // others just keep it; which do is all the same.
    constexpr int kWorks = 60;
    int on_loop_count = 0;  // the loop's
    std::atomic<bool> is_inside{false};
    std::atomic<int> done{0};
    const auto enter = [&] {
        EXPECT_FALSE(is_inside.exchange(true));
        ++on_loop_count;
        is_inside = false;
    };
    for (int i = 0; i < kWorks; ++i) {
        asio::post(loop_.io(), [&, i] {
            enter();
            const auto time = i % 3 == 0 ? EventLoop::kLookInterval * (i % 4) : 0ms;
            if (loop_.run_brief([&] { std::this_thread::sleep_for(time); })) {
                enter();
                ++done;
                return;
            }
            asio::post(loop_.io(), [&] {
                enter();
                ++done;
            });
        });
    }
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (done < kWorks && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(1ms);
    EXPECT_EQ(done, kWorks);
    EXPECT_EQ(on_loop([&] { return on_loop_count; }), 2 * kWorks);
}

TEST(EventLoop, that_never_began_has_nothing_to_wait_for) {
    EventLoop loop;
    loop.join();
    loop.finish();
}

}  // namespace
}  // namespace cairn::rpc
