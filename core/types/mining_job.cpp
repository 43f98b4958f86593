// SPDX-License-Identifier: MIT
#include "core/types/mining_job.hpp"

#include <algorithm>
#include <cstring>

#include "core/crypto/sha256.hpp"

namespace cairn {
namespace {

/// min(floor(2^256 / x), 2^256 - 1), with 0 taken as 1.
Uint256 inverse(const Uint256& x) noexcept {
    if (x <= Uint256{1}) return Uint256::max();
    // 2^256 = (2^256 - 1) + 1: the quotient of 2^256 - 1 is short by one where x divides 2^256.
    const DivMod256 split = divmod(Uint256::max(), x);
    return split.remainder + Uint256{1} == x ? split.quotient + Uint256{1} : split.quotient;
}

constexpr std::uint32_t kCompactSignBit = 0x00800000;

}  // namespace

Target target_of(const Difficulty& difficulty) noexcept {
    return {inverse(difficulty.value)};
}

Difficulty difficulty_of(const Target& target) noexcept {
    return {inverse(target.value)};
}

std::uint32_t compact_of(const Target& target) noexcept {
    unsigned size = target.value.byte_width();
    const Uint256 top =
        size <= 3 ? target.value << (8 * (3 - size)) : target.value >> (8 * (size - 3));
    auto mantissa = static_cast<std::uint32_t>(top.low64());
    if ((mantissa & kCompactSignBit) != 0) {
        mantissa >>= 8;
        ++size;
    }
    return size << 24 | mantissa;
}

std::optional<Target> target_of_compact(std::uint32_t bits) noexcept {
    const unsigned size = bits >> 24;
    const Uint256 mantissa{bits & 0x007fffff};
    if ((bits & kCompactSignBit) != 0 && !mantissa.is_zero()) return std::nullopt;
    if (size <= 3) return Target{mantissa >> (8 * (3 - size))};
    const unsigned shift = 8 * (size - 3);
    if (!mantissa.is_zero() && mantissa.bit_width() + shift > 256) return std::nullopt;
    return Target{mantissa << shift};
}

WorkBase work_base_of(const Header& header) {
    return {.seal_hash = seal_hash(header),
            .timestamp = header.timestamp,
            .target = target_of(header.difficulty)};
}

Seal seal_of(const Header& header) noexcept {
    return {.mix_hash = header.mix_hash, .nonce = header.nonce};
}

WorkHeader make_work_header(const WorkBase& base, const Seal& seal) noexcept {
    const std::uint32_t rolled = load_be32(seal.nonce.data());
    const std::uint32_t version_bits = rolled >> 16;
    const std::uint32_t time_offset = rolled & 0xffff;
    WorkHeader out;
    store_le32(out.data(), kWorkVersion | version_bits << kWorkVersionShift);
    std::ranges::copy(base.seal_hash.bytes, out.begin() + kWorkSealHashOffset);
    std::ranges::copy(seal.mix_hash.bytes, out.begin() + kWorkMerkleRootOffset);
    store_le32(out.data() + kWorkTimeOffset,
               static_cast<std::uint32_t>(base.timestamp + time_offset));
    store_le32(out.data() + kWorkBitsOffset, compact_of(base.target));
    store_le32(out.data() + kWorkNonceOffset, load_be32(seal.nonce.data() + 4));
    return out;
}

std::optional<Seal> find_seal(const WorkBase& base, const WorkHeader& work) noexcept {
    const std::uint32_t version = load_le32(work.data());
    if ((version & ~kWorkVersionMask) != kWorkVersion) return std::nullopt;
    if (!std::equal(base.seal_hash.begin(), base.seal_hash.end(),
                    work.begin() + kWorkSealHashOffset))
        return std::nullopt;
    if (load_le32(work.data() + kWorkBitsOffset) != compact_of(base.target)) return std::nullopt;
    // Modulo 2^32, as the field wraps in 2106.
    const std::uint32_t time_offset =
        load_le32(work.data() + kWorkTimeOffset) - static_cast<std::uint32_t>(base.timestamp);
    if (time_offset > 0xffff) return std::nullopt;
    const std::uint32_t version_bits = (version & kWorkVersionMask) >> kWorkVersionShift;
    Seal seal;
    std::copy_n(work.begin() + kWorkMerkleRootOffset, seal.mix_hash.bytes.size(),
                seal.mix_hash.bytes.begin());
    store_be32(seal.nonce.data(), version_bits << 16 | time_offset);
    store_be32(seal.nonce.data() + 4, load_le32(work.data() + kWorkNonceOffset));
    return seal;
}

Uint256 pow_value(const WorkHeader& work) noexcept {
    const Hash256 hash = sha256d(work);
    return {load_le64(hash.data()), load_le64(hash.data() + 8), load_le64(hash.data() + 16),
            load_le64(hash.data() + 24)};
}

}  // namespace cairn
