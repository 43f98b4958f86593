// SPDX-License-Identifier: MIT
#pragma once

#include "core/math/uint256.hpp"

namespace cairn {

/// A modulus with what its reductions need precomputed, for callers that reduce by one modulus
/// again and again (an EVM contract's field prime). Making one costs about as much as one plain
/// mulmod; each use is then some five times faster.
///
/// Holds d = m shifted left until its top bit is set and v = floor((2^512 - 1) / d) - 2^256, the
/// reciprocal of Möller and Granlund ("Improved division by invariant integers", 2011) for digits
/// of 256 bits. A value type; its methods are pure and may be called from any thread.
class Modulus {
public:
    /// m must not be 0 (asserted).
    explicit Modulus(const Uint256& m) noexcept;

    /// (a * b) mod m, the product taken in 512 bits; any operands.
    [[nodiscard]] Uint256 mulmod(const Uint256& a, const Uint256& b) const noexcept {
        return detail::by_limbs(kernel_(*this, a, b));
    }
    /// (a + b) mod m, the sum taken in 257 bits; any operands.
    [[nodiscard]] Uint256 addmod(const Uint256& a, const Uint256& b) const noexcept {
        if (__builtin_expect(a < value_ && b < value_, 1)) return add_reduced(a, b);
        return add_reduced(reduce(a), reduce(b));
    }
    /// a mod m.
    [[nodiscard]] Uint256 reduce(const Uint256& a) const noexcept;
    /// m itself.
    [[nodiscard]] const Uint256& value() const noexcept { return value_; }

private:
    friend struct ModulusKernels;
    using Kernel = Uint256 (*)(const Modulus&, const Uint256&, const Uint256&) noexcept;

    /// a + b mod m for operands below m: one subtraction at most, also where the sum carries out of
    /// 256 bits.
    [[nodiscard]] Uint256 add_reduced(const Uint256& a, const Uint256& b) const noexcept {
        const Uint256 sum = a + b;
        const bool beyond = static_cast<unsigned>(sum < a) | static_cast<unsigned>(sum >= value_);
        return detail::select(beyond, sum - value_, sum);
    }

    Uint256 value_;
    Uint256 divisor_;     // d
    Uint256 reciprocal_;  // v
    Uint256 high_mask_;   // the top shift_ bits: an operand without them can be shifted left
    unsigned shift_;
    Kernel kernel_ = nullptr;  // mulmod as this processor does it fastest
};

}  // namespace cairn
