// SPDX-License-Identifier: MIT
// Mnemonic phrases: bytes of a valid length are entropy that survives the way to words and back;
// any text that decodes is the phrase of what it decodes to.
#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"
#include "wallet/mnemonic.hpp"

using namespace cairn;
using namespace cairn::wallet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const ByteView data{bytes, size};
    if (size >= 16 && size <= 32 && size % 4 == 0) {
        const auto phrase = encode_mnemonic(data);
        const auto entropy = decode_mnemonic(phrase.reveal());
        CAIRN_ASSERT(entropy.has_value() && equal(entropy->reveal_bytes(), data));
    }
    if (const auto entropy = decode_mnemonic(as_text(data))) {
        const auto phrase = encode_mnemonic(entropy->reveal_bytes());
        CAIRN_ASSERT(*decode_mnemonic(phrase.reveal()) == *entropy);
    }
    return 0;
}
