// SPDX-License-Identifier: MIT
// Compiled with -mbmi2 -madx where the target is x86-64; bn254_field.hpp then takes its products from assembly.
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "core/crypto/bn254_entry.hpp"

namespace cairn::bn254 {

const Kernels* adx_kernels() noexcept {
#if defined(__BMI2__) && defined(__ADX__)
    // GCC and clang know no name for ADX in __builtin_cpu_supports: CPUID leaf 7, EBX bits 8 (BMI2) and 19 (ADX).
    constexpr unsigned kNeeded = 1U << 8 | 1U << 19;
    static const bool is_supported = [] {
        unsigned eax = 0;
        unsigned ebx = 0;
        unsigned ecx = 0;
        unsigned edx = 0;
        return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & kNeeded) == kNeeded;
    }();
    return is_supported ? &arithmetic::kKernels : nullptr;
#else
    return nullptr;
#endif
}

}  // namespace cairn::bn254
