// SPDX-License-Identifier: MIT
#include "core/crypto/ripemd160.hpp"
#include "core/crypto/sha256.hpp"
#include "vm/precompiles/contracts.hpp"

namespace cairn::vm::precompiles {

// Yellow Paper, appendix E: 60 + 12 per word.
std::int64_t gas_sha256(ByteView input, Revision) noexcept { return linear_gas(input.size(), 60, 12); }

RunResult run_sha256(ByteView input, Revision, Bytes& output) {
    append(output, sha256(input));
    return {};
}

// Yellow Paper, appendix E: 600 + 120 per word.
std::int64_t gas_ripemd160(ByteView input, Revision) noexcept { return linear_gas(input.size(), 600, 120); }

RunResult run_ripemd160(ByteView input, Revision, Bytes& output) {
    output.resize(12);
    append(output, ripemd160(input));
    return {};
}

}  // namespace cairn::vm::precompiles
