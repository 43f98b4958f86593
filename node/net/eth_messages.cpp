// SPDX-License-Identifier: MIT
#include "node/net/eth_messages.hpp"

#include <array>

#include "core/base/assert.hpp"
#include "core/codec/rlp_encode.hpp"

namespace cairn::node {
namespace {

/// Writes one message's payload; an overload for each struct.
class PayloadWriter {
public:
    PayloadWriter(EthVersion version, Bytes& out) : version_{version}, out_{out}, rlp_{out} {}

    void operator()(const Status& m) {
        rlp_.begin_list();
        rlp_.add(static_cast<std::uint64_t>(m.version));
        rlp_.add(m.network_id);
        rlp_.add(m.total_difficulty.value);
        rlp_.add(m.head);
        rlp_.add(m.genesis);
        rlp_.begin_list();
        std::array<std::uint8_t, 4> hash{};
        store_be32(hash.data(), m.fork_id.hash);
        rlp_.add(ByteView{hash});
        rlp_.add(m.fork_id.next);
        rlp_.end_list();
        rlp_.end_list();
    }
    void operator()(const NewBlockHashes& m) {
        rlp_.begin_list();
        for (const BlockAnnouncement& block : m.blocks) {
            rlp_.begin_list();
            rlp_.add(block.hash);
            rlp_.add(block.number);
            rlp_.end_list();
        }
        rlp_.end_list();
    }
    void operator()(const Transactions& m) {
        rlp_.begin_list();
        for (const SignedTx& tx : m.txs) append_tx_item(out_, tx);
        rlp_.end_list();
    }
    void operator()(const GetBlockHeaders& m) {
        rlp_.begin_list();
        rlp_.add(m.request_id);
        rlp_.begin_list();
        std::visit([this](const auto& origin) { rlp_.add(origin); }, m.origin);
        rlp_.add(m.amount);
        rlp_.add(m.skip);
        rlp_.add(m.reverse);
        rlp_.end_list();
        rlp_.end_list();
    }
    void operator()(const BlockHeaders& m) {
        reply(m.request_id, m.headers,
              [this](const HashedHeader& header) { rlp_.add_raw(encode_header(*header)); });
    }
    void operator()(const GetBlockBodies& m) { hashes(m.request_id, m.hashes); }
    void operator()(const BlockBodies& m) {
        reply(m.request_id, m.bodies,
              [this](const BlockBody& body) { rlp_.add_raw(encode_body(body)); });
    }
    void operator()(const NewBlock& m) {
        rlp_.begin_list();
        rlp_.add_raw(encode_block(m.block));
        rlp_.add(m.total_difficulty.value);
        rlp_.end_list();
    }
    void operator()(const NewPooledTransactionHashes& m) {
        rlp_.begin_list();
        if (version_ < EthVersion::Eth68) {
            for (const TxAnnouncement& tx : m.txs) rlp_.add(tx.hash);
        } else {
            // Types are one string with a byte for each; sizes and hashes are lists (EIP-5793).
            Bytes types;
            types.reserve(m.txs.size());
            for (const TxAnnouncement& tx : m.txs) types.push_back(tx.type);
            rlp_.add(types);
            rlp_.begin_list();
            for (const TxAnnouncement& tx : m.txs) rlp_.add(tx.size);
            rlp_.end_list();
            rlp_.begin_list();
            for (const TxAnnouncement& tx : m.txs) rlp_.add(tx.hash);
            rlp_.end_list();
        }
        rlp_.end_list();
    }
    void operator()(const GetPooledTransactions& m) { hashes(m.request_id, m.hashes); }
    void operator()(const PooledTransactions& m) {
        reply(m.request_id, m.txs, [this](const PooledTx& tx) { append_pooled_tx_item(out_, tx); });
    }
    void operator()(const GetNodeData& m) { hashes(m.request_id, m.hashes); }
    void operator()(const NodeData& m) {
        reply(m.request_id, m.values, [this](const Bytes& value) { rlp_.add(value); });
    }
    void operator()(const GetReceipts& m) { hashes(m.request_id, m.hashes); }
    void operator()(const Receipts& m) {
        reply(m.request_id, m.blocks, [this](const std::vector<Receipt>& receipts) {
            rlp_.add_raw(encode_receipts(receipts));
        });
    }

private:
    /// [request_id, [item…]].
    template <class Items, class Add>
    void reply(RequestId request_id, const Items& items, Add add) {
        rlp_.begin_list();
        rlp_.add(request_id);
        rlp_.begin_list();
        for (const auto& item : items) add(item);
        rlp_.end_list();
        rlp_.end_list();
    }
    template <class Hashes>
    void hashes(RequestId request_id, const Hashes& items) {
        reply(request_id, items, [this](const auto& hash) { rlp_.add(hash); });
    }

