// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

/// Montgomery products with MULX and the two carry chains of ADCX and ADOX; compilers keep to one chain. Included by
/// bn254_field.hpp where the target has BMI2 and ADX.
///
/// Rows are added to five words t0 … t4, the names of which turn by one from row to row: a reduced row leaves its lowest
/// word zero, which is the next row's highest. Everything is straight-line and in registers but the factors and p.

// rdx: the factor of the row; lo, hi: one product. The XOR clears the carries of both chains.
#define CAIRN_BN254_ROW(x, y, offset, t0, t1, t2, t3, t4) \
    "movq " offset "(%[" y "]), %%rdx\n\t"                \
    "xorl %k[lo], %k[lo]\n\t"                             \
    "mulxq (%[" x "]), %[lo], %[hi]\n\t"                  \
    "adcxq %[lo], %[" t0 "]\n\t"                          \
    "adoxq %[hi], %[" t1 "]\n\t"                          \
    "mulxq 8(%[" x "]), %[lo], %[hi]\n\t"                 \
    "adcxq %[lo], %[" t1 "]\n\t"                          \
    "adoxq %[hi], %[" t2 "]\n\t"                          \
    "mulxq 16(%[" x "]), %[lo], %[hi]\n\t"                \
    "adcxq %[lo], %[" t2 "]\n\t"                          \
    "adoxq %[hi], %[" t3 "]\n\t"                          \
    "mulxq 24(%[" x "]), %[lo], %[hi]\n\t"                \
    "adcxq %[lo], %[" t3 "]\n\t"                          \
    "adoxq %[hi], %[" t4 "]\n\t"                          \
    "adcq $0, %[" t4 "]\n\t"

// The first row writes t0 … t4.
#define CAIRN_BN254_FIRST_ROW(x, y, offset) \
    "movq " offset "(%[" y "]), %%rdx\n\t"  \
    "mulxq (%[" x "]), %[t0], %[t1]\n\t"    \
    "mulxq 8(%[" x "]), %[lo], %[t2]\n\t"   \
    "addq %[lo], %[t1]\n\t"                 \
    "mulxq 16(%[" x "]), %[lo], %[t3]\n\t"  \
    "adcq %[lo], %[t2]\n\t"                 \
    "mulxq 24(%[" x "]), %[lo], %[t4]\n\t"  \
    "adcq %[lo], %[t3]\n\t"                 \
    "adcq $0, %[t4]\n\t"

// Adds the multiple of p that makes t0 zero.
#define CAIRN_BN254_REDUCE(t0, t1, t2, t3, t4) \
    "movq 32(%[p]), %%rdx\n\t"                 \
    "imulq %[" t0 "], %%rdx\n\t"               \
    "xorl %k[lo], %k[lo]\n\t"                  \
    "mulxq (%[p]), %[lo], %[hi]\n\t"           \
    "adcxq %[lo], %[" t0 "]\n\t"               \
    "adoxq %[hi], %[" t1 "]\n\t"               \
    "mulxq 8(%[p]), %[lo], %[hi]\n\t"          \
    "adcxq %[lo], %[" t1 "]\n\t"               \
    "adoxq %[hi], %[" t2 "]\n\t"               \
    "mulxq 16(%[p]), %[lo], %[hi]\n\t"         \
    "adcxq %[lo], %[" t2 "]\n\t"               \
    "adoxq %[hi], %[" t3 "]\n\t"               \
    "mulxq 24(%[p]), %[lo], %[hi]\n\t"         \
    "adcxq %[lo], %[" t3 "]\n\t"               \
    "adoxq %[hi], %[" t4 "]\n\t"               \
    "adcxq %[" t0 "], %[" t4 "]\n\t"

// The result stands in t4, t0, t1, t2; p is subtracted where that leaves no borrow.
#define CAIRN_BN254_FINISH     \
    "movq %[t4], %[lo]\n\t"    \
    "subq (%[p]), %[lo]\n\t"   \
    "movq %[t0], %[hi]\n\t"    \
    "sbbq 8(%[p]), %[hi]\n\t"  \
    "movq %[t1], %%rdx\n\t"    \
    "sbbq 16(%[p]), %%rdx\n\t" \
    "movq %[t2], %[t3]\n\t"    \
    "sbbq 24(%[p]), %[t3]\n\t" \
    "cmovncq %[lo], %[t4]\n\t" \
    "cmovncq %[hi], %[t0]\n\t" \
    "cmovncq %%rdx, %[t1]\n\t" \
    "cmovncq %[t3], %[t2]\n\t"

