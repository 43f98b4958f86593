// SPDX-License-Identifier: MIT
#pragma once

#include "node/net/eth_messages.hpp"
#include "node/sync/doors.hpp"

// Answers to what peers ask. Each is a function of the question and a snapshot; none fails: what is
// not there is left out, as the protocol has it (devp2p, caps/eth.md). Every reply keeps to its
// bound on items and to kSoftReplyBytes, after which no further item is begun.

namespace cairn::node {

/// Headers from the origin on, along the canonical chain; going back from a hash along that block's
/// own ancestors. Ends before the first that is not there, so that the reply has no gaps. A
/// question by hash forward from a block off the canonical chain gets that block alone.
[[nodiscard]] BlockHeaders serve_headers(const ChainSnapshot& chain, const GetBlockHeaders& query);

/// Bodies of the stored blocks among those asked for, in the order asked.
[[nodiscard]] BlockBodies serve_bodies(const ChainSnapshot& chain, const GetBlockBodies& query);

/// Receipts of the executed blocks among those asked for, in the order asked.
[[nodiscard]] Receipts serve_receipts(const ChainSnapshot& chain, const GetReceipts& query);

/// Pooled ones among the transactions asked for, in the order asked; at most kPooledTxsMax.
[[nodiscard]] PooledTransactions serve_pooled_txs(const PoolDoor& pool,
                                                  const GetPooledTransactions& query);

/// Bytes that a body takes, as the sum of its transactions and a flat sum for each ommer and
/// withdrawal; what memory bounds count.
[[nodiscard]] std::size_t size_of(const BlockBody& body) noexcept;

}  // namespace cairn::node
