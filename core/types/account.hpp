// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/decode_error.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn {

/// keccak256 of no bytes: the code hash of an account without code.
inline constexpr CodeHash kEmptyCodeHash{
    std::array<std::uint8_t, 32>{0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d,
                                 0xb2, 0xdc, 0xc7, 0x03, 0xc0, 0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82,
                                 0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70}};

/// keccak256(rlp("")): the root of an empty trie (Yellow Paper, appendix D).
inline constexpr Hash256 kEmptyTrieRoot{
    std::array<std::uint8_t, 32>{0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45,
                                 0xe6, 0x92, 0xc0, 0xf8, 0x6e, 0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c,
                                 0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21}};

/// keccak256(rlp([])): the ommers hash of a block without ommers.
inline constexpr Hash256 kEmptyOmmersHash{
    std::array<std::uint8_t, 32>{0x1d, 0xcc, 0x4d, 0xe8, 0xde, 0xc7, 0x5d, 0x7a, 0xab, 0x85, 0xb5,
                                 0x67, 0xb6, 0xcc, 0xd4, 0x1a, 0xd3, 0x12, 0x45, 0x1b, 0x94, 0x8a,
                                 0x74, 0x13, 0xf0, 0xa1, 0x42, 0xfd, 0x40, 0xd4, 0x93, 0x47}};

/// An account as the state trie's leaf holds it (Yellow Paper, section 4.1).
struct Account {
    std::uint64_t nonce = 0;
    Wei balance;
    Hash256 storage_root = kEmptyTrieRoot;
    CodeHash code_hash = kEmptyCodeHash;

    /// No nonce, no balance, no code: "empty" in EIP-161's sense. Storage does not count.
    [[nodiscard]] bool is_empty() const noexcept {
        return nonce == 0 && balance.is_zero() && code_hash == kEmptyCodeHash;
    }
    friend bool operator==(const Account&, const Account&) noexcept = default;
};

/// RLP list of 4: [nonce, balance, storage_root, code_hash].
[[nodiscard]] Bytes encode_account(const Account& account);

/// Exactly one account and nothing after it; fields strict as in encode_account.
[[nodiscard]] Result<Account, DecodeError> decode_account(ByteView bytes);

}  // namespace cairn
