// SPDX-License-Identifier: MIT
#include "wallet/mnemonic.hpp"

#include <algorithm>
#include <vector>

#include "core/base/assert.hpp"
#include "core/crypto/kdf.hpp"
#include "core/crypto/random.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::wallet {
namespace {

constexpr std::size_t kBitsPerWord = 11;
constexpr std::size_t kWordsMax = 24;
constexpr std::uint64_t kSeedRounds = 2048;

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// The phrase in lower case with single spaces.
SecretText normalise(std::string_view phrase) {
    SecretText out;
    bool pending_space = false;
    for (const char c : phrase) {
        if (is_space(c)) {
            pending_space = !out.is_empty();
            continue;
        }
        if (pending_space) out.append(' ');
        pending_space = false;
        out.append(to_lower(c));
    }
    return out;
}

/// Positions of the words in the list.
using WordIndexes = std::vector<std::uint16_t, WipingAllocator<std::uint16_t>>;

Result<WordIndexes, MnemonicFault> find_words(std::string_view normal) {
    std::size_t count = normal.empty() ? 0 : 1;
    for (const char c : normal) count += c == ' ';
    if (count < 12 || count > kWordsMax || count % 3 != 0)
        return Unexpected{MnemonicFault{MnemonicError::WordCount, count}};
    const auto& list = english_words();
    WordIndexes out;
    while (!normal.empty()) {
        const auto word = normal.substr(0, normal.find(' '));
        const auto at = std::lower_bound(list.begin(), list.end(), word);
        if (at == list.end() || *at != word)
            return Unexpected{MnemonicFault{MnemonicError::UnknownWord, out.size() + 1}};
        out.push_back(static_cast<std::uint16_t>(at - list.begin()));
        normal.remove_prefix(std::min(word.size() + 1, normal.size()));
    }
    return out;
}

/// Bit `i` of a big-endian bit string.
bool bit_of(ByteView bytes, std::size_t i) noexcept {
    return (bytes[i / 8] >> (7 - i % 8) & 1) != 0;
}

}  // namespace

std::string_view to_string(MnemonicError error) noexcept {
    switch (error) {
        case MnemonicError::WordCount:
            return "a mnemonic has 12, 15, 18, 21 or 24 words";
        case MnemonicError::UnknownWord:
            return "a word is not in the English list of BIP-39";
        case MnemonicError::Checksum:
            return "the checksum does not fit: a word is wrong or out of order";
        case MnemonicError::PassphraseNotAscii:
            return "a passphrase may hold ASCII characters only";
    }
    return "unknown";
}

SecretText encode_mnemonic(ByteView entropy) {
    CAIRN_ASSERT(entropy.size() >= 16 && entropy.size() <= 32 && entropy.size() % 4 == 0);
    // The checksum is the first bit of the hash for each four bytes of entropy: at most one byte.
    const auto checksum = sha256(entropy);
    SecretText bits{as_text(entropy)};
    bits.append(static_cast<char>(checksum.bytes[0]));
    const std::size_t words = entropy.size() * 3 / 4;
    SecretText phrase;
    for (std::size_t w = 0; w < words; ++w) {
        std::size_t index = 0;
        for (std::size_t b = 0; b < kBitsPerWord; ++b)
            index = index << 1 |
                    static_cast<std::size_t>(bit_of(bits.reveal_bytes(), w * kBitsPerWord + b));
        if (w != 0) phrase.append(' ');
        phrase.append(english_words()[index]);
    }
    return phrase;
}

SecretText make_mnemonic(std::size_t words) {
    CAIRN_ASSERT(words >= 12 && words <= kWordsMax && words % 3 == 0);
    Secret<32> entropy;
    const auto part = entropy.reveal_mutable().first(words * 4 / 3);
    random_bytes(part);
    return encode_mnemonic(part);
}

Result<SecretText, MnemonicFault> decode_mnemonic(std::string_view phrase) {
    const auto normal = normalise(phrase);
    const auto indexes = find_words(normal.reveal());
    if (!indexes) return Unexpected{indexes.error()};
    const std::size_t entropy_bits = indexes->size() * kBitsPerWord * 32 / 33;
    SecretText bytes;
    unsigned pending = 0;
    std::size_t pending_bits = 0;
    for (const auto index : *indexes) {
        pending = pending << kBitsPerWord | index;
        for (pending_bits += kBitsPerWord; pending_bits >= 8; pending_bits -= 8)
            bytes.append(static_cast<char>(pending >> (pending_bits - 8) & 0xff));
        pending &= (1U << pending_bits) - 1;
    }
    // What is left of the checksum after whole bytes; 24 words end in a whole byte of it.
    const std::size_t checksum_bits = entropy_bits / 32;
    if (pending_bits != 0) bytes.append(static_cast<char>(pending << (8 - pending_bits)));
    const auto entropy = bytes.reveal_bytes().first(entropy_bits / 8);
    const auto stated = bytes.reveal_bytes()[entropy_bits / 8];
    const auto computed =
        static_cast<std::uint8_t>(sha256(entropy).bytes[0] & (0xff << (8 - checksum_bits)));
    if (stated != computed) return Unexpected{MnemonicFault{MnemonicError::Checksum}};
    return SecretText{as_text(entropy)};
}

Result<Secret<64>, MnemonicFault> mnemonic_seed(std::string_view phrase,
                                                std::string_view passphrase) {
    const auto entropy = decode_mnemonic(phrase);
    if (!entropy) return Unexpected{entropy.error()};
    for (const char c : passphrase)
        if (static_cast<unsigned char>(c) > 0x7e || static_cast<unsigned char>(c) < 0x20)
            return Unexpected{MnemonicFault{MnemonicError::PassphraseNotAscii}};
    const auto normal = normalise(phrase);
    SecretText salt{"mnemonic"};
    salt.append(passphrase);
    Secret<64> seed;
    const auto derived = pbkdf2_hmac_sha512(normal.reveal_bytes(), salt.reveal_bytes(), kSeedRounds,
                                            seed.reveal_mutable());
    CAIRN_ASSERT(derived.has_value());
    return seed;
}

}  // namespace cairn::wallet
