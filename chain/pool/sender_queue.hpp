// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chain/pool/pool_tx.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// What the pool needs to know of an account after the head block. One that does not exist is all
/// zero.
struct PoolAccount {
    std::uint64_t nonce = 0;
    Wei balance;
    bool has_code = false;      ///< code that is no delegation designator (EIP-3607)
    bool is_delegated = false;  ///< a delegation designator (EIP-7702)

    friend bool operator==(const PoolAccount&, const PoolAccount&) noexcept = default;
};

/// One sender's transactions, ascending by nonce. Those that follow the account's nonce without a
/// gap are *pending*: executable one after the other; the rest is *queued*. Not thread-safe: its
/// owner locks.
class SenderQueue {
public:
    explicit SenderQueue(const PoolAccount& account) : account_{account} {}

    [[nodiscard]] const PoolAccount& account() const noexcept { return account_; }
    /// All, ascending by nonce; the first pending_size() of them are pending.
    [[nodiscard]] std::span<const PoolTxPtr> txs() const noexcept { return txs_; }
    [[nodiscard]] bool is_empty() const noexcept { return txs_.empty(); }
    [[nodiscard]] std::size_t pending_size() const noexcept { return pending_; }
    [[nodiscard]] std::size_t queued_size() const noexcept { return txs_.size() - pending_; }
    [[nodiscard]] std::span<const PoolTxPtr> pending() const noexcept {
        return txs().first(pending_);
    }
    [[nodiscard]] std::span<const PoolTxPtr> queued() const noexcept {
        return txs().subspan(pending_);
    }
    /// The nonce after the pending ones: what the sender should use next.
    [[nodiscard]] std::uint64_t next_nonce() const noexcept { return account_.nonce + pending_; }
    /// Sum of what all may cost.
    [[nodiscard]] const Wei& total_cost() const noexcept { return total_cost_; }

    /// Null where there is none.
    [[nodiscard]] PoolTxPtr find(std::uint64_t nonce) const noexcept;

    /// Adds one whose nonce is not below the account's (asserted), and with which the sum of the
    /// costs still fits 256 bits: the owner has held it against a balance.
    /// @return the one it takes the place of, or null
    PoolTxPtr insert(PoolTxPtr tx);
    /// Takes out the one with this nonce, which is there (asserted); those behind it wait for it.
    PoolTxPtr erase(std::uint64_t nonce);

    /// The account changed. Takes out what its nonce has passed.
    [[nodiscard]] std::vector<PoolTxPtr> set_account(const PoolAccount& account);

    /// When its sender last got something new into the pool; what expiry goes by.
    UnixSeconds last_active = 0;

private:
    void count_pending() noexcept;

    PoolAccount account_;
    std::vector<PoolTxPtr> txs_;
    std::size_t pending_ = 0;
    Wei total_cost_;
};

}  // namespace cairn::chain
