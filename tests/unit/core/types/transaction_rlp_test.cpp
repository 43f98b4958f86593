// SPDX-License-Identifier: MIT
#include "core/types/transaction_rlp.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "core/base/hex.hpp"
#include "core/codec/rlp_encode.hpp"
#include "tests/unit/core/types/tx_vectors.hpp"

namespace cairn {
namespace {

constexpr std::string_view kAll[] = {test::kLegacyCreation, test::kAccessListTx,
                                     test::kDynamicFeeTx,   test::kBlobTx,
                                     test::kSetCodeTx,      test::kEip155Tx};

std::optional<DecodeError> error_of(ByteView bytes) {
    const auto tx = decode_tx(bytes);
    return tx ? std::optional<DecodeError>{} : tx.error();
}
DecodeError rlp_error(RlpError error, DecodeField field) {
    return {DecodeCause::Rlp, field, error};
}
DecodeError cause(DecodeCause c, DecodeField field) {
    return {c, field, RlpError::None};
}

/// The vector decoded, changed, encoded, and decoded again: its error.
template <class Change>
std::optional<DecodeError> error_after(std::string_view vector, Change change) {
    // The items of the payload as bytes, each replaceable by hand.
    const Bytes bytes = *from_hex(vector);
    const bool is_legacy = bytes[0] >= 0xc0;
    RlpReader reader = RlpReader::of_list(ByteView{bytes}.subspan(is_legacy ? 0 : 1));
    std::vector<Bytes> items;
    while (!reader.at_end()) {
        RlpItem item;
        EXPECT_TRUE(reader.read_item(item));
        items.push_back(to_bytes(item.encoded));
    }
    change(items);
    Bytes payload;
    for (const Bytes& item : items) append(payload, item);
    Bytes out;
    if (!is_legacy) out.push_back(bytes[0]);
    append(out, rlp_encode_list(payload));
    return error_of(out);
}

auto put(std::size_t index, std::string_view hex) {
    return [index, hex](std::vector<Bytes>& items) { items.at(index) = *from_hex(hex); };
}

TEST(TransactionRlp, every_type_encodes_to_what_it_was_decoded_from) {
    for (const auto vector : kAll) {
        const Bytes bytes = *from_hex(vector);
        const auto tx = decode_tx(bytes);
        ASSERT_TRUE(tx) << vector;
        EXPECT_EQ(to_hex(tx->bytes()), vector);
        EXPECT_EQ(to_hex(encode_tx(tx->tx(), tx->signature())), vector);
        const SignedTx again{tx->tx(), tx->signature()};
        EXPECT_EQ(again.hash(), tx->hash());
    }
}

TEST(TransactionRlp, fields_of_the_blob_vector) {
    const auto tx = decode_tx(*from_hex(test::kBlobTx));
    ASSERT_TRUE(tx);
    const Transaction& t = tx->tx();
    EXPECT_EQ(t.type, TxType::Blob);
    EXPECT_EQ(t.chain_id, test::kChainId);
    EXPECT_EQ(t.nonce, 0xc7U);
    EXPECT_EQ(t.max_priority_fee_per_gas, Uint256{1});
    EXPECT_EQ(t.max_fee_per_gas, Uint256{0x813f23c});
    EXPECT_EQ(t.gas_limit, 0x186a0U);
    EXPECT_EQ(to_hex(*t.to), "7dcd17433742f4c0ca53122ab541d0ba67fc27df");
    EXPECT_EQ(t.value, Uint256{3});
    EXPECT_EQ(to_hex(t.data), "29db68258899c2fe656d6974");
    ASSERT_EQ(t.access_list.size(), 1U);
    EXPECT_EQ(t.access_list[0].address, *t.to);
    ASSERT_EQ(t.access_list[0].storage_keys.size(), 2U);
    EXPECT_EQ(to_hex(t.access_list[0].storage_keys[1]),
              "35f96bc70aa62a539fa99d9153b0f8aaa4594abf70cc8a8d9018e04e39a17982");
    EXPECT_EQ(t.max_fee_per_blob_gas, Uint256{0x20000});
    ASSERT_EQ(t.blob_hashes.size(), 1U);
    EXPECT_EQ(to_hex(t.blob_hashes[0]),
              "015a4cab4911426699ed34483de6640cf55a568afc5c5edffdcbd8bcd4452f68");
    EXPECT_TRUE(tx->signature().y_parity);
}

TEST(TransactionRlp, fields_of_the_set_code_vector) {
    const auto tx = decode_tx(*from_hex(test::kSetCodeTx));
    ASSERT_TRUE(tx);
    ASSERT_EQ((*tx)->authorization_list.size(), 1U);
    const Authorization& a = (*tx)->authorization_list[0];
    EXPECT_EQ(a.chain_id, Uint256{test::kChainId});
    EXPECT_EQ(to_hex(a.address), "8c2319620d7c348bb4e2b2a0b230c81f310e9561");
    EXPECT_EQ(a.nonce, 0U);
    EXPECT_EQ(a.y_parity, 0U);
}

TEST(TransactionRlp, fields_of_the_legacy_creation) {
    const auto tx = decode_tx(*from_hex(test::kLegacyCreation));
    ASSERT_TRUE(tx);
    EXPECT_TRUE((*tx)->is_creation());
    EXPECT_FALSE((*tx)->chain_id);
    EXPECT_TRUE(tx->signature().y_parity);  // v = 28
    EXPECT_EQ((*tx)->max_fee_per_gas, (*tx)->max_priority_fee_per_gas);
}

TEST(TransactionRlp, every_truncation_is_refused) {
    for (const auto vector : kAll) {
        const Bytes bytes = *from_hex(vector);
        for (std::size_t n = 0; n < bytes.size(); ++n)
            ASSERT_TRUE(error_of(ByteView{bytes}.first(n))) << vector << " cut to " << n;
    }
}

TEST(TransactionRlp, a_byte_too_much_is_refused) {
    for (const auto vector : kAll) {
        Bytes bytes = *from_hex(vector);
        bytes.push_back(0);
        EXPECT_EQ(error_of(bytes), rlp_error(RlpError::TrailingBytes, DecodeField::Whole));
    }
}

TEST(TransactionRlp, unknown_types_are_refused) {
    Bytes bytes = *from_hex(test::kDynamicFeeTx);
    for (const int type : {0x00, 0x05, 0x7f}) {
        bytes[0] = static_cast<std::uint8_t>(type);
        EXPECT_EQ(error_of(bytes), cause(DecodeCause::UnknownTxType, DecodeField::Whole)) << type;
    }
    EXPECT_EQ(error_of(*from_hex("820102")), rlp_error(RlpError::ExpectedList, DecodeField::Whole));
}

TEST(TransactionRlp, one_element_too_few_or_too_many) {
    for (const auto vector : kAll) {
        const auto fewer = error_after(vector, [](auto& items) { items.pop_back(); });
        ASSERT_TRUE(fewer);
        EXPECT_EQ(*fewer, rlp_error(RlpError::MissingItem, DecodeField::SignatureS)) << vector;
        const auto more = error_after(vector, [](auto& items) { items.push_back({0x01}); });
        ASSERT_TRUE(more);
        EXPECT_EQ(*more, rlp_error(RlpError::ExtraItem, DecodeField::Whole)) << vector;
    }
}

TEST(TransactionRlp, legacy_v) {
    const auto v_error = [](std::string_view v) { return error_after(test::kEip155Tx, put(6, v)); };
    const auto invalid = cause(DecodeCause::InvalidV, DecodeField::SignatureV);
    EXPECT_EQ(v_error("80"), invalid);
    EXPECT_EQ(v_error("1a"), invalid);  // 26
    EXPECT_EQ(v_error("1b"), std::nullopt);
    EXPECT_EQ(v_error("1c"), std::nullopt);
    EXPECT_EQ(v_error("1d"), invalid);  // 29
    EXPECT_EQ(v_error("22"), invalid);  // 34
    EXPECT_EQ(v_error("23"), std::nullopt);
    // 35 + 2 · (2^64 - 1) + 1 is the greatest; the next has chain id 2^64.
    EXPECT_EQ(v_error("89020000000000000022"), std::nullopt);
    EXPECT_EQ(v_error("89020000000000000023"),
              cause(DecodeCause::ChainIdOverflow, DecodeField::SignatureV));
    EXPECT_EQ(v_error("820025"), rlp_error(RlpError::IntegerLeadingZero, DecodeField::SignatureV));
}

TEST(TransactionRlp, greatest_chain_id_round_trips_through_v) {
    Transaction tx;
    tx.chain_id = ~0ULL;
    const SignedTx out{tx, {Uint256{1}, Uint256{1}, true}};
    const auto back = decode_tx(out.bytes());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->tx(), tx);
    EXPECT_TRUE(back->signature().y_parity);
}

TEST(TransactionRlp, typed_y_parity_is_0_or_1) {
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(9, "80")), std::nullopt);
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(9, "01")), std::nullopt);
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(9, "02")),
              cause(DecodeCause::InvalidYParity, DecodeField::SignatureV));
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(9, "00")),
              rlp_error(RlpError::IntegerLeadingZero, DecodeField::SignatureV));
}

