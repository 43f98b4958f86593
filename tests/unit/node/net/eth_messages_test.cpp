// SPDX-License-Identifier: MIT
#include "node/net/eth_messages.hpp"

#include <gtest/gtest.h>

#include "core/codec/rlp_encode.hpp"
#include "tests/unit/core/types/block_vectors.hpp"
#include "tests/unit/core/types/tx_vectors.hpp"
#include "tests/unit/node/net/eip2481_vectors.hpp"
#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

constexpr RequestId kId = 1111;

template <class T>
T decoded(EthCode code, ByteView payload, EthVersion version = EthVersion::Eth66) {
    auto message = decode_eth_message(version, static_cast<std::uint32_t>(code), payload);
    EXPECT_TRUE(message) << to_string(message.error());
    return std::get<T>(std::move(*message));
}

EthDecodeError error_of(EthCode code, ByteView payload, EthVersion version = EthVersion::Eth68) {
    const auto message = decode_eth_message(version, static_cast<std::uint32_t>(code), payload);
    EXPECT_FALSE(message);
    return message.error();
}

BlockHash hash_ending(std::string_view tail) {
    return *fixed_from_hex<BlockHash>(std::string(64 - tail.size(), '0') + std::string{tail});
}

struct Printed {
    EthCode code;
    std::string_view rlp;
};
constexpr Printed kPrinted[] = {
    {EthCode::GetBlockHeaders, eip2481::kGetHeadersByHash},
    {EthCode::GetBlockHeaders, eip2481::kGetHeadersByNumber},
    {EthCode::BlockHeaders, eip2481::kBlockHeaders},
    {EthCode::GetBlockBodies, eip2481::kHashesRequest},
    {EthCode::BlockBodies, eip2481::kBlockBodies},
    {EthCode::GetNodeData, eip2481::kHashesRequest},
    {EthCode::NodeData, eip2481::kNodeData},
    {EthCode::GetReceipts, eip2481::kHashesRequest},
    {EthCode::Receipts, eip2481::kReceipts},
    {EthCode::GetPooledTransactions, eip2481::kHashesRequest},
    {EthCode::PooledTransactions, eip2481::kPooledTransactions},
};

TEST(EthMessages, every_message_printed_in_eip2481_round_trips) {
    for (const Printed& printed : kPrinted) {
        const Bytes payload = hex(printed.rlp);
        const auto message = decode_eth_message(EthVersion::Eth66,
                                                static_cast<std::uint32_t>(printed.code), payload);
        ASSERT_TRUE(message) << to_string(printed.code) << ": " << to_string(message.error());
        EXPECT_EQ(code_of(*message), printed.code);
        EXPECT_EQ(to_hex(encode_eth_message(EthVersion::Eth66, *message)), printed.rlp);
    }
}

TEST(EthMessages, truncated_at_every_byte_is_refused) {
    for (const Printed& printed : kPrinted) {
        const Bytes payload = hex(printed.rlp);
        for (std::size_t size = 0; size < payload.size(); ++size)
            EXPECT_FALSE(decode_eth_message(EthVersion::Eth66,
                                            static_cast<std::uint32_t>(printed.code),
                                            ByteView{payload}.first(size)))
                << to_string(printed.code) << " " << size;
    }
}

TEST(EthMessages, trailing_bytes_are_refused) {
    for (const Printed& printed : kPrinted) {
        Bytes payload = hex(printed.rlp);
        payload.push_back(0);
        EXPECT_EQ(error_of(printed.code, payload, EthVersion::Eth66).rlp, RlpError::TrailingBytes);
    }
}

