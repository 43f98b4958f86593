// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"

namespace cairn {

__extension__ using Uint128 = unsigned __int128;

namespace detail {

/// a + b + carry, and the carry out of it; carries are 0 or 1. GCC makes an add-with-carry chain only of the builtin,
/// which in turn is no constant expression.
[[gnu::always_inline]] constexpr std::uint64_t add_carry(std::uint64_t a, std::uint64_t b,
                                                         unsigned char& carry) noexcept {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        unsigned long long sum = 0;
        carry = __builtin_ia32_addcarryx_u64(carry, a, b, &sum);
        return sum;
    }
#endif
    const Uint128 t = static_cast<Uint128>(a) + b + carry;
    carry = static_cast<unsigned char>(t >> 64);
    return static_cast<std::uint64_t>(t);
}

/// a - b - borrow, and the borrow out of it; borrows are 0 or 1.
[[gnu::always_inline]] constexpr std::uint64_t sub_borrow(std::uint64_t a, std::uint64_t b,
                                                          unsigned char& borrow) noexcept {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        unsigned long long difference = 0;
#if defined(__clang__)
        borrow = __builtin_ia32_subborrow_u64(borrow, a, b, &difference);
#else
        borrow = __builtin_ia32_sbb_u64(borrow, a, b, &difference);
#endif
        return difference;
    }
#endif
    const Uint128 t = static_cast<Uint128>(a) - b - borrow;
    borrow = static_cast<unsigned char>(t >> 64 & 1);
    return static_cast<std::uint64_t>(t);
}

/// The halves of a 128-bit number, and the number of two halves.
[[nodiscard]] constexpr std::uint64_t high64(Uint128 x) noexcept { return static_cast<std::uint64_t>(x >> 64); }
[[nodiscard]] constexpr std::uint64_t lower64(Uint128 x) noexcept { return static_cast<std::uint64_t>(x); }
[[nodiscard]] constexpr Uint128 join128(std::uint64_t high, std::uint64_t low) noexcept {
    return static_cast<Uint128>(high) << 64 | low;
}
[[nodiscard]] constexpr Uint128 mul64(std::uint64_t a, std::uint64_t b) noexcept {
    return static_cast<Uint128>(a) * b;
}

/// Quotient and remainder of high:low by d, where high < d so that the quotient fits (asserted nowhere: the callers'
/// algorithms ensure it).
struct DivMod64 {
    std::uint64_t quotient;
    std::uint64_t remainder;
};
[[nodiscard]] inline DivMod64 div_wide(std::uint64_t high, std::uint64_t low, std::uint64_t d) noexcept {
#if defined(__x86_64__)
    // The one instruction; a 128-bit `/` would be a library call that ends in it.
    std::uint64_t q;
    std::uint64_t r;
    __asm__("divq %[d]" : "=a"(q), "=d"(r) : [d] "r"(d), "a"(low), "d"(high) : "cc");
    return {q, r};
#else
    const Uint128 x = join128(high, low);
    return {static_cast<std::uint64_t>(x / d), static_cast<std::uint64_t>(x % d)};
#endif
}

}  // namespace detail

