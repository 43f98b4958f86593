// SPDX-License-Identifier: MIT
#include "chain/store/store_error.hpp"

namespace cairn::chain {

std::string_view to_string(StoreFault fault) noexcept {
    switch (fault) {
        case StoreFault::DiskFull:
            return "disk full";
        case StoreFault::Corrupt:
            return "damaged data";
        case StoreFault::ReadOnly:
            return "read-only";
        case StoreFault::MapFull:
            return "database map full";
        case StoreFault::VersionMismatch:
            return "version mismatch";
        case StoreFault::InUse:
            return "in use";
        case StoreFault::TooManyReaders:
            return "too many readers";
        case StoreFault::OutOfMemory:
            return "out of memory";
        case StoreFault::InputOutput:
            return "input/output error";
        case StoreFault::Panicked:
            return "database stopped";
    }
    return "unknown";
}

std::string_view advice_for(StoreFault fault) noexcept {
    switch (fault) {
        case StoreFault::DiskFull:
            return "make room on the disk or raise the quota, then start again; nothing committed "
                   "is lost";
        case StoreFault::Corrupt:
            return "check the disk, then run `db check`; derived tables are mended by `db "
                   "rebuild`, anything else by restoring a copy or importing again";
        case StoreFault::ReadOnly:
            return "give the process the right to write the folder, or mount its file system "
                   "writable";
        case StoreFault::MapFull:
            return "raise the limit on address space (ulimit -v) and start again";
        case StoreFault::VersionMismatch:
            return "open it with the version of the program that wrote it, or import into an empty "
                   "folder";
        case StoreFault::InUse:
            return "stop the process that has the folder, or name another one";
        case StoreFault::TooManyReaders:
            return "close snapshots that are no more needed";
        case StoreFault::OutOfMemory:
            return "free memory or raise the limit on it";
        case StoreFault::InputOutput:
            return "look at the system's log for the disk";
        case StoreFault::Panicked:
            return "start again; the last durable commit is what is there";
    }
    return "";
}

}  // namespace cairn::chain
