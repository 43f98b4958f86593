// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace cairn {

__extension__ using Uint128 = unsigned __int128;

/// Unsigned 256-bit integer, four 64-bit limbs, least significant first. Arithmetic wraps modulo 2^256, as the EVM's
/// does; ledger sums that must not wrap go through core/math/checked.hpp.
///
/// Trivially copyable, 32 bytes, alignment 8, so that VM stacks and arrays of words are plain memory.
struct Uint256 {
    std::uint64_t limb[4] = {0, 0, 0, 0};

    constexpr Uint256() noexcept = default;
    constexpr Uint256(std::uint64_t low) noexcept : limb{low, 0, 0, 0} {}  // NOLINT: widening is lossless
    constexpr Uint256(std::uint64_t l0, std::uint64_t l1, std::uint64_t l2, std::uint64_t l3) noexcept
        : limb{l0, l1, l2, l3} {}

    /// All bits set.
    [[nodiscard]] static constexpr Uint256 max() noexcept {
        return {~0ULL, ~0ULL, ~0ULL, ~0ULL};
    }

    [[nodiscard]] constexpr bool is_zero() const noexcept {
        return (limb[0] | limb[1] | limb[2] | limb[3]) == 0;
    }
    constexpr explicit operator bool() const noexcept { return !is_zero(); }
    /// Whether the value fits into 64 bits.
    [[nodiscard]] constexpr bool fits_u64() const noexcept {
        return (limb[1] | limb[2] | limb[3]) == 0;
    }
    /// The low 64 bits.
    [[nodiscard]] constexpr std::uint64_t low64() const noexcept { return limb[0]; }
    /// The value, or 2^64-1 where it does not fit.
    [[nodiscard]] constexpr std::uint64_t saturate_u64() const noexcept {
        return fits_u64() ? limb[0] : ~0ULL;
    }
    /// Whether the top bit is set: negative when read as two's complement.
    [[nodiscard]] constexpr bool sign_bit() const noexcept { return (limb[3] >> 63) != 0; }
    /// Bit `i`, 0 the least significant; i < 256.
    [[nodiscard]] constexpr bool bit(unsigned i) const noexcept {
        return ((limb[i / 64] >> (i % 64)) & 1) != 0;
    }
    /// Position of the highest set bit plus one; 0 for 0.
    [[nodiscard]] constexpr unsigned bit_width() const noexcept {
        for (unsigned i = 4; i-- > 0;)
            if (limb[i] != 0) return 64 * i + static_cast<unsigned>(std::bit_width(limb[i]));
        return 0;
    }
    /// Number of bytes of the shortest big-endian form; 0 for 0.
    [[nodiscard]] constexpr unsigned byte_width() const noexcept { return (bit_width() + 7) / 8; }

    friend constexpr bool operator==(const Uint256& a, const Uint256& b) noexcept {
        return ((a.limb[0] ^ b.limb[0]) | (a.limb[1] ^ b.limb[1]) | (a.limb[2] ^ b.limb[2]) |
                (a.limb[3] ^ b.limb[3])) == 0;
    }
    friend constexpr bool operator<(const Uint256& a, const Uint256& b) noexcept {
        // The borrow out of a - b, in straight-line code.
        Uint128 borrow = 0;
        for (unsigned i = 0; i < 4; ++i)
            borrow = (static_cast<Uint128>(a.limb[i]) - b.limb[i] - static_cast<std::uint64_t>(borrow)) >> 64 & 1;
        return borrow != 0;
    }
    friend constexpr bool operator>(const Uint256& a, const Uint256& b) noexcept { return b < a; }
    friend constexpr bool operator<=(const Uint256& a, const Uint256& b) noexcept { return !(b < a); }
    friend constexpr bool operator>=(const Uint256& a, const Uint256& b) noexcept { return !(a < b); }
    friend constexpr std::strong_ordering operator<=>(const Uint256& a, const Uint256& b) noexcept {
        return a == b   ? std::strong_ordering::equal
               : a < b ? std::strong_ordering::less
                       : std::strong_ordering::greater;
    }

