// SPDX-License-Identifier: MIT
#include "core/math/uint256.hpp"

#include "core/base/assert.hpp"

namespace cairn {
namespace {

/// The largest power of ten below 2^64, and its number of zeros.
constexpr std::uint64_t kDecimalChunk = 10'000'000'000'000'000'000ULL;
constexpr unsigned kDecimalChunkDigits = 19;

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<Uint256> parse_hex(std::string_view digits) noexcept {
    if (digits.empty() || digits.size() > 64) return std::nullopt;
    Uint256 x;
    for (const char c : digits) {
        const int d = hex_digit(c);
        if (d < 0) return std::nullopt;
        x = x << 4 | Uint256{static_cast<std::uint64_t>(d)};
    }
    return x;
}

/// x * factor + addend in place; false where the result exceeds 256 bits.
bool mul_add(Uint256& x, std::uint64_t factor, std::uint64_t addend) noexcept {
    std::uint64_t carry = addend;
    for (auto& limb : x.limb) {
        const Uint128 t = static_cast<Uint128>(limb) * factor + carry;
        limb = static_cast<std::uint64_t>(t);
        carry = static_cast<std::uint64_t>(t >> 64);
    }
    return carry == 0;
}

std::optional<Uint256> parse_decimal(std::string_view digits) noexcept {
    if (digits.empty()) return std::nullopt;
    Uint256 x;
    while (!digits.empty()) {
        const auto part = digits.substr(0, kDecimalChunkDigits);
        digits.remove_prefix(part.size());
        std::uint64_t scale = 1;
        std::uint64_t value = 0;
        for (const char c : part) {
            if (c < '0' || c > '9') return std::nullopt;
            scale *= 10;
            value = value * 10 + static_cast<std::uint64_t>(c - '0');
        }
        if (!mul_add(x, scale, value)) return std::nullopt;
    }
    return x;
}

}  // namespace

std::array<std::uint64_t, 8> mul_full(const Uint256& a, const Uint256& b) noexcept {
    std::array<std::uint64_t, 8> r{};
    for (unsigned i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (unsigned j = 0; j < 4; ++j) {
            const Uint128 t = static_cast<Uint128>(a.limb[i]) * b.limb[j] + r[i + j] + carry;
            r[i + j] = static_cast<std::uint64_t>(t);
            carry = static_cast<std::uint64_t>(t >> 64);
        }
        r[i + 4] = carry;
    }
    return r;
}

Uint256 exp(const Uint256& base, const Uint256& exponent) noexcept {
    if (base == Uint256{2}) return Uint256{1} << exponent.saturate_u64();
    Uint256 result{1};
    for (unsigned i = exponent.bit_width(); i-- > 0;) {
        result = result * result;
        if (exponent.bit(i)) result = result * base;
    }
    return result;
}

Uint256 from_be(ByteView bytes) noexcept {
    CAIRN_ASSERT(bytes.size() <= 32);
    std::uint8_t padded[32] = {};
    if (!bytes.empty()) std::memcpy(padded + 32 - bytes.size(), bytes.data(), bytes.size());
    return load_be256(padded);
}

Bytes to_be_compact(const Uint256& x) {
    std::uint8_t padded[32];
    store_be256(padded, x);
    return {padded + 32 - x.byte_width(), padded + 32};
}

std::string to_decimal(const Uint256& x) {
    if (x.is_zero()) return "0";
    char digits[80];
    char* p = digits + sizeof digits;
    Uint256 rest = x;
    while (!rest.is_zero()) {
        // One pass of short division from the top limb down.
        std::uint64_t chunk = 0;
        for (unsigned i = 4; i-- > 0;) {
            const Uint128 t = static_cast<Uint128>(chunk) << 64 | rest.limb[i];
            rest.limb[i] = static_cast<std::uint64_t>(t / kDecimalChunk);
            chunk = static_cast<std::uint64_t>(t % kDecimalChunk);
        }
        for (unsigned i = 0; i < kDecimalChunkDigits && (chunk != 0 || !rest.is_zero()); ++i) {
            *--p = static_cast<char>('0' + chunk % 10);
            chunk /= 10;
        }
    }
    return {p, digits + sizeof digits};
}

std::string to_quantity(const Uint256& x) {
    constexpr char kDigits[] = "0123456789abcdef";
    if (x.is_zero()) return "0x0";
    const unsigned count = (x.bit_width() + 3) / 4;
    std::string out{"0x"};
    out.reserve(2 + count);
    for (unsigned i = count; i-- > 0;)
        out.push_back(kDigits[x.limb[i / 16] >> (4 * (i % 16)) & 15]);
    return out;
}

std::optional<Uint256> parse_uint256(std::string_view text) noexcept {
    if (text.starts_with("0x") || text.starts_with("0X")) return parse_hex(text.substr(2));
    return parse_decimal(text);
}

}  // namespace cairn
