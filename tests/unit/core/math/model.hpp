// SPDX-License-Identifier: MIT
#pragma once

#include <gmp.h>

#include <random>
#include <string>
#include <vector>

#include "core/math/uint256.hpp"

namespace cairn::test {

/// A GMP integer that frees itself; the model for 256-bit arithmetic.
class Big {
public:
    Big() { mpz_init(z); }
    explicit Big(const Uint256& x) : Big{} { mpz_import(z, 4, -1, 8, 0, 0, x.limb); }
    Big(const Big&) = delete;
    Big& operator=(const Big&) = delete;
    ~Big() { mpz_clear(z); }

    /// The low 256 bits (of the two's complement, where negative).
    [[nodiscard]] Uint256 wrapped() const {
        Big low;
        mpz_fdiv_r_2exp(low.z, z, 256);
        Uint256 out;
        std::size_t count = 0;
        std::uint64_t limbs[4] = {};
        mpz_export(limbs, &count, -1, 8, 0, 0, low.z);
        for (unsigned i = 0; i < 4; ++i) out.limb[i] = limbs[i];
        return out;
    }
    /// The value read as two's complement.
    void make_signed() {
        if (mpz_tstbit(z, 255) == 0) return;
        Big modulus;
        mpz_setbit(modulus.z, 256);
        mpz_sub(z, z, modulus.z);
    }

    mpz_t z;
};

/// Values at and beside every power 2^(64k), and others where carries and estimates go wrong.
inline std::vector<Uint256> edge_values() {
    std::vector<Uint256> out{Uint256{}, Uint256{1}, Uint256{2}, Uint256{3}, Uint256{10}};
    for (const unsigned bit :
         {31U, 32U, 63U, 64U, 65U, 127U, 128U, 129U, 191U, 192U, 193U, 254U, 255U}) {
        const Uint256 power = Uint256{1} << bit;
        out.push_back(power - Uint256{1});
        out.push_back(power);
        out.push_back(power + Uint256{1});
        out.push_back(-power);
    }
    out.push_back(Uint256::max());
    out.push_back(Uint256::max() - Uint256{1});
    // Limbs of all ones and all zeros in every arrangement.
    for (unsigned mask = 0; mask < 16; ++mask) {
        Uint256 x;
        for (unsigned i = 0; i < 4; ++i) x.limb[i] = (mask >> i & 1) != 0 ? ~0ULL : 0;
        out.push_back(x);
    }
    // Primes that contracts reduce by: secp256k1 p and n, BN254 p and n, 2^255 - 19.
    for (const char* text : {"0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
                             "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
                             "0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47",
                             "0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001",
                             "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"})
        out.push_back(*parse_uint256(text));
    return out;
}

/// Numbers of every width whose limbs are often 0, 1, all ones or the top bit alone: there the
/// quotient estimates of long division are off.
class Numbers {
public:
    explicit Numbers(unsigned seed) : random_{seed} {}

    std::uint64_t word() { return random_(); }
    std::uint64_t limb() {
        switch (random_() % 8) {
            case 0:
                return 0;
            case 1:
                return ~0ULL;
            case 2:
                return 1ULL << 63;
            case 3:
                return random_() >> (random_() % 64);
            case 4:
                return ~0ULL << (random_() % 64);
            default:
                return random_();
        }
    }
    Uint256 next() {
        Uint256 x{limb(), limb(), limb(), limb()};
        return x >> (random_() % 4 == 0 ? random_() % 256 : 64 * (random_() % 4));
    }

private:
    std::mt19937_64 random_;
};

inline std::string show(const Uint256& x) {
    return to_quantity(x);
}

}  // namespace cairn::test

namespace cairn {
/// How GoogleTest prints a number.
inline void PrintTo(const Uint256& x, std::ostream* out) {
    *out << to_quantity(x);
}
}  // namespace cairn