namespace cairn::bn254::arithmetic {
namespace {

/// p and −p⁻¹ mod 2⁶⁴ behind one pointer: registers are scarce.
struct Modulus {
    std::uint64_t p[4];
    std::uint64_t neg_inverse;
};

/// r = a·b / 2²⁵⁶ mod p; bounds as for mul().
inline void montgomery_mul_adx(std::uint64_t (&r)[4], const std::uint64_t (&a)[4], const std::uint64_t (&b)[4],
                               const Modulus& modulus) noexcept {
    std::uint64_t t0, t1, t2, t3, t4, lo, hi;
    __asm__(CAIRN_BN254_FIRST_ROW("a", "b", "0")
            CAIRN_BN254_REDUCE("t0", "t1", "t2", "t3", "t4")
            CAIRN_BN254_ROW("a", "b", "8", "t1", "t2", "t3", "t4", "t0")
            CAIRN_BN254_REDUCE("t1", "t2", "t3", "t4", "t0")
            CAIRN_BN254_ROW("a", "b", "16", "t2", "t3", "t4", "t0", "t1")
            CAIRN_BN254_REDUCE("t2", "t3", "t4", "t0", "t1")
            CAIRN_BN254_ROW("a", "b", "24", "t3", "t4", "t0", "t1", "t2")
            CAIRN_BN254_REDUCE("t3", "t4", "t0", "t1", "t2")
            CAIRN_BN254_FINISH
            : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [lo] "=&r"(lo),
              [hi] "=&r"(hi)
            : [a] "r"(&a), [b] "r"(&b), [p] "r"(&modulus), "m"(a), "m"(b)
            : "rdx", "cc");
    r[0] = t4;
    r[1] = t0;
    r[2] = t1;
    r[3] = t2;
}

/// r = (a·b + c·d) / 2²⁵⁶ mod p; bounds as for mul_sum().
inline void montgomery_mul_sum_adx(std::uint64_t (&r)[4], const std::uint64_t (&a)[4], const std::uint64_t (&b)[4],
                                   const std::uint64_t (&c)[4], const std::uint64_t (&d)[4],
                                   const Modulus& modulus) noexcept {
    std::uint64_t t0, t1, t2, t3, t4, lo, hi;
    __asm__(CAIRN_BN254_FIRST_ROW("a", "b", "0")
            CAIRN_BN254_ROW("c", "d", "0", "t0", "t1", "t2", "t3", "t4")
            CAIRN_BN254_REDUCE("t0", "t1", "t2", "t3", "t4")
            CAIRN_BN254_ROW("a", "b", "8", "t1", "t2", "t3", "t4", "t0")
            CAIRN_BN254_ROW("c", "d", "8", "t1", "t2", "t3", "t4", "t0")
            CAIRN_BN254_REDUCE("t1", "t2", "t3", "t4", "t0")
            CAIRN_BN254_ROW("a", "b", "16", "t2", "t3", "t4", "t0", "t1")
            CAIRN_BN254_ROW("c", "d", "16", "t2", "t3", "t4", "t0", "t1")
            CAIRN_BN254_REDUCE("t2", "t3", "t4", "t0", "t1")
            CAIRN_BN254_ROW("a", "b", "24", "t3", "t4", "t0", "t1", "t2")
            CAIRN_BN254_ROW("c", "d", "24", "t3", "t4", "t0", "t1", "t2")
            CAIRN_BN254_REDUCE("t3", "t4", "t0", "t1", "t2")
            CAIRN_BN254_FINISH
            : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [lo] "=&r"(lo),
              [hi] "=&r"(hi)
            : [a] "r"(&a), [b] "r"(&b), [c] "r"(&c), [d] "r"(&d), [p] "r"(&modulus), "m"(a), "m"(b), "m"(c), "m"(d)
            : "rdx", "cc");
    r[0] = t4;
    r[1] = t0;
    r[2] = t1;
    r[3] = t2;
}

}  // namespace
}  // namespace cairn::bn254::arithmetic

#undef CAIRN_BN254_ROW
#undef CAIRN_BN254_FIRST_ROW
#undef CAIRN_BN254_REDUCE
#undef CAIRN_BN254_FINISH
