// SPDX-License-Identifier: MIT
#include "core/crypto/bn254_entry.hpp"

namespace cairn::bn254 {

const Kernels& portable_kernels() noexcept { return arithmetic::kKernels; }

}  // namespace cairn::bn254
