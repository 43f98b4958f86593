// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.hpp"

/// Types of the contract ABI (Solidity documentation, "Contract ABI Specification").
namespace cairn::wallet {

/// Nesting of arrays and tuples in one type.
inline constexpr std::size_t kAbiDepthMax = 16;
/// Parameters of one list, or components of one tuple.
inline constexpr std::size_t kAbiPartsMax = 256;
/// Words that a type of fixed size may take, so that `uint256[1000000][1000000]` is no type.
inline constexpr std::size_t kAbiStaticWordsMax = 65536;

/// The kinds of types.
enum class AbiKind : std::uint8_t {
    Uint,        ///< uintM; size: bits
    Int,         ///< intM; size: bits
    Ufixed,      ///< ufixedMxN; size: bits, decimals: N
    Fixed,       ///< fixedMxN; likewise
    Address,     ///< 20 bytes
    Bool,        ///< 0 or 1
    FixedBytes,  ///< bytesM; size: bytes
    Function,    ///< an address and a selector: 24 bytes
    Bytes,       ///< any number of bytes
    String,      ///< the same, meant as UTF-8
    Array,       ///< T[]; parts: the element's type
    FixedArray,  ///< T[k]; size: k; parts: the element's type
    Tuple,       ///< (T1,T2,…); parts: the components' types, names: their names
};

/// A type. Made by the readers below, which keep all limits and never make an empty array or tuple,
/// so that every value takes at least one word.
struct AbiType {
    AbiKind kind = AbiKind::Uint;
    std::size_t size = 256;
    unsigned decimals = 0;
    std::vector<AbiType> parts;
    /// Tuple: as many names as parts; empty ones where the source had none.
    std::vector<std::string> names;
    friend bool operator==(const AbiType&, const AbiType&) = default;
};

/// A parameter, return value or event field.
struct AbiParam {
    AbiType type;
    std::string name;  ///< may be empty
    bool is_indexed = false;
    friend bool operator==(const AbiParam&, const AbiParam&) = default;
};

/// Why a text is no type or list of parameters.
enum class AbiTypeError : std::uint8_t {
    Syntax,    ///< brackets, commas or characters out of place
    Unknown,   ///< no type of that name
    Width,     ///< uint7, bytes33, fixed128x81, …
    Empty,     ///< an array of length 0 or a tuple without components
    TooDeep,   ///< nested deeper than kAbiDepthMax
    TooLarge,  ///< above kAbiPartsMax or kAbiStaticWordsMax
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(AbiTypeError error) noexcept;

/// Reads one type: "uint256", "uint" (256 bits), "(address to,bytes)[2][]", "tuple(bool)".
[[nodiscard]] Result<AbiType, AbiTypeError> parse_abi_type(std::string_view text);

/// Reads a list in parentheses at the front of `text`, spaces included, and drops it:
/// "(address indexed from, uint256 value) rest". Data locations (memory, calldata, storage) and
/// `payable` after a type are passed over.
[[nodiscard]] Result<std::vector<AbiParam>, AbiTypeError> take_abi_params(std::string_view& text);

/// Reads one parameter, the way take_abi_params reads each: "uint256 value".
[[nodiscard]] Result<AbiParam, AbiTypeError> parse_abi_param(std::string_view text);

/// The name that selectors are made of: "(address,bytes)[2][]".
[[nodiscard]] std::string canonical_name(const AbiType& type);

/// "name(type,type)", the preimage of selectors and topics.
[[nodiscard]] std::string canonical_signature(std::string_view name,
                                              const std::vector<AbiParam>& params);

/// Whether the type's encoding has no fixed length and so stands behind an offset.
[[nodiscard]] bool is_dynamic(const AbiType& type) noexcept;

/// Words of 32 bytes that a value takes among its neighbours: 1 for an offset, else the type's
/// whole length.
[[nodiscard]] std::size_t head_words(const AbiType& type) noexcept;

/// The parameters as the one tuple that they are encoded as.
[[nodiscard]] AbiType tuple_of(const std::vector<AbiParam>& params);

}  // namespace cairn::wallet