TEST(EthMessages, fields_of_the_printed_messages) {
    const auto by_hash =
        decoded<GetBlockHeaders>(EthCode::GetBlockHeaders, hex(eip2481::kGetHeadersByHash));
    EXPECT_EQ(by_hash.request_id, kId);
    EXPECT_EQ(std::get<BlockHash>(by_hash.origin), hash_ending("deadc0de"));
    EXPECT_EQ(by_hash.amount, 5U);
    EXPECT_EQ(by_hash.skip, 5U);
    EXPECT_FALSE(by_hash.reverse);
    const auto by_number =
        decoded<GetBlockHeaders>(EthCode::GetBlockHeaders, hex(eip2481::kGetHeadersByNumber));
    EXPECT_EQ(std::get<BlockNumber>(by_number.origin), 9999U);

    const auto headers = decoded<BlockHeaders>(EthCode::BlockHeaders, hex(eip2481::kBlockHeaders));
    ASSERT_EQ(headers.headers.size(), 1U);
    EXPECT_EQ(to_hex(headers.headers[0].hash()), eip2481::kHeaderHash);

    const auto bodies = decoded<BlockBodies>(EthCode::BlockBodies, hex(eip2481::kBlockBodies));
    ASSERT_EQ(bodies.bodies.size(), 1U);
    ASSERT_EQ(bodies.bodies[0].transactions.size(), 2U);
    EXPECT_EQ(to_hex(bodies.bodies[0].transactions[1].hash()), eip2481::kTxHash2);
    EXPECT_EQ(bodies.bodies[0].ommers.size(), 1U);

    const auto pooled =
        decoded<PooledTransactions>(EthCode::PooledTransactions, hex(eip2481::kPooledTransactions));
    EXPECT_EQ(to_hex(pooled.txs.at(0).tx.hash()), eip2481::kTxHash1);

    const auto receipts = decoded<Receipts>(EthCode::Receipts, hex(eip2481::kReceipts));
    EXPECT_EQ(receipts.blocks.at(0).at(0).logs.at(0).data, hex("0100ff"));
    const auto request = decoded<GetReceipts>(EthCode::GetReceipts, hex(eip2481::kHashesRequest));
    EXPECT_EQ(request.hashes.at(1), hash_ending("feedbeef"));
}

Status make_status_message() {
    Status status;
    status.network_id = 73127;
    status.total_difficulty = {Uint256{0x123456789}};
    status.head = hash_ending("01");
    status.genesis = hash_ending("02");
    // EIP-2124: {fork hash 0xdeadbeef, next 0xBADDCAFE} encodes as ce84deadbeef84baddcafe - with
    // the list's header for ten bytes.
    status.fork_id = {0xdeadbeef, 0xbaddcafe};
    return status;
}

TEST(EthMessages, status_round_trips_with_the_fork_id_of_eip2124) {
    const Status status = make_status_message();
    const Bytes payload = encode_eth_message(EthVersion::Eth68, status);
    EXPECT_EQ(decoded<Status>(EthCode::Status, payload, EthVersion::Eth68), status);
    EXPECT_TRUE(to_hex(payload).ends_with("ca84deadbeef84baddcafe"));
    for (std::size_t size = 0; size < payload.size(); ++size)
        EXPECT_FALSE(decode_eth_message(EthVersion::Eth68, 0, ByteView{payload}.first(size)));
}

TEST(EthMessages, status_of_another_version_is_refused) {
    const Bytes payload = encode_eth_message(EthVersion::Eth68, make_status_message());
    EXPECT_EQ(error_of(EthCode::Status, payload, EthVersion::Eth67).cause,
              EthDecodeCause::UnsupportedVersion);
}

TEST(EthMessages, zero_fork_hash_keeps_its_four_bytes) {
    Status status = make_status_message();
    status.fork_id = {0, 0};
    EXPECT_TRUE(to_hex(encode_eth_message(EthVersion::Eth68, status)).ends_with("c6840000000080"));
}

TEST(EthMessages, announcements_carry_types_and_sizes_from_eth68_on) {
    NewPooledTransactionHashes m;
    m.txs = {{hash_ending("0a").as<TxHash>(), 2, 300}, {hash_ending("0b").as<TxHash>(), 0, 0}};
    const auto with = decoded<NewPooledTransactionHashes>(EthCode::NewPooledTransactionHashes,
                                                          encode_eth_message(EthVersion::Eth68, m),
                                                          EthVersion::Eth68);
    EXPECT_TRUE(with.has_metadata);
    EXPECT_EQ(with.txs, m.txs);
    const auto without = decoded<NewPooledTransactionHashes>(
        EthCode::NewPooledTransactionHashes, encode_eth_message(EthVersion::Eth67, m),
        EthVersion::Eth67);
    EXPECT_FALSE(without.has_metadata);
    ASSERT_EQ(without.txs.size(), 2U);
    EXPECT_EQ(without.txs[0].hash, m.txs[0].hash);
    EXPECT_EQ(without.txs[0].size, 0U);
}

/// By hand from EIP-5793, [types, [size], [hash]]: 1 + 4 + 34 bytes.
TEST(EthMessages, announcement_of_eth68_byte_for_byte) {
    NewPooledTransactionHashes m;
    m.txs = {{TxHash{}, 2, 0x1234}};
    EXPECT_EQ(to_hex(encode_eth_message(EthVersion::Eth68, m)),
              "e7"
              "02"
              "c3821234"
              "e1a0" +
                  std::string(64, '0'));
}