    friend constexpr Uint256 operator+(const Uint256& a, const Uint256& b) noexcept {
        Uint256 r;
        Uint128 carry = 0;
        for (unsigned i = 0; i < 4; ++i) {
            carry += static_cast<Uint128>(a.limb[i]) + b.limb[i];
            r.limb[i] = static_cast<std::uint64_t>(carry);
            carry >>= 64;
        }
        return r;
    }
    friend constexpr Uint256 operator-(const Uint256& a, const Uint256& b) noexcept {
        Uint256 r;
        std::uint64_t borrow = 0;
        for (unsigned i = 0; i < 4; ++i) {
            const Uint128 d = static_cast<Uint128>(a.limb[i]) - b.limb[i] - borrow;
            r.limb[i] = static_cast<std::uint64_t>(d);
            borrow = static_cast<std::uint64_t>(d >> 64) & 1;
        }
        return r;
    }
    friend constexpr Uint256 operator-(const Uint256& a) noexcept { return Uint256{} - a; }
    friend constexpr Uint256 operator&(const Uint256& a, const Uint256& b) noexcept {
        return {a.limb[0] & b.limb[0], a.limb[1] & b.limb[1], a.limb[2] & b.limb[2], a.limb[3] & b.limb[3]};
    }
    friend constexpr Uint256 operator|(const Uint256& a, const Uint256& b) noexcept {
        return {a.limb[0] | b.limb[0], a.limb[1] | b.limb[1], a.limb[2] | b.limb[2], a.limb[3] | b.limb[3]};
    }
    friend constexpr Uint256 operator^(const Uint256& a, const Uint256& b) noexcept {
        return {a.limb[0] ^ b.limb[0], a.limb[1] ^ b.limb[1], a.limb[2] ^ b.limb[2], a.limb[3] ^ b.limb[3]};
    }
    friend constexpr Uint256 operator~(const Uint256& a) noexcept {
        return {~a.limb[0], ~a.limb[1], ~a.limb[2], ~a.limb[3]};
    }
    /// Low 256 bits of the product.
    friend constexpr Uint256 operator*(const Uint256& a, const Uint256& b) noexcept {
        Uint256 r;
        for (unsigned i = 0; i < 4; ++i) {
            std::uint64_t carry = 0;
            for (unsigned j = 0; i + j < 4; ++j) {
                const Uint128 t = static_cast<Uint128>(a.limb[i]) * b.limb[j] + r.limb[i + j] + carry;
                r.limb[i + j] = static_cast<std::uint64_t>(t);
                carry = static_cast<std::uint64_t>(t >> 64);
            }
        }
        return r;
    }
    /// Logical shifts; a count of 256 or more gives 0.
    friend constexpr Uint256 operator<<(const Uint256& a, std::uint64_t n) noexcept {
        if (n >= 256) return {};
        const unsigned words = static_cast<unsigned>(n / 64);
        const unsigned bits = static_cast<unsigned>(n % 64);
        Uint256 r;
        for (unsigned i = words; i < 4; ++i) {
            r.limb[i] = a.limb[i - words] << bits;
            if (bits != 0 && i > words) r.limb[i] |= a.limb[i - words - 1] >> (64 - bits);
        }
        return r;
    }
    friend constexpr Uint256 operator>>(const Uint256& a, std::uint64_t n) noexcept {
        if (n >= 256) return {};
        const unsigned words = static_cast<unsigned>(n / 64);
        const unsigned bits = static_cast<unsigned>(n % 64);
        Uint256 r;
        for (unsigned i = 0; i + words < 4; ++i) {
            r.limb[i] = a.limb[i + words] >> bits;
            if (bits != 0 && i + words + 1 < 4) r.limb[i] |= a.limb[i + words + 1] << (64 - bits);
        }
        return r;
    }
    /// Quotient and remainder; b must not be 0 (asserted). The EVM's x/0 = 0 is the VM's business.
    friend Uint256 operator/(const Uint256& a, const Uint256& b) noexcept;
    friend Uint256 operator%(const Uint256& a, const Uint256& b) noexcept;

    constexpr Uint256& operator+=(const Uint256& b) noexcept { return *this = *this + b; }
    constexpr Uint256& operator-=(const Uint256& b) noexcept { return *this = *this - b; }
    constexpr Uint256& operator*=(const Uint256& b) noexcept { return *this = *this * b; }
};

static_assert(sizeof(Uint256) == 32 && alignof(Uint256) == 8);

/// Quotient and remainder together.
struct DivMod256 {
    Uint256 quotient;
    Uint256 remainder;
};

/// a / b and a mod b by Knuth's algorithm D with a precomputed reciprocal of the divisor's top limb (Möller and
/// Granlund, "Improved division by invariant integers", 2011). b must not be 0.
[[nodiscard]] DivMod256 divmod(const Uint256& a, const Uint256& b) noexcept;

/// Two's-complement division truncating toward zero, and its remainder with the dividend's sign (EVM SDIV, SMOD
/// without the zero-divisor case). b must not be 0; MIN / -1 gives MIN.
[[nodiscard]] DivMod256 sdivmod(const Uint256& a, const Uint256& b) noexcept;

/// (a + b) mod m with the sum taken in 257 bits; m must not be 0.
[[nodiscard]] Uint256 addmod(const Uint256& a, const Uint256& b, const Uint256& m) noexcept;

/// (a * b) mod m with the product taken in 512 bits; m must not be 0.
[[nodiscard]] Uint256 mulmod(const Uint256& a, const Uint256& b, const Uint256& m) noexcept;

/// base^exponent modulo 2^256; 0^0 = 1.
[[nodiscard]] Uint256 exp(const Uint256& base, const Uint256& exponent) noexcept;

/// Full product, eight limbs, least significant first.
[[nodiscard]] std::array<std::uint64_t, 8> mul_full(const Uint256& a, const Uint256& b) noexcept;

/// From exactly 32 big-endian bytes at `p`.
[[nodiscard]] inline Uint256 load_be256(const std::uint8_t* p) noexcept {
    return {load_be64(p + 24), load_be64(p + 16), load_be64(p + 8), load_be64(p)};
}
/// To exactly 32 big-endian bytes at `p`.
inline void store_be256(std::uint8_t* p, const Uint256& x) noexcept {
    store_be64(p, x.limb[3]);
    store_be64(p + 8, x.limb[2]);
    store_be64(p + 16, x.limb[1]);
    store_be64(p + 24, x.limb[0]);
}
/// From at most 32 big-endian bytes (asserted); fewer are read as the low ones.
[[nodiscard]] Uint256 from_be(ByteView bytes) noexcept;
/// The shortest big-endian form; empty for 0.
[[nodiscard]] Bytes to_be_compact(const Uint256& x);

/// Decimal digits.
[[nodiscard]] std::string to_decimal(const Uint256& x);
/// `0x` and the shortest lower-case hex digits; `0x0` for 0 (the JSON-RPC quantity form).
[[nodiscard]] std::string to_quantity(const Uint256& x);
/// From decimal digits or `0x` and 1 to 64 hex digits (leading zeros are taken); nothing where the text is anything
/// else or the value exceeds 2^256-1.
[[nodiscard]] std::optional<Uint256> parse_uint256(std::string_view text) noexcept;

}  // namespace cairn
