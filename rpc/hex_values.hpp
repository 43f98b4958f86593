// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/math/uint256.hpp"
#include "core/types/ids.hpp"

namespace cairn::rpc {

// Hex text to values, strict as EIP-1474 asks, with geth's words where it is wrong: clients and
// their tests know those. All functions are pure.

/// Why a text is no value.
enum class HexFault : std::uint8_t {
    Empty,         ///< "empty hex string"
    NoPrefix,      ///< "hex string without 0x prefix"
    NoDigits,      ///< "hex string \"0x\""
    LeadingZeros,  ///< "hex number with leading zero digits"
    Foreign,       ///< "invalid hex string"
    OddLength,     ///< "hex string of odd length"
    Above64Bits,   ///< "hex number > 64 bits"
    Above256Bits,  ///< "hex number > 256 bits"
};

/// geth's words for it.
[[nodiscard]] std::string_view to_string(HexFault fault) noexcept;

/// A quantity of at most 64 bits: "0x0", "0x1f".
[[nodiscard]] Result<std::uint64_t, HexFault> decode_quantity64(std::string_view text);
/// A quantity of at most 256 bits.
[[nodiscard]] Result<Uint256, HexFault> decode_quantity256(std::string_view text);
/// Bytes: "0x", "0x00ff".
[[nodiscard]] Result<Bytes, HexFault> decode_data(std::string_view text);

/// A key of eth_getStorageAt and eth_getProof.
struct StorageKey {
    Uint256 slot;
    bool is_word = false;  ///< written as 32 bytes: eth_getProof answers in the same form
};

/// A storage key as geth takes it: up to 32 bytes of hex, even or odd, prefix or none. The error is
/// the whole message.
[[nodiscard]] Result<StorageKey, std::string> decode_storage_key(std::string_view text);

}  // namespace cairn::rpc
