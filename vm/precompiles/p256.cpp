// SPDX-License-Identifier: MIT
#include "core/crypto/p256.hpp"

#include "vm/precompiles/contracts.hpp"

namespace cairn::vm::precompiles {
namespace {

/// EIP-7951: hash ‖ r ‖ s ‖ x ‖ y.
constexpr std::size_t kInputBytes = 160;

}  // namespace

std::int64_t gas_p256verify(ByteView, Revision) noexcept { return 6'900; }

RunResult run_p256verify(ByteView input, Revision, Bytes& output) {
    if (input.size() != kInputBytes) return {};
    const p256::Claim claim{
        .digest = Hash256::from(input.subspan(0, 32)),
        .r = Hash256::from(input.subspan(32, 32)),
        .s = Hash256::from(input.subspan(64, 32)),
        .x = Hash256::from(input.subspan(96, 32)),
        .y = Hash256::from(input.subspan(128, 32)),
    };
    if (p256::verify(claim)) append_flag(output, true);
    return {};
}

}  // namespace cairn::vm::precompiles
