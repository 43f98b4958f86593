// SPDX-License-Identifier: MIT
#include "chain/store/early_writeback.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <system_error>

namespace cairn::chain {
namespace {

/// What a disk takes in this time is worth a request.
constexpr auto kPeriod = std::chrono::milliseconds{5};

}  // namespace

EarlyWriteback::~EarlyWriteback() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void EarlyWriteback::set(bool is_active) {
    {
        const std::lock_guard lock{mutex_};
        is_active_ = is_active;
    }
    if (!is_active) return;
    if (thread_.joinable()) return changed_.notify_all();
    try {
        thread_ = std::thread{[this] { run(); }};
    } catch (const std::system_error&) {
        // Where no thread is to be had the wait for the disk is longer, and that is all.
    }
}

void EarlyWriteback::run() {
    // Its own description of the file: errors of writing stay for the writer's to report.
    const int file = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    std::unique_lock lock{mutex_};
    for (;;) {
        changed_.wait(lock, [this] { return is_active_ || is_stopping_; });
        if (is_stopping_) break;
        lock.unlock();
        const bool is_begun = ::sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE) == 0;
        lock.lock();
        if (!is_begun) break;
        changed_.wait_for(lock, kPeriod, [this] { return is_stopping_; });
    }
    lock.unlock();
    ::close(file);
}

}  // namespace cairn::chain
