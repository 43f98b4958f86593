// SPDX-License-Identifier: MIT
#include "chain/import/import_queue.hpp"

#include <utility>

namespace cairn::chain {

bool ImportQueue::reserve(std::size_t bytes) {
    std::unique_lock lock{mutex_};
    has_room_.wait(lock, [&] {
        return closed_ || blocks_ == 0 || (blocks_ < blocks_max_ && bytes_ + bytes <= bytes_max_);
    });
    if (closed_) return false;
    ++blocks_;
    bytes_ += bytes;
    return true;
}

bool ImportQueue::push(ImportJob& job) {
    const std::lock_guard lock{mutex_};
    if (closed_) return false;
    jobs_.push_back(std::move(job));
    has_job_.notify_one();
    return true;
}

ImportJob ImportQueue::take() {
    ImportJob job = std::move(jobs_.front());
    jobs_.pop_front();
    if (!job.command) {
        --blocks_;
        bytes_ -= job.bytes;
        has_room_.notify_all();
    }
    return job;
}

std::optional<ImportJob> ImportQueue::pop() {
    std::unique_lock lock{mutex_};
    has_job_.wait(lock, [&] { return closed_ || !jobs_.empty(); });
    if (closed_) return std::nullopt;
    return take();
}

std::optional<ImportJob> ImportQueue::try_pop() {
    const std::lock_guard lock{mutex_};
    if (closed_ || jobs_.empty()) return std::nullopt;
    return take();
}

std::deque<ImportJob> ImportQueue::close() {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    has_job_.notify_all();
    has_room_.notify_all();
    return std::exchange(jobs_, {});
}

std::size_t ImportQueue::size() const {
    const std::lock_guard lock{mutex_};
    return jobs_.size();
}

}  // namespace cairn::chain
