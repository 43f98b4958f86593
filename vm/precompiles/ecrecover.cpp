// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "core/crypto/secp256k1.hpp"
#include "vm/precompiles/contracts.hpp"

namespace cairn::vm::precompiles {

// Yellow Paper, appendix E.
std::int64_t gas_ecrecover(ByteView, Revision) noexcept { return 3'000; }

RunResult run_ecrecover(ByteView input, Revision, Bytes& output) {
    // hash ‖ v ‖ r ‖ s; v is a whole word of value 27 or 28.
    std::array<std::uint8_t, 128> words;
    read_padded(input, 0, words.size(), words.data());
    const ByteView view{words};
    const ByteView v = view.subspan(32, 32);
    const bool is_short = std::all_of(v.begin(), v.end() - 1, [](std::uint8_t b) { return b == 0; });
    if (!is_short || (v.back() != 27 && v.back() != 28)) return {};

    const secp256k1::Signature signature{
        .r = Hash256::from(view.subspan(64, 32)),
        .s = Hash256::from(view.subspan(96, 32)),
        .y_parity = static_cast<std::uint8_t>(v.back() - 27),
    };
    const auto signer = secp256k1::recover_address(Hash256::from(view.first(32)), signature);
    if (!signer) return {};
    output.resize(12);
    append(output, *signer);
    return {};
}

}  // namespace cairn::vm::precompiles
