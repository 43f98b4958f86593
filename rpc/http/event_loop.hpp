// SPDX-License-Identifier: MIT
#pragma once

// The thread behind some connections. Inside rpc/http and rpc/server.cpp only.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "rpc/http/asio.hpp"

namespace cairn::rpc {

/// An io_context that one thread at a time runs: what it runs needs no locks.
///
/// Work that is brief as a rule runs in a handler, where handing it to a worker and back would cost
/// more than the work. Should it last, another thread takes the loop over, and the one at work goes
/// when it is done: nobody else waits for it.
///
/// A client that asks again as soon as it is answered is waited for awake, for a moment: a thread
/// that sleeps takes longer to come back than such a client to ask. Where nobody does, the thread
/// sleeps at once. A thread that has work all the time gives way now and then, and its turns are
/// short: where clients run on the same processors, they would wait for whole turns of the
/// scheduler, which last milliseconds, to read what is answered long since.
class EventLoop {
public:
    EventLoop() = default;
    /// As finish().
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    [[nodiscard]] asio::io_context& io() noexcept { return io_; }
    /// Begins to run, and goes on until release() and the end of all that is under way.
    /// Throws std::system_error where the machine gives no thread.
    void start();
    /// In a handler: the loop ends when nothing is left to wait for.
    void release() { work_.reset(); }
    /// Waits for the loop's end, but not for work that lost the loop. Idempotent.
    void join();
    /// Waits for the loop's end and for work that lost it. Idempotent.
    void finish();

    /// In a handler: whether work may run by run_brief. Not for a while after work that lasted, so
    /// that a row of such takes the loop from nobody.
    [[nodiscard]] bool may_run_brief() noexcept;
    /// In a handler: runs `work`, which touches nothing that belongs to the loop.
    /// @return whether this thread still has the loop. If not, the caller may only post to it, and
    ///         return.
    template <class Work>
    [[nodiscard]] bool run_brief(Work&& work) {
        // Read before: what comes after the work may belong to another thread.
        bool& has_loop = *has_loop_;
        const auto ticket = begin_brief();
        const auto began = Clock::now();
        std::forward<Work>(work)();
        has_loop = end_brief(ticket);
        if (has_loop && Clock::now() - began > kBriefMax) rest_ = kRestCount;
        return has_loop;
    }

    /// How often work under way is looked at; what is seen twice loses the loop.
    static constexpr std::chrono::milliseconds kLookInterval{2};
    /// Works that may be without the loop at a time.
    static constexpr unsigned kLostMax = 4;

private:
    using Clock = std::chrono::steady_clock;

    /// Work that takes longer is not brief, though nobody need take the loop.
    static constexpr std::chrono::microseconds kBriefMax{200};
    /// Works that do not run by run_brief after one that was not brief.
    static constexpr unsigned kRestCount = 100;
    /// Looks without any work, after which nobody looks until there is some.
    static constexpr unsigned kIdleLooks = 50;
    /// How long a client's next request is waited for awake.
    static constexpr std::chrono::microseconds kAwakeMax{50};
    /// A turn of a thread that runs the loop, where others want its processor.
    static constexpr std::chrono::microseconds kTurn{100};
    /// How long it runs handlers without giving way.
    static constexpr std::chrono::microseconds kGiveWay{200};
    /// Requests in a row that came so soon before the next one is waited for awake.
    static constexpr unsigned kSoonCount = 8;

    /// A thread that runs the loop, or did.
    struct Runner {
        std::thread thread;
        std::atomic<bool> is_done{false};
    };

    std::uint64_t begin_brief();
    [[nodiscard]] bool end_brief(std::uint64_t ticket) noexcept {
        return under_way_.compare_exchange_strong(ticket, 0);
    }
    void start_runner(std::uint64_t ticket);  // mutex_ is held
    void run(std::uint64_t ticket);
    /// Waits for something to run and runs it.
    /// @param gave_way  when another thread could have this one's processor last
    /// @return whether there is anything left to wait for
    bool run_next(unsigned& soon_in_a_row, Clock::time_point& gave_way);
    void note_end();
    void watch();
    void look(std::uint64_t& seen);

    asio::io_context io_{2};

    // Of the thread that has the loop.
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
    bool* has_loop_ = nullptr;  ///< its own note of that
    unsigned rest_ = 0;         ///< works that are refused yet

    std::atomic<std::uint64_t> tickets_{0};    ///< works begun
    std::atomic<std::uint64_t> under_way_{0};  ///< the ticket of the work that holds the loop up
    std::atomic<unsigned> lost_{0};            ///< works under way without the loop
    std::atomic<bool> is_watched_{false};

    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<Runner> runners_;  // guarded by mutex_
    bool is_over_ = true;        // guarded by mutex_
    std::thread watcher_;
};

}  // namespace cairn::rpc
