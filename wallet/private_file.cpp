// SPDX-License-Identifier: MIT
#include "wallet/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "core/base/hex.hpp"
#include "core/base/system_error.hpp"
#include "core/crypto/random.hpp"

namespace cairn::wallet {
namespace {

namespace fs = std::filesystem;

/// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int fd) noexcept : fd_{fd} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }

private:
    int fd_;
};

/// Removes a temporary file on every way out.
class Unlinker {
public:
    explicit Unlinker(std::string path) : path_{std::move(path)} {}
    Unlinker(const Unlinker&) = delete;
    Unlinker& operator=(const Unlinker&) = delete;
    ~Unlinker() { ::unlink(path_.c_str()); }

private:
    std::string path_;
};

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
    throw SystemError{what + " " + path.string() + ": " + std::strerror(errno)};
}

/// The errors that are the user's to mend; nothing for those of the machine.
std::optional<FileError> error_of(int number) noexcept {
    switch (number) {
        case ENOENT:
        case ENOTDIR:
            return FileError::NotFound;
        case EACCES:
        case EPERM:
        case EROFS:
            return FileError::Forbidden;
        case EEXIST:
            return FileError::Exists;
        case EISDIR:
            return FileError::Unreadable;
        default:
            return std::nullopt;
    }
}

Result<void, FileError> make_folder(const fs::path& folder) {
    std::error_code error;
    if (folder.empty() || fs::is_directory(folder, error)) return {};
    if (auto parent = make_folder(folder.parent_path()); !parent) return parent;
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return {};
    if (const auto ours = error_of(errno)) return Unexpected{*ours};
    fail("cannot make the folder", folder);
}

void write_all(int fd, std::string_view content, const fs::path& path) {
    while (!content.empty()) {
        const auto written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) fail("cannot write", path);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
}

void sync(int fd, const fs::path& path) {
    if (::fsync(fd) != 0) fail("cannot bring to the disk", path);
}

}  // namespace

std::string_view to_string(FileError error) noexcept {
    switch (error) {
        case FileError::NotFound:
            return "there is no such file";
        case FileError::Forbidden:
            return "permission denied";
        case FileError::TooLarge:
            return "the file is too large";
        case FileError::Exists:
            return "a file of that name exists and is not overwritten";
        case FileError::Unreadable:
            return "it is a folder or cannot be read";
    }
    return "unknown";
}

Result<void, FileError> write_private_file(const fs::path& path, std::string_view content) {
    const auto folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
    if (auto made = make_folder(folder); !made) return made;
    std::array<std::uint8_t, 8> tag{};
    random_bytes(tag);
    const std::string temporary = path.string() + ".tmp" + to_hex(tag);
    const Descriptor file{
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!file.is_open()) {
        if (const auto ours = error_of(errno)) return Unexpected{*ours};
        fail("cannot write", path);
    }
    const Unlinker unlinker{temporary};
    write_all(file.get(), content, path);
    sync(file.get(), path);
    // A link, unlike a rename, does not replace a file of that name.
    if (::link(temporary.c_str(), path.c_str()) != 0) {
        if (const auto ours = error_of(errno)) return Unexpected{*ours};
        fail("cannot write", path);
    }
    const Descriptor directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!directory.is_open()) fail("cannot open the folder", folder);
    sync(directory.get(), folder);
    return {};
}

Result<SecretText, FileError> read_private_file(const fs::path& path, std::size_t bytes_max) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.is_open()) {
        if (const auto ours = error_of(errno)) return Unexpected{*ours};
        return Unexpected{FileError::Unreadable};
    }
    SecretText out;
    Secret<4096> chunk;
    for (;;) {
        const auto room = chunk.reveal_mutable();
        const auto count = ::read(file.get(), room.data(), room.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return Unexpected{FileError::Unreadable};
        if (count == 0) return out;
        out.append(as_text(chunk.reveal().first(static_cast<std::size_t>(count))));
        if (out.size() > bytes_max) return Unexpected{FileError::TooLarge};
    }
}

}  // namespace cairn::wallet
