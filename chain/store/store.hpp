// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "chain/store/file_lock.hpp"
#include "chain/store/lmdb.hpp"

namespace cairn::chain {

/// How a store is opened.
struct StoreOptions : EnvOptions {
    /// Bytes of pages to look at before LMDB may touch the file (page_check.hpp): all pages where
    /// the file has no more, else the pages above the leaves where those are no more, else the
    /// header pages alone. 0 for the last. `db check` looks at everything.
    std::size_t open_check_bytes = std::size_t{64} << 20;
};

/// What the store takes and holds.
struct StoreStats {
    EnvStats env;
    std::uint64_t file_bytes = 0;  ///< that the disk has given to the data file
    std::array<TableStats, kTableCount> tables{};
};

/// The ledger on disk, in a folder of its own, held by one process at a time. ReadView reads it
/// (any thread), StoreWriter writes it (one at a time). Both are gone before it goes.
class Store {
public:
    /// Opens the folder; makes it, and an empty store in it, where there is none and the options
    /// allow writing.
    /// @throws StoreError: InUse with the process that holds the folder; VersionMismatch; Corrupt
    /// with the page and table where the file contradicts itself; ReadOnly; and as the machine
    /// fails
    explicit Store(const std::filesystem::path& folder, const StoreOptions& options = {});

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return env_->folder(); }
    [[nodiscard]] bool is_read_only() const noexcept { return env_->is_read_only(); }
    /// The environment below; for this room.
    [[nodiscard]] Env& env() const noexcept { return *env_; }

    /// For commits from here on; no writer is open.
    void set_durability(Durability durability) { env_->set_durability(durability); }
    /// Waits until everything committed is on disk.
    void sync() { env_->sync(); }
    [[nodiscard]] StoreStats stats() const;

private:
    FileLock lock_;
    std::unique_ptr<Env> env_;
};

}  // namespace cairn::chain