TEST(TransactionRlp, integers_wider_than_their_fields) {
    const auto wide = [](DecodeField field) { return rlp_error(RlpError::IntegerTooWide, field); };
    constexpr std::string_view k65 = "89010000000000000000";
    const std::string k257 = "a101" + std::string(64, '0');
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(0, k65)), wide(DecodeField::ChainId));
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(1, k65)), wide(DecodeField::Nonce));
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(2, k257)), wide(DecodeField::MaxPriorityFee));
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(3, k257)), wide(DecodeField::MaxFee));
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(4, k65)), wide(DecodeField::GasLimit));
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(6, k257)), wide(DecodeField::Value));
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(10, k257)), wide(DecodeField::SignatureR));
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(11, k257)), wide(DecodeField::SignatureS));
    EXPECT_EQ(error_after(test::kLegacyCreation, put(1, k257)), wide(DecodeField::GasPrice));
    EXPECT_EQ(error_after(test::kBlobTx, put(9, k257)), wide(DecodeField::MaxFeePerBlobGas));
}

TEST(TransactionRlp, fixed_lengths) {
    const std::string short_to = "93" + std::string(38, '1');
    const std::string long_to = "95" + std::string(42, '1');
    EXPECT_EQ(error_after(test::kEip155Tx, put(3, short_to)),
              cause(DecodeCause::TooShort, DecodeField::To));
    EXPECT_EQ(error_after(test::kEip155Tx, put(3, long_to)),
              cause(DecodeCause::TooLong, DecodeField::To));
    EXPECT_EQ(error_after(test::kBlobTx, put(10, "c101")),
              cause(DecodeCause::TooShort, DecodeField::BlobHashes));
    const std::string entry_short_address = "d7d693" + std::string(38, '1') + "c101";
    EXPECT_EQ(error_after(test::kBlobTx, put(8, entry_short_address)),
              cause(DecodeCause::TooShort, DecodeField::AccessListAddress));
    const std::string entry_short_key = "d8d794" + std::string(40, '1') + "c101";
    EXPECT_EQ(error_after(test::kBlobTx, put(8, entry_short_key)),
              cause(DecodeCause::TooShort, DecodeField::AccessListStorageKey));
    const std::string entry_long_address = "d8d795" + std::string(42, '1') + "c0";
    EXPECT_EQ(error_after(test::kBlobTx, put(8, entry_long_address)),
              cause(DecodeCause::TooLong, DecodeField::AccessListAddress));
}

