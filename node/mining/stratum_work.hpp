// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/types/mining_job.hpp"

namespace cairn::node {

// The forms in which foreign miners get a work header (docs/mining.md). All pure; any thread.

/// Bytes of the two extranonces: the first sets a connection apart, the second is the client's to count.
inline constexpr std::size_t kExtranonce1Bytes = 4;
inline constexpr std::size_t kExtranonce2Bytes = 8;

using Extranonce1 = std::array<std::uint8_t, kExtranonce1Bytes>;
using Extranonce2 = std::array<std::uint8_t, kExtranonce2Bytes>;

/// Largest step that a client may take ahead of its job's time, in seconds: two hours, as Bitcoin's rule has it.
inline constexpr std::uint32_t kTimeAheadMax = 7200;

/// A Bitcoin coinbase transaction around the extranonces. It pays nothing to nobody: only its hash is used, as what the
/// Merkle-root slot is made from.
struct CoinbaseParts {
    Bytes head;  ///< up to the extranonces; the script begins with a push of the block number in 3 or 4 bytes (BIP 34)
    Bytes tail;  ///< behind them
};
/// @param number  its lower 31 bits stand in the script
[[nodiscard]] CoinbaseParts make_coinbase(BlockNumber number);

/// Two branches, for cgminer takes fewer to be bad work.
using MerkleBranches = std::array<Hash256, 2>;

/// Branches that differ for every job of a connection, so that clients which count their extranonce from 0 again search
/// something else.
[[nodiscard]] MerkleBranches make_branches(const Hash256& seal_hash, std::uint64_t issue);

/// sha256d of the coinbase, then of that with each branch on its right: the Merkle-root slot.
[[nodiscard]] Hash256 merkle_root_of(const CoinbaseParts& coinbase, const Extranonce1& first, const Extranonce2& second,
                                     const MerkleBranches& branches);

/// A line `mining.notify` with its end.
/// @param id  hex, at most 16 digits: cpuminer-opt reads it as a number
[[nodiscard]] std::string make_notify(std::string_view id, const MiningJob& job, const CoinbaseParts& coinbase,
                                      const MerkleBranches& branches, bool is_clean);

/// What of a header a share chooses.
struct ShareFields {
    Extranonce2 extranonce2{};
    std::uint32_t time = 0;
    std::uint32_t nonce = 0;
    std::uint32_t version = kWorkVersion;  ///< whole, rolled bits included
};

/// The header that a share claims to have hashed.
[[nodiscard]] WorkHeader make_share_header(const MiningJob& job, const Hash256& merkle_root,
                                           const ShareFields& fields) noexcept;

/// Exactly `digits` hex digits as a number, big-endian; nothing for anything else, a prefix `0x` among it.
[[nodiscard]] std::optional<std::uint64_t> parse_hex_number(std::string_view text, std::size_t digits) noexcept;

/// Reverses the bytes inside each group of four: the order in which Stratum's prevhash and getwork's data show a header.
/// @param bytes  a multiple of 4 long (asserted)
[[nodiscard]] Bytes swap_words(ByteView bytes);

/// Bytes of getwork's data: a header padded to SHA-256's two blocks.
inline constexpr std::size_t kGetworkBytes = 128;
/// getwork's `data`: 256 hex digits.
[[nodiscard]] std::string make_getwork_data(const WorkHeader& header);
/// The header in getwork's `data`; nothing for anything but 256 (or, without the padding, 160) hex digits. The padding
/// is not looked at.
[[nodiscard]] std::optional<WorkHeader> parse_getwork_data(std::string_view hex);
/// getwork's `target`: 64 hex digits, the last byte first.
[[nodiscard]] std::string make_getwork_target(const Target& target);

/// Smallest difficulty of a share: one expected hash. Below 2^-32 the clients' arithmetic overflows.
inline constexpr double kShareDifficultyMin = 2.4e-10;

/// Largest hash of a share of a Stratum difficulty, where 1 is about 2^32 hashes: 2^224 / difficulty. cpuminer-opt takes
/// this for the bound; others take one that is 1/65536 lower and never send what lies between.
/// @param difficulty  finite; below kShareDifficultyMin counts as that
[[nodiscard]] Target share_target_of(double difficulty) noexcept;

/// The highest Stratum difficulty at which every client still reports each hash that reaches a block's target.
[[nodiscard]] double share_difficulty_max(const Target& block_target) noexcept;

}  // namespace cairn::node
