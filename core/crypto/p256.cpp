// SPDX-License-Identifier: MIT
// The equation is written out over OpenSSL's points and numbers: building an EVP_PKEY for every key would cost a good
// part of the verification itself, since each call comes with another key.
#include "core/crypto/p256.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <memory>

#include "core/base/system_error.hpp"

namespace cairn::p256 {
namespace {

using Number = std::unique_ptr<BIGNUM, decltype([](BIGNUM* n) { BN_free(n); })>;
using Point = std::unique_ptr<EC_POINT, decltype([](EC_POINT* p) { EC_POINT_free(p); })>;
using Scratch = std::unique_ptr<BN_CTX, decltype([](BN_CTX* c) { BN_CTX_free(c); })>;

void require(bool ok) {
    if (!ok) throw SystemError{"OpenSSL: P-256 arithmetic failed"};
}

/// Read only after it is made, so shared by all threads; lives as long as the process.
const EC_GROUP* group() {
    static const EC_GROUP* const made = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    require(made != nullptr);
    return made;
}

Number number(const Hash256& bytes) {
    Number out{BN_bin2bn(bytes.data(), 32, nullptr)};
    require(out != nullptr);
    return out;
}

bool is_scalar(const BIGNUM* value) { return !BN_is_zero(value) && BN_cmp(value, EC_GROUP_get0_order(group())) < 0; }

/// The key as a point, or null when it is none: OpenSSL checks both the range of the coordinates and the equation.
Point key_point(const Claim& claim, BN_CTX* scratch) {
    Point point{EC_POINT_new(group())};
    require(point != nullptr);
    const Number x = number(claim.x);
    const Number y = number(claim.y);
    const BIGNUM* const prime = EC_GROUP_get0_field(group());
    if (BN_cmp(x.get(), prime) >= 0 || BN_cmp(y.get(), prime) >= 0) return nullptr;
    if (EC_POINT_set_affine_coordinates(group(), point.get(), x.get(), y.get(), scratch) != 1) return nullptr;
    return point;
}

}  // namespace

bool verify(const Claim& claim) {
    const Number r = number(claim.r);
    const Number s = number(claim.s);
    if (!is_scalar(r.get()) || !is_scalar(s.get())) return false;
    const Scratch scratch{BN_CTX_new()};
    require(scratch != nullptr);
    const Point key = key_point(claim, scratch.get());
    if (key == nullptr) return false;

    // w = 1/s, R = (digest w) G + (r w) Q; the signature holds when R's x equals r modulo n.
    const BIGNUM* const order = EC_GROUP_get0_order(group());
    const Number w{BN_mod_inverse(nullptr, s.get(), order, scratch.get())};
    const Number u1 = number(claim.digest);
    const Number u2{BN_new()};
    require(w != nullptr && u2 != nullptr && BN_mod_mul(u1.get(), u1.get(), w.get(), order, scratch.get()) == 1 &&
            BN_mod_mul(u2.get(), r.get(), w.get(), order, scratch.get()) == 1);
    const Point sum{EC_POINT_new(group())};
    require(sum != nullptr &&
            EC_POINT_mul(group(), sum.get(), u1.get(), key.get(), u2.get(), scratch.get()) == 1);
    if (EC_POINT_is_at_infinity(group(), sum.get()) == 1) return false;
    const Number x{BN_new()};
    require(x != nullptr &&
            EC_POINT_get_affine_coordinates(group(), sum.get(), x.get(), nullptr, scratch.get()) == 1 &&
            BN_nnmod(x.get(), x.get(), order, scratch.get()) == 1);
    return BN_cmp(x.get(), r.get()) == 0;
}

}  // namespace cairn::p256
