// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif
#if defined(__BMI2__) && defined(__ADX__)
#include "core/crypto/bn254_field_adx.hpp"
#endif

/// The prime field of BN254 in Montgomery form.
///
/// The arithmetic headers (bn254_field, _inverse, _tower, _curve, _pairing) are compiled twice: for every x86-64, and
/// for processors with BMI2 and ADX (bn254_portable.cpp, bn254_adx.cpp). All they define lies in an anonymous
/// namespace, so that the linker cannot hand one version's functions to the other; for the same reason they use
/// nothing from other headers that is more than a type.
namespace cairn::bn254::arithmetic {
namespace {

__extension__ using U128 = unsigned __int128;
using Limb = std::uint64_t;

/// p = 36u⁴ + 36u³ + 24u² + 6u + 1, least significant limb first (EIP-196).
constexpr Limb kP[4] = {0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029};
/// −p⁻¹ mod 2⁶⁴.
constexpr Limb kPNegInverse = 0x87d20782e4866389;
#if defined(__BMI2__) && defined(__ADX__)
constexpr Modulus kAdxModulus = {{kP[0], kP[1], kP[2], kP[3]}, kPNegInverse};
#endif
/// The curve's parameter u.
constexpr Limb kU = 0x44e992b44a6909f1;

/// An element a of Fp as the Montgomery residue a·2²⁵⁶ mod p. Values are below p unless a function says "loose":
/// p needs 254 bits, so that sums of up to five elements still fit.
struct Fp {
    Limb v[4];
};

constexpr Fp kZero = {{0, 0, 0, 0}};
/// 2²⁵⁶ mod p: one.
constexpr Fp kOne = {{0xd35d438dc58f0d9d, 0x0a78eb28f5c70b3d, 0x666ea36f7879462c, 0x0e0a77c19a07df2f}};
/// 2⁵¹² mod p: turns an integer into its residue.
constexpr Fp kR2 = {{0xf32cfc5b538afa89, 0xb5e71911d44501fb, 0x47ab1eff0a417ff6, 0x06d89f71cab8351f}};
/// 2⁷⁶⁸ mod p: turns the integer inverse of a residue into the residue of the inverse.
constexpr Fp kR3 = {{0xb1cd6dafda1530df, 0x62f210e6a7283db6, 0xef7f0b0c0ada0afb, 0x20fd6e902d592544}};

constexpr bool is_zero(const Fp& a) noexcept { return (a.v[0] | a.v[1] | a.v[2] | a.v[3]) == 0; }

constexpr bool is_equal(const Fp& a, const Fp& b) noexcept {
    return ((a.v[0] ^ b.v[0]) | (a.v[1] ^ b.v[1]) | (a.v[2] ^ b.v[2]) | (a.v[3] ^ b.v[3])) == 0;
}

/// a + b + carry; `carry` becomes the carry out. The intrinsics give one chain of ADC and SBB where compilers make a
/// detour, with a branch on data that nobody predicts, of the same sum in 128 bits.
constexpr Limb add_carry(Limb a, Limb b, unsigned char& carry) noexcept {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        unsigned long long sum = 0;
        carry = _addcarry_u64(carry, a, b, &sum);
        return sum;
    }
#endif
    const U128 sum = static_cast<U128>(a) + b + carry;
    carry = static_cast<unsigned char>(sum >> 64);
    return static_cast<Limb>(sum);
}

/// a − b − borrow; `borrow` becomes the borrow out.
constexpr Limb sub_borrow(Limb a, Limb b, unsigned char& borrow) noexcept {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        unsigned long long difference = 0;
        borrow = _subborrow_u64(borrow, a, b, &difference);
        return difference;
    }
#endif
    const U128 difference = static_cast<U128>(a) - b - borrow;
    borrow = static_cast<unsigned char>(difference >> 64 & 1);
    return static_cast<Limb>(difference);
}

/// a + b without reduction; the caller knows that it fits.
constexpr Fp add_loose(const Fp& a, const Fp& b) noexcept {
    Fp r{};
    unsigned char carry = 0;
    r.v[0] = add_carry(a.v[0], b.v[0], carry);
    r.v[1] = add_carry(a.v[1], b.v[1], carry);
    r.v[2] = add_carry(a.v[2], b.v[2], carry);
    r.v[3] = add_carry(a.v[3], b.v[3], carry);
    return r;
}

/// r = a − b modulo 2²⁵⁶; the borrow.
constexpr unsigned char sub_limbs(Fp& r, const Fp& a, const Limb (&b)[4]) noexcept {
    unsigned char borrow = 0;
    r.v[0] = sub_borrow(a.v[0], b[0], borrow);
    r.v[1] = sub_borrow(a.v[1], b[1], borrow);
    r.v[2] = sub_borrow(a.v[2], b[2], borrow);
    r.v[3] = sub_borrow(a.v[3], b[3], borrow);
    return borrow;
}

