// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "chain/store/early_writeback.hpp"
#include "chain/store/schema.hpp"
#include "chain/store/store_error.hpp"
#include "core/base/bytes.hpp"

// lmdb.h itself stays in lmdb.cpp.
struct MDB_env;
struct MDB_txn;
struct MDB_cursor;

namespace cairn::chain {

/// What a commit has made sure of when it returns.
enum class Durability : std::uint8_t {
    /// The commit survives a power cut. Two waits for the disk.
    EachCommit,
    /// The file survives a power cut; the last commit may not. One wait for the disk.
    AllButLast,
    /// Nothing survives a power cut for sure, not even the file, until `sync`. A crash of the
    /// process alone loses nothing. For a first import that can be begun again.
    None,
};

/// How an environment is opened.
struct EnvOptions {
    /// Opens what is there and writes nothing, so that it works on a read-only file system.
    bool read_only = false;
    Durability durability = Durability::EachCommit;
    /// Address space to reserve. The file takes only what is written, and pages of the map cost
    /// memory only while they are used, so this is a bound on growth and not a size. Where the
    /// machine gives less (limits on address space), half is asked for, and so on.
    std::size_t map_bytes = std::size_t{1} << 40;
    /// Read transactions open at once at most.
    unsigned readers_max = 1024;
};

/// Numbers about an environment.
struct EnvStats {
    std::size_t page_bytes = 0;
    std::size_t map_bytes = 0;    ///< reserved
    std::uint64_t last_page = 0;  ///< highest page in use
    std::uint64_t last_txn = 0;   ///< count of commits since creation
    unsigned readers = 0;         ///< open read transactions (slots, used or just freed)
    unsigned readers_max = 0;
};

/// Rows, depth and pages of a table.
struct TableStats {
    std::uint64_t rows = 0;
    std::uint64_t branch_pages = 0;
    std::uint64_t leaf_pages = 0;
    std::uint64_t overflow_pages = 0;
    unsigned depth = 0;
};

/// An LMDB environment with the tables of schema.hpp.
///
/// The map is reserved once and large instead of grown: LMDB can change it only while no
/// transaction is open, so growing would have to hold every reader up, and a large map of a small
/// file costs nothing but address space, of which 64 bits leave enough.
///
/// Threads: `Txn` of kind Read from any thread; one of kind Write at a time (asserted).
class Env {
public:
    /// Opens, and unless read-only creates, `data.mdb` and `lock.mdb` in `folder`, which exists.
    /// @throws StoreError
    Env(const std::filesystem::path& folder, const EnvOptions& options);
    ~Env();
    Env(const Env&) = delete;
    Env& operator=(const Env&) = delete;

    [[nodiscard]] bool is_read_only() const noexcept { return options_.read_only; }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    /// The data file.
    [[nodiscard]] std::filesystem::path data_file() const { return folder_ / "data.mdb"; }
    /// For commits from here on; no write transaction is open (asserted).
    void set_durability(Durability durability);
    /// Waits until everything committed is on disk, whatever the durability.
    void sync();
    [[nodiscard]] EnvStats stats() const;

private:
    friend class Txn;
    friend class Cursor;

    void open(std::size_t map_bytes);
    void open_tables();
    /// LMDB does not say where the map begins; a row that it gives does.
    void find_map();
    /// Throws the StoreError that LMDB's return code stands for.
    [[noreturn]] void fail(int code, std::string_view tried) const;
    void check(int code, std::string_view tried) const {
        if (__builtin_expect(code != 0, 0)) fail(code, tried);
    }

    struct Closer {
        void operator()(MDB_env* env) const noexcept;
    };

