// SPDX-License-Identifier: MIT
#include "chain/store/lmdb.hpp"

#include <lmdb.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "chain/store/row_checksum.hpp"
#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

/// Below this the map is not worth having; asked for last.
constexpr std::size_t kMapBytesMin = std::size_t{64} << 20;
/// What a commit writes in a few milliseconds; with less there is nothing to do beside it.
constexpr std::size_t kEarlyWritebackBytes = std::size_t{4} << 20;
/// Free room below which a short write is put down to a full disk.
constexpr std::uint64_t kDiskRoomMin = std::uint64_t{1} << 20;

[[nodiscard]] MDB_val to_val(ByteView bytes) noexcept {
    // LMDB does not write through keys and values that are given to it.
    return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())};
}
[[nodiscard]] ByteView to_view(const MDB_val& val) noexcept {
    return {static_cast<const std::uint8_t*>(val.mv_data), val.mv_size};
}

[[nodiscard]] unsigned sync_flags(Durability durability) noexcept {
    switch (durability) {
        case Durability::EachCommit:
            return 0;
        case Durability::AllButLast:
            return MDB_NOMETASYNC;
        case Durability::None:
            return MDB_NOSYNC;
    }
    return 0;
}

/// LMDB found a page that contradicts itself and would end the process. Unwinds instead: the caller
/// aborts its transaction and reads no further.
[[noreturn]] void throw_on_assertion(MDB_env*, const char* message) {
    throw StoreError{StoreFault::Corrupt,
                     std::string{"a page of the database contradicts itself ("} + message + ")"};
}

/// Whether the file cannot grow: LMDB reports a write that was cut short as a plain I/O error.
[[nodiscard]] bool is_out_of_room(const std::filesystem::path& file) {
    struct statvfs room{};
    if (::statvfs(file.c_str(), &room) == 0 &&
        std::uint64_t{room.f_bavail} * room.f_frsize < kDiskRoomMin)
        return true;
    struct rlimit limit{};
    struct stat status{};
    return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
           ::stat(file.c_str(), &status) == 0 &&
           static_cast<std::uint64_t>(status.st_size) + kDiskRoomMin > limit.rlim_cur;
}

[[nodiscard]] StoreFault fault_of(int code, const std::filesystem::path& file) {
    switch (code) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return StoreFault::DiskFull;
        case EIO:
            return is_out_of_room(file) ? StoreFault::DiskFull : StoreFault::InputOutput;
        case EROFS:
        case EACCES:
        case EPERM:
            return StoreFault::ReadOnly;
        case ENOMEM:
            return StoreFault::OutOfMemory;
        case EAGAIN:
        case EBUSY:
            return StoreFault::InUse;
        case MDB_MAP_FULL:
            return StoreFault::MapFull;
        case MDB_PAGE_NOTFOUND:
        case MDB_CORRUPTED:
        case MDB_CURSOR_FULL:  // deeper than any tree of ours: the pages form a circle
        case MDB_BAD_TXN:
            return StoreFault::Corrupt;
        case MDB_INVALID:
        case MDB_VERSION_MISMATCH:
        case MDB_INCOMPATIBLE:
        case MDB_NOTFOUND:
            return StoreFault::VersionMismatch;
        case MDB_READERS_FULL:
            return StoreFault::TooManyReaders;
        case MDB_PANIC:
            return StoreFault::Panicked;
        default:
            return StoreFault::InputOutput;
    }
}

/// Address space that may be asked for: what is wanted, or half of a limit set on the process.
[[nodiscard]] std::size_t map_bytes_allowed(std::size_t wanted) {
    struct rlimit limit{};
    if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        wanted = std::min<std::size_t>(wanted, limit.rlim_cur / 2);
    return wanted;
}

/// Writes value and checksum where LMDB has reserved room for them in its page.
void fill_row(const MDB_val& room, Table table, ByteView key, ByteView value) noexcept {
    auto* out = static_cast<std::uint8_t*>(room.mv_data);
    if (!value.empty()) std::memcpy(out, value.data(), value.size());
    store_le32(out + value.size(), row_checksum(table, key, value));
}

