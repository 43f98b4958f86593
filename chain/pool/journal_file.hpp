// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/expected.hpp"
#include "core/types/transaction_rlp.hpp"

namespace cairn::chain {

/// Longest journal that is read, bytes: far above what a pool can hold.
inline constexpr std::size_t kJournalBytesMax = std::size_t{1} << 30;

/// The file that keeps local transactions over a restart.
///
///   "cairntx1"  then for each transaction: length n (4 bytes, big-endian), the first 4 bytes of
///   SHA-256 of the n bytes, the n bytes of its network form
///
/// Appending is a single write, left to the operating system to bring to disk; rewriting goes
/// through a second file that takes the first one's place once it is on disk. A tail that a crash
/// left half-written is cut off when the file is read. Errors are the operating system's words.
/// One thread at a time.
class JournalFile {
public:
    /// Touches nothing yet.
    explicit JournalFile(std::filesystem::path path) : path_{std::move(path)} {}
    ~JournalFile();
    JournalFile(const JournalFile&) = delete;
    JournalFile& operator=(const JournalFile&) = delete;

    /// What a file held.
    struct Loaded {
        std::vector<PooledTx> txs;      ///< in the order in which they were written
        std::size_t damaged_bytes = 0;  ///< cut off at the end
    };
    /// Reads the file, which need not exist, and cuts damage off.
    [[nodiscard]] Result<Loaded, std::string> load();
    /// Adds a transaction at the end.
    [[nodiscard]] Result<void, std::string> append(const PooledTx& tx);
    /// Replaces what the file holds by these.
    [[nodiscard]] Result<void, std::string> rotate(std::span<const PooledTx> txs);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    /// Opens for appending; -1 with errno where that fails.
    [[nodiscard]] bool open_for_append();
    void close() noexcept;

    std::filesystem::path path_;
    int fd_ = -1;
};

}  // namespace cairn::chain