    EthVersion version_;
    Bytes& out_;
    RlpWriter rlp_;
};

}  // namespace

std::string_view to_string(EthCode code) noexcept {
    switch (code) {
        case EthCode::Status:
            return "Status";
        case EthCode::NewBlockHashes:
            return "NewBlockHashes";
        case EthCode::Transactions:
            return "Transactions";
        case EthCode::GetBlockHeaders:
            return "GetBlockHeaders";
        case EthCode::BlockHeaders:
            return "BlockHeaders";
        case EthCode::GetBlockBodies:
            return "GetBlockBodies";
        case EthCode::BlockBodies:
            return "BlockBodies";
        case EthCode::NewBlock:
            return "NewBlock";
        case EthCode::NewPooledTransactionHashes:
            return "NewPooledTransactionHashes";
        case EthCode::GetPooledTransactions:
            return "GetPooledTransactions";
        case EthCode::PooledTransactions:
            return "PooledTransactions";
        case EthCode::GetNodeData:
            return "GetNodeData";
        case EthCode::NodeData:
            return "NodeData";
        case EthCode::GetReceipts:
            return "GetReceipts";
        case EthCode::Receipts:
            return "Receipts";
    }
    return "unknown";
}

EthCode code_of(const EthMessage& message) noexcept {
    // In order of the variant's alternatives.
    constexpr std::array kCodes{EthCode::Status,
                                EthCode::NewBlockHashes,
                                EthCode::Transactions,
                                EthCode::GetBlockHeaders,
                                EthCode::BlockHeaders,
                                EthCode::GetBlockBodies,
                                EthCode::BlockBodies,
                                EthCode::NewBlock,
                                EthCode::NewPooledTransactionHashes,
                                EthCode::GetPooledTransactions,
                                EthCode::PooledTransactions,
                                EthCode::GetNodeData,
                                EthCode::NodeData,
                                EthCode::GetReceipts,
                                EthCode::Receipts};
    static_assert(kCodes.size() == std::variant_size_v<EthMessage>);
    return kCodes[message.index()];
}

bool has_message(EthVersion version, EthCode code) noexcept {
    if (code == EthCode::GetNodeData || code == EthCode::NodeData)
        return version == EthVersion::Eth66;
    return code <= EthCode::PooledTransactions || code == EthCode::GetReceipts ||
           code == EthCode::Receipts;
}

std::string to_string(const EthDecodeError& error) {
    switch (error.cause) {
        case EthDecodeCause::UnknownCode:
            return "unknown message code";
        case EthDecodeCause::TooLarge:
            return "message too large";
        case EthDecodeCause::TooMany:
            return "too many items";
        case EthDecodeCause::Rlp:
            return "malformed RLP: " + std::string{to_string(error.rlp)};
        case EthDecodeCause::Object:
            return "malformed item: " + to_string(error.object);
        case EthDecodeCause::UnequalLists:
            return "lists of unequal length";
        case EthDecodeCause::UnsupportedVersion:
            return "status of another protocol version";
    }
    return "unknown";
}

Bytes encode_eth_message(EthVersion version, const EthMessage& message) {
    CAIRN_ASSERT(has_message(version, code_of(message)));
    Bytes out;
    std::visit(PayloadWriter{version, out}, message);
    return out;
}

Bytes encode_eth_reply(RequestId request_id, std::span<const Bytes> items) {
    std::size_t items_size = 0;
    for (const Bytes& item : items) items_size += item.size();
    Bytes out;
    RlpWriter writer{out};
    writer.list_header(rlp_size(request_id) + rlp_list_size(items_size));
    writer.add(request_id);
    writer.list_header(items_size);
    for (const Bytes& item : items) writer.add_raw(item);
    return out;
}

void append_pooled_tx_item(Bytes& out, const PooledTx& tx) {
    const Bytes network_form = encode_pooled_tx(tx);
    // A legacy transaction is a list and stands for itself; a typed one is wrapped in a string.
    RlpWriter writer{out};
    if (tx.tx->type == TxType::Legacy)
        writer.add_raw(network_form);
    else
        writer.add(network_form);
}

}  // namespace cairn::node
