// SPDX-License-Identifier: MIT
#include "node/app/block_file.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace cairn::node {
namespace {

namespace fs = std::filesystem;

/// Size of the buffer between file and reader, bytes.
constexpr std::size_t kBufferBytes = std::size_t{1} << 20;

constexpr std::array<std::uint8_t, 2> kGzipMagic{0x1f, 0x8b};  // RFC 1952

/// Prefix bytes of a list in RLP (Yellow Paper, appendix B): from the first one on with its length
/// in the byte itself, from the second on with the length behind it.
constexpr std::uint8_t kShortList = 0xc0;
constexpr std::uint8_t kLongList = 0xf8;

std::string cannot(std::string_view what, const fs::path& path) {
    return fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno));
}

}  // namespace

BlockFileReader::BlockFileReader(fs::path path, File file, std::uint64_t size)
    : path_{std::move(path)}, file_{std::move(file)}, size_{size} {}

Result<BlockFileReader, std::string> BlockFileReader::open(const fs::path& path) {
    std::error_code code;
    if (fs::is_directory(path, code))
        return Unexpected{fmt::format("{} is a folder, not a file", path.string())};
    File file{std::fopen(path.c_str(), "rbe")};
    if (!file) return Unexpected{cannot("open", path)};
    std::setvbuf(file.get(), nullptr, _IOFBF, kBufferBytes);
    std::array<std::uint8_t, 2> magic{};
    if (std::fread(magic.data(), 1, magic.size(), file.get()) == magic.size() &&
        magic == kGzipMagic)
        return Unexpected{
            fmt::format("{} is compressed; unpack it first, with gunzip", path.string())};
    std::rewind(file.get());
    const auto size = fs::file_size(path, code);
    return BlockFileReader{path, std::move(file), code ? 0 : size};
}

Unexpected<std::string> BlockFileReader::fault(const std::string& what) const {
    return Unexpected{fmt::format("{}, at byte {}: {}", path_.string(), offset_, what)};
}

Result<std::optional<Bytes>, std::string> BlockFileReader::next() {
    const int first = std::fgetc(file_.get());
    if (first == EOF && std::ferror(file_.get()) != 0) return fault(std::strerror(errno));
    if (first == EOF) return std::optional<Bytes>{};
    const auto prefix = static_cast<std::uint8_t>(first);
    if (prefix < kShortList) return fault("no block begins here");
    Bytes out{prefix};
    const auto take = [this, &out](std::size_t count) {
        const std::size_t at = out.size();
        out.resize(at + count);
        return std::fread(out.data() + at, 1, count, file_.get()) == count;
    };
    const auto cut_off = [this] {
        return fault(std::ferror(file_.get()) != 0 ? std::strerror(errno) : "the block is cut off");
    };
    std::size_t length = prefix - kShortList;
    if (prefix >= kLongList) {
        const std::size_t width = prefix - kLongList + std::size_t{1};
        if (!take(width)) return cut_off();
        length = 0;
        for (const std::uint8_t byte : std::span{out}.subspan(1)) {
            if (length > kBlockBytesMax) break;  // more bytes only make it larger
            length = length << 8 | byte;
        }
    }
    if (length > kBlockBytesMax)
        return fault(
            fmt::format("no block begins here: it would have more than {} bytes", kBlockBytesMax));
    if (!take(length)) return cut_off();
    offset_ += out.size();
    return std::optional{std::move(out)};
}

BlockFileWriter::BlockFileWriter(fs::path path, fs::path part, File file)
    : path_{std::move(path)}, part_{std::move(part)}, file_{std::move(file)} {}

Result<BlockFileWriter, std::string> BlockFileWriter::create(const fs::path& path) {
    fs::path part = path;
    part += ".part";
    File file{std::fopen(part.c_str(), "wbe")};
    if (!file) return Unexpected{cannot("create", part)};
    std::setvbuf(file.get(), nullptr, _IOFBF, kBufferBytes);
    return BlockFileWriter{path, std::move(part), std::move(file)};
}

BlockFileWriter::~BlockFileWriter() {
    if (!file_) return;  // finished, or moved from
    file_.reset();
    std::error_code ignored;
    fs::remove(part_, ignored);
}

Result<void, std::string> BlockFileWriter::write(ByteView block) {
    if (std::fwrite(block.data(), 1, block.size(), file_.get()) != block.size())
        return Unexpected{cannot("write", part_)};
    return {};
}

Result<void, std::string> BlockFileWriter::finish() {
    if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0)
        return Unexpected{cannot("write", part_)};
    if (std::rename(part_.c_str(), path_.c_str()) != 0) return Unexpected{cannot("create", path_)};
    file_.reset();
    return {};
}

}  // namespace cairn::node
