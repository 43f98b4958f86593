// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/bn254_entry.hpp"
#include "core/math/uint256.hpp"

/// BN254 in the plainest form, on Uint256 and schoolbook polynomials, for the fast code to be held against.
namespace cairn::bn254_test {

inline constexpr Uint256 kModulus{0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029};
inline constexpr Uint256 kGroupOrder{0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029};

/// A small generator with a fixed seed (xorshift64*): the same cases on every machine.
class Generator {
  public:
    explicit Generator(std::uint64_t seed) : state_{seed * 0x9e3779b97f4a7c15ULL + 1} {}
    std::uint64_t next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return state_ * 0x2545f4914f6cdd1dULL;
    }
    /// Below 2²⁵⁴ or the modulus' neighbourhood, now and then with limbs of all zeros or ones.
    Uint256 below_modulus() {
        Uint256 x;
        for (auto& limb : x.limb) {
            const std::uint64_t kind = next() >> 61;
            limb = kind == 0 ? 0 : kind == 1 ? ~0ULL : next();
        }
        x.limb[3] >>= 2;
        return x < kModulus ? x : x - kModulus;
    }

  private:
    std::uint64_t state_;
};

inline Uint256 add_mod(const Uint256& a, const Uint256& b) { return addmod(a, b, kModulus); }
inline Uint256 mul_mod(const Uint256& a, const Uint256& b) { return mulmod(a, b, kModulus); }
inline Uint256 sub_mod(const Uint256& a, const Uint256& b) { return addmod(a, kModulus - b, kModulus); }

/// a + b·i.
struct Model2 {
    Uint256 a, b;
    friend bool operator==(const Model2&, const Model2&) = default;
};
inline Model2 add(const Model2& x, const Model2& y) { return {add_mod(x.a, y.a), add_mod(x.b, y.b)}; }
inline Model2 mul(const Model2& x, const Model2& y) {
    return {sub_mod(mul_mod(x.a, y.a), mul_mod(x.b, y.b)), add_mod(mul_mod(x.a, y.b), mul_mod(x.b, y.a))};
}

/// Σ c[k]·w^k with w⁶ = 9 + i.
using Model12 = std::array<Model2, 6>;
inline Model12 mul(const Model12& x, const Model12& y) {
    Model12 r{};
    for (std::size_t i = 0; i < 6; ++i)
        for (std::size_t j = 0; j < 6; ++j) {
            Model2 product = mul(x[i], y[j]);
            if (i + j >= 6) product = mul(product, {Uint256{9}, Uint256{1}});
            r[(i + j) % 6] = add(r[(i + j) % 6], product);
        }
    return r;
}
/// x to a power given as a product of 64-bit limbs' value; square and multiply.
inline Model12 pow(const Model12& x, const Uint256& exponent) {
    Model12 r{};
    r[0].a = Uint256{1};
    for (unsigned i = exponent.bit_width(); i-- > 0;) {
        r = mul(r, r);
        if (exponent.bit(i)) r = mul(r, x);
    }
    return r;
}

}  // namespace cairn::bn254_test
