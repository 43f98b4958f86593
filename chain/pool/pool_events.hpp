// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "chain/pool/double_spends.hpp"
#include "chain/pool/pool_tx.hpp"

namespace cairn::chain {

/// Why a transaction left the pool.
enum class DropReason : std::uint8_t {
    Mined,         ///< a canonical block holds it
    NonceUsed,     ///< another transaction of the same nonce was mined
    Unpayable,     ///< the sender's balance no longer covers it
    RulesChanged,  ///< the next block's rules or gas limit do not take it
    Evicted,       ///< the pool was full and it was the cheapest
    Truncated,     ///< too many of one account, or too many in all
    Expired,       ///< waited for a nonce for longer than the pool's lifetime
    Underpriced,   ///< below a raised price floor
    Removed,       ///< by an operator's word
};
inline constexpr std::size_t kDropReasonCount = static_cast<std::size_t>(DropReason::Removed) + 1;

/// One or two words in lower case, for logs and metrics.
[[nodiscard]] std::string_view to_string(DropReason reason) noexcept;

/// A transaction came in.
struct TxAdded {
    PoolTxPtr tx;
    bool is_pending = false;  ///< executable at once, not waiting for a nonce
};
/// A waiting transaction became executable.
struct TxPromoted {
    PoolTxPtr tx;
};
/// A transaction gave way to one of the same nonce; a TxAdded for that follows.
struct TxReplaced {
    PoolTxPtr old_tx;
    PoolTxPtr new_tx;
};
/// A transaction left otherwise.
struct TxDropped {
    PoolTxPtr tx;
    DropReason reason{};
};
/// A second transaction with the same sender and nonce was seen, or a block settled or reopened
/// such a case. Carries all that is known of it.
struct DoubleSpendSeen {
    DoubleSpend record;
};

/// What the pool tells its listeners.
using PoolEvent = std::variant<TxAdded, TxPromoted, TxReplaced, TxDropped, DoubleSpendSeen>;

}  // namespace cairn::chain
