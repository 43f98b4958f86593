// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>

#include "core/types/units.hpp"

namespace cairn::chain {

/// How the pool works; names and defaults are those of geth's `--txpool.*` flags.
struct PoolOptions {
    /// Least tip in wei per gas that a peer's transaction must offer (`pricelimit`).
    Wei price_limit{1};
    /// Percent by which a replacement must raise both fee cap and tip (`pricebump`).
    unsigned price_bump = 10;
    /// The same for blob transactions, blob fee cap included (geth: `blobpool.pricebump`).
    unsigned blob_price_bump = 100;
    /// Executable transactions that each account may have however full the pool is
    /// (`accountslots`).
    std::size_t account_slots = 16;
    /// Executable transactions of all accounts, above which the largest accounts are cut down to
    /// account_slots (`globalslots`). Together with global_queue also the pool's slots in all.
    std::size_t global_slots = 5120;
    /// Waiting transactions of one account (`accountqueue`).
    std::size_t account_queue = 64;
    /// Waiting transactions of all accounts (`globalqueue`).
    std::size_t global_queue = 1024;
    /// Seconds that waiting transactions of an account may stay without anything new from it
    /// (`lifetime`).
    UnixSeconds lifetime = 3 * 60 * 60;
    /// Treat local transactions like any other (`nolocals`).
    bool no_locals = false;
    /// Take local transactions without replay protection (geth: `rpc.allow-unprotected-txs`).
    bool allow_unprotected = false;
    /// File that keeps local transactions over a restart (`journal`); empty for none.
    std::filesystem::path journal{};
    /// Seconds between two rewritings of that file (`rejournal`).
    UnixSeconds rejournal = 60 * 60;

    /// Slots of the whole pool; never exceeded, by locals neither.
    [[nodiscard]] std::size_t slots_max() const noexcept { return global_slots + global_queue; }
};

}  // namespace cairn::chain