[[nodiscard]] std::string name_of(Table table) {
    return std::string{info_of(table).name};
}

}  // namespace

Env::Env(const std::filesystem::path& folder, const EnvOptions& options)
    : folder_{folder}, options_{options} {
    for (std::size_t bytes = map_bytes_allowed(options.map_bytes);;
         bytes = std::max(bytes / 2, kMapBytesMin)) {
        try {
            open(bytes);
            break;
        } catch (const StoreError& error) {
            if (error.fault() != StoreFault::OutOfMemory || bytes <= kMapBytesMin) throw;
        }
    }
    open_tables();
    find_map();
}

Env::~Env() {
    CAIRN_ASSERT(!has_writer_);
}

void Env::Closer::operator()(MDB_env* env) const noexcept {
    mdb_env_close(env);
}

void Env::open(std::size_t map_bytes) {
    MDB_env* env = nullptr;
    check(mdb_env_create(&env), "create the environment");
    env_.reset(env);
    check(mdb_env_set_assert(env, throw_on_assertion), "set the assertion handler");
    check(mdb_env_set_maxdbs(env, kTableCount), "set the number of tables");
    check(mdb_env_set_maxreaders(env, options_.readers_max), "set the number of readers");
    check(mdb_env_set_mapsize(env, map_bytes), "set the size of the map");
    // Reads jump about, so the system's reading ahead would fetch what nobody asked for. Readers
    // are tied to transactions, not to threads. FileLock keeps other processes out.
    unsigned flags = MDB_NORDAHEAD | MDB_NOTLS | sync_flags(options_.durability);
    if (options_.read_only) flags |= MDB_RDONLY | MDB_NOLOCK;
    check(mdb_env_open(env, folder_.c_str(), flags, 0644), "open " + data_file().string());
    MDB_envinfo info{};
    MDB_stat stat{};
    check(mdb_env_info(env, &info), "look at the environment");
    check(mdb_env_stat(env, &stat), "look at the environment");
    map_bytes_ = info.me_mapsize;
    page_bytes_ = stat.ms_psize;
}

void Env::open_tables() {
    MDB_txn* txn = nullptr;
    check(mdb_txn_begin(env_.get(), nullptr, options_.read_only ? MDB_RDONLY : 0, &txn), "begin");
    int code = 0;
    for (const auto& info : kTables) {
        auto& handle = handles_[static_cast<std::size_t>(info.table)];
        code = mdb_dbi_open(txn, std::string{info.name}.c_str(),
                            options_.read_only ? 0 : MDB_CREATE, &handle);
        if (code != 0) {
            mdb_txn_abort(txn);
            fail(code, "open table " + name_of(info.table) + " in " + data_file().string());
        }
    }
    check(mdb_txn_commit(txn), "make the tables in " + data_file().string());
}

void Env::find_map() {
    MDB_txn* txn = nullptr;
    check(mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &txn), "begin");
    MDB_dbi tables = 0;
    MDB_val key{};
    MDB_val record{};
    MDB_cursor* cursor = nullptr;
    int code = mdb_dbi_open(txn, nullptr, 0, &tables);
    if (code == 0) code = mdb_cursor_open(txn, tables, &cursor);
    if (code == 0) code = mdb_cursor_get(cursor, &key, &record, MDB_FIRST);
    if (code == 0) {
        // A page begins with its number; pages follow one another from the map's beginning.
        const auto at = reinterpret_cast<std::uintptr_t>(key.mv_data);
        const auto page = at - at % page_bytes_;
        map_ = page - load_le64(reinterpret_cast<const std::uint8_t*>(page)) * page_bytes_;
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    check(code, "look for the map of " + data_file().string());
}

void Env::fail(int code, std::string_view tried) const {
    throw StoreError{fault_of(code, data_file()),
                     "could not " + std::string{tried} + ": " + mdb_strerror(code)};
}

void Env::set_durability(Durability durability) {
    CAIRN_ASSERT(!has_writer_);
    check(mdb_env_set_flags(env_.get(), MDB_NOSYNC | MDB_NOMETASYNC, 0), "set the durability");
    if (const unsigned flags = sync_flags(durability); flags != 0)
        check(mdb_env_set_flags(env_.get(), flags, 1), "set the durability");
    options_.durability = durability;
}

