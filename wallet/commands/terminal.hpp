// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "wallet/secret_text.hpp"

namespace cairn::wallet {

/// Longest password or phrase that is read, in bytes.
inline constexpr std::size_t kSecretBytesMax = 4096;

/// Reads a line from the controlling terminal without echo. Fails with BadRequest where there is no
/// terminal, with Interrupted where a signal comes; the terminal echoes again after either.
/// @param prompt      shown before, like "Password: "
/// @param without_it  what to give instead where there is no terminal
[[nodiscard]] SecretText ask_secret(std::string_view prompt, const std::string& without_it);

/// Shows the text, which ends in a question, on the controlling terminal and asks for yes; anything
/// but "y" or "yes" is no. Fails with BadRequest where there is no terminal, with Interrupted where
/// a signal comes.
[[nodiscard]] bool ask_yes(std::string_view text);

/// The password that unlocks: the first line of the file where one is named, else $CAIRN_PASSWORD,
/// else a prompt. Fails with BadRequest where the file does not read.
[[nodiscard]] SecretText get_password(const std::string& file, std::string_view prompt);

/// The password for a key file about to be made: as get_password, asked for twice at a prompt.
[[nodiscard]] SecretText get_fresh_password(const std::string& file);

/// A secret that is imported: from the file, else $CAIRN_SECRET, else a prompt.
[[nodiscard]] SecretText get_secret(const std::string& file, std::string_view prompt);

}  // namespace cairn::wallet
