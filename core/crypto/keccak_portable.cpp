// SPDX-License-Identifier: MIT
#include "core/crypto/keccak_kernels.hpp"
#include "core/crypto/keccak_scalar_ops.hpp"

namespace cairn::keccak_kernels {

void permute_portable(std::uint64_t* state) noexcept { keccak_permute_scalar(state); }

}  // namespace cairn::keccak_kernels
