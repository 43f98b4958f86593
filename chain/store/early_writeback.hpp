// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>

namespace cairn::chain {

/// Has the system begin to write a file's changed pages to the disk while more of them are still
/// being handed to it, so that whoever then waits for the disk waits less, and the work of that is
/// done beside it (sync_file_range(2), SYNC_FILE_RANGE_WRITE).
///
/// It promises nothing about what is on the disk: fdatasync on the writer's own descriptor still
/// does, and tells of errors. One writer at a time; its thread starts at the first use.
class EarlyWriteback {
public:
    explicit EarlyWriteback(std::filesystem::path file) : file_{std::move(file)} {}
    ~EarlyWriteback();
    EarlyWriteback(const EarlyWriteback&) = delete;
    EarlyWriteback& operator=(const EarlyWriteback&) = delete;

    /// While it lives, pages are on their way. Where the file cannot be opened nothing happens.
    class Span {
    public:
        explicit Span(EarlyWriteback& writeback) : writeback_{writeback} { writeback_.set(true); }
        ~Span() { writeback_.set(false); }
        Span(const Span&) = delete;
        Span& operator=(const Span&) = delete;

    private:
        EarlyWriteback& writeback_;
    };

private:
    void set(bool is_active);
    void run();

    const std::filesystem::path file_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_active_ = false;    // guarded by mutex_
    bool is_stopping_ = false;  // guarded by mutex_
    std::thread thread_;        // of who writes
};

}  // namespace cairn::chain
