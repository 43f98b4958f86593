// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "chain/import/event_bus.hpp"
#include "chain/import/events.hpp"
#include "chain/pool/double_spends.hpp"
#include "chain/pool/journal_file.hpp"
#include "chain/pool/pool_chain.hpp"
#include "chain/pool/pool_content.hpp"
#include "chain/pool/pool_error.hpp"
#include "chain/pool/pool_events.hpp"
#include "chain/pool/pool_head.hpp"
#include "chain/pool/pool_options.hpp"
#include "chain/pool/pool_tx.hpp"
#include "chain/pool/pool_views.hpp"
#include "chain/spec/chain_spec.hpp"
#include "core/base/expected.hpp"
#include "core/base/lru_map.hpp"

namespace cairn::chain {

/// Transactions that wait for a block, from this node's users and from the network alike.
///
/// Any thread may call anything. One mutex guards the content; signatures, proofs and, but for
/// races with a new head, the disk are looked at before it is taken. Events are published after it
/// is released, in the order in which things happened; a listener may look at the pool but not
/// change it.
///
/// The clock is an argument everywhere: seconds since 1970.
class TxPool {
public:
    /// An empty pool on the head that `chain` shows. Spec and chain outlive it.
    TxPool(const ChainSpec& spec, const PoolChain& chain, PoolOptions options, UnixSeconds now);
    TxPool(const TxPool&) = delete;
    TxPool& operator=(const TxPool&) = delete;

    /// What became of an accepted transaction.
    struct Added {
        PoolTxPtr tx;
        bool is_pending = false;  ///< executable at once, not waiting for a nonce
        std::optional<TxHash> replaced;
    };
    /// Takes a transaction in, or says why not. Its sender was recovered by the caller; all else is
    /// checked here: the next block's rules, the sender's account, prices and limits.
    Result<Added, PoolRejection> add(const NewTx& tx, Origin origin, UnixSeconds now);
    /// What add would say about rules, account and price, without taking it in; room is not looked
    /// for.
    [[nodiscard]] Result<void, PoolRejection> check(const NewTx& tx, Origin origin,
                                                    UnixSeconds now) const;

    /// The canonical chain moved: mined transactions leave, those of reverted blocks come back,
    /// accounts and prices are read again. To be called in the order of the events, not from the
    /// writer's thread (it reads the store).
    void on_head_changed(const HeadChanged& change, UnixSeconds now);
    /// Lets what has waited too long go and rewrites the journal when it is time. To be called
    /// every minute or so.
    void maintain(UnixSeconds now);
    /// Takes one out; false where it is not there.
    bool remove(const TxHash& hash);
    /// Takes all out.
    void clear();
    /// From here on peers' transactions must offer this tip in wei per gas (`miner_setGasPrice`);
    /// those that do not leave.
    void set_price_limit(const Wei& price_limit);

    /// What came of the journal at start.
    struct JournalLoad {
        std::size_t loaded = 0;
        std::size_t rejected = 0;       ///< mined meanwhile, or otherwise not taken
        std::size_t damaged_bytes = 0;  ///< a tail that a crash left, cut off
        std::string error;              ///< the operating system's words; empty where all went well
    };
    /// Takes in what the journal holds; once, at start. Without a journal: nothing.
    JournalLoad load_journal(UnixSeconds now);

