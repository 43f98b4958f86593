// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "chain/pool/pool_tx.hpp"
#include "chain/pool/pricing.hpp"
#include "chain/pool/tx_pool.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Walks a pool's executable transactions, best tip first, each sender's in order of nonce; among
/// equal tips what came first is first.
///
/// Holds one transaction a sender and asks the pool for the next one when it gets there, so that a
/// block of a hundred transactions does not copy a pool of thousands. A change of the pool
/// meanwhile shows, or does not; who executes the transactions checks their nonces anyway. One
/// thread.
class BestTxs {
public:
    /// @param base_fee  of the block at hand; those that do not reach it, and what is behind them,
    ///                  are left out
    /// @param tip_min   least tip, wei per gas, that the block's maker wants; locals are exempt
    BestTxs(const TxPool& pool, const Wei& base_fee, const Wei& tip_min = {});

    [[nodiscard]] bool is_empty() const noexcept { return heap_.empty(); }
    /// The best one; not when empty (asserted).
    [[nodiscard]] const PoolTxPtr& best() const;
    /// On to the next, the best one's successor among them.
    void next();
    /// On to the next, leaving out the best one's sender.
    void skip_sender();

private:
    struct Head {
        Worth worth;
        PoolTxPtr tx;

        /// Order of a heap, whose greatest is the best.
        friend bool operator<(const Head& a, const Head& b) noexcept {
            if (a.worth != b.worth) return a.worth < b.worth;
            return a.tx->sequence > b.tx->sequence;
        }
    };

    [[nodiscard]] bool is_wanted(const PoolTx& tx, const Worth& worth) const noexcept;

    const TxPool& pool_;
    Wei base_fee_;
    Wei tip_min_;
    std::vector<Head> heap_;
};

}  // namespace cairn::chain
