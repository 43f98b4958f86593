// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/crypto/secret.hpp"
#include "wallet/secret_text.hpp"

namespace cairn::wallet {

/// Words of a BIP-39 list.
inline constexpr std::size_t kMnemonicListWords = 2048;

/// The English list of BIP-39: sorted, lower case, told apart by their first four letters.
[[nodiscard]] const std::array<std::string_view, kMnemonicListWords>& english_words() noexcept;

/// Why a phrase is no BIP-39 mnemonic, or has no seed.
enum class MnemonicError : std::uint8_t {
    WordCount,           ///< not 12, 15, 18, 21 or 24 words
    UnknownWord,         ///< a word that the English list does not have
    Checksum,            ///< the last word's checksum bits do not fit the others
    PassphraseNotAscii,  ///< the passphrase would need Unicode normalisation (NFKD)
};

/// A fault of a phrase, and where it lies.
struct MnemonicFault {
    MnemonicError error = MnemonicError::WordCount;
    /// UnknownWord: position of the word, the first being 1. WordCount: words counted. Else 0.
    std::size_t position = 0;
    friend bool operator==(const MnemonicFault&, const MnemonicFault&) = default;
};

/// One sentence without a full stop; never holds a word of the phrase.
[[nodiscard]] std::string_view to_string(MnemonicError error) noexcept;

/// The phrase of this entropy: 12, 15, 18, 21 or 24 words with single spaces between (BIP-39,
/// "Generating the mnemonic").
/// @param entropy  16, 20, 24, 28 or 32 bytes (asserted)
[[nodiscard]] SecretText encode_mnemonic(ByteView entropy);

/// A fresh phrase from the system's randomness. Throws SystemError when there is none.
/// @param words  12, 15, 18, 21 or 24 (asserted)
[[nodiscard]] SecretText make_mnemonic(std::size_t words);

/// The entropy behind a phrase. Words are separated by any white space and may be of either case.
/// Checked in this order: count, words, checksum.
[[nodiscard]] Result<SecretText, MnemonicFault> decode_mnemonic(std::string_view phrase);

/// The 64-byte seed of a valid phrase: PBKDF2-HMAC-SHA512 with 2048 rounds and the salt "mnemonic"
/// ‖ passphrase over the words in lower case with single spaces (BIP-39, "From mnemonic to seed").
/// BIP-39 normalises to NFKD first, which leaves ASCII as it is; a passphrase beyond ASCII is
/// refused.
/// @param passphrase  mostly empty; another one gives another, equally valid wallet
[[nodiscard]] Result<Secret<64>, MnemonicFault> mnemonic_seed(std::string_view phrase,
                                                              std::string_view passphrase);

}  // namespace cairn::wallet
