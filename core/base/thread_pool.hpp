// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn {

/// A fixed number of worker threads over one bounded queue.
///
/// `submit` runs one task somewhere and answers with a future; `parallel_for` spreads a counted
/// loop over the workers with the caller taking part, and returns when all of it is done. Tasks
/// start in the order of submission. Destruction runs what is queued, then joins.
///
/// Any thread may call. A worker may call `parallel_for`, and `submit` where it does not then wait
/// for the future: neither waits for another worker to be free.
class ThreadPool {
public:
    /// Tasks waiting at most, unless given otherwise: enough to keep workers busy, little to lose.
    static constexpr std::size_t kQueueMaxDefault = 1024;

    /// @param workers    number of threads; 0 makes every call run on the caller
    /// @param queue_max  tasks that may wait; at least 1 (asserted). A full queue makes `submit`
    ///                   wait for room, which slows the source down; a worker of this pool runs
    ///                   its task itself instead.
    /// Throws std::system_error where the machine gives no thread.
    explicit ThreadPool(std::size_t workers, std::size_t queue_max = kQueueMaxDefault);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    /// Number of worker threads.
    [[nodiscard]] std::size_t workers() const noexcept { return threads_.size(); }

    /// Runs `task()` on a worker (or here, if there are none). The future carries its value, or
    /// the exception it threw. Waits while the queue is full.
    template <class F>
    [[nodiscard]] auto submit(F task) -> std::future<std::invoke_result_t<F&>> {
        using R = std::invoke_result_t<F&>;
        auto packaged = std::make_shared<std::packaged_task<R()>>(std::move(task));
        auto future = packaged->get_future();
        enqueue([packaged] { (*packaged)(); });
        return future;
    }

    /// Calls fn(i) once for each i in [0, n), in no order, on the workers and on the caller;
    /// returns after the last. Where calls throw, the indexes not yet started are left out, and
    /// the first exception caught is thrown here once all calls have ended.
    template <class F>
    void parallel_for(std::size_t n, F&& fn) {
        auto loop = std::make_shared<Loop>();
        loop->n = n;
        loop->context = const_cast<void*>(static_cast<const void*>(std::addressof(fn)));
        loop->call = [](void* context, std::size_t i) {
            (*static_cast<std::remove_reference_t<F>*>(context))(i);
        };
        run_loop(loop);
    }

private:
    /// A counted loop under way. Shared, since a helper may leave the queue after the loop is over;
    /// it then finds `over` set and does not touch the caller's function.
    struct Loop {
        std::size_t n = 0;
        std::size_t chunk = 1;
        void* context = nullptr;
        void (*call)(void*, std::size_t) = nullptr;
        std::atomic<std::size_t> next{0};
        std::mutex mutex;
        std::condition_variable all_left;
        std::size_t helpers = 0;   // guarded by mutex: inside the loop
        bool over = false;         // guarded by mutex
        std::exception_ptr error;  // guarded by mutex: the first
    };

    void enqueue(std::function<void()> task);
    bool try_enqueue(std::function<void()> task);
    void run_loop(const std::shared_ptr<Loop>& loop);
    static void work_on(Loop& loop) noexcept;
    void worker();
    void stop_and_join() noexcept;

    std::mutex mutex_;
    std::condition_variable has_work_;
    std::condition_variable has_room_;
    std::deque<std::function<void()>> queue_;  // guarded by mutex_
    bool stopping_ = false;                    // guarded by mutex_
    const std::size_t queue_max_;
    std::vector<std::thread> threads_;
};

}  // namespace cairn
