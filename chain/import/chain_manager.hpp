// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chain/import/event_bus.hpp"
#include "chain/import/events.hpp"
#include "chain/import/import_outcome.hpp"
#include "chain/rules/header_check.hpp"
#include "chain/rules/seal_engine.hpp"
#include "chain/spec/genesis.hpp"
#include "chain/store/read_view.hpp"
#include "chain/store/store.hpp"
#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/block.hpp"

namespace cairn::chain {

/// Seconds since 1970, as the judge's clock says; called from any thread.
using ClockFunction = std::function<UnixSeconds()>;

/// How a ChainManager works.
struct ChainManagerOptions {
    /// Threads that decode, recover senders and check seals ahead of the writer; 0: one for each
    /// processor.
    std::size_t verify_threads = 0;
    /// Blocks in one write transaction at most, however many are waiting.
    std::size_t batch_blocks_max = 1024;
    /// Gas executed in one write transaction at most (one block may exceed it by itself).
    Gas batch_gas_max = 2'000'000'000;
    /// Blocks waiting at most; `submit` waits while there are as many.
    std::size_t queue_blocks_max = 2048;
    /// Encoded bytes waiting at most, likewise (one block may exceed it by itself).
    std::size_t queue_bytes_max = std::size_t{64} << 20;
    /// Blocks below the head whose state is kept; 0 keeps all (`--gcmode archive`).
    BlockNumber keep_state_blocks = 0;
    /// Confirmations that the blocks tagged safe and finalized have, the head having one; genesis
    /// where the chain is shorter. After the merge, where no depth is bought by work, both tags
    /// name the head.
    std::uint64_t safe_confirmations = 6;
    std::uint64_t finalized_confirmations = 20;
    /// Off: the chain's seals are taken on trust, as for a file of one's own.
    bool checks_seals = true;
    /// What binds the base fee and gas limit of a block; of ommers it is always consensus.
    GasPolicy gas_policy = GasPolicy::FollowsParent;
    /// Judges blocks as too early; the system's clock where empty.
    ClockFunction clock{};
    /// Told, once and on the writer thread, why the writer gave up: the disk or the file failed it.
    /// What was committed stays. The process should end.
    std::function<void(const std::string& what)> on_fatal{};
};

/// What is to be pretended of one account; what is not set stays.
struct AccountPretence {
    Address address;
    std::optional<Wei> balance{};
    std::optional<std::uint64_t> nonce{};
    std::optional<Bytes> code{};
    std::vector<std::pair<Uint256, Uint256>> storage{};  ///< slot and value
};

/// A store that belongs to another network than the genesis at hand.
struct GenesisMismatch {
    BlockHash stored;
    BlockHash wanted;
};

/// What the chain has done since it was opened. Relaxed counters.
struct ImportStats {
    std::uint64_t blocks = 0;  ///< executed and committed
    std::uint64_t transactions = 0;
    Gas gas = 0;
    std::uint64_t reorgs = 0;
    std::uint64_t deepest_reorg = 0;  ///< blocks taken back
    std::uint64_t rejected = 0;       ///< Invalid outcomes
};

/// Owns the one thread that writes the ledger. Blocks go in, one outcome comes back for each, and
/// everybody hears where the head went.
///
/// A block passes three stations: decoding, seal, body roots and senders in parallel, knowing
/// nothing but the block; then, on the writer thread and in order of submission, the checks against
/// its ancestors and the choice of chain; then execution where it is on the best chain. A
/// transaction takes as many waiting blocks as the bounds allow, so it holds one at the tip and
/// many while syncing; a reorganisation has one to itself. Outcomes and events follow the commit.
///
/// Choice of chain: greatest total difficulty; at a tie the one seen first stays; a block upon the
/// head is always taken (after the merge, difficulty is 0).
///
/// The store and the references in the options outlive the manager. Destruction stops it.
class ChainManager {
public:
    /// Opens the chain in the store, writing genesis into an empty one, and starts the threads.
    /// @throws StoreError
    [[nodiscard]] static Result<std::unique_ptr<ChainManager>, GenesisMismatch> open(
        Store& store, const Genesis& genesis, ChainManagerOptions options = {});
    ~ChainManager();
    ChainManager(const ChainManager&) = delete;
    ChainManager& operator=(const ChainManager&) = delete;

    /// Told a block's outcome on the writer thread; returns at once and does not throw.
    using OnOutcome = std::function<void(const ImportOutcome&)>;

    /// Any thread; waits while the queue is full. After stop(): NotProcessed.
    void submit(Block block, OnOutcome on_outcome);
    /// The same for a block of our own making, whose transactions' senders are known: one for each,
    /// in order.
    void submit(Block block, std::vector<Address> senders, OnOutcome on_outcome);
    /// The same from a block's RLP.
    void submit_encoded(Bytes rlp, OnOutcome on_outcome);
    /// The same with a future. Where the writer has failed it carries NotProcessed.
    [[nodiscard]] std::future<ImportOutcome> submit(Block block);
    [[nodiscard]] std::future<ImportOutcome> submit_encoded(Bytes rlp);

    /// Moves the head back to a canonical block; blocks above stay stored but lose to nothing until
    /// a heavier one comes (debug_setHead, snapshots of a dev node).
    /// @return false where the block is not canonical or its state is pruned
    [[nodiscard]] std::future<bool> set_head(BlockRef block);
    /// Takes the block and what stands on it for invalid from here on, as an operator's word
    /// (cairn_invalidateBlock); the best of the other chains becomes canonical.
    /// @return false where the block is not known, is genesis, or its parent's state is pruned
    [[nodiscard]] std::future<bool> invalidate(BlockHash block);
    /// Takes that back, for the block, its ancestors and its descendants, and chooses again.
    /// @return false where the block is not known
    [[nodiscard]] std::future<bool> reconsider(BlockHash block);

    /// Changes the state after the head by hand (a developer's node: anvil_setBalance and its like).
    /// The head stays; listeners hear of a HeadChanged without blocks.
    [[nodiscard]] std::future<bool> pretend(std::vector<AccountPretence> accounts);

    /// Finishes the block at hand, answers NotProcessed to the rest, commits, and joins the
    /// threads. Idempotent; any thread but the writer's.
    void stop();

    [[nodiscard]] const ChainSpec& spec() const noexcept;
    [[nodiscard]] const Store& store() const noexcept;
    [[nodiscard]] const Block& genesis_block() const noexcept;
    [[nodiscard]] const SealEngine& seal_engine() const noexcept;
    /// A snapshot for one request. @throws StoreError
    [[nodiscard]] ReadView view() const { return ReadView{store()}; }
    /// Where the head went; see EventBus for what listeners may do.
    [[nodiscard]] EventBus<HeadChangedPtr>& head_events() noexcept;
    [[nodiscard]] ImportStats stats() const noexcept;
    /// Blocks waiting for the writer.
    [[nodiscard]] std::size_t queue_size() const;

private:
    struct Impl;
    explicit ChainManager(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::chain
