// SPDX-License-Identifier: MIT
#include "core/base/serial_executor.hpp"

#include <utility>

namespace cairn {

SerialExecutor::SerialExecutor() : thread_{[this] { run(); }} {}

SerialExecutor::~SerialExecutor() {
    stop();
}

void SerialExecutor::post(Task task) {
    const std::lock_guard lock{mutex_};
    if (is_stopping_) return;
    tasks_.push_back(std::move(task));
    changed_.notify_one();
}

void SerialExecutor::set_timer(std::chrono::milliseconds period, Task task) {
    const std::lock_guard lock{mutex_};
    timer_ = std::move(task);
    period_ = period;
    due_ = Clock::now() + period;
    changed_.notify_one();
}

void SerialExecutor::stop() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
        tasks_.clear();
        changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

std::size_t SerialExecutor::size() const {
    const std::lock_guard lock{mutex_};
    return tasks_.size();
}

void SerialExecutor::run() {
    std::unique_lock lock{mutex_};
    while (!is_stopping_) {
        Task task;
        if (Clock::now() >= due_) {
            task = timer_;
            due_ = Clock::now() + period_;
        } else if (!tasks_.empty()) {
            task = std::move(tasks_.front());
            tasks_.pop_front();
        } else if (due_ == Clock::time_point::max()) {
            changed_.wait(lock);
            continue;
        } else {
            changed_.wait_until(lock, due_);
            continue;
        }
        lock.unlock();
        task();
        task = nullptr;
        lock.lock();
    }
}

}  // namespace cairn
