// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "chain/import/import_outcome.hpp"
#include "chain/rules/block_error.hpp"
#include "core/types/block.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/transaction_rlp.hpp"
#include "node/net/clock.hpp"
#include "node/net/eth_handler.hpp"
#include "node/net/eth_messages.hpp"
#include "node/net/p2p_messages.hpp"

// What goes into the state machines of sync and gossip and what comes out. They do nothing
// themselves: whoever owns them carries the actions out and reports back, over sockets and threads
// in the node, over a queue with a virtual clock in the simulation.

namespace cairn::node {

/// The moment of an event, by both clocks.
struct SyncTime {
    MonotonicMs ms = 0;            ///< for time-outs
    UnixSeconds unix_seconds = 0;  ///< for timestamps of blocks
};

/// Pairs a job given out with its answer.
using JobId = std::uint64_t;

/// A header with its total, both checked.
struct CheckedHeader {
    HashedHeader header;
    TotalDifficulty total;
};

/// Send to a peer. To one that is gone: nothing.
struct SendMessage {
    PeerId peer = 0;
    EthMessage message;
    /// May be left out where the peer's queue is long already.
    bool is_gossip = false;
};
/// End the connection, without a word on the peer's honesty.
struct DisconnectPeer {
    PeerId peer = 0;
    DisconnectReason reason{};
    std::string detail;  ///< for the log
};
/// Add to the peer's score. At kBanScore it is banned and the connection ends.
struct PenalisePeer {
    PeerId peer = 0;
    std::uint32_t points = 0;
    std::string detail;  ///< for the log
};
/// Check headers, each on the one before, the first on `parent`, seals included; answered with
/// SyncManager::on_headers_checked.
struct CheckHeaders {
    JobId job = 0;
    CheckedHeader parent;
    std::vector<HashedHeader> headers;  ///< linked by hash and number
    UnixSeconds now = 0;                ///< what "too early" is judged by
};
/// Hand the block to import; answered with SyncManager::on_imported.
struct ImportBlock {
    JobId job = 0;
    Block block;
};
/// Hand the transactions to the pool, in this order, those that conflict with others too (the
/// pool's view of double spends wants to see them); answered with SyncManager::on_txs_judged.
struct JudgeTxs {
    PeerId giver = 0;
    std::vector<PooledTx> txs;
};
using SyncAction =
    std::variant<SendMessage, DisconnectPeer, PenalisePeer, CheckHeaders, ImportBlock, JudgeTxs>;

/// Answer to CheckHeaders.
struct HeadersChecked {
    JobId job = 0;
    /// How many hold, from the first on.
    std::size_t valid_count = 0;
    /// Why the one after those does not; nothing where all hold.
    std::optional<chain::BlockError> error{};
};

/// The pool's word on one transaction of a JudgeTxs.
enum class TxVerdict : std::uint8_t {
    Added,    ///< pooled
    Known,    ///< was pooled already
    Refused,  ///< nobody's fault: price, nonce, room, a state that may differ from the giver's
    Invalid,  ///< can be good nowhere, and the giver could have known
};
struct TxJudgement {
    TxHash hash;
    TxVerdict verdict{};
};

/// A transaction that came into the pool, as gossip needs it.
struct GossipTx {
    SignedTx tx;
    std::uint32_t size = 0;  ///< bytes of the network form
};

/// A block that became canonical.
struct AppliedBlock {
    Block block;
    TotalDifficulty total;
};

// --- Points of blame -----------------------------------------------------------------------------

/// What no honest node does: rules broken that it checks before it passes something on, replies
/// that are not what was asked for, work that it claims and cannot show. Enough for a ban.
inline constexpr std::uint32_t kPointsDishonest = 100;
/// What an honest node may do once, after a crash or a change of its own chain, and a dishonest one
/// does always: headers of a chain whose bodies it does not give.
inline constexpr std::uint32_t kPointsUnkept = 50;
/// A reply to no question.
inline constexpr std::uint32_t kPointsUnasked = 10;

}  // namespace cairn::node
