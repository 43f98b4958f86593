// SPDX-License-Identifier: MIT
#include "core/base/thread_pool.hpp"

#include <algorithm>

#include "core/base/assert.hpp"

namespace cairn {
namespace {

/// Each thread gets about this many turns at a loop, so that uneven calls even out.
constexpr std::size_t kTurnsPerThread = 16;

/// The pool whose worker runs on this thread; none on other threads.
thread_local const ThreadPool* t_own_pool = nullptr;

}  // namespace

ThreadPool::ThreadPool(std::size_t workers, std::size_t queue_max) : queue_max_{queue_max} {
    CAIRN_ASSERT(queue_max >= 1);
    threads_.reserve(workers);
    try {
        for (std::size_t i = 0; i < workers; ++i) threads_.emplace_back([this] { worker(); });
    } catch (...) {
        // The threads already started must be joined before the members go.
        stop_and_join();
        throw;
    }
}

ThreadPool::~ThreadPool() {
    stop_and_join();
}

void ThreadPool::stop_and_join() noexcept {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    has_work_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void ThreadPool::enqueue(std::function<void()> task) {
    if (threads_.empty()) {
        task();
        return;
    }
    {
        std::unique_lock lock{mutex_};
        CAIRN_ASSERT(!stopping_ || t_own_pool == this);
        if (t_own_pool == this && queue_.size() >= queue_max_) {
            lock.unlock();
            task();
            return;
        }
        has_room_.wait(lock, [this] { return queue_.size() < queue_max_; });
        queue_.push_back(std::move(task));
    }
    has_work_.notify_one();
}

bool ThreadPool::try_enqueue(std::function<void()> task) {
    {
        const std::lock_guard lock{mutex_};
        if (queue_.size() >= queue_max_) return false;
        queue_.push_back(std::move(task));
    }
    has_work_.notify_one();
    return true;
}

void ThreadPool::worker() {
    t_own_pool = this;
    for (;;) {
        std::function<void()> task;
        {
            std::unique_lock lock{mutex_};
            has_work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            task = std::move(queue_.front());
            queue_.pop_front();
        }
        has_room_.notify_one();
        task();
    }
}

void ThreadPool::run_loop(const std::shared_ptr<Loop>& loop) {
    if (loop->n == 0) return;
    const std::size_t threads = threads_.size() + 1;
    loop->chunk = std::max<std::size_t>(1, loop->n / (threads * kTurnsPerThread));
    const std::size_t helpers_max = std::min(threads_.size(), (loop->n - 1) / loop->chunk);
    for (std::size_t i = 0; i < helpers_max; ++i) {
        const bool queued = try_enqueue([loop] {
            {
                const std::lock_guard lock{loop->mutex};
                if (loop->over) return;
                ++loop->helpers;
            }
            work_on(*loop);
            // Notified under the lock: after it the loop may be gone with its last owner.
            const std::lock_guard lock{loop->mutex};
            if (--loop->helpers == 0) loop->all_left.notify_all();
        });
        if (!queued) break;
    }
    work_on(*loop);
    std::unique_lock lock{loop->mutex};
    loop->over = true;
    loop->all_left.wait(lock, [&] { return loop->helpers == 0; });
    if (loop->error) std::rethrow_exception(loop->error);
}

void ThreadPool::work_on(Loop& loop) noexcept {
    for (;;) {
        const std::size_t first = loop.next.fetch_add(loop.chunk, std::memory_order_relaxed);
        if (first >= loop.n) return;
        const std::size_t last = first + std::min(loop.chunk, loop.n - first);
        try {
            for (std::size_t i = first; i < last; ++i) loop.call(loop.context, i);
        } catch (...) {
            // Carried to the caller of parallel_for; what has not started stays undone.
            loop.next.store(loop.n, std::memory_order_relaxed);
            const std::lock_guard lock{loop.mutex};
            if (!loop.error) loop.error = std::current_exception();
            return;
        }
    }
}

}  // namespace cairn
