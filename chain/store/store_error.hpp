// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/system_error.hpp"

namespace cairn::chain {

/// What kind of failure stopped the store. Each asks for something else of the person in charge;
/// advice_for says what.
enum class StoreFault : std::uint8_t {
    DiskFull,         ///< no room for a write: disk, quota or file size limit
    Corrupt,          ///< bytes in the file are not what was written
    ReadOnly,         ///< the file system or the rights allow no writing
    MapFull,          ///< the reserved address space is used up
    VersionMismatch,  ///< another schema version, another LMDB format, or no store of ours
    InUse,            ///< another process has the folder open
    TooManyReaders,   ///< every reader slot is taken
    OutOfMemory,      ///< no memory or no address space
    InputOutput,      ///< any other failure of the operating system
    Panicked,         ///< an earlier write failed half-way; the environment must be opened again
};

/// The enumerator's name in words.
[[nodiscard]] std::string_view to_string(StoreFault fault) noexcept;

/// What a person can do about it; one sentence.
[[nodiscard]] std::string_view advice_for(StoreFault fault) noexcept;

/// The store cannot do what was asked, for a reason that lies with the machine or the file. After
/// one, the transaction at hand is aborted; what was committed before stays.
class StoreError : public SystemError {
public:
    /// @param what  what was tried, on which file or table, and what came back
    StoreError(StoreFault fault, const std::string& what)
        : SystemError{std::string{to_string(fault)} + ": " + what}, fault_{fault} {}

    [[nodiscard]] StoreFault fault() const noexcept { return fault_; }

private:
    StoreFault fault_;
};

/// StoreFault::InUse, with the process that has the folder.
class StoreInUse final : public StoreError {
public:
    /// @param holder_pid  0 where it could not be read
    StoreInUse(const std::string& what, long holder_pid)
        : StoreError{StoreFault::InUse, what}, holder_pid_{holder_pid} {}

    [[nodiscard]] long holder_pid() const noexcept { return holder_pid_; }

private:
    long holder_pid_;
};

}  // namespace cairn::chain
