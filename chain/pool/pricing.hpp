// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>

#include "chain/pool/pool_tx.hpp"
#include "core/types/transaction.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// What a transaction is worth to who builds a block; greater is better.
struct Worth {
    /// Whether the fee cap reaches the base fee. One that does not is worth less than any that
    /// does.
    bool pays_base_fee = false;
    /// Wei per gas: the tip left after the base fee; the fee cap where that does not reach it, so
    /// that the one nearest to being executable comes first.
    Wei amount;

    friend auto operator<=>(const Worth&, const Worth&) noexcept = default;
};

/// Worth under a base fee, min(tip, fee cap - base fee) (EIP-1559); a base fee of 0 stands for a
/// block that has none. Pure; any thread.
[[nodiscard]] Worth worth_of(const Transaction& tx, const Wei& base_fee) noexcept;

/// Whether `candidate` may take the place of `pooled`, which has the same sender and nonce: fee cap
/// and tip are both greater, and by at least `bump_percent`; for blob transactions the blob fee cap
/// too. Thresholds are rounded down, as geth has it. Pure; any thread.
[[nodiscard]] bool can_replace(const Transaction& pooled, const Transaction& candidate,
                               unsigned bump_percent) noexcept;

/// Transactions that may be evicted, cheapest first; among equals the latest comes first, so that
/// nobody gains by sending the same price later. Sorts itself when it is asked, once for each base
/// fee: a pool with room pays nothing for it. Not thread-safe: its owner locks.
class PriceIndex {
public:
    /// Begins to sort by another base fee.
    void set_base_fee(const Wei& base_fee);
    [[nodiscard]] const Wei& base_fee() const noexcept { return base_fee_; }

    /// The owner took a transaction in, or let one go. Locals are not for eviction and not noted.
    void insert(const PoolTx& tx);
    void erase(const PoolTx& tx);

    /// Tells of every transaction that the owner has.
    using ForEach = std::function<void(const std::function<void(const PoolTxPtr&)>&)>;
    /// Makes the order good for cheapest_first(); walks all transactions where it is not.
    void sort(const ForEach& for_each);

    /// A place in the order.
    struct Entry {
        Worth worth;
        std::uint64_t sequence = 0;
        const PoolTx* tx = nullptr;

        friend bool operator<(const Entry& a, const Entry& b) noexcept {
            if (a.worth != b.worth) return a.worth < b.worth;
            return a.sequence > b.sequence;
        }
    };
    /// After sort().
    [[nodiscard]] const std::set<Entry>& cheapest_first() const noexcept { return entries_; }

private:
    [[nodiscard]] Entry entry_of(const PoolTx& tx) const noexcept {
        return {worth_of(tx.tx.tx(), base_fee_), tx.sequence, &tx};
    }

    Wei base_fee_;
    bool is_sorted_ = false;
    std::set<Entry> entries_;
};

}  // namespace cairn::chain
