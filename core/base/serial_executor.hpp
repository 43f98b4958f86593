// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace cairn {

/// One thread that runs what it is given, in order: a place where a part of the program can own
/// its data without locks. Any thread may call.
class SerialExecutor {
public:
    using Task = std::function<void()>;

    SerialExecutor();
    /// Stops.
    ~SerialExecutor();
    SerialExecutor(const SerialExecutor&) = delete;
    SerialExecutor& operator=(const SerialExecutor&) = delete;

    /// Runs the task after those given before; after stop(): never. Tasks are not bounded: who
    /// posts does so for events that are.
    void post(Task task);
    /// Runs the task every `period` between the others, the first time one period from here. One
    /// such task; another takes its place.
    void set_timer(std::chrono::milliseconds period, Task task);
    /// Finishes the task at hand, forgets the others, joins. Idempotent; not from a task.
    void stop();

    /// Tasks that wait.
    [[nodiscard]] std::size_t size() const;

private:
    using Clock = std::chrono::steady_clock;
    void run();

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Task> tasks_;                         // guarded by mutex_
    Task timer_;                                     // guarded by mutex_
    std::chrono::milliseconds period_{0};            // guarded by mutex_
    Clock::time_point due_ = Clock::time_point::max();  // guarded by mutex_
    bool is_stopping_ = false;                       // guarded by mutex_
    std::thread thread_;
};

}  // namespace cairn