    // Views.
    [[nodiscard]] PoolHead head() const;
    [[nodiscard]] PoolOptions options() const;
    [[nodiscard]] PoolStatus status() const;
    [[nodiscard]] PoolStats stats() const;
    /// Null where there is none.
    [[nodiscard]] PoolTxPtr find(const TxHash& hash) const;
    [[nodiscard]] bool contains(const TxHash& hash) const { return find(hash) != nullptr; }
    /// The nonce that the account should use next: after its pending transactions, ignoring any
    /// past a gap.
    [[nodiscard]] std::uint64_t pending_nonce(const Address& address) const;
    /// Everything, ascending by sender, with the reason why each waits.
    [[nodiscard]] std::vector<SenderContent> content() const;
    /// One sender's; empty where there is none.
    [[nodiscard]] std::vector<PoolEntry> content_of(const Address& sender) const;
    /// Executable ones for a peer that has just come, at most `count_max`; blob transactions too,
    /// since announcing does not send them.
    [[nodiscard]] std::vector<TxAnnouncement> announcements(std::size_t count_max) const;
    /// The latest first.
    [[nodiscard]] std::vector<DoubleSpend> double_spends(std::size_t count_max) const;
    [[nodiscard]] std::optional<DoubleSpend> find_double_spend(const Address& sender,
                                                               std::uint64_t nonce) const;
    [[nodiscard]] EventBus<PoolEvent>& events() noexcept { return events_; }

    // For BestTxs.
    /// The first pending transaction of each sender.
    [[nodiscard]] std::vector<PoolTxPtr> first_pending() const;
    /// The sender's pending transaction with this nonce; null where there is none.
    [[nodiscard]] PoolTxPtr find_pending(const Address& sender, std::uint64_t nonce) const;

    /// Whether the content's counts, indexes, queues and limits agree; for tests.
    [[nodiscard]] bool is_consistent() const;

private:
    /// What a mined transaction had beside what its block has, should the block be reverted.
    struct Limbo {
        Origin origin = Origin::Peer;
        std::shared_ptr<const BlobSidecar> sidecar;
    };

    // What follows expects mutex_ to be held.
    [[nodiscard]] Result<Added, PoolRejection> insert(const std::shared_ptr<PoolTx>& tx,
                                                      const PoolAccount& account);
    [[nodiscard]] Result<std::vector<PoolTxPtr>, PoolRejection> find_room(const PoolTx& tx,
                                                                          const PoolTx* pooled,
                                                                          bool is_future);
    /// Holds the queues of these senders, and all together, to their limits.
    [[nodiscard]] std::vector<PoolTxPtr> cut_queues(std::span<const Address> senders);
    /// Takes these out, and what then waits beyond the limits.
    void take_out(const std::vector<PoolTxPtr>& txs, DropReason reason);
    void note_contender(const PoolTx& tx, UnixSeconds now);
    void settle_contests(const HeadChanged& change, UnixSeconds now);
    void refresh_sender(const Address& address, const PoolAccount& account,
                        const std::unordered_set<TxHash>& mined, bool rules_changed);
    void drop(const PoolTxPtr& tx, DropReason reason);
    void drop_erased(const std::vector<PoolTxPtr>& txs, DropReason reason);
    void promote(const std::vector<PoolTxPtr>& txs);
    void reject(const PoolRejection& rejection);

    // What follows expects it not to be held.
    [[nodiscard]] Origin treated_as(Origin origin) const noexcept;
    [[nodiscard]] Result<Added, PoolRejection> try_add(const NewTx& in, Origin origin,
                                                       UnixSeconds now);
    [[nodiscard]] std::vector<RecoveredTx> reverted_txs(const HeadChanged& change) const;
    void put_back(const std::vector<RecoveredTx>& txs, UnixSeconds now);
    void publish();
    void journal(const PoolTx& tx);
    void rotate_journal(UnixSeconds now);

    const ChainSpec& spec_;
    const PoolChain& chain_;

    mutable std::mutex mutex_;
    PoolOptions options_;  // price_limit changes; the rest is constant
    PoolHead head_;
    std::uint64_t generation_ = 0;  // counts heads: what was read under another is read again
    std::uint64_t next_sequence_ = 1;
    PoolContent content_;
    DoubleSpends double_spends_;
    LruMap<TxHash, Limbo> limbo_;
    PoolStats stats_;
    std::vector<PoolEvent> outbox_;

    std::mutex publish_mutex_;  // taken before mutex_; keeps events in order
    EventBus<PoolEvent> events_;

    std::mutex journal_mutex_;  // taken before mutex_
    std::optional<JournalFile> journal_;
    UnixSeconds rotated_at_ = 0;
};

}  // namespace cairn::chain
