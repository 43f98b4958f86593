// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "core/base/expected.hpp"
#include "wallet/secret_text.hpp"

namespace cairn::wallet {

/// Why a file of the user's could not be read or written.
enum class FileError : std::uint8_t {
    NotFound,    ///< there is no such file
    Forbidden,   ///< the permissions do not let us
    TooLarge,    ///< larger than the caller's limit
    Exists,      ///< a file of that name is there and is never overwritten
    Unreadable,  ///< a folder, or the disk fails
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(FileError error) noexcept;

/// Writes a file that only its owner may read or write (mode 0600), whole or not at all: into a
/// temporary file beside it, fsync, then linked to its name, and fsync of the folder. Folders that
/// are missing are made with mode 0700. A file of that name is kept: Exists. Other errors:
/// Forbidden. Throws SystemError when the disk fails or is full; nothing is left behind then.
[[nodiscard]] Result<void, FileError> write_private_file(const std::filesystem::path& path,
                                                         std::string_view content);

/// The whole content of a regular file or pipe of at most `bytes_max` bytes. Errors: NotFound,
/// Forbidden, TooLarge, Unreadable.
[[nodiscard]] Result<SecretText, FileError> read_private_file(const std::filesystem::path& path,
                                                              std::size_t bytes_max);

}  // namespace cairn::wallet
