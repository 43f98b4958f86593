// SPDX-License-Identifier: MIT
#pragma once

#include "core/math/uint256.hpp"

namespace cairn {

/// A modulus with what its reductions need precomputed, for callers that reduce by one modulus
/// again and again (an EVM contract's field prime).
class Modulus {
public:
    /// m must not be 0 (asserted).
    explicit Modulus(const Uint256& m) noexcept;

    /// (a * b) mod m, the product taken in 512 bits; any operands.
    [[nodiscard]] Uint256 mulmod(const Uint256& a, const Uint256& b) const noexcept;
    /// (a + b) mod m, the sum taken in 257 bits; any operands.
    [[nodiscard]] Uint256 addmod(const Uint256& a, const Uint256& b) const noexcept;
    /// m itself.
    [[nodiscard]] const Uint256& value() const noexcept { return value_; }

private:
    Uint256 value_;
};

}  // namespace cairn
