// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/types/ids.hpp"

namespace cairn {

// Ethash (Yellow Paper, appendix J), the light side: what it takes to check a seal. The full data
// set of a miner is the concatenation of the items computed here.

/// Blocks that share a cache (J_epoch).
inline constexpr std::uint64_t kEthashEpochBlocks = 30000;
/// Epochs served: sizes grow with each, and a header's number is an outsider's to choose.
/// Ethereum's main network left proof of work in epoch 517.
inline constexpr std::uint64_t kEthashEpochsMax = 2048;

/// Epoch of a block number.
[[nodiscard]] constexpr std::uint64_t ethash_epoch(std::uint64_t number) noexcept {
    return number / kEthashEpochBlocks;
}

/// Bytes of an epoch's cache (c_size) and of its full data set (d_size): the largest prime
/// multiples of 64 and 128 below a line that grows with the epoch. Pure; any thread.
[[nodiscard]] std::uint64_t ethash_cache_size(std::uint64_t epoch) noexcept;
[[nodiscard]] std::uint64_t ethash_full_size(std::uint64_t epoch) noexcept;

/// Seed of an epoch: that many times Keccak-256 of 32 zero bytes. Pure; any thread.
[[nodiscard]] Hash256 ethash_seed(std::uint64_t epoch) noexcept;

/// What Ethash makes of a seal hash and a nonce.
struct EthashResult {
    Hash256 mix;    ///< must be the header's mix hash
    Hash256 value;  ///< big-endian; must be at most 2^256 / difficulty

    friend bool operator==(const EthashResult&, const EthashResult&) noexcept = default;
};

/// The value alone from a claimed mix, without a cache: two Keccaks (Yellow Paper, equation 237,
/// last step). What fails here fails for every cache. Pure; any thread.
[[nodiscard]] Hash256 ethash_value(const Hash256& seal_hash, std::uint64_t nonce,
                                   const Hash256& mix) noexcept;

/// The cache of one epoch: 16 MiB and 128 KiB more with each epoch. Making one takes some tenths of
/// a second. Immutable afterwards; any thread.
class EthashCache {
public:
    /// 64 bytes as sixteen little-endian words.
    using Row = std::array<std::uint32_t, 16>;

    /// @param epoch  below kEthashEpochsMax (asserted)
    /// @throws std::bad_alloc
    explicit EthashCache(std::uint64_t epoch);

    [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }
    /// The rows one after another.
    [[nodiscard]] const std::vector<Row>& rows() const noexcept { return rows_; }

    /// One item of the full data set, computed from the cache; index below full_size / 64.
    [[nodiscard]] Row dataset_item(std::uint32_t index) const noexcept;

    /// Items of the full data set from `first` on, as many as `out` holds; several at a time, so that their waits for
    /// memory overlap.
    void dataset_range(std::uint32_t first, std::span<Row> out) const noexcept;

    /// Mix and value of a seal, each item of the data set computed when it is needed.
    /// @param nonce  the header's eight bytes read big-endian
    [[nodiscard]] EthashResult hash(const Hash256& seal_hash, std::uint64_t nonce) const noexcept;

private:
    template <std::size_t N>
    void dataset_items(std::uint32_t first, std::array<Row, N>& out) const noexcept;

    std::uint64_t epoch_;
    std::uint64_t full_size_;
    std::vector<Row> rows_;
};

}  // namespace cairn
