// SPDX-License-Identifier: MIT
#include "core/base/thread_priority.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace {

using std::chrono::microseconds;

int nice_of_this_thread() {
    return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
}

TEST(ThreadPriority, is_of_the_calling_thread_alone) {
    const int before = nice_of_this_thread();
    int inside = -100;
    std::thread{[&] {
        cairn::set_thread_nice(19);
        inside = nice_of_this_thread();
    }}.join();
    EXPECT_EQ(inside, 19);
    EXPECT_EQ(nice_of_this_thread(), before);
}

TEST(ThreadPriority, turn_is_of_the_calling_thread_alone_and_leaves_its_nice_value) {
    const auto before = cairn::thread_turn();
    microseconds inside{};
    int nice = -100;
    std::thread{[&] {
        cairn::set_thread_nice(7);
        cairn::set_thread_turn(microseconds{300});
        inside = cairn::thread_turn();
        nice = nice_of_this_thread();
    }}.join();
    // A system whose turns cannot be chosen tells of none.
    EXPECT_EQ(inside, before == microseconds{} ? before : microseconds{300});
    EXPECT_EQ(nice, 7);
    EXPECT_EQ(cairn::thread_turn(), before);
}

}  // namespace