void Env::sync() {
    check(mdb_env_sync(env_.get(), 1), "sync " + data_file().string());
}

EnvStats Env::stats() const {
    MDB_envinfo info{};
    check(mdb_env_info(env_.get(), &info), "look at the environment");
    return {page_bytes_,        info.me_mapsize,    info.me_last_pgno,
            info.me_last_txnid, info.me_numreaders, info.me_maxreaders};
}

Txn::Txn(Env& env, Kind kind) : env_{env}, kind_{kind} {
    if (is_write()) {
        CAIRN_ASSERT(!env_.options_.read_only);
        const bool had_writer = env_.has_writer_.exchange(true);
        CAIRN_ASSERT(!had_writer);
    }
    const int code = mdb_txn_begin(env_.env_.get(), nullptr, is_write() ? 0 : MDB_RDONLY, &txn_);
    if (code != 0) {
        if (is_write()) env_.has_writer_ = false;
        env_.fail(code, is_write() ? "begin to write" : "begin to read");
    }
    // Pages of a large write transaction go to the file before it commits, past the last commit's.
    bytes_end_ = is_write() ? env_.map_bytes_ : (env_.stats().last_page + 1) * env_.page_bytes_;
}

Txn::~Txn() {
    abort();
}

void Txn::abort() noexcept {
    if (txn_ == nullptr) return;
    CAIRN_ASSERT(cursors_ == 0);
    mdb_txn_abort(txn_);
    txn_ = nullptr;
    if (is_write()) env_.has_writer_ = false;
}

void Txn::commit() {
    CAIRN_ASSERT(txn_ != nullptr && cursors_ == 0);
    std::optional<EarlyWriteback::Span> early;
    if (bytes_put_ >= kEarlyWritebackBytes && env_.options_.durability != Durability::None)
        early.emplace(env_.writeback_);
    const int code = mdb_txn_commit(txn_);
    txn_ = nullptr;
    if (is_write()) env_.has_writer_ = false;
    env_.check(code, "commit to " + env_.data_file().string());
}

std::uint64_t Txn::id() const noexcept {
    return mdb_txn_id(txn_);
}

bool Txn::is_inside(ByteView bytes) const noexcept {
    const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
    if (begin < env_.map_ || begin >= env_.map_ + env_.map_bytes_) return is_write();
    const std::size_t offset = begin - env_.map_;
    return offset < bytes_end_ && bytes.size() <= bytes_end_ - offset;
}

ByteView Txn::verified(Table table, ByteView key, ByteView stored) const {
    if (stored.size() >= kRowChecksumBytes && is_inside(stored)) {
        const ByteView value = stored.first(stored.size() - kRowChecksumBytes);
        if (load_le32(value.data() + value.size()) == row_checksum(table, key, value)) return value;
    }
    throw StoreError{StoreFault::Corrupt,
                     "a row of table " + name_of(table) + " fails its checksum"};
}

std::optional<ByteView> Txn::find(Table table, ByteView key) const {
    CAIRN_ASSERT(txn_ != nullptr);
    MDB_val k = to_val(key);
    MDB_val v{};
    const int code = mdb_get(txn_, handle(table), &k, &v);
    if (code == MDB_NOTFOUND) return std::nullopt;
    if (code != 0) env_.fail(code, "read table " + name_of(table));
    return verified(table, key, to_view(v));
}

void Txn::put(Table table, ByteView key, ByteView value) {
    CAIRN_ASSERT(txn_ != nullptr && is_write() && !key.empty() && key.size() <= kKeyBytesMax);
    MDB_val k = to_val(key);
    MDB_val v{value.size() + kRowChecksumBytes, nullptr};
    if (const int code = mdb_put(txn_, handle(table), &k, &v, MDB_RESERVE); code != 0)
        env_.fail(code, "write to table " + name_of(table));
    bytes_put_ += key.size() + v.mv_size;
    fill_row(v, table, key, value);
}

