// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/expected.hpp"
#include "core/types/ids.hpp"

/// Typed structured data for signing (EIP-712), in the JSON form of eth_signTypedData_v4.
namespace cairn::wallet {

/// Structs that a document may define.
inline constexpr std::size_t kTypedStructsMax = 256;
/// Nesting of structs and arrays in its message.
inline constexpr std::size_t kTypedDepthMax = 32;

/// Why a document has no digest.
enum class TypedDataError : std::uint8_t {
    Json,         ///< no JSON object with types, primaryType, domain and message
    Types,        ///< malformed `types`, or more than kTypedStructsMax
    UnknownType,  ///< a field's type is neither a struct of the document nor an ABI type
    Missing,      ///< the message lacks a field that its struct has
    Extra,        ///< the message has a field that its struct lacks: it would not be signed
    Value,        ///< a value that is none of its type
    TooDeep,      ///< nested deeper than kTypedDepthMax
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(TypedDataError error) noexcept;

/// A document's digest and what to show before it is signed.
struct TypedData {
    /// keccak256(0x19 ‖ 0x01 ‖ domainSeparator ‖ hashStruct(message)).
    Hash256 digest;
    Hash256 domain_separator;
    Hash256 message_hash;
    std::string primary_type;
    /// The preimage of the primary type's hash: "Mail(Person from,…)Person(…)".
    std::string encoded_type;
    std::string domain;   ///< as indented JSON
    std::string message;  ///< likewise
};

/// Reads a document and computes its digest. Strict: a field too many is refused, for its signer
/// would believe to sign it.
[[nodiscard]] Result<TypedData, TypedDataError> parse_typed_data(std::string_view json);

}  // namespace cairn::wallet
