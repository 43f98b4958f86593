// SPDX-License-Identifier: MIT
#include "core/base/thread_priority.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace {

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

}  // namespace
