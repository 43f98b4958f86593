// SPDX-License-Identifier: MIT
#pragma once

#include "chain/pool/pool_content.hpp"
#include "chain/pool/pool_error.hpp"
#include "chain/pool/pool_head.hpp"
#include "chain/pool/pool_options.hpp"
#include "chain/pool/pool_tx.hpp"
#include "core/base/expected.hpp"

namespace cairn::chain {

/// What can be said of a transaction without its sender's account, cheapest first, the first
/// failure is reported: size, replay protection, the next block's rules (chain/rules/tx_check),
/// the block's gas limit, the price floor, the blobs' proofs.
///
/// @param origin  as the pool is to treat it
/// Pure; any thread.
[[nodiscard]] Result<void, PoolRejection> check_alone(const PoolHead& head, std::uint64_t chain_id,
                                                      const PoolOptions& options, const NewTx& tx,
                                                      Origin origin);

/// What its sender's account and the sender's other transactions say: nonce, code, funds for all
/// of them, EIP-7702's limits, price of a replacement. In this order.
///
/// @param account  the sender's, after the head
[[nodiscard]] Result<void, PoolRejection> check_sender(const PoolContent& content,
                                                       const PoolOptions& options, const PoolTx& tx,
                                                       const PoolAccount& account);

/// The pool's form of a transaction that check_alone took. Recovers the authorities (EIP-7702):
/// costly, done before anything is locked. Its sequence is left 0.
[[nodiscard]] PoolTx make_pool_tx(const NewTx& tx, Origin origin, UnixSeconds now);

/// A rule's refusal in geth's words with geth's numbers: "intrinsic gas too low: gas 20999, minimum
/// needed 21000".
[[nodiscard]] PoolRejection rejection_of(TxError error, const PoolHead& head,
                                         const Transaction& tx);

}  // namespace cairn::chain
