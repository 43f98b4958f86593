// SPDX-License-Identifier: MIT
// Compiled with BMI1 and BMI2; called only where the processor has them.
#include "core/crypto/keccak_kernels.hpp"
#include "core/crypto/keccak_scalar_ops.hpp"

namespace cairn::keccak_kernels {

void permute_bmi(std::uint64_t* state) noexcept { keccak_permute_scalar(state); }

}  // namespace cairn::keccak_kernels
