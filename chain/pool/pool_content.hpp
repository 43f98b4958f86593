// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "chain/pool/pool_options.hpp"
#include "chain/pool/pool_tx.hpp"
#include "chain/pool/pricing.hpp"
#include "chain/pool/sender_queue.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// What the pool holds, and its limits: queues by sender, an index by hash, one by price, and who
/// is named as an authority. Knows nothing of rules, states or events. Not thread-safe: TxPool
/// locks.
///
/// Evicting and cutting down give back what they took out, in the order in which it left.
class PoolContent {
public:
    /// @param options  its limits hold for good; the price floor is not looked at
    explicit PoolContent(const PoolOptions& options)
        : account_slots_{options.account_slots},
          global_slots_{options.global_slots},
          account_queue_{options.account_queue},
          global_queue_{options.global_queue} {}

    using Senders = std::unordered_map<Address, SenderQueue>;

    [[nodiscard]] const Senders& senders() const noexcept { return senders_; }
    /// Null where there is none.
    [[nodiscard]] PoolTxPtr find(const TxHash& hash) const noexcept;
    [[nodiscard]] const SenderQueue* find_queue(const Address& sender) const noexcept;
    /// The sender's pending transaction with this nonce; null where there is none.
    [[nodiscard]] PoolTxPtr find_pending(const Address& sender, std::uint64_t nonce) const noexcept;
    /// Whether a pooled transaction would set this account's delegation.
    [[nodiscard]] bool is_authority(const Address& address) const noexcept {
        return authorities_.contains(address);
    }

    [[nodiscard]] std::size_t size() const noexcept { return by_hash_.size(); }
    [[nodiscard]] std::size_t pending_size() const noexcept { return pending_; }
    [[nodiscard]] std::size_t queued_size() const noexcept { return size() - pending_; }
    [[nodiscard]] std::size_t slots() const noexcept { return slots_; }
    [[nodiscard]] std::size_t local_size() const noexcept { return locals_; }

    /// What a change did beside what it was asked for.
    struct Effects {
        PoolTxPtr replaced;               ///< gave way to one of the same nonce; may be null
        std::vector<PoolTxPtr> promoted;  ///< became executable
        std::vector<PoolTxPtr> passed;    ///< the account's nonce is above theirs; taken out
    };
    /// Takes one in, which is not there (asserted) and whose nonce is not below the account's
    /// (asserted).
    /// @param account  its sender's; used where the sender is not in the pool yet
    Effects insert(const PoolTxPtr& tx, const PoolAccount& account);
    /// Takes one out, which is there (asserted). Those behind it become queued.
    void erase(const PoolTx& tx);
    /// The account, which has transactions here (asserted), is this from here on.
    Effects set_account(const Address& address, const PoolAccount& account);

    /// Prices count under this base fee from here on.
    void set_base_fee(const Wei& base_fee) { prices_.set_base_fee(base_fee); }

    /// The cheapest transactions that together have `slots` slots or more and are each worth less
    /// than `worth`, cheapest first; nothing where there are none such. Local ones are no
    /// candidates, nor is `except` (one that leaves anyway).
    [[nodiscard]] std::optional<std::vector<PoolTxPtr>> find_cheaper(std::size_t slots,
                                                                     const Worth& worth,
                                                                     const PoolTx* except);
    /// Cuts the accounts with the most pending transactions down, one transaction at a time from
    /// the end, until all together have at most global_slots or nobody who is not local has more
    /// than account_slots.
    [[nodiscard]] std::vector<PoolTxPtr> truncate_pending();
    /// Takes queued transactions out until there are at most global_queue: of the senders that
    /// have been quiet for longest first, and of each from the end. Local ones stay.
    [[nodiscard]] std::vector<PoolTxPtr> truncate_queued();
    /// Takes the sender's last queued transactions out until at most account_queue of them are not
    /// local. Local ones stay.
    [[nodiscard]] std::vector<PoolTxPtr> cap_queue(const Address& sender);
    /// Whether one of the sender's that has to wait, and is not local, would outlast cap_queue.
    [[nodiscard]] bool has_queue_room(const Address& sender, std::uint64_t nonce) const;
    /// Takes out what is queued, not local, and of senders quiet since before `deadline`.
    [[nodiscard]] std::vector<PoolTxPtr> expire(UnixSeconds deadline);

    /// Whether counts, indexes and queues agree: the invariant behind everything above. Walks all;
    /// for tests.
    [[nodiscard]] bool is_consistent() const;

private:
    void forget(const PoolTx& tx);
    /// Takes the last `count` queued ones that are not local out.
    std::size_t take_queued(const Address& sender, std::size_t count, std::vector<PoolTxPtr>& out);
    /// Runs `change` on the queue and keeps the count of pending ones.
    template <class Change>
    void change_queue(Senders::iterator it, std::vector<PoolTxPtr>* promoted, Change change);
    /// Takes the sender into, or out of, the two orders below.
    void list(const Address& sender, const SenderQueue& queue);
    void unlist(const Address& sender, const SenderQueue& queue);

    std::size_t account_slots_;
    std::size_t global_slots_;
    std::size_t account_queue_;
    std::size_t global_queue_;

    Senders senders_;
    /// Senders with more than account_slots_ pending, by how many; and those with queued ones, by
    /// when they were last active. So that a full pool need not look at everybody for each that
    /// comes.
    std::set<std::pair<std::size_t, Address>> large_;
    std::set<std::pair<UnixSeconds, Address>> waiting_;
    std::unordered_map<TxHash, PoolTxPtr> by_hash_;
    std::unordered_map<Address, std::size_t> authorities_;  // pooled transactions that name it
    PriceIndex prices_;
    std::size_t pending_ = 0;
    std::size_t slots_ = 0;
    std::size_t locals_ = 0;
};

}  // namespace cairn::chain
