// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "chain/import/import_outcome.hpp"
#include "chain/rules/seal_engine.hpp"
#include "chain/spec/chain_spec.hpp"
#include "node/sync/doors.hpp"

namespace cairn::sim {

/// What a transaction spends: of the ledger's meaning only this is left here. The sender's number
/// travels in the gas limit, so that no signature has to be recovered.
using Coin = std::pair<std::uint64_t, std::uint64_t>;
[[nodiscard]] Coin coin_of(const SignedTx& tx);
/// A transaction of a sender; those of one nonce that differ in `variant` conflict.
[[nodiscard]] SignedTx make_light_tx(std::uint64_t sender, std::uint64_t nonce,
                                     std::uint8_t variant);

/// The rules: Berlin's, without seals, from a minimum of difficulty on, which makes chains differ
/// in weight by their timestamps.
[[nodiscard]] const chain::ChainSpec& light_spec();
[[nodiscard]] const chain::SealEngine& light_engine();
/// Seconds since 1970 of the genesis block and of the simulation's begin.
inline constexpr UnixSeconds kSimStart = 1'000'000;
[[nodiscard]] const Block& light_genesis();

/// A ledger in memory with the import rules of ChainManager (Canonical, SideChain without
/// execution, reorganisation all or nothing), in which executing a block means to check that its
/// state root is the hash of its parent's and its transactions', and that no coin is spent twice.
class LightChain final : public node::ChainDoor {
public:
    LightChain();
    [[nodiscard]] std::unique_ptr<node::ChainSnapshot> snapshot() const override;

    struct Imported {
        chain::ImportOutcome outcome;
        std::vector<node::AppliedBlock> applied;  ///< lowest first
        std::vector<Block> reverted;
        bool is_head_moved = false;
    };
    /// @param trusts  takes the block whatever it is, as a liar's own node does
    [[nodiscard]] Imported import(const Block& block, UnixSeconds now, bool trusts = false);

    /// A valid child of the head. Transactions whose coin is spent are left out.
    [[nodiscard]] Block make_block(UnixSeconds timestamp, const std::vector<SignedTx>& txs,
                                   std::uint64_t miner) const;
    [[nodiscard]] node::CheckedHeader head() const;
    [[nodiscard]] bool is_spent(const Coin& coin) const;
    /// Transactions of the canonical chain.
    [[nodiscard]] std::vector<SignedTx> canonical_txs() const;
    [[nodiscard]] std::size_t deepest_reorg() const noexcept { return deepest_reorg_; }

private:
    friend class LightSnapshot;
    using Coins = std::shared_ptr<const std::set<Coin>>;
    struct Record {
        Block block;
        TotalDifficulty total;
        Coins spent;  ///< by it and all before; null until it is executed
    };

    [[nodiscard]] bool execute(Record& record, bool trusts);
    /// Makes a stored block the head.
    [[nodiscard]] Imported move_head(const Block& block, bool trusts);
    /// Takes the block and all that stands on it for invalid.
    void condemn(const BlockHash& hash);
    [[nodiscard]] Record& at(const BlockHash& hash) { return records_.at(hash); }

    std::unordered_map<BlockHash, Record> records_;
    std::vector<BlockHash> canonical_;
    std::unordered_set<BlockHash> bad_;
    std::size_t deepest_reorg_ = 0;
};

/// A pool in which the first transaction for a coin stays.
class LightPool final : public node::PoolDoor {
public:
    [[nodiscard]] bool contains(const TxHash& hash) const override { return txs_.contains(hash); }
    [[nodiscard]] std::optional<PooledTx> find(const TxHash& hash) const override;
    [[nodiscard]] std::vector<node::TxAnnouncement> announcements(
        std::size_t count_max) const override;

    [[nodiscard]] node::TxVerdict add(const SignedTx& tx, const LightChain& chain);
    void on_applied(const Block& block);
    [[nodiscard]] std::vector<SignedTx> txs() const;
    /// Conflicting transactions seen.
    [[nodiscard]] std::size_t conflicts() const noexcept { return conflicts_; }

private:
    std::map<TxHash, SignedTx> txs_;
    std::map<Coin, TxHash> by_coin_;
    std::size_t conflicts_ = 0;
};

}  // namespace cairn::sim
