// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/import/event_bus.hpp"
#include "chain/import/events.hpp"
#include "chain/pool/double_spends.hpp"
#include "chain/pool/pool_tx.hpp"
#include "chain/state/state_diff.hpp"
#include "core/types/ids.hpp"
#include "core/types/transaction_rlp.hpp"
#include "core/types/units.hpp"
#include "rpc/errors.hpp"

namespace cairn::rpc {

// The doors through which methods reach what is not in the store: each small, each null where the
// node has no such part. Every function may be called from any thread and does not wait longer than
// its comment says.

/// The block that would come next, executed on the head, and what it changes.
struct PendingBlock {
    chain::ExecutedBlockPtr executed;  ///< unsealed; its parent is the head it was built on
    chain::StateDiff diff;             ///< over the state after that head
};

/// The maker of templates.
class PendingApi {
public:
    virtual ~PendingApi() = default;
    /// The latest; null where there is none.
    [[nodiscard]] virtual std::shared_ptr<const PendingBlock> pending() = 0;
};

/// What a block is to be built of, for `testing_buildBlockV1`.
struct BuildRequest {
    BlockHash parent;
    UnixSeconds timestamp = 0;
    Hash256 prev_randao;
    Address beneficiary;
    std::vector<Withdrawal> withdrawals;
    std::optional<Hash256> parent_beacon_root;
    /// Exactly these, in order; from the pool where there is none.
    std::optional<std::vector<SignedTx>> transactions;
    std::optional<Bytes> extra_data;
};

/// A block that was built for a request and is not on any chain.
struct BuiltBlock {
    Block block;
    Wei block_value;              ///< tips that the beneficiary gets, wei
    std::vector<Bytes> requests;  ///< EIP-7685, type ‖ data
    std::vector<std::shared_ptr<const BlobSidecar>> sidecars;
};

/// Builds blocks on request.
class BuildApi {
public:
    virtual ~BuildApi() = default;
    [[nodiscard]] virtual Result<BuiltBlock, RpcError> build(const BuildRequest& request) = 0;
};

/// One transaction as the pool holds it.
struct PoolEntry {
    RecoveredTx tx;
    bool is_pending = false;  ///< could be in the next block
    std::string reason;       ///< why it waits where it does: "waiting for nonce 12"
};

/// Counts of transactions.
struct PoolStatus {
    std::size_t pending = 0;
    std::size_t queued = 0;
};

/// The pool of transactions.
class PoolApi {
public:
    virtual ~PoolApi() = default;
    /// Takes a user's transaction, or refuses it in geth's words.
    [[nodiscard]] virtual Result<TxHash, RpcError> add(const chain::NewTx& tx) = 0;
    /// What add would answer, without taking it.
    [[nodiscard]] virtual Reply test(const chain::NewTx& tx) = 0;
    [[nodiscard]] virtual std::optional<RecoveredTx> find(const TxHash& hash) = 0;
    /// The sender's next nonce behind those that are executable; nothing where it has none here.
    [[nodiscard]] virtual std::optional<std::uint64_t> next_nonce(const Address& sender) = 0;
    /// All, or one sender's; ascending by sender, then nonce.
    [[nodiscard]] virtual std::vector<PoolEntry> content(const std::optional<Address>& sender) = 0;
    [[nodiscard]] virtual PoolStatus status() = 0;
    /// Calls the listener with each transaction that becomes executable, until the returned handle
    /// goes. The listener returns at once.
    [[nodiscard]] virtual std::shared_ptr<void> listen(
        std::function<void(const RecoveredTx&)> listener) = 0;
    /// The same with each double spend that is seen, settled or reopened.
    [[nodiscard]] virtual std::shared_ptr<void> listen_double_spends(
        std::function<void(const chain::DoubleSpend&)> listener) = 0;
};

/// How far behind its peers the node is.
struct SyncProgress {
    BlockNumber starting = 0;  ///< head when this synchronisation began
    BlockNumber current = 0;
    BlockNumber highest = 0;  ///< best known of any peer
};

/// Synchronisation.
class SyncApi {
public:
    virtual ~SyncApi() = default;
    /// Nothing while the node follows the chain's tip.
    [[nodiscard]] virtual std::optional<SyncProgress> progress() = 0;
};

/// Mining in the node and work for miners outside it.
class MiningApi {
public:
    virtual ~MiningApi() = default;
    [[nodiscard]] virtual bool is_mining() = 0;
    /// Hashes a second, of the node's own threads and of those that reported theirs.
    [[nodiscard]] virtual std::uint64_t hashrate() = 0;
    [[nodiscard]] virtual std::optional<Address> coinbase() = 0;
    /// eth_getWork: seal hash, seed hash, boundary, block number as a word; or why there is none.
    [[nodiscard]] virtual Result<std::array<Hash256, 3>, RpcError> work() = 0;
    [[nodiscard]] virtual BlockNumber work_number() = 0;
    [[nodiscard]] virtual bool submit_work(const SealNonce& nonce, const Hash256& seal_hash,
                                           const Hash256& mix_hash) = 0;
    virtual void submit_hashrate(std::uint64_t hashes_per_second, const Hash256& miner) = 0;
    /// Begins to mine; the error says why it cannot.
    [[nodiscard]] virtual Reply start(std::optional<std::uint64_t> threads) = 0;
    virtual void stop() = 0;
    virtual void set_coinbase(const Address& address) = 0;
    [[nodiscard]] virtual Reply set_extra_data(const Bytes& data) = 0;
    virtual void set_gas_price(const Wei& price) = 0;
    virtual void set_gas_limit(Gas limit) = 0;
};

/// Commands over the chain itself; each waits for the writer.
class ChainControlApi {
public:
    virtual ~ChainControlApi() = default;
    /// False where the block is not canonical or its state is pruned.
    [[nodiscard]] virtual bool set_head(BlockNumber number) = 0;
    [[nodiscard]] virtual bool invalidate(const BlockHash& block) = 0;
    [[nodiscard]] virtual bool reconsider(const BlockHash& block) = 0;
};

}  // namespace cairn::rpc
