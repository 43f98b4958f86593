// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/rules/fork_id.hpp"
#include "node/net/eth_capability.hpp"
#include "node/sync/block_gossip.hpp"
#include "node/sync/body_fetch.hpp"
#include "node/sync/doors.hpp"
#include "node/sync/header_sync.hpp"
#include "node/sync/peer_table.hpp"
#include "node/sync/sync_types.hpp"
#include "node/sync/tx_gossip.hpp"

namespace cairn::node {

/// Which network it is that is followed.
struct SyncNetwork {
    std::uint64_t network_id = 0;
    BlockHash genesis;
    std::shared_ptr<const chain::ForkSchedule> forks;  ///< never null
};

/// How far following the chain has come (eth_syncing).
struct SyncProgress {
    /// More than kSyncingBlocks behind what was checked of the best chain.
    bool is_syncing = false;
    BlockNumber starting_block = 0;  ///< the head when this stretch of syncing began
    BlockNumber current_block = 0;   ///< the head
    BlockNumber highest_block = 0;   ///< the last header known to be good, or the head
    std::size_t headers = 0;         ///< checked, with bodies to come
    std::size_t importing = 0;       ///< blocks handed to import
    std::size_t peers = 0;
};

/// What is held for others, for metrics and for tests of the bounds.
struct SyncLoad {
    std::size_t headers = 0;
    std::size_t body_bytes = 0;
    std::size_t import_bytes = 0;
    std::size_t gossip_blocks = 0;
    std::size_t gossip_bytes = 0;
    std::size_t wanted_txs = 0;
    std::size_t txs_under_judgement = 0;
};

/// What a peer says of itself and what we make of it (admin_peers).
struct SyncPeerInfo {
    PeerId peer = 0;
    EthVersion version{};
    BlockHash head;
    TotalDifficulty total;
    bool is_aside = false;  ///< not followed for the moment
};

/// Follows the network: one state machine made of header sync, body download, gossip of blocks and
/// of transactions. Events and moments go in, actions come out (sync_types.hpp); it does nothing by
/// itself, holds no thread and no socket, and two equal histories of events give equal actions.
///
/// After every call the owner carries out `take_actions`. One thread at a time. The doors outlive
/// it.
class SyncManager {
public:
    SyncManager(const ChainDoor& chain, const PoolDoor& pool, SyncNetwork network,
                const SyncOptions& options);

    /// A connection speaks eth and its Status was read. One of another network is let go.
    void on_peer(PeerId peer, EthVersion version, const Status& status, SyncTime now);
    /// Its connection ended, for whatever reason. For a peer that is not known: nothing.
    void on_peer_gone(PeerId peer, SyncTime now);
    void on_message(PeerId peer, EthMessage message, SyncTime now);
    /// Answers to CheckHeaders, ImportBlock and JudgeTxs, once for each.
    void on_headers_checked(const HeadersChecked& checked, SyncTime now);
    void on_imported(JobId job, const chain::ImportOutcome& outcome, SyncTime now);
    void on_txs_judged(PeerId giver, const std::vector<TxJudgement>& judgements, SyncTime now);
    /// The canonical chain moved, after its commit; blocks that it gained, lowest first. Empty
    /// where it only went back.
    void on_head(const std::vector<AppliedBlock>& applied, SyncTime now);
    /// Transactions that became executable in the pool.
    void on_pool_txs(const std::vector<GossipTx>& txs, SyncTime now);
    /// To be called every kTickMs.
    void tick(SyncTime now);

    [[nodiscard]] std::vector<SyncAction> take_actions() {
        return std::exchange(shared_.actions, {});
    }

    /// What our Status is made of.
    [[nodiscard]] LocalChain local_chain() const;
    [[nodiscard]] SyncProgress progress() const;
    [[nodiscard]] SyncLoad load() const;
    [[nodiscard]] std::vector<SyncPeerInfo> peers(SyncTime now) const;
    /// One line for the log: "syncing: block 1200 of 20000 (6.0 %), 8192 headers ahead, 212
    /// blocks/s, 3 peers"; the rate is since the line before.
    [[nodiscard]] std::string progress_line(SyncTime now);

private:
    struct Probe {
        PeerId peer = 0;
        MonotonicMs deadline = 0;
    };

    void dispatch(SyncPeer& peer, EthMessage message, SyncTime now);
    void on_reply_headers(PeerId peer, const BlockHeaders& reply, SyncTime now);
    void on_reply_bodies(PeerId peer, BlockBodies reply, SyncTime now);
    bool on_probed(PeerId peer, const BlockHeaders& reply, const ChainSnapshot& chain);
    void on_unasked(PeerId peer, RequestId request);
    void on_sync_block(PeerId source, const chain::ImportOutcome& outcome, SyncTime now);
    /// Moves everything on that may move.
    void pump(SyncTime now);
    void take_run_end(SyncTime now);
    void judge_run(SyncPeer& peer, const HeaderSync::End& end, SyncTime now);
    void start_run(SyncTime now);
    [[nodiscard]] SyncPeer* find_best(const TotalDifficulty& above, bool takes_suspects,
                                      SyncTime now);
    /// Lets the run under way and the headers it gave go.
    void drop_run();
    void set_aside(PeerId peer, std::uint64_t for_ms, SyncTime now);
    void watch_for_stall(SyncTime now);
    void probe_peers(SyncTime now);
    [[nodiscard]] bool is_syncing() const;

    const ChainDoor& chain_;
    const PoolDoor& pool_;
    SyncNetwork network_;
    SyncShared shared_;
    HeaderSync header_sync_;
    BodyFetch body_fetch_;
    BlockGossip block_gossip_;
    TxGossip tx_gossip_;
    std::map<RequestId, Probe> probes_;

    CheckedHeader head_;
    PeerId source_ = 0;  ///< whose headers the run under way gives
    /// The bodies at hand have to be done before another run begins: the chain to follow does not
    /// stand on them.
    bool waits_for_bodies_ = false;
    MonotonicMs progress_at_ = 0;
    MonotonicMs run_began_at_ = 0;
    BlockNumber starting_block_ = 0;
    bool was_syncing_ = false;
    MonotonicMs line_at_ = 0;
    BlockNumber line_block_ = 0;
};

}  // namespace cairn::node
