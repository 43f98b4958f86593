// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "chain/pool/pool_error.hpp"
#include "chain/pool/pool_events.hpp"
#include "chain/pool/pool_head.hpp"
#include "chain/pool/pool_tx.hpp"
#include "chain/pool/sender_queue.hpp"

namespace cairn::chain {

/// Why a pooled transaction is not in the next block.
enum class WaitReason : std::uint8_t {
    None,                    ///< it can be in the next block
    NonceGap,                ///< a transaction before it is missing
    FeeCapBelowBaseFee,      ///< its fee cap is below the next block's base fee
    BlobFeeCapBelowBlobFee,  ///< its blob fee cap is below the next block's blob base fee
    BalanceShort,            ///< the balance does not cover it and the sender's ones before it
    BehindAnother,           ///< an earlier transaction of the sender waits
};

/// A pooled transaction as views show it.
struct PoolEntry {
    PoolTxPtr tx;
    bool is_pending = false;
    WaitReason reason = WaitReason::None;
    /// In words, with numbers: "nonce gap: next is 12", "fee cap below base fee: fee cap 5, base
    /// fee 7", "behind nonce 3, which waits"; "ready" for None.
    std::string text;
};

/// One sender's transactions, ascending by nonce.
struct SenderContent {
    Address sender;
    std::vector<PoolEntry> entries;
};

/// What a gossiping peer is told of a transaction (eth/68, NewPooledTransactionHashes).
struct TxAnnouncement {
    TxHash hash;
    TxType type = TxType::Legacy;
    std::uint32_t size = 0;  ///< bytes of the network form
};

/// How much the pool holds.
struct PoolStatus {
    std::size_t pending = 0;
    std::size_t queued = 0;
    std::size_t slots = 0;
    std::size_t local = 0;
};

/// What the pool has done since it was made.
struct PoolStats {
    std::uint64_t added = 0;
    std::uint64_t replaced = 0;
    std::uint64_t promoted = 0;
    std::uint64_t double_spends = 0;  ///< pairs of sender and nonce with a second transaction
    std::array<std::uint64_t, kPoolErrorCount> rejected{};
    std::array<std::uint64_t, kDropReasonCount> dropped{};
    std::uint64_t journal_failures = 0;
    std::string journal_error;  ///< of the last failure; empty where there was none
};

/// The sender's transactions with the reason why each waits. Pure; any thread.
[[nodiscard]] std::vector<PoolEntry> explain(const SenderQueue& queue, const PoolHead& head);

}  // namespace cairn::chain
