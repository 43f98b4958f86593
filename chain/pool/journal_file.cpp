// SPDX-License-Identifier: MIT
#include "chain/pool/journal_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

#include "core/crypto/sha256.hpp"

namespace cairn::chain {
namespace {

constexpr std::string_view kMagic = "cairntx1";
constexpr std::size_t kRecordHeaderBytes = 8;

Unexpected<std::string> failure(const std::string& what, const std::filesystem::path& path) {
    return {what + " " + path.string() + ": " + std::strerror(errno)};
}

void append_record(Bytes& out, const PooledTx& tx) {
    const Bytes body = encode_pooled_tx(tx);
    std::array<std::uint8_t, 4> length{};
    store_be32(length.data(), static_cast<std::uint32_t>(body.size()));
    append(out, length);
    append(out, ByteView{sha256(body)}.first(4));
    append(out, body);
}

/// Everything, however often the system takes less.
bool write_all(int fd, ByteView bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

/// The transaction at the front, and `bytes` moved past it; nothing where it is not whole and as it
/// was written.
std::optional<PooledTx> take_record(ByteView& bytes) {
    if (bytes.size() < kRecordHeaderBytes) return std::nullopt;
    const std::size_t length = load_be32(bytes.data());
    if (length > bytes.size() - kRecordHeaderBytes) return std::nullopt;
    const ByteView body = bytes.subspan(kRecordHeaderBytes, length);
    if (!equal(bytes.subspan(4, 4), ByteView{sha256(body)}.first(4))) return std::nullopt;
    auto tx = decode_pooled_tx(body);
    if (!tx) return std::nullopt;
    bytes = bytes.subspan(kRecordHeaderBytes + length);
    return std::move(*tx);
}

/// Brings the folder's entry for a renamed file to disk.
void sync_folder_of(const std::filesystem::path& path) noexcept {
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

}  // namespace

JournalFile::~JournalFile() {
    close();
}

void JournalFile::close() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

bool JournalFile::open_for_append() {
    if (fd_ >= 0) return true;
    fd_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) return false;
    struct stat info{};
    if (::fstat(fd_, &info) == 0 && (info.st_size > 0 || write_all(fd_, as_bytes(kMagic))))
        return true;
    close();
    return false;
}

Result<JournalFile::Loaded, std::string> JournalFile::load() {
    close();
    Loaded out;
    std::error_code error;
    const auto size = std::filesystem::file_size(path_, error);
    if (error == std::errc::no_such_file_or_directory) return out;
    if (error) return Unexpected{"cannot read " + path_.string() + ": " + error.message()};
    if (size > kJournalBytesMax) return Unexpected{path_.string() + " is larger than any journal"};
    std::ifstream file{path_, std::ios::binary};
    const std::string content{std::istreambuf_iterator<char>{file}, {}};
    if (!file.good() && !file.eof()) return failure("cannot read", path_);
    ByteView rest = as_bytes(content);
    const bool has_magic = content.starts_with(kMagic);
    if (has_magic) rest = rest.subspan(kMagic.size());
    while (has_magic && !rest.empty()) {
        auto tx = take_record(rest);
        if (!tx) break;
        out.txs.push_back(std::move(*tx));
    }
    out.damaged_bytes = rest.size();
    if (out.damaged_bytes > 0 &&
        ::truncate(path_.c_str(), static_cast<off_t>(content.size() - rest.size())) != 0)
        return failure("cannot cut the damaged end off", path_);
    return out;
}

Result<void, std::string> JournalFile::append(const PooledTx& tx) {
    if (!open_for_append()) return failure("cannot open", path_);
    Bytes record;
    append_record(record, tx);
    if (write_all(fd_, record)) return {};
    const auto out = failure("cannot write to", path_);
    close();
    return out;
}

Result<void, std::string> JournalFile::rotate(std::span<const PooledTx> txs) {
    close();
    std::filesystem::path fresh = path_;
    fresh += ".new";
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return failure("cannot open", fresh);
    Bytes content = to_bytes(as_bytes(kMagic));
    for (const PooledTx& tx : txs) append_record(content, tx);
    const bool is_written = write_all(fd, content) && ::fsync(fd) == 0;
    const int why = errno;
    ::close(fd);
    errno = why;
    if (!is_written) return failure("cannot write to", fresh);
    if (::rename(fresh.c_str(), path_.c_str()) != 0) return failure("cannot replace", path_);
    sync_folder_of(path_);
    return {};
}

}  // namespace cairn::chain