TEST(TransactionRlp, lists_where_strings_belong_and_back) {
    EXPECT_EQ(error_after(test::kEip155Tx, put(0, "c0")),
              rlp_error(RlpError::ExpectedString, DecodeField::Nonce));
    EXPECT_EQ(error_after(test::kEip155Tx, put(5, "c0")),
              rlp_error(RlpError::ExpectedString, DecodeField::Data));
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(8, "80")),
              rlp_error(RlpError::ExpectedList, DecodeField::TxAccessList));
    EXPECT_EQ(error_after(test::kDynamicFeeTx, put(8, "c180")),
              rlp_error(RlpError::ExpectedList, DecodeField::AccessListEntry));
    EXPECT_EQ(error_after(test::kBlobTx, put(10, "80")),
              rlp_error(RlpError::ExpectedList, DecodeField::BlobHashes));
    EXPECT_EQ(error_after(test::kSetCodeTx, put(9, "80")),
              rlp_error(RlpError::ExpectedList, DecodeField::AuthorizationList));
    EXPECT_EQ(error_after(test::kSetCodeTx, put(9, "c180")),
              rlp_error(RlpError::ExpectedList, DecodeField::Authorization));
}

TEST(TransactionRlp, authorization_bounds) {
    // [chain_id, address, nonce, y_parity, r, s]
    const auto tuple = [](std::string_view chain_id, std::string_view nonce, std::string_view y) {
        Bytes items = *from_hex(chain_id);
        append(items, *from_hex("94" + std::string(40, '1')));
        append(items, *from_hex(nonce));
        append(items, *from_hex(y));
        append(items, Bytes{0x01, 0x01});
        return error_after(test::kSetCodeTx, [&items](std::vector<Bytes>& fields) {
            fields.at(9) = rlp_encode_list(rlp_encode_list(items));
        });
    };
    const auto wide = rlp_error(RlpError::IntegerTooWide, DecodeField::Authorization);
    EXPECT_EQ(tuple("a0" + std::string(64, 'f'), "88ffffffffffffffff", "81ff"), std::nullopt);
    EXPECT_EQ(tuple("a101" + std::string(64, '0'), "80", "80"), wide);
    EXPECT_EQ(tuple("80", "89010000000000000000", "80"), wide);
    EXPECT_EQ(tuple("80", "80", "820100"), wide);
}

