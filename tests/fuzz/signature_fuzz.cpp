// SPDX-License-Identifier: MIT
// Signatures of both kinds: of functions, events and errors as lines, and of keys as hex. Whatever
// reads prints back to what it was, and no digest and signature trouble the recovery of a signer.
#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "wallet/abi.hpp"
#include "wallet/signer.hpp"

using namespace cairn;
using namespace cairn::wallet;

namespace {

/// The canonical form is a signature itself, with the same selector.
void check_function(std::string_view line) {
    const auto function = parse_function(line);
    if (!function) return;
    const auto canonical = canonical_signature(function->name, function->inputs);
    // A function may have the name of another kind, which alone would be taken for that.
    const auto again = parse_function("function " + canonical);
    CAIRN_ASSERT(again.has_value());
    CAIRN_ASSERT(canonical_signature(again->name, again->inputs) == canonical);
    CAIRN_ASSERT(selector_of(again->name, again->inputs) ==
                 selector_of(function->name, function->inputs));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(bytes), size};
    check_function(text);
    if (const auto event = parse_event(text)) (void)topic_of(*event);
    Abi abi;
    (void)add_signature(abi, text);
    if (const auto signature = parse_signature(text)) {
        CAIRN_ASSERT(*parse_signature(format_signature(*signature)) == *signature);
        (void)secp256k1::recover_address(keccak256(as_bytes(text)), *signature);
    }
    // Random bytes are seldom 130 hex digits: these make some of them.
    if (size == 65) {
        const auto signature = parse_signature(to_hex0x(ByteView{bytes, size}));
        if (signature)
            (void)secp256k1::recover_address(message_digest(as_bytes(text)), *signature);
    }
    return 0;
}
