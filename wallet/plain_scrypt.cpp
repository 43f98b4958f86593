// SPDX-License-Identifier: MIT
#include "wallet/plain_scrypt.hpp"

#include <array>
#include <bit>
#include <vector>

#include "wallet/secret_text.hpp"

namespace cairn::wallet {
namespace {

/// 64 bytes as little-endian words (RFC 7914, section 3).
using SalsaBlock = std::array<std::uint32_t, 16>;
using Blocks = std::vector<SalsaBlock, WipingAllocator<SalsaBlock>>;

void quarter_round(SalsaBlock& x, unsigned a, unsigned b, unsigned c, unsigned d) noexcept {
    x[b] ^= std::rotl(x[a] + x[d], 7);
    x[c] ^= std::rotl(x[b] + x[a], 9);
    x[d] ^= std::rotl(x[c] + x[b], 13);
    x[a] ^= std::rotl(x[d] + x[c], 18);
}

/// The Salsa20/8 core: four double rounds, columns then rows, and the input added.
void salsa20_8(SalsaBlock& block) noexcept {
    SalsaBlock x = block;
    for (int i = 0; i < 4; ++i) {
        quarter_round(x, 0, 4, 8, 12);
        quarter_round(x, 5, 9, 13, 1);
        quarter_round(x, 10, 14, 2, 6);
        quarter_round(x, 15, 3, 7, 11);
        quarter_round(x, 0, 1, 2, 3);
        quarter_round(x, 5, 6, 7, 4);
        quarter_round(x, 10, 11, 8, 9);
        quarter_round(x, 15, 12, 13, 14);
    }
    for (std::size_t i = 0; i < x.size(); ++i) block[i] += x[i];
}

void xor_into(SalsaBlock& to, const SalsaBlock& from) noexcept {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] ^= from[i];
}

/// scryptBlockMix (section 4) of the 2r blocks at `b`; `scratch` has 2r blocks.
void block_mix(SalsaBlock* b, SalsaBlock* scratch, std::size_t r) noexcept {
    SalsaBlock x = b[2 * r - 1];
    for (std::size_t i = 0; i < 2 * r; ++i) {
        xor_into(x, b[i]);
        salsa20_8(x);
        // Even results first, then odd ones.
        scratch[i / 2 + (i % 2) * r] = x;
    }
    std::copy(scratch, scratch + 2 * r, b);
}

/// scryptROMix (section 5) of the 2r blocks at `b`; `v` has 2r·n blocks.
void ro_mix(SalsaBlock* b, Blocks& v, SalsaBlock* scratch, std::size_t r,
            std::uint64_t n) noexcept {
    const std::size_t width = 2 * r;
    for (std::uint64_t i = 0; i < n; ++i) {
        std::copy(b, b + width, v.data() + i * width);
        block_mix(b, scratch, r);
    }
    for (std::uint64_t i = 0; i < n; ++i) {
        // Integerify: the last block's first 64 bits modulo n, which is a power of two.
        const std::uint64_t low = b[width - 1][0] | std::uint64_t{b[width - 1][1]} << 32;
        const SalsaBlock* chosen = v.data() + (low & (n - 1)) * width;
        for (std::size_t k = 0; k < width; ++k) xor_into(b[k], chosen[k]);
        block_mix(b, scratch, r);
    }
}

}  // namespace

Result<void, KdfError> plain_scrypt(ByteView password, ByteView salt, const ScryptCost& cost,
                                    std::span<std::uint8_t> out, std::uint64_t memory_max) {
    static_assert(std::endian::native == std::endian::little, "blocks are filled as bytes");
    if (cost.n < 2 || !std::has_single_bit(cost.n) || cost.r == 0 || cost.p == 0 ||
        std::uint64_t{cost.r} * cost.p >= (std::uint64_t{1} << 30))
        return Unexpected{KdfError::BadCost};
    // The first comparison keeps the sum from wrapping.
    if (cost.n > memory_max || cost.n + 2 + cost.p > memory_max / (std::uint64_t{128} * cost.r))
        return Unexpected{KdfError::TooMuchMemory};
    const std::size_t width = std::size_t{2} * cost.r;
    Blocks blocks(width * cost.p);
    const std::span<std::uint8_t> bytes{reinterpret_cast<std::uint8_t*>(blocks.data()),
                                        blocks.size() * sizeof(SalsaBlock)};
    if (auto filled = pbkdf2_hmac_sha256(password, salt, 1, bytes); !filled) return filled;
    Blocks scratch(width);
    Blocks v(width * cost.n);
    for (std::uint32_t i = 0; i < cost.p; ++i)
        ro_mix(blocks.data() + i * width, v, scratch.data(), cost.r, cost.n);
    return pbkdf2_hmac_sha256(password, bytes, 1, out);
}

}  // namespace cairn::wallet
