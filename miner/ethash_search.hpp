// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/crypto/ethash.hpp"
#include "core/types/mining_job.hpp"

namespace cairn::miner {

/// What is searched on networks sealed by Ethash: any of 2^64 nonces.
struct EthashJob {
    Hash256 seal_hash;
    BlockNumber number = 0;  ///< its epoch is below kEthashEpochsMax (checked where jobs come in)
    Target target;

    friend bool operator==(const EthashJob&, const EthashJob&) noexcept = default;
};

/// How a full data set is made.
struct EthashMaking {
    unsigned threads = 1;           ///< at least 1 (asserted), all of them begun for this
    const std::atomic<bool>& stop;  ///< looked at often; true ends the making early
    std::function<void(unsigned thread)> begin = {};      ///< called first by each thread: for its priority; may be empty
    std::function<void(unsigned percent)> progress = {};  ///< called by the caller's thread: 0, and each percent reached
};

/// An epoch's data, made to search with. Immutable once made; any thread.
///
/// Light: the epoch's cache alone, 16 MiB and up; a hash takes some hundreds of microseconds. Full: the data set beside
/// it, 1 GiB and up, which takes minutes to make; a hash then takes some microseconds, as fast as memory answers.
class EthashData {
  public:
    /// Light.
    explicit EthashData(std::uint64_t epoch);

    /// Full, or light where it was stopped.
    /// @throws std::bad_alloc
    EthashData(std::uint64_t epoch, const EthashMaking& making);

    [[nodiscard]] std::uint64_t epoch() const noexcept { return cache_.epoch(); }
    [[nodiscard]] bool is_full() const noexcept { return !items_.empty(); }

    /// Mix and value of a seal: cache_.hash, taken from the data set where there is one.
    [[nodiscard]] EthashResult hash(const Hash256& seal_hash, std::uint64_t nonce) const noexcept;

  private:
    EthashCache cache_;
    std::vector<EthashCache::Row> items_;
};

/// One way to get an item of the data set, by index.
struct EthashItems {
    const EthashCache::Row& (*get)(const void* context, std::uint32_t index) noexcept = nullptr;
    const void* context = nullptr;
};

/// Mix and value of a seal from the items of the data set (Yellow Paper, appendix J.4: hashimoto).
/// @param full_size  ethash_full_size of the epoch, bytes
/// Pure where `items` is; any thread.
[[nodiscard]] EthashResult ethash_hash_full(const EthashItems& items, std::uint64_t full_size, const Hash256& seal_hash,
                                            std::uint64_t nonce) noexcept;

/// Where solutions go. `take` returns whether the search shall go on.
struct EthashSink {
    bool (*take)(void* context, const Seal& seal) noexcept = nullptr;  ///< not null
    void* context = nullptr;
};

/// Tries the nonces first, first + 1, … (modulo 2^64), `count` of them; each that reaches the target goes to the sink.
/// @param data  of the job's epoch (asserted)
/// @param stop  looked at before every hash
/// @return      hashes done
/// No allocation. Any thread; calls share nothing but `data`.
[[nodiscard]] std::uint64_t scan_ethash(const EthashData& data, const EthashJob& job, std::uint64_t first,
                                        std::uint64_t count, const EthashSink& sink,
                                        const std::atomic<bool>& stop) noexcept;

}  // namespace cairn::miner
