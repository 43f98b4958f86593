// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "chain/rules/fork_id.hpp"
#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/block.hpp"
#include "core/types/decode_error.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/receipt.hpp"
#include "core/types/transaction_rlp.hpp"
#include "node/net/limits.hpp"

// The messages of the eth protocol, versions 66 (EIP-2481: request ids), 67 (EIP-4938: without
// GetNodeData) and 68 (EIP-5793: announced transactions with type and size). Source: devp2p,
// caps/eth.md. Everything here is pure.

namespace cairn::node {

enum class EthVersion : std::uint8_t { Eth66 = 66, Eth67 = 67, Eth68 = 68 };

/// Codes of the messages, counted from where the capability begins.
enum class EthCode : std::uint8_t {
    Status = 0x00,
    NewBlockHashes = 0x01,
    Transactions = 0x02,
    GetBlockHeaders = 0x03,
    BlockHeaders = 0x04,
    GetBlockBodies = 0x05,
    BlockBodies = 0x06,
    NewBlock = 0x07,
    NewPooledTransactionHashes = 0x08,
    GetPooledTransactions = 0x09,
    PooledTransactions = 0x0a,
    GetNodeData = 0x0d,
    NodeData = 0x0e,
    GetReceipts = 0x0f,
    Receipts = 0x10,
};
/// Codes that the capability takes up, in each of the three versions.
inline constexpr std::uint32_t kEthCodeCount = 0x11;
/// The protocol's name of the message: "GetBlockHeaders".
[[nodiscard]] std::string_view to_string(EthCode code) noexcept;

/// Pairs a reply with its request; chosen by who asks (EIP-2481).
using RequestId = std::uint64_t;

/// First message of either side: its chain and its head.
struct Status {
    EthVersion version = EthVersion::Eth68;
    std::uint64_t network_id = 0;
    TotalDifficulty total_difficulty;  ///< of `head`
    BlockHash head;
    BlockHash genesis;
    chain::ForkId fork_id;
    friend bool operator==(const Status&, const Status&) = default;
};

struct BlockAnnouncement {
    BlockHash hash;
    BlockNumber number = 0;
    friend bool operator==(const BlockAnnouncement&, const BlockAnnouncement&) = default;
};
struct NewBlockHashes {
    std::vector<BlockAnnouncement> blocks;  ///< at most kBlockHashesMax
};

struct Transactions {
    std::vector<SignedTx> txs;
};

/// Headers from `origin` on, each `skip` + 1 after (or with `reverse`, before) the one before.
struct GetBlockHeaders {
    RequestId request_id = 0;
    std::variant<BlockNumber, BlockHash> origin;
    /// Wanted at most. Any number may be asked for; at most kHeadersMax are answered.
    std::uint64_t amount = 0;
    std::uint64_t skip = 0;
    bool reverse = false;
};
struct BlockHeaders {
    RequestId request_id = 0;
    std::vector<HashedHeader> headers;  ///< at most kHeadersMax
};

struct GetBlockBodies {
    RequestId request_id = 0;
    std::vector<BlockHash> hashes;  ///< at most kBodiesMax
};
struct BlockBodies {
    RequestId request_id = 0;
    /// In order of the hashes asked for; what the peer does not have is left out.
    std::vector<BlockBody> bodies;
};

struct NewBlock {
    Block block;
    TotalDifficulty total_difficulty;  ///< of the block, as its giver says
};

/// One transaction that a peer has.
struct TxAnnouncement {
    TxHash hash;
    /// From eth/68 on: EIP-2718 type, and length in bytes of the network form.
    std::uint8_t type = 0;
    std::uint32_t size = 0;
    friend bool operator==(const TxAnnouncement&, const TxAnnouncement&) = default;
};
struct NewPooledTransactionHashes {
    std::vector<TxAnnouncement> txs;  ///< at most kAnnouncedTxsMax
    /// Whether types and sizes mean something (eth/68).
    bool has_metadata = false;
};

struct GetPooledTransactions {
    RequestId request_id = 0;
    std::vector<TxHash> hashes;  ///< at most kAnnouncedTxsMax taken; kPooledTxsMax asked
};
struct PooledTransactions {
    RequestId request_id = 0;
    std::vector<PooledTx> txs;
};

/// Trie nodes and code by hash; eth/66 only. We answer with nothing, as the protocol allows.
struct GetNodeData {
    RequestId request_id = 0;
    std::vector<Hash256> hashes;  ///< at most kNodeDataMax
};
struct NodeData {
    RequestId request_id = 0;
    std::vector<Bytes> values;
};

struct GetReceipts {
    RequestId request_id = 0;
    std::vector<BlockHash> hashes;  ///< at most kReceiptListsMax
};
struct Receipts {
    RequestId request_id = 0;
    std::vector<std::vector<Receipt>> blocks;
};

using EthMessage = std::variant<Status, NewBlockHashes, Transactions, GetBlockHeaders, BlockHeaders,
                                GetBlockBodies, BlockBodies, NewBlock, NewPooledTransactionHashes,
                                GetPooledTransactions, PooledTransactions, GetNodeData, NodeData,
                                GetReceipts, Receipts>;

/// The code under which a message travels.
[[nodiscard]] EthCode code_of(const EthMessage& message) noexcept;
/// Whether the version has the message: NodeData and its request are in eth/66 only.
[[nodiscard]] bool has_message(EthVersion version, EthCode code) noexcept;

/// Why bytes are not the message.
enum class EthDecodeCause : std::uint8_t {
    UnknownCode,        ///< a code that the version does not have
    TooLarge,           ///< longer than kEthMessageBytesMax
    TooMany,            ///< more items than the message's bound
    Rlp,                ///< not the RLP that belongs there; see `rlp`
    Object,             ///< a header, block, transaction or receipt inside is none; see `object`
    UnequalLists,       ///< not as many types and sizes as hashes (eth/68)
    UnsupportedVersion  ///< a Status of another version than was negotiated
};
struct EthDecodeError {
    EthDecodeCause cause{};
    RlpError rlp = RlpError::None;  ///< set with Rlp
    DecodeError object{};           ///< set with Object
    friend bool operator==(const EthDecodeError&, const EthDecodeError&) = default;
};
/// "TooMany", "Rlp: Truncated"; for the log.
[[nodiscard]] std::string to_string(const EthDecodeError& error);

/// One message of a peer. Counts are bounded before anything is allocated for them, and memory
/// taken is at most some ten times the payload's length. Never throws but std::bad_alloc.
[[nodiscard]] Result<EthMessage, EthDecodeError> decode_eth_message(EthVersion version,
                                                                    std::uint32_t code,
                                                                    ByteView payload);

/// The message's payload. In eth/66 and eth/67 announced transactions go without type and size.
/// That the version has the message is asserted.
[[nodiscard]] Bytes encode_eth_message(EthVersion version, const EthMessage& message);

/// Payload of a reply (BlockHeaders, BlockBodies, Receipts, PooledTransactions, NodeData) whose
/// items are encoded already, as a store keeps them: [request_id, [item…]].
[[nodiscard]] Bytes encode_eth_reply(RequestId request_id, std::span<const Bytes> items);

/// Appends `tx` as an item of PooledTransactions, for replies that are put together item by item
/// (encode_eth_reply).
void append_pooled_tx_item(Bytes& out, const PooledTx& tx);

}  // namespace cairn::node