TEST(EthMessages, unequal_lists_of_an_announcement_are_refused) {
    for (const std::string_view payload : {"c402c0c0", "c580c101c0", "c50201c101", "c3c0c0c0"})
        EXPECT_FALSE(decode_eth_message(EthVersion::Eth68, 8, hex(payload))) << payload;
    EXPECT_EQ(error_of(EthCode::NewPooledTransactionHashes, hex("c302c0c0")).cause,
              EthDecodeCause::UnequalLists);
    EXPECT_EQ(error_of(EthCode::NewPooledTransactionHashes, hex("c480c101c0")).cause,
              EthDecodeCause::UnequalLists);
}

TEST(EthMessages, blocks_and_their_announcements_round_trip) {
    for (const auto vector : {test::kBlockWithOmmer, test::kBlockWithWithdrawals}) {
        const Bytes encoded = hex(vector);
        NewBlock m{*decode_block(encoded), {Uint256{77}}};
        const auto back = decoded<NewBlock>(
            EthCode::NewBlock, encode_eth_message(EthVersion::Eth68, m), EthVersion::Eth68);
        EXPECT_EQ(encode_block(back.block), encoded);
        EXPECT_EQ(back.total_difficulty, m.total_difficulty);
    }
    NewBlockHashes hashes{{{hash_ending("01"), 1}, {hash_ending("02"), 1'000'000}}};
    EXPECT_EQ(decoded<NewBlockHashes>(EthCode::NewBlockHashes,
                                      encode_eth_message(EthVersion::Eth68, hashes))
                  .blocks,
              hashes.blocks);
}

TEST(EthMessages, transactions_of_every_type_round_trip) {
    Transactions m;
    for (const auto tx :
         {test::kLegacyCreation, test::kAccessListTx, test::kDynamicFeeTx, test::kSetCodeTx})
        m.txs.push_back(*decode_tx(hex(tx)));
    EXPECT_EQ(
        decoded<Transactions>(EthCode::Transactions, encode_eth_message(EthVersion::Eth68, m)).txs,
        m.txs);
    PooledTransactions pooled{kId, {}};
    for (const SignedTx& tx : m.txs) pooled.txs.push_back({tx, nullptr});
    const auto back = decoded<PooledTransactions>(EthCode::PooledTransactions,
                                                  encode_eth_message(EthVersion::Eth68, pooled));
    ASSERT_EQ(back.txs.size(), m.txs.size());
    EXPECT_EQ(back.txs[3].tx, m.txs[3]);
}

TEST(EthMessages, a_reply_of_encoded_items_is_the_reply_itself) {
    const auto headers = decoded<BlockHeaders>(EthCode::BlockHeaders, hex(eip2481::kBlockHeaders));
    const std::vector<Bytes> items{encode_header(*headers.headers[0])};
    EXPECT_EQ(to_hex(encode_eth_reply(kId, items)), eip2481::kBlockHeaders);
    EXPECT_EQ(to_hex(encode_eth_reply(0, {})), "c280c0");
}

TEST(EthMessages, node_data_is_of_eth66_only) {
    for (const auto code : {EthCode::GetNodeData, EthCode::NodeData}) {
        EXPECT_TRUE(has_message(EthVersion::Eth66, code));
        EXPECT_FALSE(has_message(EthVersion::Eth67, code));
        EXPECT_FALSE(has_message(EthVersion::Eth68, code));
        EXPECT_EQ(error_of(code, hex("c280c0"), EthVersion::Eth67).cause,
                  EthDecodeCause::UnknownCode);
    }
}

TEST(EthMessages, codes_of_no_message_are_refused) {
    for (const std::uint32_t code : {0x0bU, 0x0cU, 0x11U, 0xffU, 0x100U, 0x10000U}) {
        const auto message = decode_eth_message(EthVersion::Eth66, code, hex("c0"));
        ASSERT_FALSE(message) << code;
        EXPECT_EQ(message.error().cause, EthDecodeCause::UnknownCode);
    }
}

TEST(EthMessages, a_message_beyond_its_bound_is_refused_unread) {
    EXPECT_EQ(error_of(EthCode::Transactions, Bytes(kEthMessageBytesMax + 1)).cause,
              EthDecodeCause::TooLarge);
    EXPECT_EQ(error_of(EthCode::Transactions, Bytes(kEthMessageBytesMax)).cause,
              EthDecodeCause::Rlp);
}

/// [id, [count items]].
Bytes with_items(std::size_t count, std::string_view item) {
    return encode_eth_reply(kId, std::vector<Bytes>(count, hex(item)));
}

