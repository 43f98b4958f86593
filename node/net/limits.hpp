// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

// Everything that a stranger can make us hold, do or wait for, and why the bound is where it is.

namespace cairn::node {

// --- Streams -----------------------------------------------------------------------------------

/// Bytes of one RLPx frame's content: what its three-byte length can say.
inline constexpr std::size_t kFrameBytesMax = 0xff'ffff;
/// Bytes of a frame before the peer's Hello is read. A Hello with a long name and dozens of
/// capabilities has some hundreds; geth takes 2 KiB too.
inline constexpr std::size_t kHelloBytesMax = 2048;
/// Bytes of one message after decompression, read from the snappy preamble before anything is
/// allocated (EIP-706: 16 MiB).
inline constexpr std::size_t kMessageBytesMax = 16U << 20;
/// What one byte of snappy can stand for at most: a copy of 64 bytes takes three. A preamble that
/// promises more than this lies, and is refused before the memory it asks for is taken.
inline constexpr std::size_t kSnappyRatioMax = 64;
/// Bytes of one eth message. Clients agree on 10 MiB (devp2p, caps/eth.md).
inline constexpr std::size_t kEthMessageBytesMax = 10U << 20;
/// Bytes of a handshake packet's encrypted body. Its fields take about 300 with padding; 2 KiB
/// leaves what EIP-8 asks for, room for fields to come.
inline constexpr std::size_t kHandshakePacketMax = 2048;
/// Capabilities that a Hello may list: geth announces about four.
inline constexpr std::size_t kCapabilitiesMax = 64;
/// Characters of a capability's name (devp2p, rlpx.md: eight).
inline constexpr std::size_t kCapabilityNameMax = 8;
/// Characters of a client's name that are kept; the rest is cut off.
inline constexpr std::size_t kClientNameMax = 256;

/// Milliseconds from the connection to the peer's Hello; geth gives five seconds to the same.
inline constexpr std::uint64_t kHandshakeTimeoutMs = 5'000;
/// Milliseconds from Hello to Status, as geth.
inline constexpr std::uint64_t kStatusTimeoutMs = 5'000;
/// Milliseconds of silence after which we ask whether the peer lives (geth: 15 s).
inline constexpr std::uint64_t kPingIntervalMs = 15'000;
/// Milliseconds of silence after which the peer is gone: a ping had two intervals for its answer.
inline constexpr std::uint64_t kReadTimeoutMs = 45'000;

// --- eth messages ------------------------------------------------------------------------------

/// Items asked for, served and taken in one message of headers, bodies or receipts; geth serves
/// 1024 and treats more as a fault.
inline constexpr std::size_t kHeadersMax = 1024;
inline constexpr std::size_t kBodiesMax = 1024;
inline constexpr std::size_t kReceiptListsMax = 1024;
inline constexpr std::size_t kNodeDataMax = 1024;
/// Bytes after which a reply takes no further item (caps/eth.md: 2 MiB, a soft limit).
inline constexpr std::size_t kSoftReplyBytes = 2U << 20;
/// Blocks in one NewBlockHashes: announcements are of heads, so a handful; 256 forgives a burst.
inline constexpr std::size_t kBlockHashesMax = 256;
/// Hashes in one announcement of transactions: the recommended soft limit is 4096, and four of
/// them in one message are still taken.
inline constexpr std::size_t kAnnouncedTxsMax = 4 * 4096;
/// Transactions that one request may name, and that are sent in one announcement; geth: 256 asked
/// at once, 4096 announced.
inline constexpr std::size_t kPooledTxsMax = 256;
inline constexpr std::size_t kAnnouncedTxsSent = 4096;
/// A signed transaction takes no fewer bytes on average: r and s alone have 64. A message with more
/// transactions than its length divided by this is refused before they are decoded, since a decoded
/// transaction takes several hundred bytes however short it came.
inline constexpr std::size_t kTxBytesMean = 64;

// --- Discovery ---------------------------------------------------------------------------------

/// Bytes of a discovery packet (devp2p, discv4.md).
inline constexpr std::size_t kDiscoveryPacketMax = 1280;
/// Bytes of a node record (EIP-778).
inline constexpr std::size_t kNodeRecordMax = 300;
/// Nodes that fit into one Neighbors packet with IPv6 endpoints: 98 bytes of header, 10 around the
/// list, at most 91 for each.
inline constexpr std::size_t kNeighborsPerPacket = 12;
/// Entries of a bucket (k of Kademlia, discv4.md).
inline constexpr std::size_t kBucketSize = 16;
/// Candidates kept for each bucket, to replace members that fall silent (geth: 10).
inline constexpr std::size_t kReplacementsMax = 10;
/// Buckets kept. Half of all nodes are at the largest distance, a quarter at the next; below the
/// 17th share one in 2^17 lies, all of it in the last bucket (geth).
inline constexpr std::size_t kBucketCount = 17;
/// Nodes of one subnet (/24, or /48 of IPv6) in a bucket and in the whole table, so that somebody
/// with one network's addresses cannot fill it (geth: 2 and 10).
inline constexpr std::size_t kBucketSubnetMax = 2;
inline constexpr std::size_t kTableSubnetMax = 10;
/// Concurrent questions of one lookup (alpha of Kademlia).
inline constexpr std::size_t kLookupConcurrency = 3;
/// Lookups that run at a time: one walks the table, one may be asked for by an operator.
inline constexpr std::size_t kLookupsMax = 2;
/// Nodes that one lookup remembers, closest first: four times its result leaves alternates for the
/// silent ones.
inline constexpr std::size_t kLookupNodesMax = 4 * kBucketSize;
/// Milliseconds after which a discovery request has failed (geth: 500).
inline constexpr std::uint64_t kDiscoveryTimeoutMs = 700;
/// Requests under way. Lookups and checks of the table need a few dozen; strangers' pings that make
/// us ping back share the rest, and beyond it we stay silent.
inline constexpr std::size_t kDiscoveryRequestsMax = 256;
/// Endpoint proofs remembered: at 12 hours each this is 5000 different partners a day.
inline constexpr std::size_t kEndpointProofsMax = 2500;
/// Seconds for which a proof holds (discv4.md: 12 hours).
inline constexpr std::uint64_t kEndpointProofSeconds = 12 * 3600;
/// Seconds ahead at which our packets expire (geth: 20).
inline constexpr std::uint64_t kPacketExpirySeconds = 20;
/// Packets answered in each second from one address and from all. A lookup asks one node once or
/// twice, so a dozen is generous, and verifying 500 signatures a second is 3 % of a core.
inline constexpr std::size_t kPacketsPerSecondPerIp = 12;
inline constexpr std::size_t kPacketsPerSecond = 500;
/// Addresses whose packets are counted at a time.
inline constexpr std::size_t kRateTrackedIps = 4096;
/// Failed checks in a row after which a node leaves its bucket (geth: one failed revalidation
/// lowers trust by a third; five failed lookups drop).
inline constexpr std::uint32_t kNodeFailuresMax = 3;

// --- Peers -------------------------------------------------------------------------------------

/// Peers unless configured otherwise (geth: 50).
inline constexpr std::size_t kPeersDefault = 50;
/// One of this many slots is ours to dial; the rest is for those who dial us (geth: a third).
inline constexpr std::size_t kDialRatio = 3;
/// Connections that are still shaking hands, in and out (geth: 50 in).
inline constexpr std::size_t kPendingInboundMax = 50;
inline constexpr std::size_t kPendingDialsMax = 16;
/// Connections accepted from one subnet (/24, or /48 of IPv6) at a time, and again from one address
/// within kInboundThrottleMs (geth: 30 s), loopback and private networks excepted.
inline constexpr std::size_t kInboundPerSubnetMax = 10;
inline constexpr std::uint64_t kInboundThrottleMs = 30'000;
inline constexpr std::size_t kInboundTrackedMax = 4096;
/// Bytes waiting to be sent to one peer: a reply at the soft limit, a full block, and gossip. A
/// peer that lets more pile up is too slow.
inline constexpr std::size_t kSendQueueBytesMax = 16U << 20;
/// Above this a peer's queue takes no more gossip; replies and blocks still go.
inline constexpr std::size_t kSendQueueGossipMax = 2U << 20;
/// Bytes read from the socket at a time.
inline constexpr std::size_t kReadChunkBytes = 64U << 10;

/// Score at which a peer is banned, and seconds that a ban lasts: long enough to make repetition
/// useless, short enough that a repaired node comes back within a day.
inline constexpr std::uint32_t kBanScore = 100;
inline constexpr std::uint64_t kBanSeconds = 24 * 3600;
/// Milliseconds in which one point of score is forgiven: an hour makes good what 60 points say.
inline constexpr std::uint64_t kScoreDecayMs = 60'000;
/// Bans and scores remembered.
inline constexpr std::size_t kScoresMax = 4096;

/// Seconds between two attempts to dial the same node: the first, and the longest after doubling.
inline constexpr std::uint64_t kRedialSecondsMin = 35;
inline constexpr std::uint64_t kRedialSecondsMax = 3600;
/// Seconds for which a node whose key or network was wrong is left alone.
inline constexpr std::uint64_t kUselessSeconds = 3600;
/// Dial candidates waiting, and nodes with a remembered attempt.
inline constexpr std::size_t kDialCandidatesMax = 1024;
inline constexpr std::size_t kDialHistoryMax = 4096;
/// Static and trusted nodes that an operator may name.
inline constexpr std::size_t kStaticNodesMax = 1024;
/// Seconds between two feeler connections: a short visit that learns whether a node lives (Bitcoin
/// Core: two minutes).
inline constexpr std::uint64_t kFeelerSeconds = 120;

/// Nodes in the database on disk, and days after which one that was not seen leaves it.
inline constexpr std::size_t kNodeDbMax = 5000;
inline constexpr std::uint64_t kNodeDbDays = 30;
/// Bytes of the database's file that are read: what kNodeDbMax entries take, and no more.
inline constexpr std::size_t kNodeDbFileMax = 2U << 20;

}  // namespace cairn::node