TEST(TransactionRlp, items_of_a_body) {
    for (const auto vector : kAll) {
        const auto tx = decode_tx(*from_hex(vector));
        ASSERT_TRUE(tx);
        Bytes item;
        append_tx_item(item, *tx);
        EXPECT_EQ(item.size(), tx_item_size(*tx));
        const auto back = decode_tx_item(item);
        ASSERT_TRUE(back);
        EXPECT_EQ(back->hash(), tx->hash());
        for (std::size_t n = 0; n < item.size(); ++n)
            ASSERT_FALSE(decode_tx_item(ByteView{item}.first(n)));
    }
}

TEST(TransactionRlp, a_legacy_list_in_a_string_is_no_second_form) {
    const auto tx = decode_tx_item(rlp_encode(ByteView{*from_hex(test::kEip155Tx)}));
    ASSERT_FALSE(tx);
    EXPECT_EQ(tx.error(), cause(DecodeCause::UnknownTxType, DecodeField::Whole));
    EXPECT_FALSE(decode_tx_item(*from_hex("80")));
}

PooledTx pooled(std::size_t blobs, std::uint8_t version) {
    const auto decoded = decode_tx(*from_hex(test::kBlobTx));
    Transaction tx = decoded->tx();
    tx.blob_hashes.assign(blobs, tx.blob_hashes[0]);
    BlobSidecar sidecar;
    sidecar.version = version;
    sidecar.blobs.assign(blobs, Bytes(kBlobBytes, 0x11));
    sidecar.commitments.assign(blobs, KzgBytes{});
    sidecar.proofs.assign(version == 0 ? blobs : blobs * kCellProofsPerBlob, KzgBytes{});
    return {SignedTx{std::move(tx), decoded->signature()},
            std::make_shared<BlobSidecar>(std::move(sidecar))};
}

/// The pooled form after a change of the sidecar, decoded again: its error.
template <class Change>
std::optional<DecodeError> sidecar_error(std::size_t blobs, std::uint8_t version, Change change) {
    const PooledTx tx = pooled(blobs, version);
    BlobSidecar sidecar = *tx.sidecar;
    change(sidecar);
    const auto got =
        decode_pooled_tx(encode_pooled_tx({tx.tx, std::make_shared<BlobSidecar>(sidecar)}));
    return got ? std::optional<DecodeError>{} : got.error();
}

TEST(TransactionRlp, blob_wrappers_of_both_versions_round_trip) {
    for (const std::uint8_t version : {std::uint8_t{0}, std::uint8_t{1}}) {
        const PooledTx tx = pooled(2, version);
        const auto back = decode_pooled_tx(encode_pooled_tx(tx));
        ASSERT_TRUE(back) << to_string(back.error());
        EXPECT_EQ(back->tx.hash(), tx.tx.hash());
        EXPECT_EQ(*back->sidecar, *tx.sidecar);
    }
}

