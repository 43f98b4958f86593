// SPDX-License-Identifier: MIT
#include "vm/precompiles/contracts.hpp"

namespace cairn::vm::precompiles {

// Yellow Paper, appendix E: 15 + 3 per word.
std::int64_t gas_identity(ByteView input, Revision) noexcept { return linear_gas(input.size(), 15, 3); }

RunResult run_identity(ByteView input, Revision, Bytes& output) {
    append(output, input);
    return {};
}

}  // namespace cairn::vm::precompiles