TEST(EthMessages, counts_are_bounded_on_both_sides) {
    const std::string hash = "a0" + std::string(64, '1');
    const std::string header = to_hex(encode_header(Header{}));
    struct Case {
        EthCode code;
        std::size_t bound;
        std::string item;
    };
    const Case kCases[] = {
        {EthCode::GetBlockBodies, kBodiesMax, hash},
        {EthCode::GetReceipts, kReceiptListsMax, hash},
        {EthCode::GetNodeData, kNodeDataMax, hash},
        {EthCode::GetPooledTransactions, kAnnouncedTxsMax, hash},
        {EthCode::BlockHeaders, kHeadersMax, header},
        {EthCode::BlockBodies, kBodiesMax, "c2c0c0"},
        {EthCode::Receipts, kReceiptListsMax, "c0"},
        {EthCode::NodeData, kNodeDataMax, "80"},
    };
    for (const Case& c : kCases) {
        const auto code = static_cast<std::uint32_t>(c.code);
        EXPECT_TRUE(decode_eth_message(EthVersion::Eth66, code, with_items(c.bound, c.item)))
            << to_string(c.code);
        EXPECT_EQ(error_of(c.code, with_items(c.bound + 1, c.item), EthVersion::Eth66).cause,
                  EthDecodeCause::TooMany)
            << to_string(c.code);
    }
}

TEST(EthMessages, announced_items_are_bounded_on_both_sides) {
    NewBlockHashes blocks;
    blocks.blocks.resize(kBlockHashesMax);
    EXPECT_TRUE(
        decode_eth_message(EthVersion::Eth68, 1, encode_eth_message(EthVersion::Eth68, blocks)));
    blocks.blocks.resize(kBlockHashesMax + 1);
    EXPECT_EQ(
        error_of(EthCode::NewBlockHashes, encode_eth_message(EthVersion::Eth68, blocks)).cause,
        EthDecodeCause::TooMany);
    for (const auto version : {EthVersion::Eth67, EthVersion::Eth68}) {
        NewPooledTransactionHashes txs;
        txs.txs.resize(kAnnouncedTxsMax);
        EXPECT_TRUE(decode_eth_message(version, 8, encode_eth_message(version, txs)));
        txs.txs.resize(kAnnouncedTxsMax + 1);
        EXPECT_EQ(
            error_of(EthCode::NewPooledTransactionHashes, encode_eth_message(version, txs), version)
                .cause,
            EthDecodeCause::TooMany);
    }
}

TEST(EthMessages, transactions_too_short_to_be_signed_are_refused_by_their_number) {
    // Ten bytes each: a legacy transaction with every field empty but v = 27.
    const std::string tiny = "c98080808080801b8080";
    Bytes payload = rlp_encode_list(Bytes{});
    for (const std::size_t count : {1U, 2U, 100U}) {
        Bytes items;
        for (std::size_t i = 0; i < count; ++i) append(items, hex(tiny));
        payload = rlp_encode_list(items);
        const auto message = decode_eth_message(EthVersion::Eth68, 2, payload);
        EXPECT_EQ(message.has_value(), count == 1) << count;
        if (!message) {
            EXPECT_EQ(message.error().cause, EthDecodeCause::TooMany);
        }
        const std::vector<Bytes> body{rlp_encode_list([&items] {
            Bytes inside = rlp_encode_list(items);
            inside.push_back(0xc0);
            return inside;
        }())};
        const auto bodies = decode_eth_message(EthVersion::Eth68, 6, encode_eth_reply(1, body));
        EXPECT_EQ(bodies.has_value(), count == 1) << count;
        if (!bodies) {
            EXPECT_EQ(bodies.error().cause, EthDecodeCause::TooMany);
        }
    }
}

TEST(EthMessages, wrong_items_are_refused_with_what_is_wrong) {
    EXPECT_EQ(error_of(EthCode::GetReceipts, with_items(1, "9f" + std::string(62, '1'))).rlp,
              RlpError::WrongLength);
    EXPECT_EQ(error_of(EthCode::GetReceipts, with_items(1, "c0")).rlp, RlpError::ExpectedString);
    EXPECT_EQ(error_of(EthCode::NodeData, with_items(1, "c0"), EthVersion::Eth66).rlp,
              RlpError::ExpectedString);
    const auto header = error_of(EthCode::BlockHeaders, with_items(1, "c0"));
    EXPECT_EQ(header.cause, EthDecodeCause::Object);
    EXPECT_EQ(header.object.field, DecodeField::ParentHash);
    EXPECT_NE(to_string(header).find("malformed item"), std::string::npos);
}

TEST(EthMessages, every_message_has_a_name) {
    for (unsigned code = 0; code < kEthCodeCount; ++code) {
        const bool is_named = to_string(static_cast<EthCode>(code)) != "unknown";
        EXPECT_EQ(is_named, has_message(EthVersion::Eth66, static_cast<EthCode>(code))) << code;
    }
}

}  // namespace
}  // namespace cairn::node