/// a − b, and p more where that is negative; a − b is between −p and p.
constexpr Fp sub_wrapped(const Fp& a, const Limb (&b)[4]) noexcept {
    Fp r{};
    const Limb mask = 0 - static_cast<Limb>(sub_limbs(r, a, b));
    return add_loose(r, Fp{{kP[0] & mask, kP[1] & mask, kP[2] & mask, kP[3] & mask}});
}

/// The element behind a value below 2p.
constexpr Fp reduce_once(const Fp& a) noexcept { return sub_wrapped(a, kP); }

constexpr Fp add(const Fp& a, const Fp& b) noexcept { return reduce_once(add_loose(a, b)); }

constexpr Fp dbl(const Fp& a) noexcept { return add(a, a); }

constexpr Fp sub(const Fp& a, const Fp& b) noexcept { return sub_wrapped(a, b.v); }

/// p − a, which is p itself for zero: fit for a factor, not for a comparison.
constexpr Fp neg_loose(const Fp& a) noexcept {
    Fp r{};
    sub_limbs(r, Fp{{kP[0], kP[1], kP[2], kP[3]}}, a.v);
    return r;
}

constexpr Fp neg(const Fp& a) noexcept { return sub(kZero, a); }

/// One step of the interleaved Montgomery product: t + x·y, y one limb.
constexpr void accumulate(Limb (&t)[5], const Fp& x, Limb y) noexcept {
    Limb carry = 0;
    for (unsigned j = 0; j < 4; ++j) {
        const U128 s = static_cast<U128>(x.v[j]) * y + t[j] + carry;
        t[j] = static_cast<Limb>(s);
        carry = static_cast<Limb>(s >> 64);
    }
    t[4] += carry;
}

/// Adds the multiple of p that clears the lowest limb and drops it.
constexpr void reduce_limb(Limb (&t)[5]) noexcept {
    const Limb m = t[0] * kPNegInverse;
    U128 s = static_cast<U128>(kP[0]) * m + t[0];
    Limb carry = static_cast<Limb>(s >> 64);
    for (unsigned j = 1; j < 4; ++j) {
        s = static_cast<U128>(kP[j]) * m + t[j] + carry;
        t[j - 1] = static_cast<Limb>(s);
        carry = static_cast<Limb>(s >> 64);
    }
    t[3] = t[4] + carry;
    t[4] = 0;
}

/// Montgomery product a·b / 2²⁵⁶. Loose factors are welcome while a·b ≤ 4p²: then (a·b + p·2²⁵⁶) / 2²⁵⁶ < 2p, since
/// 4p < 2²⁵⁶.
constexpr Fp mul(const Fp& a, const Fp& b) noexcept {
#if defined(__BMI2__) && defined(__ADX__)
    if (!std::is_constant_evaluated()) {
        Fp r;
        montgomery_mul_adx(r.v, a.v, b.v, kAdxModulus);
        return r;
    }
#endif
    Limb t[5] = {0, 0, 0, 0, 0};
    for (unsigned i = 0; i < 4; ++i) {
        accumulate(t, a, b.v[i]);
        reduce_limb(t);
    }
    return reduce_once(Fp{{t[0], t[1], t[2], t[3]}});
}

constexpr Fp sqr(const Fp& a) noexcept { return mul(a, a); }

/// (a·b + c·d) / 2²⁵⁶ with a single reduction (P. Longa, "Efficient algorithms for large prime characteristic fields and
/// their application to bilinear pairings", 2022). Loose factors are welcome while a·b + c·d ≤ 4p².
constexpr Fp mul_sum(const Fp& a, const Fp& b, const Fp& c, const Fp& d) noexcept {
#if defined(__BMI2__) && defined(__ADX__)
    if (!std::is_constant_evaluated()) {
        Fp r;
        montgomery_mul_sum_adx(r.v, a.v, b.v, c.v, d.v, kAdxModulus);
        return r;
    }
#endif
    Limb t[5] = {0, 0, 0, 0, 0};
    for (unsigned i = 0; i < 4; ++i) {
        accumulate(t, a, b.v[i]);
        accumulate(t, c, d.v[i]);
        reduce_limb(t);
    }
    return reduce_once(Fp{{t[0], t[1], t[2], t[3]}});
}

/// The residue of an integer below p.
constexpr Fp to_montgomery(const Fp& integer) noexcept { return mul(integer, kR2); }

/// The integer behind a residue.
constexpr Fp from_montgomery(const Fp& a) noexcept { return mul(a, Fp{{1, 0, 0, 0}}); }

/// The element of a small or literal integer, for constants.
constexpr Fp element(Limb l0, Limb l1 = 0, Limb l2 = 0, Limb l3 = 0) noexcept {
    return to_montgomery(Fp{{l0, l1, l2, l3}});
}

/// Whether an integer is below p, as every encoded coordinate must be.
constexpr bool is_below_p(const Fp& integer) noexcept {
    Fp r{};
    return sub_limbs(r, integer, kP) != 0;
}

}  // namespace
}  // namespace cairn::bn254::arithmetic