    std::filesystem::path folder_;
    EnvOptions options_;
    std::unique_ptr<MDB_env, Closer> env_;
    std::uintptr_t map_ = 0;  // address of the file's first byte
    std::size_t map_bytes_ = 0;
    std::size_t page_bytes_ = 0;
    std::array<unsigned, kTableCount> handles_{};
    std::atomic<bool> has_writer_{false};
    EarlyWriteback writeback_{data_file()};
};

/// A transaction. Read: a snapshot that never changes, whatever is written meanwhile. Write: sees
/// its own writes; ends by commit, or leaves nothing.
///
/// Views it gives out live until the transaction ends or, in one that writes, until its next write.
/// One thread at a time; a read transaction may move to another thread.
class Txn {
public:
    enum class Kind : std::uint8_t { Read, Write };

    /// @throws StoreError
    Txn(Env& env, Kind kind);
    ~Txn();
    Txn(const Txn&) = delete;
    Txn& operator=(const Txn&) = delete;

    [[nodiscard]] Env& env() const noexcept { return env_; }
    [[nodiscard]] bool is_write() const noexcept { return kind_ == Kind::Write; }
    /// Number of the commit it shows, or will be.
    [[nodiscard]] std::uint64_t id() const noexcept;

    /// The value of a key.
    /// @throws StoreError Corrupt where the row's checksum fails, and as the machine fails
    [[nodiscard]] std::optional<ByteView> find(Table table, ByteView key) const;
    /// Sets a key. Neither view is one that this transaction gave out. @throws StoreError
    void put(Table table, ByteView key, ByteView value);
    /// Deletes a key; whether it was there. @throws StoreError
    bool erase(Table table, ByteView key);
    /// Deletes all rows. @throws StoreError
    void clear(Table table);
    [[nodiscard]] TableStats stats(Table table) const;

    /// Writes everything, as durable as the environment is set to. No cursor is open (asserted).
    /// The transaction is over, also where this throws. @throws StoreError
    void commit();
    /// Forgets everything written. No cursor is open (asserted).
    void abort() noexcept;

private:
    friend class Cursor;

    [[nodiscard]] unsigned handle(Table table) const noexcept {
        return env_.handles_[static_cast<std::size_t>(table)];
    }
    /// The value without its checksum, once that fits.
    [[nodiscard]] ByteView verified(Table table, ByteView key, ByteView stored) const;
    /// Whether the bytes lie in the file or in a page of this transaction.
    [[nodiscard]] bool is_inside(ByteView bytes) const noexcept;

    Env& env_;
    Kind kind_;
    MDB_txn* txn_ = nullptr;
    std::size_t bytes_end_ = 0;  // of the map, that views may reach
    mutable std::size_t bytes_put_ = 0;  // keys and values
    mutable int cursors_ = 0;
};

/// A place in a table's order. Closed before its transaction ends (asserted there).
class Cursor {
public:
    /// Stands nowhere. @throws StoreError
    Cursor(const Txn& txn, Table table);
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    /// Each moves and answers whether it stands on a row. @throws StoreError
    bool find(ByteView key);  ///< to this key
    bool seek(ByteView key);  ///< to the least key not below
    bool first();
    bool last();
    bool next();      ///< to the first row where it stood nowhere
    bool previous();  ///< to the last row where it stood nowhere

    /// Where it stands; it does (asserted). The key is not verified alone.
    [[nodiscard]] ByteView key() const;
    /// @throws StoreError Corrupt where the row's checksum fails
    [[nodiscard]] ByteView value() const;

    /// Sets a key; stands nowhere then. The transaction writes, and neither view is one that it
    /// gave out. Keys in order cost least. @throws StoreError
    void put(ByteView key, ByteView value);
    /// The same for the key that it stands on (asserted), which need not be looked for again.
    void replace(ByteView key, ByteView value);
    /// Deletes where it stands; `next` then gives the row after. @throws StoreError
    void erase();

private:
    bool move(int operation, ByteView key, std::string_view tried);
    void write(ByteView key, ByteView value, unsigned flags);

    const Txn& txn_;
    Table table_;
    MDB_cursor* cursor_ = nullptr;
    bool is_on_row_ = false;
    ByteView key_;
    ByteView stored_;
};

}  // namespace cairn::chain
