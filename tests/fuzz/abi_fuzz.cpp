// SPDX-License-Identifier: MIT
// Contract ABI: a line is a type, the rest is data. Whatever decodes encodes to something that
// decodes to the same value, and what is printed reads back. JSON interfaces are read in between.
#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"
#include "wallet/abi.hpp"
#include "wallet/abi_text.hpp"
#include "wallet/eip712.hpp"

using namespace cairn;
using namespace cairn::wallet;

namespace {

void check_value(const AbiType& type, ByteView data) {
    const AbiType tuple{AbiKind::Tuple, 0, 0, {type}, {""}};
    const auto value = decode_abi(tuple, data);
    if (!value) return;
    const auto encoded = encode_abi(tuple, *value);
    CAIRN_ASSERT(encoded.has_value());
    const auto again = decode_abi(tuple, *encoded);
    CAIRN_ASSERT(again.has_value() && *again == *value);
    (void)format_abi_value(tuple, *value);
}

void check_text(const AbiType& type, std::string_view text) {
    const auto value = parse_abi_value(type, text);
    if (!value) return;
    const AbiType tuple{AbiKind::Tuple, 0, 0, {type}, {""}};
    AbiValue values;
    values.parts.push_back(*value);
    const auto encoded = encode_abi(tuple, values);
    CAIRN_ASSERT(encoded.has_value());
    const auto decoded = decode_abi(tuple, *encoded);
    CAIRN_ASSERT(decoded.has_value() && *decoded == values);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(bytes), size};
    const auto line = text.substr(0, text.find('\n'));
    const auto rest = text.substr(line.size() + (line.size() < text.size() ? 1 : 0));
    if (const auto type = parse_abi_type(line)) {
        const auto again = parse_abi_type(canonical_name(*type));
        CAIRN_ASSERT(again.has_value() && canonical_name(*again) == canonical_name(*type));
        check_value(*type, as_bytes(rest));
        check_text(*type, rest);
    }
    Abi abi;
    (void)add_signature(abi, line);
    (void)parse_abi_json(text);
    (void)parse_typed_data(text);
    return 0;
}
