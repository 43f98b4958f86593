// SPDX-License-Identifier: MIT
#include "core/base/assert.hpp"
#include "core/math/div_steps.hpp"
#include "core/math/uint256.hpp"

namespace cairn {
namespace {

using namespace detail;

/// Number of limbs up to the highest one that is not 0.
unsigned limb_count(const std::uint64_t* x, unsigned n) noexcept {
    while (n > 0 && x[n - 1] == 0) --n;
    return n;
}

/// Shifts x[0..n) left by s < 64 bits into out[0..n].
void shift_left(std::uint64_t* out, const std::uint64_t* x, unsigned n, unsigned s) noexcept {
    if (s == 0) {
        for (unsigned i = 0; i < n; ++i) out[i] = x[i];
        out[n] = 0;
        return;
    }
    out[n] = x[n - 1] >> (64 - s);
    for (unsigned i = n - 1; i > 0; --i) out[i] = x[i] << s | x[i - 1] >> (64 - s);
    out[0] = x[0] << s;
}

/// The low n limbs of u shifted right by s < 64 bits.
Uint256 shift_right(const std::uint64_t* u, unsigned n, unsigned s) noexcept {
    Uint256 r;
    for (unsigned i = 0; i < n; ++i) {
        r.limb[i] = u[i] >> s;
        if (s != 0 && i + 1 < n) r.limb[i] |= u[i + 1] << (64 - s);
    }
    return r;
}

/// Divides u[0..un) by d, writing the quotient's low limbs where `quotient` is given (un limbs).
/// @return the remainder
template <unsigned kMax>
Uint256 divide(const std::uint64_t* x, unsigned un, const Uint256& d,
               std::uint64_t* quotient) noexcept {
    CAIRN_ASSERT(!d.is_zero());
    const unsigned n = limb_count(d.limb, 4);
    if (un < n) return shift_right(x, un, 0);
    const auto s = static_cast<unsigned>(std::countl_zero(d.limb[n - 1]));
    std::uint64_t u[kMax + 1];
    shift_left(u, x, un, s);
    std::uint64_t v[5];
    shift_left(v, d.limb, n, s);
    const auto digits = [&]<unsigned kN>() {
        const std::uint64_t reciprocal = reciprocal_3by2(v[kN - 1], v[kN - 2]);
        for (unsigned j = un - kN + 1; j-- > 0;) {
            const std::uint64_t q = div_step<kN>(u + j, v, reciprocal);
            if (quotient != nullptr && j < kMax) quotient[j] = q;
        }
    };
    switch (n) {
        case 1: {
            const std::uint64_t reciprocal = reciprocal_2by1(v[0]);
            std::uint64_t r = u[un];
            for (unsigned j = un; j-- > 0;) {
                const auto step = div_2by1(r, u[j], v[0], reciprocal);
                if (quotient != nullptr) quotient[j] = step.quotient;
                r = step.remainder;
            }
            u[0] = r;
            break;
        }
        case 2:
            digits.template operator()<2>();
            break;
        case 3:
            digits.template operator()<3>();
            break;
        default:
            digits.template operator()<4>();
            break;
    }
    return shift_right(u, n, s);
}

Uint256 mod_wide(const std::uint64_t* x, unsigned n, const Uint256& m) noexcept {
    n = limb_count(x, n);
    if (n == 0) {
        CAIRN_ASSERT(!m.is_zero());
        return {};
    }
    return divide<8>(x, n, m, nullptr);
}

}  // namespace

DivMod256 divmod(const Uint256& a, const Uint256& b) noexcept {
    if (a < b) return {Uint256{}, a};
    CAIRN_ASSERT(!b.is_zero());
    if (a.fits_u64()) return {Uint256{a.limb[0] / b.limb[0]}, Uint256{a.limb[0] % b.limb[0]}};
    if (b.fits_u64() && (a.limb[2] | a.limb[3]) == 0) {
        // Two machine divisions cost less than a reciprocal, which takes one itself.
        const auto high = div_wide(0, a.limb[1], b.limb[0]);
        const auto low = div_wide(high.remainder, a.limb[0], b.limb[0]);
        return {Uint256{low.quotient, high.quotient, 0, 0}, Uint256{low.remainder}};
    }
    DivMod256 out;
    out.remainder = divide<4>(a.limb, limb_count(a.limb, 4), b, out.quotient.limb);
    return out;
}

DivMod256 sdivmod(const Uint256& a, const Uint256& b) noexcept {
    const bool negative_a = a.sign_bit();
    const bool negative_b = b.sign_bit();
    DivMod256 out = divmod(negative_a ? -a : a, negative_b ? -b : b);
    if (negative_a != negative_b) out.quotient = -out.quotient;
    if (negative_a) out.remainder = -out.remainder;
    return out;
}

Uint256 addmod(const Uint256& a, const Uint256& b, const Uint256& m) noexcept {
    if (__builtin_expect(a < m && b < m, 1)) {
        // The sum is below 2m: one subtraction at most, also where it carried out of 256 bits.
        const Uint256 sum = a + b;
        const bool beyond = static_cast<unsigned>(sum < a) | static_cast<unsigned>(sum >= m);
        return select(beyond, sum - m, sum);
    }
    const Uint256 sum = a + b;
    const std::uint64_t wide[5] = {sum.limb[0], sum.limb[1], sum.limb[2], sum.limb[3],
                                   sum < a ? 1ULL : 0ULL};
    return mod_wide(wide, 5, m);
}

Uint256 mulmod(const Uint256& a, const Uint256& b, const Uint256& m) noexcept {
    const auto product = mul_full(a, b);
    return mod_wide(product.data(), 8, m);
}

}  // namespace cairn
