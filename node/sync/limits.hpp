// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/types/units.hpp"

// Everything that following the chain may hold, ask for or wait for, and why the bound is where it
// is. What travels in one message is bounded by node/net/limits.hpp.

namespace cairn::node {

// --- Headers -----------------------------------------------------------------------------------

/// Headers asked for at once: half of what peers serve, so that a reply stays near 300 KB.
inline constexpr std::size_t kHeaderBatch = 512;
/// Checked headers whose blocks are not imported yet, and headers held while their chain's work is
/// not known to suffice: about 6 MB.
inline constexpr std::size_t kHeadersAheadMax = 8192;
/// Batches of headers received and not checked yet: one under check, one waiting.
inline constexpr std::size_t kHeaderBatchesMax = 2;
/// Headers just below our head that the first question of an ancestor search covers: nearly every
/// fork is shallower, and the search ends with it.
inline constexpr std::size_t kAncestorProbe = 64;
/// Milliseconds for a reply with headers.
inline constexpr std::uint64_t kHeaderTimeoutMs = 6'000;
/// Milliseconds that the work of one peer's chain is measured while others claim more than we have
/// too; then it is their turn.
inline constexpr std::uint64_t kMeasureMs = 120'000;
/// Times that one run begins again because the peer changed its chain meanwhile.
inline constexpr unsigned kHeaderRestartsMax = 4;
/// Batch ends remembered of a chain whose work is being measured: 40 bytes each, 50 million
/// headers.
inline constexpr std::size_t kBatchEndsMax = 100'000;

// --- Bodies and import -------------------------------------------------------------------------

/// Bodies asked of one peer at once: at first, at least, and at most.
inline constexpr std::size_t kBodyWindowStart = 16;
inline constexpr std::size_t kBodyWindowMin = 2;
inline constexpr std::size_t kBodyWindowMax = 256;
/// Requests under way to one peer: while one travels, the next is being read from its disk.
inline constexpr std::size_t kBodyRequestsPerPeer = 2;
/// Requests for bodies under way in all: what a reply may weigh (kEthMessageBytesMax) times this
/// bounds what can arrive beyond kBodyBytesHeldMax.
inline constexpr std::size_t kBodyRequestsMax = 16;
/// Milliseconds that a reply should take: quicker ones let a peer's window grow, slower ones
/// shrink it.
inline constexpr std::uint64_t kBodyTargetMs = 700;
/// Milliseconds for a reply with bodies. Must be well below kStallMs.
inline constexpr std::uint64_t kBodyTimeoutMs = 8'000;
/// Bodies held that wait for one before them, and blocks handed to import: count and bytes, each.
/// Below the import queue's own bounds, so that handing in never waits.
inline constexpr std::size_t kBodiesHeldMax = 2048;
inline constexpr std::size_t kBodyBytesHeldMax = std::size_t{32} << 20;
inline constexpr std::size_t kImportsMax = 1536;
inline constexpr std::size_t kImportBytesMax = std::size_t{32} << 20;

// --- Judgement of the run ----------------------------------------------------------------------

/// Milliseconds without progress, though some peer claims more work, after which the run is begun
/// again with another peer. With one time-out before it, a stall is cured within 30 seconds.
inline constexpr std::uint64_t kStallMs = 15'000;
/// Milliseconds between two calls of SyncManager::tick.
inline constexpr std::uint64_t kTickMs = 200;
/// Milliseconds between two looks at a peer whose head we have not heard of: an announcement may
/// have been lost with a connection.
inline constexpr std::uint64_t kProbeMs = 10'000;
/// Milliseconds for which a peer is not followed after its chain was of no use.
inline constexpr std::uint64_t kSetAsideMs = 30'000;
/// Time-outs in a row after which a peer is let go; not banned, since slowness is no lie.
inline constexpr unsigned kTimeoutsMax = 4;
/// Questions remembered, so that a late answer is told from one that nobody asked for.
inline constexpr std::size_t kIssuedRequestsMax = 4096;
/// Blocks behind the best claimed head from which on we call ourselves syncing.
inline constexpr BlockNumber kSyncingBlocks = 8;

/// Blocks that become canonical at once up to which each is sent on; more are history.
inline constexpr std::size_t kAppliedSentMax = 4;

// --- Gossip of blocks --------------------------------------------------------------------------

/// Blocks above and below our head within which announced ones are looked at (geth: 32 and 7).
/// Above, sync is quicker; below, they can only be ommers.
inline constexpr BlockNumber kGossipAheadMax = 32;
inline constexpr BlockNumber kGossipBehindMax = 7;
/// Announced or pushed blocks on their way: in all, and of one peer.
inline constexpr std::size_t kGossipBlocksMax = 256;
inline constexpr std::size_t kGossipBlocksPerPeer = 64;
/// Milliseconds after which a block on its way is given up, wherever it stands.
inline constexpr std::uint64_t kGossipLifetimeMs = 60'000;
/// Blocks remembered as sent on already.
inline constexpr std::size_t kRelayedMax = 1024;
/// Bytes of whole blocks that wait for their parent or their time, and their number for one peer.
inline constexpr std::size_t kWaitingBytesMax = std::size_t{32} << 20;
inline constexpr std::size_t kWaitingBlocksPerPeer = 8;
/// Seconds ahead of the clock up to which an early block is kept until it is due.
inline constexpr UnixSeconds kEarlyKeptSeconds = 60;
/// Milliseconds to wait for a whole block before one that was announced is asked for (geth: 500),
/// and for the reply.
inline constexpr std::uint64_t kBlockArriveMs = 400;
inline constexpr std::uint64_t kBlockFetchTimeoutMs = 4'000;
/// Peers remembered who have an announced block or transaction, to be asked in turn.
inline constexpr std::size_t kAlternatesMax = 8;
/// Hashes remembered for each peer as known to it: more than a full pool has (6144 slots), at about
/// 120 bytes each.
inline constexpr std::size_t kKnownBlocksMax = 1024;
inline constexpr std::size_t kKnownTxsMax = 8'192;

// --- Gossip of transactions --------------------------------------------------------------------

/// Transactions above this many bytes are announced, not sent (geth: 4 KiB); blob transactions
/// always.
inline constexpr std::size_t kTxPushBytesMax = 4096;
/// Bytes of transactions in one message (geth: 100 KiB).
inline constexpr std::size_t kTxMessageBytes = 100 * 1024;
/// Announced transactions that wait to be asked for or to come: in all, and of one peer.
inline constexpr std::size_t kTxFetchMax = 32'768;
inline constexpr std::size_t kTxFetchPerPeer = 4096;
/// Milliseconds to wait for a whole transaction before it is asked for (geth: 500), and for the
/// reply (geth: 5000).
inline constexpr std::uint64_t kTxArriveMs = 500;
inline constexpr std::uint64_t kTxFetchTimeoutMs = 5'000;
/// Announced bytes that one request asks for (geth: 128 KiB); one transaction may exceed it.
inline constexpr std::size_t kTxFetchBytes = 128 * 1024;
/// Bytes by which an announced size may differ from the true one (geth: 8).
inline constexpr std::size_t kTxSizeSlack = 8;
/// Transactions that the pool did not take and that are not asked for again.
inline constexpr std::size_t kRefusedTxsMax = 32'768;
/// Transactions handed to the pool and not judged yet; what comes beyond is dropped.
inline constexpr std::size_t kTxsUnderJudgementMax = 8192;
/// Transactions announced to a peer that has just come.
inline constexpr std::size_t kTxsAnnouncedAtStart = 4096;

}  // namespace cairn::node
