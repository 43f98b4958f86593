// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"

// Files of blocks as geth's `export` writes them: the RLP of each block, one after another, nothing
// before, between or after them.

namespace cairn::node {

/// Bytes of one block at most. Blocks of Ethereum's history stay below 10 MiB, which is also
/// EIP-7934's bound; more means that the file is something else.
inline constexpr std::size_t kBlockBytesMax = std::size_t{64} << 20;

/// Reads such a file block by block. One thread.
class BlockFileReader {
public:
    /// An error (one line, with the path) where the file cannot be opened, or is compressed, which
    /// is not undone here.
    [[nodiscard]] static Result<BlockFileReader, std::string> open(
        const std::filesystem::path& path);

    /// The next block's RLP; nothing at the end of the file. Only the outermost header is looked
    /// at. The error names file and place: bytes that begin no block, a block that is cut off, a
    /// disk that cannot be read.
    [[nodiscard]] Result<std::optional<Bytes>, std::string> next();

    /// Bytes read, and in the file.
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    struct Closer {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    using File = std::unique_ptr<std::FILE, Closer>;

    BlockFileReader(std::filesystem::path path, File file, std::uint64_t size);
    [[nodiscard]] Unexpected<std::string> fault(const std::string& what) const;

    std::filesystem::path path_;
    File file_;
    std::uint64_t size_ = 0;
    std::uint64_t offset_ = 0;
};

/// Writes such a file. What is written stands beside the place under the name FILE.part until
/// `finish`; without it nothing is left. One thread.
class BlockFileWriter {
public:
    /// An error (one line) where the file cannot be made.
    [[nodiscard]] static Result<BlockFileWriter, std::string> create(
        const std::filesystem::path& path);
    ~BlockFileWriter();
    BlockFileWriter(BlockFileWriter&&) noexcept = default;
    BlockFileWriter& operator=(BlockFileWriter&&) = delete;

    /// Appends one block's RLP. An error where the disk does not take it.
    [[nodiscard]] Result<void, std::string> write(ByteView block);
    /// Waits for the disk and gives the file its name, in place of one that had it.
    [[nodiscard]] Result<void, std::string> finish();

private:
    struct Closer {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    using File = std::unique_ptr<std::FILE, Closer>;

    BlockFileWriter(std::filesystem::path path, std::filesystem::path part, File file);

    std::filesystem::path path_;
    std::filesystem::path part_;
    File file_;
};

}  // namespace cairn::node
