// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/types/difficulty.hpp"
#include "core/types/header.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn {

/// Length in bytes of a work header: Bitcoin's block header.
inline constexpr std::size_t kWorkHeaderSize = 80;

/// What SHA-256d is taken of on networks sealed by it (docs: networks), in Bitcoin's layout:
///
/// | offset | size | field                                                     |
/// |--------|------|-----------------------------------------------------------|
/// |      0 |    4 | version, little-endian: 0x20000000 with vbits << 13       |
/// |      4 |   32 | previous-block slot: the seal hash                        |
/// |     36 |   32 | Merkle-root slot: the header's mix hash                   |
/// |     68 |    4 | time, little-endian: low 32 bits of timestamp plus dt     |
/// |     72 |    4 | bits, little-endian: the target's compact form            |
/// |     76 |    4 | nonce n, little-endian                                    |
///
/// where the header's nonce is vbits (2 bytes) ‖ dt (2) ‖ n (4), each big-endian.
using WorkHeader = std::array<std::uint8_t, kWorkHeaderSize>;

/// The version that a work header has where no bit is rolled, and the sixteen bits that BIP 320
/// lets miners roll.
inline constexpr std::uint32_t kWorkVersion = 0x20000000;
inline constexpr std::uint32_t kWorkVersionMask = 0x1fffe000;
inline constexpr unsigned kWorkVersionShift = 13;

/// Offsets of the fields in a work header.
inline constexpr std::size_t kWorkSealHashOffset = 4;
inline constexpr std::size_t kWorkMerkleRootOffset = 36;
inline constexpr std::size_t kWorkTimeOffset = 68;
inline constexpr std::size_t kWorkBitsOffset = 72;
inline constexpr std::size_t kWorkNonceOffset = 76;

/// What is fixed in a piece of work: everything of a block but its seal.
struct WorkBase {
    Hash256 seal_hash;          ///< keccak256(rlp(header without mix hash and nonce))
    UnixSeconds timestamp = 0;  ///< the header's
    Target target;              ///< target_of(the header's difficulty)

    friend bool operator==(const WorkBase&, const WorkBase&) noexcept = default;
};

/// The two header fields that a miner finds.
struct Seal {
    Hash256 mix_hash;
    SealNonce nonce;

    friend bool operator==(const Seal&, const Seal&) noexcept = default;
};

/// One piece of work handed to miners; any of Seal's 40 bytes may be varied.
struct MiningJob {
    /// Names the job between its maker and its miners; never reused while the node runs.
    std::uint64_t id = 0;
    BlockNumber number = 0;
    WorkBase base;
};

/// The target of a difficulty: min(floor(2^256 / difficulty), 2^256 - 1); a difficulty of 0, which
/// no block under proof of work has, counts as 1. Pure; any thread.
[[nodiscard]] Target target_of(const Difficulty& difficulty) noexcept;

/// The difficulty of a target: floor(2^256 / target), at most 2^256 - 1; a target of 0 counts as 1.
/// Pure; any thread.
[[nodiscard]] Difficulty difficulty_of(const Target& target) noexcept;

/// Bitcoin's compact form of a target, rounded down: one byte of length, three of mantissa whose
/// top bit is 0. Pure; any thread.
[[nodiscard]] std::uint32_t compact_of(const Target& target) noexcept;

/// The target of a compact form; nothing for one that is negative (top mantissa bit set) or above
/// 2^256 - 1. A length of more than 32 bytes is fine where the value fits. Pure; any thread.
[[nodiscard]] std::optional<Target> target_of_compact(std::uint32_t bits) noexcept;

/// The work that this header's seal claims.
[[nodiscard]] WorkBase work_base_of(const Header& header);
/// The header's seal.
[[nodiscard]] Seal seal_of(const Header& header) noexcept;

/// The work header of a seal. One-to-one for a given base: see find_seal. Pure; any thread.
[[nodiscard]] WorkHeader make_work_header(const WorkBase& base, const Seal& seal) noexcept;

/// The seal whose work header this is; nothing where there is none: another version than
/// kWorkVersion outside the mask, another seal hash, other bits, or a time that is not within
/// [timestamp, timestamp + 65535] modulo 2^32. Pure; any thread.
[[nodiscard]] std::optional<Seal> find_seal(const WorkBase& base, const WorkHeader& work) noexcept;

/// The number that is compared with the target: SHA-256(SHA-256(work header)) read as a
/// little-endian number. Pure; any thread.
[[nodiscard]] Uint256 pow_value(const WorkHeader& work) noexcept;

}  // namespace cairn
