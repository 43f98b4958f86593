// SPDX-License-Identifier: MIT
#include "core/crypto/modexp.hpp"

#include <gmp.h>

namespace cairn {
namespace {

/// A GMP integer that frees itself.
class Integer {
  public:
    Integer() noexcept { mpz_init(value_); }
    explicit Integer(ByteView big_endian) noexcept {
        mpz_init2(value_, 8 * big_endian.size() + 64);
        mpz_import(value_, big_endian.size(), 1, 1, 1, 0, big_endian.data());
    }
    ~Integer() { mpz_clear(value_); }
    Integer(const Integer&) = delete;
    Integer& operator=(const Integer&) = delete;

    [[nodiscard]] mpz_ptr get() noexcept { return value_; }

  private:
    mpz_t value_;
};

ByteView without_leading_zeros(ByteView number) noexcept {
    while (!number.empty() && number[0] == 0) number = number.subspan(1);
    return number;
}

}  // namespace

Bytes modexp(ByteView base, ByteView exponent, ByteView modulus) {
    Bytes out(modulus.size());
    const ByteView significant = without_leading_zeros(modulus);
    // GMP divides by the modulus and stops the process on zero.
    if (significant.empty()) return out;
    Integer b{without_leading_zeros(base)};
    Integer e{without_leading_zeros(exponent)};
    Integer m{significant};
    Integer result;
    mpz_powm(result.get(), b.get(), e.get(), m.get());
    const std::size_t size = (mpz_sizeinbase(result.get(), 2) + 7) / 8;
    // mpz_export writes nothing for zero, whose size would still be counted as one digit.
    if (mpz_sgn(result.get()) != 0) mpz_export(out.data() + out.size() - size, nullptr, 1, 1, 1, 0, result.get());
    return out;
}

}  // namespace cairn
