// SPDX-License-Identifier: MIT
#include "node/app/signals.hpp"

#include <atomic>
#include <csignal>

namespace cairn::node {
namespace {

std::atomic<bool> stop_seen{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

extern "C" void on_stop_signal(int) {
    stop_seen.store(true, std::memory_order_relaxed);
}

}  // namespace

void catch_stop_signals() {
    struct sigaction action{};
    action.sa_handler = on_stop_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGXFSZ, SIG_IGN);
}

bool stop_requested() noexcept {
    return stop_seen.load(std::memory_order_relaxed);
}

}  // namespace cairn::node
