// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace cairn::chain {

/// One process at a time in a folder: holds the file `LOCK` there, locked, with the process id in
/// it. The system lets go of it when the process ends, however it ends; the file stays.
class FileLock {
public:
    enum class Kind { Exclusive, Shared };

    /// Exclusive creates the file. Shared only looks at one that is there, so that it works on a
    /// read-only file system; several may hold it.
    /// @throws StoreInUse naming the holder; StoreError where the file cannot be made
    FileLock(const std::filesystem::path& folder, Kind kind);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int file_ = -1;
};

}  // namespace cairn::chain
