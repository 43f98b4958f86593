// SPDX-License-Identifier: MIT
#pragma once

#include "tests/unit/core/crypto/curves/bn254_model.hpp"

/// Between the model and the arithmetic. In an anonymous namespace as the arithmetic itself, which a test may compile
/// with other flags than its neighbours.
namespace cairn::bn254_test {

namespace fast = bn254::arithmetic;

namespace {

inline fast::Fp fp(const Uint256& x) {
    return fast::to_montgomery(fast::Fp{{x.limb[0], x.limb[1], x.limb[2], x.limb[3]}});
}
inline Uint256 raw(const fast::Fp& x) { return {x.v[0], x.v[1], x.v[2], x.v[3]}; }
inline Uint256 value(const fast::Fp& x) { return raw(fast::from_montgomery(x)); }

inline fast::Fp2 fp2(const Model2& x) { return {fp(x.a), fp(x.b)}; }
inline Model2 value(const fast::Fp2& x) { return {value(x.a), value(x.b)}; }

inline fast::Fp12 fp12(const Model12& x) {
    return {{fp2(x[0]), fp2(x[2]), fp2(x[4])}, {fp2(x[1]), fp2(x[3]), fp2(x[5])}};
}
inline Model12 value(const fast::Fp12& x) {
    return {value(x.c0.c0), value(x.c1.c0), value(x.c0.c1), value(x.c1.c1), value(x.c0.c2), value(x.c1.c2)};
}

inline Model2 random2(Generator& random) { return {random.below_modulus(), random.below_modulus()}; }
inline Model12 random12(Generator& random) {
    Model12 x;
    for (auto& c : x) c = random2(random);
    return x;
}

}  // namespace
}  // namespace cairn::bn254_test
