// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "chain/store/block_store.hpp"
#include "chain/store/history.hpp"
#include "chain/store/keys.hpp"
#include "chain/store/lmdb.hpp"
#include "chain/store/log_index.hpp"
#include "chain/store/pending_rows.hpp"
#include "chain/store/trie_table.hpp"
#include "chain/store/tx_index.hpp"
#include "core/base/expected.hpp"

namespace cairn::chain {

class Store;

/// Blocks that have a name.
enum class BlockTag : std::uint8_t {
    Latest,     ///< the head
    Earliest,   ///< genesis
    Safe,       ///< as set by the writer; unknown where it never was
    Finalized,  ///< likewise
};

/// A block by hash (EIP-1898).
struct BlockByHash {
    BlockHash hash;
    bool require_canonical = false;
};

/// How callers name a block.
using BlockId = std::variant<BlockTag, BlockNumber, BlockByHash>;

/// Why a name leads to no block.
enum class LookupError : std::uint8_t {
    NotKnown,      ///< no such block in the store, or a number above the head
    NotCanonical,  ///< known, but not on the canonical chain, which was asked for
};

/// Why the state after a block cannot be had.
struct StateMissing {
    enum class Cause : std::uint8_t {
        NotKnown,  ///< the number is above the head, or there is no genesis yet
        Pruned,    ///< below the horizon
    };
    Cause cause = Cause::NotKnown;
    BlockNumber oldest = 0;  ///< Pruned: the oldest block whose state is kept
};

/// Typed look-ups over one transaction. Everything it answers belongs to one moment. Its thread is
/// the transaction's. Every function throws StoreError where the machine or the file fails.
class ChainReader {
public:
    /// @param pending  rows that are not in the tables yet, where there are such; outlives this
    ///                 object. Look-ups that need whole tables write it out.
    explicit ChainReader(const Txn& txn, PendingRows* pending = nullptr) noexcept
        : txn_{txn}, pending_{pending} {}
    ChainReader(const ChainReader&) = delete;
    ChainReader& operator=(const ChainReader&) = delete;

    /// The block whose state the flat tables hold; nothing before genesis.
    [[nodiscard]] std::optional<BlockRef> head() const;
    [[nodiscard]] std::optional<BlockHash> genesis_hash() const;
    /// Number of the oldest block whose state is kept; 0 unless something was pruned.
    [[nodiscard]] BlockNumber horizon() const;

    /// The hash of the canonical block of a number.
    [[nodiscard]] std::optional<BlockHash> canonical_hash(BlockNumber number) const;
    [[nodiscard]] bool is_canonical(const BlockRef& block) const;
    /// State root after a canonical block: its header's, unless the state was amended by hand.
    [[nodiscard]] Hash256 state_root_after(const Header& header) const;
    /// All stored blocks of a number, canonical or not.
    [[nodiscard]] std::vector<BlockHash> hashes_at(BlockNumber number) const;
    /// The stored block that a name leads to.
    [[nodiscard]] Result<BlockRef, LookupError> resolve(const BlockId& id) const;

    /// By hash: any stored block.
    [[nodiscard]] std::optional<BlockRef> find(const BlockHash& hash) const;
    [[nodiscard]] std::optional<TotalDifficulty> total_difficulty(const BlockHash& hash) const;
    [[nodiscard]] std::optional<HashedHeader> header(const BlockHash& hash) const;
    [[nodiscard]] std::optional<HashedHeader> header(const BlockRef& block) const;
    [[nodiscard]] std::optional<BlockBody> body(const BlockRef& block) const;
    [[nodiscard]] std::optional<Block> block(const BlockRef& block) const;
    [[nodiscard]] std::optional<std::vector<Receipt>> receipts(const BlockRef& block) const;
    [[nodiscard]] std::optional<std::vector<Address>> senders(const BlockRef& block) const;
    /// By number: the canonical one.
    [[nodiscard]] std::optional<HashedHeader> header(BlockNumber number) const;

    [[nodiscard]] std::optional<TxLocation> find_tx(const TxHash& hash) const;
    [[nodiscard]] std::optional<BadBlock> bad_block(const BlockHash& hash) const;
    /// What a canonical block changed; nothing below the horizon, for the horizon itself unless it
    /// is genesis, or above the head.
    [[nodiscard]] std::optional<StateDiff> change_log(BlockNumber number) const;
    /// See find_log_blocks; `last` is cut at the head.
    [[nodiscard]] std::vector<BlockNumber> log_blocks(const LogQuery& query, BlockNumber first,
                                                      BlockNumber last,
                                                      std::size_t count_max) const;

    /// The state after a canonical block. Lives no longer than this object; it must be gone before
    /// a writer commits.
    [[nodiscard]] Result<std::unique_ptr<StoredState>, StateMissing> state_at(
        BlockNumber number) const;
    /// The state after the head, without the detour.
    [[nodiscard]] HeadState head_state() const noexcept {
        return HeadState{txn_, pending_ ? &pending_->state() : nullptr};
    }
    /// The tries after the head.
    [[nodiscard]] TrieTables tries() const {
        return TrieTables{txn_, pending_ ? &pending_->tries() : nullptr};
    }

    /// The transaction, for checks that walk whole tables.
    [[nodiscard]] const Txn& txn() const;

private:
    void settle() const;

    const Txn& txn_;
    PendingRows* pending_;
};

namespace detail {
/// Holds a transaction that a base class further on looks into.
struct TxnHolder {
    TxnHolder(Env& env, Txn::Kind kind) : own{env, kind} {}
    Txn own;
};
}  // namespace detail

/// A snapshot of the store: what was committed when it was made, until it goes. Never waits for the
/// writer, nor the writer for it; but pages that it shows cannot be used again meanwhile, so it is
/// made for one request and not kept across a wait. Any thread, one at a time; the store outlives
/// it.
class ReadView final : private detail::TxnHolder, public ChainReader {
public:
    /// @throws StoreError
    explicit ReadView(const Store& store);
};

}  // namespace cairn::chain
