// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "chain/store/keys.hpp"
#include "core/base/lru_map.hpp"
#include "core/types/ids.hpp"
#include "core/types/transaction.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Double spends that are remembered; the one longest untouched is forgotten first.
inline constexpr std::size_t kDoubleSpendsMax = 1024;
/// Transactions remembered of one double spend: the first, and the latest of the others.
inline constexpr std::size_t kContendersMax = 8;

/// One of several transactions with the same sender and nonce.
struct Contender {
    TxHash hash;
    std::optional<Address> to;
    Wei value;
    Wei max_fee_per_gas;
    Wei max_priority_fee_per_gas;
    UnixSeconds seen_at = 0;

    friend bool operator==(const Contender&, const Contender&) noexcept = default;
};

/// Two or more signed transactions of which the ledger can hold only one: a replacement by intent,
/// or somebody being paid twice with the same coin.
struct DoubleSpend {
    Address sender;
    std::uint64_t nonce = 0;
    /// In order of arrival; at least two, at most kContendersMax.
    std::vector<Contender> contenders;
    /// The canonical block that holds one of them, and which; nothing while it is open.
    std::optional<BlockRef> settled_by;
    std::optional<TxHash> winner;

    friend bool operator==(const DoubleSpend&, const DoubleSpend&) noexcept = default;
};

/// The double spends that this node has seen, bounded in number. Not thread-safe: TxPool locks.
class DoubleSpends {
public:
    /// Notes that `second` has the sender and nonce of `first`, and another hash (asserted).
    /// @return  the record, where it says something that it did not say before; else null
    const DoubleSpend* note(const RecoveredTx& first, const RecoveredTx& second, UnixSeconds now);
    /// A canonical block holds this transaction.
    /// @return  the record, where the transaction takes part in one; else null
    const DoubleSpend* settle(const BlockRef& block, const RecoveredTx& tx);
    /// The block that held this transaction is no longer canonical.
    const DoubleSpend* unsettle(const BlockRef& block, const RecoveredTx& tx);

    /// Null where there is none.
    [[nodiscard]] const DoubleSpend* find(const Address& sender, std::uint64_t nonce) const;
    /// The latest first, at most `count_max`.
    [[nodiscard]] std::vector<DoubleSpend> latest(std::size_t count_max) const;
    /// Pairs of sender and nonce for which a second transaction was seen, forgotten ones included.
    [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
    [[nodiscard]] bool is_empty() const noexcept { return records_.empty(); }

private:
    struct Key {
        Address sender;
        std::uint64_t nonce = 0;
        friend bool operator==(const Key&, const Key&) noexcept = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept;
    };

    LruMap<Key, DoubleSpend, KeyHash> records_{kDoubleSpendsMax};
    std::uint64_t total_ = 0;
};

}  // namespace cairn::chain