TEST(TransactionRlp, pooled_form_of_other_types_is_the_canonical_one) {
    for (const auto vector : {test::kLegacyCreation, test::kDynamicFeeTx, test::kSetCodeTx}) {
        const auto tx = decode_pooled_tx(*from_hex(vector));
        ASSERT_TRUE(tx);
        EXPECT_EQ(tx->sidecar, nullptr);
        EXPECT_EQ(to_hex(encode_pooled_tx(*tx)), vector);
    }
    EXPECT_FALSE(decode_pooled_tx({}));
}

TEST(TransactionRlp, canonical_and_wrapped_blob_forms_are_not_mixed_up) {
    const auto naked = decode_pooled_tx(*from_hex(test::kBlobTx));
    ASSERT_FALSE(naked);
    EXPECT_EQ(naked.error(), rlp_error(RlpError::ExpectedList, DecodeField::Sidecar));
    const auto wrapped = decode_tx(encode_pooled_tx(pooled(1, 0)));
    ASSERT_FALSE(wrapped);
    EXPECT_EQ(wrapped.error(), rlp_error(RlpError::ExpectedString, DecodeField::ChainId));
}

TEST(TransactionRlp, sidecar_counts_must_agree) {
    const auto mismatch = cause(DecodeCause::SidecarMismatch, DecodeField::Sidecar);
    for (const std::uint8_t version : {std::uint8_t{0}, std::uint8_t{1}}) {
        EXPECT_EQ(sidecar_error(2, version, [](BlobSidecar&) {}), std::nullopt);
        EXPECT_EQ(sidecar_error(2, version, [](BlobSidecar& s) { s.blobs.pop_back(); }), mismatch);
        EXPECT_EQ(sidecar_error(2, version, [](BlobSidecar& s) { s.commitments.pop_back(); }),
                  mismatch);
        EXPECT_EQ(sidecar_error(2, version, [](BlobSidecar& s) { s.commitments.emplace_back(); }),
                  mismatch);
        EXPECT_EQ(sidecar_error(2, version, [](BlobSidecar& s) { s.proofs.pop_back(); }), mismatch);
        EXPECT_EQ(sidecar_error(2, version, [](BlobSidecar& s) { s.proofs.emplace_back(); }),
                  mismatch);
    }
    // Proofs of the other version.
    EXPECT_EQ(sidecar_error(1, 0, [](BlobSidecar& s) { s.proofs.assign(kCellProofsPerBlob, {}); }),
              mismatch);
    EXPECT_EQ(sidecar_error(1, 1, [](BlobSidecar& s) { s.proofs.assign(1, {}); }), mismatch);
}

TEST(TransactionRlp, sidecar_versions_and_blob_sizes) {
    EXPECT_EQ(sidecar_error(1, 1, [](BlobSidecar& s) { s.version = 2; }),
              cause(DecodeCause::UnknownWrapper, DecodeField::Sidecar));
    EXPECT_EQ(sidecar_error(1, 0, [](BlobSidecar& s) { s.blobs[0].pop_back(); }),
              cause(DecodeCause::TooShort, DecodeField::Sidecar));
    EXPECT_EQ(sidecar_error(1, 0, [](BlobSidecar& s) { s.blobs[0].push_back(0); }),
              cause(DecodeCause::TooLong, DecodeField::Sidecar));
}

TEST(TransactionRlp, blobs_of_one_wrapper_are_bounded) {
    const auto with_hashes = [](std::size_t blobs) {
        return sidecar_error(blobs, 0, [](BlobSidecar& s) { s.blobs.clear(); });
    };
    // The blobs are missing in both; only above the bound is their number what is complained about.
    EXPECT_EQ(with_hashes(kSidecarBlobsMax),
              cause(DecodeCause::SidecarMismatch, DecodeField::Sidecar));
    EXPECT_EQ(with_hashes(kSidecarBlobsMax + 1),
              rlp_error(RlpError::TooManyItems, DecodeField::Sidecar));
}

TEST(TransactionRlp, truncated_wrappers_are_refused) {
    const Bytes bytes = encode_pooled_tx(pooled(1, 1));
    for (std::size_t n = 0; n < bytes.size(); n += n < 400 ? 1 : 997)
        ASSERT_FALSE(decode_pooled_tx(ByteView{bytes}.first(n))) << n;
    ASSERT_FALSE(decode_pooled_tx(ByteView{bytes}.first(bytes.size() - 1)));
}

}  // namespace
}  // namespace cairn
