// SPDX-License-Identifier: MIT
#include "core/crypto/modexp.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "core/math/uint256.hpp"
#include "vm/precompiles/contracts.hpp"

namespace cairn::vm::precompiles {
namespace {

constexpr std::int64_t kGasMax = std::numeric_limits<std::int64_t>::max();

/// Input: three lengths of 32 bytes, then base, exponent and modulus.
constexpr std::size_t kHeaderBytes = 96;
/// Bytes of the exponent that count in the price bit by bit.
constexpr std::size_t kExponentHeadBytes = 32;
/// EIP-7823: longest base, exponent and modulus.
constexpr std::uint64_t kLengthMax = 1024;
/// Lengths of a base or modulus beyond this cost more than any limit under every price formula (squared and divided
/// by at most 8² · 3 or 16 · 20, still above 2^63), and below it the arithmetic stays inside 128 bits.
constexpr std::uint64_t kPricedLengthMax = std::uint64_t{1} << 40;

/// Lengths are taken as at most this. An exponent of 2⁶⁴ bytes can still have a price (eight steps a byte, one twentieth
/// of a gas each), one of 2⁶⁸ cannot unless nothing is to be multiplied, and then its length does not matter.
constexpr Uint128 kDeclaredMax = static_cast<Uint128>(1) << 68;

/// The three lengths as declared, up to kDeclaredMax.
struct Lengths {
    Uint128 base;
    Uint128 exponent;
    Uint128 modulus;
};

Uint128 read_length(ByteView input, std::size_t offset) noexcept {
    std::array<std::uint8_t, 32> word;
    read_padded(input, offset, word.size(), word.data());
    if (std::any_of(word.begin(), word.begin() + 16, [](std::uint8_t b) { return b != 0; })) return kDeclaredMax;
    const Uint128 length = static_cast<Uint128>(load_be64(word.data() + 16)) << 64 | load_be64(word.data() + 24);
    return std::min(length, kDeclaredMax);
}

Lengths read_lengths(ByteView input) noexcept {
    return {read_length(input, 0), read_length(input, 32), read_length(input, 64)};
}

bool is_over_bounds(const Lengths& n) noexcept {
    return n.base > kLengthMax || n.exponent > kLengthMax || n.modulus > kLengthMax;
}

/// Bits of the exponent's leading 32 bytes (all of a shorter one), less one; 0 for zero.
std::uint64_t head_bits(ByteView input, const Lengths& n) noexcept {
    std::array<std::uint8_t, kExponentHeadBytes> head{};
    const auto count = static_cast<std::size_t>(std::min<Uint128>(n.exponent, head.size()));
    if (n.base <= input.size()) read_padded(input, kHeaderBytes + static_cast<std::size_t>(n.base), count, head.data());
    for (std::size_t i = 0; i < count; ++i)
        if (head[i] != 0)
            return 8 * (count - i - 1) + static_cast<std::uint64_t>(std::bit_width(head[i])) - 1;
    return 0;
}

/// Steps of the exponentiation: `per_byte` for each byte past the head, and the head's bits; at least 1.
Uint128 iteration_count(ByteView input, const Lengths& n, unsigned per_byte) noexcept {
    Uint128 count = head_bits(input, n);
    if (n.exponent > kExponentHeadBytes) count += per_byte * (n.exponent - kExponentHeadBytes);
    return std::max<Uint128>(count, 1);
}

/// EIP-198, mult_complexity.
Uint128 complexity_eip198(Uint128 x) noexcept {
    if (x <= 64) return x * x;
    if (x <= 1024) return x * x / 4 + 96 * x - 3072;
    return x * x / 16 + 480 * x - 199680;
}

/// Squared number of 8-byte words (EIP-2565, calculate_multiplication_complexity).
Uint128 squared_words(Uint128 x) noexcept {
    const Uint128 words = (x + 7) / 8;
    return words * words;
}

/// floor(complexity · iterations / divisor), at least `least`; kGasMax where that does not fit.
std::int64_t price(Uint128 complexity, Uint128 iterations, unsigned divisor, std::int64_t least) noexcept {
    const Uint128 product_max = static_cast<Uint128>(kGasMax) * divisor;
    if (complexity != 0 && iterations > product_max / complexity) return kGasMax;
    return std::max(static_cast<std::int64_t>(complexity * iterations / divisor), least);
}

}  // namespace

std::int64_t gas_modexp(ByteView input, Revision revision) noexcept {
    const Lengths n = read_lengths(input);
    const Uint128 longest = std::max(n.base, n.modulus);
    if (revision >= Revision::Osaka) {  // EIP-7883
        if (is_over_bounds(n)) return kGasMax;
        const Uint128 complexity = longest <= 32 ? 16 : 2 * squared_words(longest);
        return price(complexity, iteration_count(input, n, 16), 1, 500);
    }
    if (longest > kPricedLengthMax) return kGasMax;
    if (revision >= Revision::Berlin)  // EIP-2565
        return price(squared_words(longest), iteration_count(input, n, 8), 3, 200);
    return price(complexity_eip198(longest), iteration_count(input, n, 8), 20, 0);
}

RunResult run_modexp(ByteView input, Revision revision, Bytes& output) {
    const Lengths n = read_lengths(input);
    if (revision >= Revision::Osaka && is_over_bounds(n)) return Unexpected{Error::ModexpLength};
    // Nothing is returned modulo an empty modulus. Without a base either, a price of nearly nothing covers any declared
    // length of the exponent, so that no memory may be asked for before this point.
    if (n.modulus == 0) return {};

    std::size_t offset = kHeaderBytes;
    const auto take = [&](Uint128 length) {
        Bytes out(static_cast<std::size_t>(length));
        read_padded(input, offset, out.size(), out.data());
        offset += out.size();
        return out;
    };
    const Bytes base = take(n.base);
    const Bytes exponent = take(n.exponent);
    const Bytes modulus = take(n.modulus);
    output = modexp(base, exponent, modulus);
    return {};
}

}  // namespace cairn::vm::precompiles