bool Txn::erase(Table table, ByteView key) {
    CAIRN_ASSERT(txn_ != nullptr && is_write());
    MDB_val k = to_val(key);
    const int code = mdb_del(txn_, handle(table), &k, nullptr);
    if (code == MDB_NOTFOUND) return false;
    if (code != 0) env_.fail(code, "delete from table " + name_of(table));
    return true;
}

void Txn::clear(Table table) {
    CAIRN_ASSERT(txn_ != nullptr && is_write());
    if (const int code = mdb_drop(txn_, handle(table), 0); code != 0)
        env_.fail(code, "clear table " + name_of(table));
}

TableStats Txn::stats(Table table) const {
    MDB_stat stat{};
    if (const int code = mdb_stat(txn_, handle(table), &stat); code != 0)
        env_.fail(code, "look at table " + name_of(table));
    return {stat.ms_entries, stat.ms_branch_pages, stat.ms_leaf_pages, stat.ms_overflow_pages,
            stat.ms_depth};
}

Cursor::Cursor(const Txn& txn, Table table) : txn_{txn}, table_{table} {
    CAIRN_ASSERT(txn.txn_ != nullptr);
    if (const int code = mdb_cursor_open(txn.txn_, txn.handle(table), &cursor_); code != 0)
        txn.env_.fail(code, "open a cursor on table " + name_of(table));
    ++txn_.cursors_;
}

Cursor::~Cursor() {
    mdb_cursor_close(cursor_);
    --txn_.cursors_;
}

bool Cursor::move(int operation, ByteView key, std::string_view tried) {
    MDB_val k = to_val(key);
    MDB_val v{};
    const int code = mdb_cursor_get(cursor_, &k, &v, static_cast<MDB_cursor_op>(operation));
    is_on_row_ = code == 0;
    if (code == 0) {
        key_ = to_view(k);
        stored_ = to_view(v);
    } else if (code != MDB_NOTFOUND) {
        txn_.env_.fail(code, std::string{tried} + " in table " + name_of(table_));
    }
    return is_on_row_;
}

bool Cursor::find(ByteView key) {
    return move(MDB_SET_KEY, key, "find a key");
}
bool Cursor::seek(ByteView key) {
    return move(MDB_SET_RANGE, key, "seek a key");
}
bool Cursor::first() {
    return move(MDB_FIRST, {}, "read the first row");
}
bool Cursor::last() {
    return move(MDB_LAST, {}, "read the last row");
}
bool Cursor::next() {
    return move(MDB_NEXT, {}, "read the next row");
}
bool Cursor::previous() {
    return move(MDB_PREV, {}, "read the row before");
}

ByteView Cursor::key() const {
    CAIRN_ASSERT(is_on_row_);
    return key_;
}

ByteView Cursor::value() const {
    CAIRN_ASSERT(is_on_row_);
    return txn_.verified(table_, key_, stored_);
}

void Cursor::write(ByteView key, ByteView value, unsigned flags) {
    CAIRN_ASSERT(txn_.is_write() && !key.empty() && key.size() <= kKeyBytesMax);
    is_on_row_ = false;
    MDB_val k = to_val(key);
    MDB_val v{value.size() + kRowChecksumBytes, nullptr};
    if (const int code = mdb_cursor_put(cursor_, &k, &v, flags | MDB_RESERVE); code != 0)
        txn_.env_.fail(code, "write to table " + name_of(table_));
    fill_row(v, table_, key, value);
    txn_.bytes_put_ += key.size() + v.mv_size;
}

void Cursor::put(ByteView key, ByteView value) {
    write(key, value, 0);
}

void Cursor::replace(ByteView key, ByteView value) {
    CAIRN_ASSERT(is_on_row_ && equal(key_, key));
    write(key, value, MDB_CURRENT);
}

void Cursor::erase() {
    CAIRN_ASSERT(txn_.is_write() && is_on_row_);
    is_on_row_ = false;
    if (const int code = mdb_cursor_del(cursor_, 0); code != 0)
        txn_.env_.fail(code, "delete from table " + name_of(table_));
}

}  // namespace cairn::chain
