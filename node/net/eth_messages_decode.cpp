// SPDX-License-Identifier: MIT
#include <utility>

#include "core/codec/rlp_decode.hpp"
#include "node/net/eth_messages.hpp"

namespace cairn::node {
namespace {

using Verdict = Result<void, EthDecodeError>;
using Decoded = Result<EthMessage, EthDecodeError>;

Unexpected<EthDecodeError> fault(EthDecodeCause cause) {
    return Unexpected{EthDecodeError{cause, RlpError::None, {}}};
}
Unexpected<EthDecodeError> fault(RlpError error) {
    return Unexpected{EthDecodeError{EthDecodeCause::Rlp, error, {}}};
}
Unexpected<EthDecodeError> fault(const DecodeError& error) {
    return Unexpected{EthDecodeError{EthDecodeCause::Object, RlpError::None, error}};
}

/// Reads the items of `list` one by one with `take(item) -> Verdict`, after counting them.
/// @param reserve  called with the count before the first item
template <class Reserve, class Take>
Verdict each_item(RlpReader& list, std::size_t items_max, Reserve reserve, Take take) {
    const std::size_t count = list.count(items_max);
    if (list.error() == RlpError::TooManyItems) return fault(EthDecodeCause::TooMany);
    if (list.failed()) return fault(list.error());
    reserve(count);
    while (!list.at_end()) {
        RlpItem item;
        if (!list.read_item(item)) break;
        if (auto verdict = take(item); !verdict) return verdict;
    }
    if (list.failed()) return fault(list.error());
    return {};
}

template <class T, class Take>
Verdict read_list(RlpReader& list, std::size_t items_max, std::vector<T>& out, Take take) {
    return each_item(
        list, items_max, [&out](std::size_t count) { out.reserve(count); },
        [&out, &take](const RlpItem& item) -> Verdict {
            auto value = take(item);
            if (!value) return fault(value.error());
            out.push_back(std::move(*value));
            return {};
        });
}

template <class Hash>
Verdict read_hashes(RlpReader& list, std::size_t items_max, std::vector<Hash>& out) {
    return read_list(list, items_max, out, [](const RlpItem& item) -> Result<Hash, RlpError> {
        if (item.is_list) return Unexpected{RlpError::ExpectedString};
        if (item.payload.size() != Hash::kSize) return Unexpected{RlpError::WrongLength};
        return Hash::from(item.payload);
    });
}

/// Reads [request_id, [item…]] into `message`; `read(list) -> Verdict` reads the inner list.
template <class Message, class Read>
Decoded read_with_id(ByteView payload, Message message, Read read) {
    RlpReader reader = RlpReader::of_list(payload);
    reader.read(message.request_id);
    RlpReader list = reader.list();
    if (reader.failed()) return fault(reader.error());
    if (const auto verdict = read(list, message); !verdict) return Unexpected{verdict.error()};
    if (const auto verdict = reader.finish(); !verdict) return fault(verdict.error());
    return EthMessage{std::move(message)};
}

template <class Message>
Decoded read_request(ByteView payload, std::size_t items_max) {
    return read_with_id(payload, Message{}, [items_max](RlpReader& list, Message& m) {
        return read_hashes(list, items_max, m.hashes);
    });
}

/// Most transactions that a message of this length may carry (see kTxBytesMean).
std::size_t txs_max(ByteView payload) {
    return payload.size() / kTxBytesMean + 1;
}

Decoded decode_status(EthVersion version, ByteView payload) {
    Status m;
    RlpReader reader = RlpReader::of_list(payload);
    std::uint32_t announced = 0;
    reader.read(announced);
    reader.read(m.network_id);
    reader.read(m.total_difficulty.value);
    reader.read(m.head);
    reader.read(m.genesis);
    RlpReader fork = reader.list();
    ByteView hash;
    fork.read_exact(hash, 4);
    fork.read(m.fork_id.next);
    if (const auto verdict = fork.finish(); !verdict) reader.fail(verdict.error());
    if (const auto verdict = reader.finish(); !verdict) return fault(verdict.error());
    if (announced != static_cast<std::uint32_t>(version))
        return fault(EthDecodeCause::UnsupportedVersion);
    m.version = version;
    m.fork_id.hash = load_be32(hash.data());
    return EthMessage{m};
}

Decoded decode_new_block_hashes(ByteView payload) {
    NewBlockHashes m;
    RlpReader list = RlpReader::of_list(payload);
    const auto verdict = read_list(list, kBlockHashesMax, m.blocks,
                                   [](const RlpItem& item) -> Result<BlockAnnouncement, RlpError> {
                                       BlockAnnouncement block;
                                       RlpReader fields = RlpReader::of_list(item.encoded);
                                       fields.read(block.hash);
                                       fields.read(block.number);
                                       if (const auto end = fields.finish(); !end)
                                           return Unexpected{end.error()};
                                       return block;
                                   });
    if (!verdict) return Unexpected{verdict.error()};
    return EthMessage{std::move(m)};
}

Decoded decode_transactions(ByteView payload) {
    Transactions m;
    RlpReader list = RlpReader::of_list(payload);
    const auto verdict = read_list(list, txs_max(payload), m.txs, [](const RlpItem& item) {
        return decode_tx_item(item.encoded);
    });
    if (!verdict) return Unexpected{verdict.error()};
    return EthMessage{std::move(m)};
}

Decoded decode_get_block_headers(ByteView payload) {
    return read_with_id(payload, GetBlockHeaders{},
                        [](RlpReader& query, GetBlockHeaders& m) -> Verdict {
                            const auto origin = query.peek();
                            if (!origin) return fault(origin.error());
                            BlockHash hash;
                            BlockNumber number = 0;
                            // A hash has 32 bytes, a number at most 8.
                            if (!origin->is_list && origin->payload.size() == BlockHash::kSize) {
                                query.read(hash);
                                m.origin = hash;
                            } else {
                                query.read(number);
                                m.origin = number;
                            }
                            query.read(m.amount);
                            query.read(m.skip);
                            query.read(m.reverse);
                            if (const auto verdict = query.finish(); !verdict)
                                return fault(verdict.error());
                            return {};
                        });
}

Decoded decode_block_headers(ByteView payload) {
    return read_with_id(payload, BlockHeaders{}, [](RlpReader& list, BlockHeaders& m) {
        return read_list(list, kHeadersMax, m.headers,
                         [](const RlpItem& item) -> Result<HashedHeader, DecodeError> {
                             auto header = decode_header(item.encoded);
                             if (!header) return Unexpected{header.error()};
                             return HashedHeader{std::move(*header)};
                         });
    });
}

/// Number of items in the list that is the first item of a body (its transactions), looked at
/// without decoding; 0 where the body is malformed, which decoding finds.
std::size_t count_body_txs(const RlpItem& body) {
    RlpReader reader{body.payload};
    return reader.list().count();
}

Decoded decode_block_bodies(ByteView payload) {
    return read_with_id(
        payload, BlockBodies{}, [payload](RlpReader& list, BlockBodies& m) -> Verdict {
            // The bodies share one allowance of transactions, so that the message as a whole keeps
            // to it.
            std::size_t allowance = txs_max(payload);
            return each_item(
                list, kBodiesMax, [&m](std::size_t count) { m.bodies.reserve(count); },
                [&m, &allowance](const RlpItem& item) -> Verdict {
                    const std::size_t txs = count_body_txs(item);
                    if (txs > allowance) return fault(EthDecodeCause::TooMany);
                    allowance -= txs;
                    auto body = decode_body(item.encoded);
                    if (!body) return fault(body.error());
                    m.bodies.push_back(std::move(*body));
                    return {};
                });
        });
}

Decoded decode_new_block(ByteView payload) {
    RlpReader reader = RlpReader::of_list(payload);
    RlpItem item;
    TotalDifficulty total;
    reader.read_item(item);
    reader.read(total.value);
    if (const auto verdict = reader.finish(); !verdict) return fault(verdict.error());
    RlpReader inside{item.payload};
    inside.skip();  // the header
    if (inside.list().count() > txs_max(payload)) return fault(EthDecodeCause::TooMany);
    auto block = decode_block(item.encoded);
    if (!block) return fault(block.error());
    return EthMessage{NewBlock{std::move(*block), total}};
}

/// eth/68: [types, [size…], [hash…]] (EIP-5793).
Decoded decode_announcements_68(ByteView payload) {
    NewPooledTransactionHashes m;
    m.has_metadata = true;
    RlpReader reader = RlpReader::of_list(payload);
    ByteView types;
    reader.read_view(types);
    RlpReader sizes = reader.list();
    RlpReader hashes = reader.list();
    if (const auto verdict = reader.finish(); !verdict) return fault(verdict.error());
    if (types.size() > kAnnouncedTxsMax) return fault(EthDecodeCause::TooMany);
    const std::size_t size_count = sizes.count();
    const std::size_t hash_count = hashes.count();
    if (sizes.failed()) return fault(sizes.error());
    if (hashes.failed()) return fault(hashes.error());
    if (size_count != types.size() || hash_count != types.size())
        return fault(EthDecodeCause::UnequalLists);
    m.txs.resize(types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
        m.txs[i].type = types[i];
        sizes.read(m.txs[i].size);
        hashes.read(m.txs[i].hash);
    }
    if (sizes.failed()) return fault(sizes.error());
    if (hashes.failed()) return fault(hashes.error());
    return EthMessage{std::move(m)};
}

Decoded decode_announcements(EthVersion version, ByteView payload) {
    if (version >= EthVersion::Eth68) return decode_announcements_68(payload);
    std::vector<TxHash> hashes;
    RlpReader list = RlpReader::of_list(payload);
    if (const auto verdict = read_hashes(list, kAnnouncedTxsMax, hashes); !verdict)
        return Unexpected{verdict.error()};
    NewPooledTransactionHashes m;
    m.txs.reserve(hashes.size());
    for (const TxHash& hash : hashes) m.txs.push_back({hash, 0, 0});
    return EthMessage{std::move(m)};
}

Decoded decode_pooled_transactions(ByteView payload) {
    return read_with_id(
        payload, PooledTransactions{}, [payload](RlpReader& list, PooledTransactions& m) {
            return read_list(list, txs_max(payload), m.txs, [](const RlpItem& item) {
                return decode_pooled_tx(item.is_list ? item.encoded : item.payload);
            });
        });
}

Decoded decode_node_data(ByteView payload) {
    return read_with_id(payload, NodeData{}, [](RlpReader& list, NodeData& m) {
        return read_list(list, kNodeDataMax, m.values,
                         [](const RlpItem& item) -> Result<Bytes, RlpError> {
                             if (item.is_list) return Unexpected{RlpError::ExpectedString};
                             return to_bytes(item.payload);
                         });
    });
}

Decoded decode_block_receipts(ByteView payload) {
    return read_with_id(payload, Receipts{}, [](RlpReader& list, Receipts& m) {
        return read_list(list, kReceiptListsMax, m.blocks,
                         [](const RlpItem& item) { return decode_receipts(item.encoded); });
    });
}

}  // namespace

Result<EthMessage, EthDecodeError> decode_eth_message(EthVersion version, std::uint32_t code,
                                                      ByteView payload) {
    if (code >= kEthCodeCount || !has_message(version, static_cast<EthCode>(code)))
        return fault(EthDecodeCause::UnknownCode);
    if (payload.size() > kEthMessageBytesMax) return fault(EthDecodeCause::TooLarge);
    switch (static_cast<EthCode>(code)) {
        case EthCode::Status:
            return decode_status(version, payload);
        case EthCode::NewBlockHashes:
            return decode_new_block_hashes(payload);
        case EthCode::Transactions:
            return decode_transactions(payload);
        case EthCode::GetBlockHeaders:
            return decode_get_block_headers(payload);
        case EthCode::BlockHeaders:
            return decode_block_headers(payload);
        case EthCode::GetBlockBodies:
            return read_request<GetBlockBodies>(payload, kBodiesMax);
        case EthCode::BlockBodies:
            return decode_block_bodies(payload);
        case EthCode::NewBlock:
            return decode_new_block(payload);
        case EthCode::NewPooledTransactionHashes:
            return decode_announcements(version, payload);
        case EthCode::GetPooledTransactions:
            return read_request<GetPooledTransactions>(payload, kAnnouncedTxsMax);
        case EthCode::PooledTransactions:
            return decode_pooled_transactions(payload);
        case EthCode::GetNodeData:
            return read_request<GetNodeData>(payload, kNodeDataMax);
        case EthCode::NodeData:
            return decode_node_data(payload);
        case EthCode::GetReceipts:
            return read_request<GetReceipts>(payload, kReceiptListsMax);
        case EthCode::Receipts:
            return decode_block_receipts(payload);
    }
    return fault(EthDecodeCause::UnknownCode);
}

}  // namespace cairn::node
