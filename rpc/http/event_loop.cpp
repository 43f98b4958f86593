// SPDX-License-Identifier: MIT
#include "rpc/http/event_loop.hpp"

#include <algorithm>
#include <system_error>

#include "core/base/thread_priority.hpp"

namespace cairn::rpc {

EventLoop::~EventLoop() {
    finish();
}

void EventLoop::start() {
    work_.emplace(io_.get_executor());
    is_over_ = false;
    watcher_ = std::thread{[this] { watch(); }};
    try {
        const std::lock_guard lock{mutex_};
        start_runner(0);
    } catch (...) {
        note_end();
        watcher_.join();
        throw;
    }
}

void EventLoop::join() {
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return is_over_; });
    }
    if (watcher_.joinable()) watcher_.join();
}

void EventLoop::finish() {
    join();
    // Nobody adds to them: the watcher is gone.
    for (auto& runner : runners_) runner.thread.join();
    runners_.clear();
}

void EventLoop::note_end() {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
    changed_.notify_all();
}

bool EventLoop::may_run_brief() noexcept {
    if (rest_ > 0) {
        --rest_;
        return false;
    }
    return lost_.load(std::memory_order_relaxed) < kLostMax;
}

std::uint64_t EventLoop::begin_brief() {
    const auto ticket = tickets_.load(std::memory_order_relaxed) + 1;
    // The watcher stops looking before it looks at the tickets once more, and here it is the other
    // way round: one of both sees the other.
    tickets_.store(ticket);
    under_way_.store(ticket);
    if (!is_watched_.load()) {
        const std::lock_guard lock{mutex_};
        is_watched_ = true;
        changed_.notify_all();
    }
    return ticket;
}

/// @param ticket  of the work that the new thread takes the loop from; 0: nobody has it yet
void EventLoop::start_runner(std::uint64_t ticket) {
    auto& runner = runners_.emplace_back();
    try {
        runner.thread = std::thread{[this, ticket, &runner] {
            run(ticket);
            runner.is_done = true;
        }};
    } catch (...) {
        runners_.pop_back();
        throw;
    }
}

void EventLoop::run(std::uint64_t ticket) {
    if (ticket != 0) {
        lost_.fetch_add(1, std::memory_order_relaxed);
        if (!under_way_.compare_exchange_strong(ticket, 0)) {
            // It ended just so, and kept the loop.
            lost_.fetch_sub(1, std::memory_order_relaxed);
            return;
        }
        rest_ = kRestCount;
    }
    bool has_loop = true;
    has_loop_ = &has_loop;
    set_thread_turn(kTurn);
    unsigned soon_in_a_row = 0;
    auto gave_way = Clock::now();
    while (run_next(soon_in_a_row, gave_way)) {
        if (has_loop) continue;
        lost_.fetch_sub(1, std::memory_order_relaxed);
        return;
    }
    note_end();
}

bool EventLoop::run_next(unsigned& soon_in_a_row, Clock::time_point& gave_way) {
    if (io_.poll_one() > 0) {
        if (const auto now = Clock::now(); now - gave_way > kGiveWay) {
            gave_way = now;
            std::this_thread::yield();
        }
        return true;
    }
    // Work that lost the loop counts as a handler that runs, for which run_one would wait.
    if (!work_ && lost_.load() > 0) return false;
    const auto began = Clock::now();
    bool has_run = false;
    if (soon_in_a_row >= kSoonCount) {
        // Whoever else wants the processor has it, the client among them.
        do {
            std::this_thread::yield();
            has_run = io_.poll_one() > 0;
        } while (!has_run && Clock::now() - began < kAwakeMax);
    }
    if (!has_run) {
        soon_in_a_row = std::min(soon_in_a_row, kSoonCount - 1);
        if (io_.run_one() == 0) return false;
    }
    gave_way = Clock::now();
    soon_in_a_row = gave_way - began < 2 * kAwakeMax ? soon_in_a_row + 1 : 0;
    return true;
}

void EventLoop::watch() {
    std::unique_lock lock{mutex_};
    std::uint64_t seen = 0;
    std::uint64_t tickets = 0;
    unsigned idle_looks = 0;
    while (!is_over_) {
        if (!is_watched_) {
            changed_.wait(lock, [this] { return is_over_ || is_watched_; });
            continue;
        }
        changed_.wait_for(lock, kLookInterval, [this] { return is_over_; });
        look(seen);
        const auto tickets_before = std::exchange(tickets, tickets_.load());
        idle_looks = tickets == tickets_before && under_way_ == 0 ? idle_looks + 1 : 0;
        if (idle_looks < kIdleLooks) continue;
        idle_looks = 0;
        is_watched_ = false;
        if (tickets_.load() != tickets) is_watched_ = true;
    }
}

/// @param seen  the work that was under way at the look before
void EventLoop::look(std::uint64_t& seen) {
    const auto ticket = under_way_.load();
    if (ticket == 0 || ticket != std::exchange(seen, ticket)) return;
    for (auto at = runners_.begin(); at != runners_.end();) {
        if (at->is_done) {
            at->thread.join();
            at = runners_.erase(at);
        } else {
            ++at;
        }
    }
    try {
        start_runner(ticket);
    } catch (const std::system_error&) {
        // No thread to be had: the work keeps the loop.
    }
}

}  // namespace cairn::rpc
