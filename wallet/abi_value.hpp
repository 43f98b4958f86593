// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/math/uint256.hpp"
#include "wallet/abi_type.hpp"

namespace cairn::wallet {

/// A value of some AbiType; which field holds it follows from the type's kind.
struct AbiValue {
    /// Uint, Bool (0 or 1), Ufixed; Int and Fixed in two's complement over 256 bits. Fixed-point
    /// numbers are times 10^decimals.
    Uint256 number;
    /// Address (20), FixedBytes (the type's size), Function (24), Bytes, String.
    Bytes bytes;
    /// Array, FixedArray and Tuple.
    std::vector<AbiValue> parts;
    friend bool operator==(const AbiValue&, const AbiValue&) = default;
};

/// Why a value is none of its type.
enum class AbiValueError : std::uint8_t {
    Syntax,    ///< text that does not read as the type
    Range,     ///< a number that the type's bits cannot hold, or a bool other than 0 and 1
    Length,    ///< bytes of another length than the type's
    Count,     ///< elements of another number than the type's
    Address,   ///< no address, or its checksum does not fit
    Decimals,  ///< a fraction finer than the type's
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(AbiValueError error) noexcept;

/// The encoding of a tuple's components, without an offset before them: how arguments, return
/// values and event data are encoded (ABI specification, "Formal Specification of the Encoding").
/// Errors: Range, Length, Count.
/// @param tuple  of kind Tuple (asserted); the parameters' tuple_of
/// @param value  as many parts as the tuple
[[nodiscard]] Result<Bytes, AbiValueError> encode_abi(const AbiType& tuple, const AbiValue& value);

/// Why bytes are no encoding of a type.
enum class AbiDecodeError : std::uint8_t {
    Truncated,  ///< the bytes end before the value does
    Offset,     ///< an offset into its own head, or past the end
    Padding,    ///< padding that is not zero
    Range,      ///< a number beyond the type's bits, or a bool other than 0 and 1
    Overlap,    ///< offsets that lead to the same bytes more than once
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(AbiDecodeError error) noexcept;

/// The inverse of encode_abi. Strict on numbers, padding and offsets; bytes after the value are
/// passed over. Work and memory are bounded by the length of `data`: no byte is read twice.
[[nodiscard]] Result<AbiValue, AbiDecodeError> decode_abi(const AbiType& tuple, ByteView data);

/// Decodes a value that is one word: an indexed event field of a value type. Kinds that are hashed
/// there (strings, bytes, arrays, tuples) come back as 32 bytes.
[[nodiscard]] Result<AbiValue, AbiDecodeError> decode_abi_topic(const AbiType& type, ByteView word);

/// Whether an indexed field of this type is stored as the hash of its value.
[[nodiscard]] bool is_hashed_topic(const AbiType& type) noexcept;

}  // namespace cairn::wallet
