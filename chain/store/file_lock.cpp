// SPDX-License-Identifier: MIT
#include "chain/store/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

#include "chain/store/store_error.hpp"

namespace cairn::chain {
namespace {

/// The process id that the file names; 0 for none.
long read_pid(int file) {
    std::array<char, 32> text{};
    const auto size = ::pread(file, text.data(), text.size(), 0);
    long pid = 0;
    if (size > 0) std::from_chars(text.data(), text.data() + size, pid);
    return pid;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& folder, Kind kind) {
    const auto path = (folder / "LOCK").string();
    const bool is_exclusive = kind == Kind::Exclusive;
    file_ = ::open(path.c_str(), is_exclusive ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC,
                   0644);
    if (file_ < 0) {
        if (!is_exclusive && errno == ENOENT) return;
        const auto fault = errno == EROFS || errno == EACCES || errno == EPERM
                               ? StoreFault::ReadOnly
                           : errno == ENOSPC || errno == EDQUOT ? StoreFault::DiskFull
                                                                : StoreFault::InputOutput;
        throw StoreError{fault, "open " + path + ": " + std::strerror(errno)};
    }
    if (::flock(file_, (is_exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
        const int error = errno;
        const long pid = read_pid(file_);
        ::close(file_);
        file_ = -1;
        if (error == EWOULDBLOCK)
            throw StoreInUse{path + " is held by process " +
                                 (pid != 0 ? std::to_string(pid) : std::string{"(unknown)"}),
                             pid};
        throw StoreError{StoreFault::InputOutput, "lock " + path + ": " + std::strerror(error)};
    }
    if (!is_exclusive) return;
    // On a full disk the number may be missing; the lock itself needs no room.
    const std::string text = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file_, 0) != 0 ||
        ::pwrite(file_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        return;
}

FileLock::~FileLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace cairn::chain