/// Unsigned 256-bit integer, four 64-bit limbs, least significant first. Arithmetic wraps modulo 2^256, as the EVM's
/// does; ledger sums that must not wrap go through core/math/checked.hpp.
///
/// Trivially copyable, 32 bytes, alignment 8, so that VM stacks and arrays of words are plain memory.
///
/// The operators work limb by limb. A translation unit whose words pass through memory between operations (a VM's
/// stack) is best compiled without SLP vectorisation: a 16-byte load of a word just stored in 8-byte limbs waits for
/// the stores to leave the core.
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
        unsigned char borrow = 0;
        (void)detail::sub_borrow(a.limb[0], b.limb[0], borrow);
        (void)detail::sub_borrow(a.limb[1], b.limb[1], borrow);
        (void)detail::sub_borrow(a.limb[2], b.limb[2], borrow);
        (void)detail::sub_borrow(a.limb[3], b.limb[3], borrow);
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
        unsigned char carry = 0;
        const std::uint64_t r0 = detail::add_carry(a.limb[0], b.limb[0], carry);
        const std::uint64_t r1 = detail::add_carry(a.limb[1], b.limb[1], carry);
        const std::uint64_t r2 = detail::add_carry(a.limb[2], b.limb[2], carry);
        const std::uint64_t r3 = detail::add_carry(a.limb[3], b.limb[3], carry);
        return {r0, r1, r2, r3};
    }
    friend constexpr Uint256 operator-(const Uint256& a, const Uint256& b) noexcept {
        unsigned char borrow = 0;
        const std::uint64_t r0 = detail::sub_borrow(a.limb[0], b.limb[0], borrow);
        const std::uint64_t r1 = detail::sub_borrow(a.limb[1], b.limb[1], borrow);
        const std::uint64_t r2 = detail::sub_borrow(a.limb[2], b.limb[2], borrow);
        const std::uint64_t r3 = detail::sub_borrow(a.limb[3], b.limb[3], borrow);
        return {r0, r1, r2, r3};
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
        using namespace detail;
        const std::uint64_t a0 = a.limb[0], a1 = a.limb[1], a2 = a.limb[2], a3 = a.limb[3];
        const std::uint64_t b0 = b.limb[0], b1 = b.limb[1], b2 = b.limb[2], b3 = b.limb[3];
        // Row by row; what falls above bit 256 is not computed.
        Uint128 t = mul64(a0, b0);
        const std::uint64_t r0 = lower64(t);
        t = mul64(a0, b1) + high64(t);
        std::uint64_t r1 = lower64(t);
        t = mul64(a0, b2) + high64(t);
        std::uint64_t r2 = lower64(t);
        std::uint64_t r3 = a0 * b3 + high64(t);
        t = mul64(a1, b0) + r1;
        r1 = lower64(t);
        t = mul64(a1, b1) + r2 + high64(t);
        r2 = lower64(t);
        r3 += a1 * b2 + high64(t);
        t = mul64(a2, b0) + r2;
        r2 = lower64(t);
        r3 += a2 * b1 + a3 * b0 + high64(t);
        return {r0, r1, r2, r3};
    }
    /// Logical shifts; a count of 256 or more gives 0. Without branches on the count below 256.
    friend constexpr Uint256 operator<<(const Uint256& a, std::uint64_t n) noexcept {
        if (__builtin_expect(n >= 256, 0)) return {};
        std::uint64_t x0 = a.limb[0], x1 = a.limb[1], x2 = a.limb[2], x3 = a.limb[3];
        const bool one = (n & 64) != 0;
        const bool two = (n & 128) != 0;
        x3 = one ? x2 : x3;
        x2 = one ? x1 : x2;
        x1 = one ? x0 : x1;
        x0 = one ? 0 : x0;
        x3 = two ? x1 : x3;
        x2 = two ? x0 : x2;
        x1 = two ? 0 : x1;
        x0 = two ? 0 : x0;
        // Shifting by 1 first keeps the second count below 64 where the first is 0.
        const unsigned s = n & 63;
        const unsigned t = 63 - s;
        return {x0 << s, x1 << s | (x0 >> 1) >> t, x2 << s | (x1 >> 1) >> t, x3 << s | (x2 >> 1) >> t};
    }
    friend constexpr Uint256 operator>>(const Uint256& a, std::uint64_t n) noexcept {
        if (__builtin_expect(n >= 256, 0)) return {};
        std::uint64_t x0 = a.limb[0], x1 = a.limb[1], x2 = a.limb[2], x3 = a.limb[3];
        const bool one = (n & 64) != 0;
        const bool two = (n & 128) != 0;
        x0 = one ? x1 : x0;
        x1 = one ? x2 : x1;
        x2 = one ? x3 : x2;
        x3 = one ? 0 : x3;
        x0 = two ? x2 : x0;
        x1 = two ? x3 : x1;
        x2 = two ? 0 : x2;
        x3 = two ? 0 : x3;
        const unsigned s = n & 63;
        const unsigned t = 63 - s;
        return {x0 >> s | (x1 << 1) << t, x1 >> s | (x2 << 1) << t, x2 >> s | (x3 << 1) << t, x3 >> s};
    }
    /// Quotient and remainder; b must not be 0 (asserted). The EVM's x/0 = 0 is the VM's business.
    friend Uint256 operator/(const Uint256& a, const Uint256& b) noexcept;
    friend Uint256 operator%(const Uint256& a, const Uint256& b) noexcept;

    constexpr Uint256& operator+=(const Uint256& b) noexcept { return *this = *this + b; }
    constexpr Uint256& operator-=(const Uint256& b) noexcept { return *this = *this - b; }
    constexpr Uint256& operator*=(const Uint256& b) noexcept { return *this = *this * b; }
};

static_assert(sizeof(Uint256) == 32 && alignof(Uint256) == 8);

namespace detail {

/// `yes` or `no` limb by limb: on whole words compilers choose between addresses, and then copy the word through
/// vector registers, which waits for the stores of its limbs.
[[nodiscard, gnu::always_inline]] constexpr Uint256 select(bool condition, const Uint256& yes,
                                                           const Uint256& no) noexcept {
    const std::uint64_t mask = condition ? ~0ULL : 0;
    return {(yes.limb[0] & mask) | (no.limb[0] & ~mask), (yes.limb[1] & mask) | (no.limb[1] & ~mask),
            (yes.limb[2] & mask) | (no.limb[2] & ~mask), (yes.limb[3] & mask) | (no.limb[3] & ~mask)};
}

/// The same number read as four limbs: wraps the result of a call that stored it so, for the reason of `select`.
[[nodiscard, gnu::always_inline]] inline Uint256 by_limbs(const Uint256& x) noexcept {
    std::uint64_t x0 = x.limb[0], x1 = x.limb[1], x2 = x.limb[2], x3 = x.limb[3];
    __asm__("" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3));
    return {x0, x1, x2, x3};
}

}  // namespace detail

/// Quotient and remainder together.
struct DivMod256 {
    Uint256 quotient;
    Uint256 remainder;
};

/// a / b and a mod b by Knuth's algorithm D with a precomputed reciprocal of the divisor's top limb (Möller and
/// Granlund, "Improved division by invariant integers", 2011). b must not be 0.
[[nodiscard]] DivMod256 divmod(const Uint256& a, const Uint256& b) noexcept;

inline Uint256 operator/(const Uint256& a, const Uint256& b) noexcept {
    // Small operands, which are most, stay in the caller.
    if (a.fits_u64() && b.fits_u64() && b.limb[0] != 0) return Uint256{a.limb[0] / b.limb[0]};
    return detail::by_limbs(divmod(a, b).quotient);
}
inline Uint256 operator%(const Uint256& a, const Uint256& b) noexcept {
    if (a.fits_u64() && b.fits_u64() && b.limb[0] != 0) return Uint256{a.limb[0] % b.limb[0]};
    return detail::by_limbs(divmod(a, b).remainder);
}

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
