// SPDX-License-Identifier: MIT
#include "core/types/transaction.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/types/transaction_rlp.hpp"
#include "tests/unit/core/types/tx_vectors.hpp"

namespace cairn {
namespace {

SignedTx decoded(std::string_view hex) {
    return decode_tx(*from_hex(hex)).value();
}

std::string sender_of(std::string_view hex) {
    const auto recovered = recover_sender(decoded(hex));
    return recovered ? to_hex(recovered->sender()) : "nobody";
}

secp256k1::SecretKey secret_of(std::uint8_t byte) {
    return secp256k1::SecretKey::from(Bytes(32, byte));
}

/// The fields of EIP-155's example.
Transaction eip155_fields() {
    Transaction tx;
    tx.chain_id = 1;
    tx.nonce = 9;
    tx.max_fee_per_gas = tx.max_priority_fee_per_gas = Uint256{20'000'000'000ULL};
    tx.gas_limit = 21000;
    tx.to = *fixed_from_hex<Address>("3535353535353535353535353535353535353535");
    tx.value = Uint256{1'000'000'000'000'000'000ULL};
    return tx;
}

TEST(Transaction, eip155_example_signing_hash) {
    EXPECT_EQ(to_hex(signing_hash(eip155_fields())), test::kEip155SigningHash);
}

TEST(Transaction, eip155_example_signed) {
    const auto tx = sign_tx(eip155_fields(), secret_of(0x46));
    ASSERT_TRUE(tx);
    EXPECT_EQ(to_hex(tx->bytes()), test::kEip155Tx);
    EXPECT_EQ(sender_of(test::kEip155Tx), test::kEip155Sender);
}

TEST(Transaction, a_zero_secret_signs_nothing) {
    EXPECT_FALSE(sign_tx(eip155_fields(), secret_of(0)));
}

TEST(Transaction, hash_of_every_type) {
    EXPECT_EQ(to_hex(decoded(test::kLegacyCreation).hash()),
              "c1d605c6612a5fe84dc95810030bfe5b1d327652b381bc695e28f50d13b2b09e");
    EXPECT_EQ(to_hex(decoded(test::kDynamicFeeTx).hash()),
              "205405746564cbcf1dd53fb5ac92c7622d3792d82f03c59d9baddf2443d91864");
    EXPECT_EQ(to_hex(decoded(test::kBlobTx).hash()),
              "4bb6fa064c302d27ea9ac821e061bcc336b8fa40de77f01e116c6461d47e7ac1");
    EXPECT_EQ(to_hex(decoded(test::kSetCodeTx).hash()),
              "99f7e58af4dd2735931a3262705fbe57ea2fcc79497668f74309cdeaf37cc223");
}

TEST(Transaction, sender_of_every_type) {
    EXPECT_EQ(sender_of(test::kLegacyCreation), test::kSender);
    EXPECT_EQ(sender_of(test::kAccessListTx), test::kSender);
    EXPECT_EQ(sender_of(test::kDynamicFeeTx), test::kSender);
    EXPECT_EQ(sender_of(test::kBlobTx), test::kSender);
    EXPECT_EQ(sender_of(test::kSetCodeTx), test::kSender);
}

TEST(Transaction, another_parity_names_another_sender) {
    const SignedTx tx = decoded(test::kDynamicFeeTx);
    TxSignature flipped = tx.signature();
    flipped.y_parity = !flipped.y_parity;
    const auto recovered = recover_sender(SignedTx{tx.tx(), flipped});
    ASSERT_TRUE(recovered);
    EXPECT_NE(to_hex(recovered->sender()), test::kSender);
}

TEST(Transaction, signature_values_out_of_range_name_nobody) {
    const Uint256 order =
        *parse_uint256("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    const auto error_of = [](const Uint256& r, const Uint256& s) {
        const auto got = recover_sender(SignedTx{eip155_fields(), {r, s, false}});
        return got ? std::optional<SignatureError>{} : got.error();
    };
    const Uint256 r = decoded(test::kEip155Tx).signature().r;
    const Uint256 s = decoded(test::kEip155Tx).signature().s;
    EXPECT_EQ(error_of(r, s), std::nullopt);
    EXPECT_EQ(error_of(Uint256{}, s), SignatureError::OutOfRange);
    EXPECT_EQ(error_of(r, Uint256{}), SignatureError::OutOfRange);
    EXPECT_EQ(error_of(order, s), SignatureError::OutOfRange);
    EXPECT_EQ(error_of(r, order), SignatureError::OutOfRange);
    EXPECT_EQ(error_of(r, order - Uint256{1}), std::nullopt);
    // 5 is no x coordinate of the curve: 5^3 + 7 is no square modulo the field's prime.
    EXPECT_EQ(error_of(Uint256{5}, s), SignatureError::Unrecoverable);
}

TEST(Transaction, half_the_order_is_the_greatest_low_s) {
    const Uint256 half =
        *parse_uint256("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
    EXPECT_TRUE(has_low_s({Uint256{1}, half, false}));
    EXPECT_FALSE(has_low_s({Uint256{1}, half + Uint256{1}, false}));
}

TEST(Transaction, authority_of_the_set_code_vector) {
    const SignedTx tx = decoded(test::kSetCodeTx);
    ASSERT_EQ(tx->authorization_list.size(), 1U);
    const auto authority = recover_authority(tx->authorization_list[0]);
    ASSERT_TRUE(authority);
    EXPECT_EQ(to_hex(*authority), test::kAuthority);
}

TEST(Transaction, malformed_authorizations_name_nobody) {
    const Uint256 order =
        *parse_uint256("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    const Authorization good = decoded(test::kSetCodeTx)->authorization_list[0];
    Authorization a = good;
    a.y_parity = 2;
    EXPECT_FALSE(recover_authority(a));
    a = good;
    a.s = order - good.s;
    a.y_parity ^= 1;  // a valid signature by the same key, but with a high s
    EXPECT_FALSE(recover_authority(a));
    a = good;
    a.r = Uint256{};
    EXPECT_FALSE(recover_authority(a));
    a = good;
    a.s = Uint256{};
    EXPECT_FALSE(recover_authority(a));
}

TEST(Transaction, effective_price_is_the_lesser_of_cap_and_base_plus_tip) {
    Transaction tx;
    tx.max_fee_per_gas = Uint256{100};
    tx.max_priority_fee_per_gas = Uint256{10};
    EXPECT_EQ(effective_gas_price(tx, Uint256{50}), Uint256{60});
    EXPECT_EQ(effective_gas_price(tx, Uint256{90}), Uint256{100});
    EXPECT_EQ(effective_gas_price(tx, Uint256{91}), Uint256{100});
    EXPECT_EQ(effective_gas_price(tx, Uint256{100}), Uint256{100});
    tx.max_fee_per_gas = tx.max_priority_fee_per_gas = Uint256::max();
    EXPECT_EQ(effective_gas_price(tx, Uint256{1}), Uint256::max());
}

TEST(Transaction, names_of_types) {
    EXPECT_EQ(to_string(TxType::Legacy), "legacy");
    EXPECT_EQ(to_string(TxType::AccessList), "access list");
    EXPECT_EQ(to_string(TxType::DynamicFee), "dynamic fee");
    EXPECT_EQ(to_string(TxType::Blob), "blob");
    EXPECT_EQ(to_string(TxType::SetCode), "set code");
}

}  // namespace
}  // namespace cairn
