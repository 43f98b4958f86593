// SPDX-License-Identifier: MIT
#include "chain/rules/tx_check.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "chain/rules/intrinsic_gas.hpp"
#include "chain/spec/rule_table.hpp"

namespace cairn::chain {
namespace {

constexpr std::uint64_t kChainId = 1;

Transaction valid(TxType type) {
    Transaction tx;
    tx.type = type;
    tx.chain_id = kChainId;
    tx.to = Address{};
    tx.gas_limit = 100'000;
    tx.max_fee_per_gas = Wei{10};
    tx.max_priority_fee_per_gas =
        Wei{type == TxType::Legacy || type == TxType::AccessList ? 10U : 1U};
    if (type == TxType::Blob) {
        tx.blob_hashes.resize(1);
        tx.blob_hashes[0].bytes[0] = kBlobHashVersionKzg;
    }
    if (type == TxType::SetCode) tx.authorization_list.resize(1);
    return tx;
}

/// Osaka's verdict; nothing when the fields pass.
std::optional<TxError> error_of(const Transaction& tx, Revision revision = Revision::Osaka) {
    const auto verdict = check_tx_fields(rules_of(revision), tx);
    return verdict ? std::nullopt : std::optional{verdict.error()};
}

constexpr TxType kTypes[] = {TxType::Legacy, TxType::AccessList, TxType::DynamicFee, TxType::Blob,
                             TxType::SetCode};

TEST(TxCheck, valid_ones_of_every_type_pass) {
    for (const TxType type : kTypes)
        EXPECT_EQ(error_of(valid(type)), std::nullopt) << to_string(type);
}

TEST(TxCheck, each_type_from_its_revision_on) {
    constexpr Revision kFirst[] = {Revision::Frontier, Revision::Berlin, Revision::London,
                                   Revision::Cancun, Revision::Prague};
    for (const TxType type : kTypes) {
        for (std::size_t i = 0; i < kRevisionCount; ++i) {
            const auto revision = static_cast<Revision>(i);
            const bool is_allowed = revision >= kFirst[static_cast<std::size_t>(type)];
            EXPECT_EQ(error_of(valid(type), revision) == TxError::TypeNotSupported, !is_allowed)
                << to_string(type) << " " << i;
        }
    }
}

TEST(TxCheck, greatest_nonce) {
    Transaction tx = valid(TxType::Legacy);
    tx.nonce = ~0ULL - 1;
    EXPECT_EQ(error_of(tx), std::nullopt);
    tx.nonce = ~0ULL;
    EXPECT_EQ(error_of(tx), TxError::NonceIsMax);
}

TEST(TxCheck, tip_up_to_the_cap) {
    Transaction tx = valid(TxType::DynamicFee);
    tx.max_priority_fee_per_gas = tx.max_fee_per_gas;
    EXPECT_EQ(error_of(tx), std::nullopt);
    tx.max_priority_fee_per_gas = tx.max_fee_per_gas + Wei{1};
    EXPECT_EQ(error_of(tx), TxError::TipAboveFeeCap);
}

TEST(TxCheck, gas_cost_up_to_256_bits) {
    Transaction tx = valid(TxType::DynamicFee);
    tx.gas_limit = 1 << 20;
    tx.max_fee_per_gas = Uint256::max() >> 20;
    EXPECT_EQ(error_of(tx), std::nullopt);
    tx.max_fee_per_gas = tx.max_fee_per_gas + Wei{1};
    EXPECT_EQ(error_of(tx), TxError::GasCostOverflow);
}

TEST(TxCheck, blob_fields) {
    Transaction tx = valid(TxType::Blob);
    tx.to.reset();
    EXPECT_EQ(error_of(tx), TxError::BlobCreation);
    tx = valid(TxType::Blob);
    tx.blob_hashes.clear();
    EXPECT_EQ(error_of(tx), TxError::BlobsMissing);
    tx = valid(TxType::Blob);
    tx.blob_hashes.push_back({});
    EXPECT_EQ(error_of(tx), TxError::BlobHashVersion);
    tx.blob_hashes.back().bytes[0] = 2;
    EXPECT_EQ(error_of(tx), TxError::BlobHashVersion);
}

TEST(TxCheck, blobs_per_transaction) {
    const auto with = [](std::size_t blobs) {
        Transaction tx = valid(TxType::Blob);
        tx.blob_hashes.assign(blobs, tx.blob_hashes[0]);
        return tx;
    };
    EXPECT_EQ(error_of(with(6), Revision::Cancun), std::nullopt);
    EXPECT_EQ(error_of(with(7), Revision::Cancun), TxError::BlobCountExceeded);
    EXPECT_EQ(error_of(with(9), Revision::Prague), std::nullopt);
    EXPECT_EQ(error_of(with(10), Revision::Prague), TxError::BlobCountExceeded);
    EXPECT_EQ(error_of(with(6), Revision::Osaka), std::nullopt);
    EXPECT_EQ(error_of(with(7), Revision::Osaka), TxError::BlobCountExceeded);
}

TEST(TxCheck, set_code_fields) {
    Transaction tx = valid(TxType::SetCode);
    tx.to.reset();
    EXPECT_EQ(error_of(tx), TxError::SetCodeCreation);
    tx = valid(TxType::SetCode);
    tx.authorization_list.clear();
    EXPECT_EQ(error_of(tx), TxError::AuthorizationListEmpty);
}

TEST(TxCheck, gas_cap_of_osaka) {
    Transaction tx = valid(TxType::Legacy);
    tx.gas_limit = 16'777'216;
    EXPECT_EQ(error_of(tx), std::nullopt);
    tx.gas_limit = 16'777'217;
    EXPECT_EQ(error_of(tx), TxError::GasLimitAboveCap);
    EXPECT_EQ(error_of(tx, Revision::Prague), std::nullopt);
}

TEST(TxCheck, init_code_size_of_shanghai) {
    Transaction tx = valid(TxType::Legacy);
    tx.gas_limit = 16'000'000;
    tx.to.reset();
    tx.data.resize(49152);
    EXPECT_EQ(error_of(tx), std::nullopt);
    tx.data.resize(49153);
    EXPECT_EQ(error_of(tx), TxError::InitcodeTooLarge);
    EXPECT_EQ(error_of(tx, Revision::Paris), std::nullopt);
    tx.to = Address{};
    EXPECT_EQ(error_of(tx), std::nullopt);
}

TEST(TxCheck, intrinsic_gas_and_floor) {
    Transaction tx = valid(TxType::Legacy);
    tx.gas_limit = 21000;
    EXPECT_EQ(error_of(tx), std::nullopt);
    tx.gas_limit = 20999;
    EXPECT_EQ(error_of(tx), TxError::IntrinsicGasTooLow);
    tx.data = Bytes(100, 1);  // 21000 + 1600 intrinsic, 21000 + 4000 floor
    tx.gas_limit = 22599;
    EXPECT_EQ(error_of(tx), TxError::IntrinsicGasTooLow);
    tx.gas_limit = 22600;
    EXPECT_EQ(error_of(tx), TxError::GasLimitBelowFloor);
    EXPECT_EQ(error_of(tx, Revision::Cancun), std::nullopt);
    tx.gas_limit = 25000;
    EXPECT_EQ(error_of(tx), std::nullopt);
}

TEST(TxCheck, the_first_failure_in_order_is_reported) {
    // Everything wrong at once; each cure brings out the next.
    Transaction tx = valid(TxType::Blob);
    tx.nonce = ~0ULL;
    tx.max_fee_per_gas = Uint256::max() - Wei{1};
    tx.max_priority_fee_per_gas = Uint256::max();
    tx.gas_limit = 20'000'000;
    tx.to.reset();
    tx.blob_hashes.clear();
    tx.data.resize(49153);
    EXPECT_EQ(error_of(tx, Revision::Shanghai), TxError::TypeNotSupported);
    EXPECT_EQ(error_of(tx), TxError::NonceIsMax);
    tx.nonce = 0;
    EXPECT_EQ(error_of(tx), TxError::TipAboveFeeCap);
    tx.max_priority_fee_per_gas = Wei{};
    EXPECT_EQ(error_of(tx), TxError::GasCostOverflow);
    tx.max_fee_per_gas = Wei{};
    EXPECT_EQ(error_of(tx), TxError::BlobCreation);
    tx.type = TxType::Legacy;
    EXPECT_EQ(error_of(tx), TxError::GasLimitAboveCap);
    tx.gas_limit = 0;
    EXPECT_EQ(error_of(tx), TxError::InitcodeTooLarge);
    tx.data.resize(1);
    EXPECT_EQ(error_of(tx), TxError::IntrinsicGasTooLow);
}

SignedTx signed_with(Transaction tx, const Uint256& r = Uint256{1}, const Uint256& s = Uint256{1}) {
    return SignedTx{std::move(tx), {r, s, false}};
}
std::optional<TxError> signature_error(const SignedTx& tx, Revision revision = Revision::Osaka) {
    const auto verdict = check_tx_signature(rules_of(revision), kChainId, tx);
    return verdict ? std::nullopt : std::optional{verdict.error()};
}

TEST(TxCheck, chain_id) {
    for (const TxType type : kTypes) {
        Transaction tx = valid(type);
        EXPECT_EQ(signature_error(signed_with(tx)), std::nullopt);
        tx.chain_id = 2;
        EXPECT_EQ(signature_error(signed_with(tx)), TxError::WrongChainId);
        tx.chain_id = 0;
        EXPECT_EQ(signature_error(signed_with(tx)), TxError::WrongChainId);
    }
    Transaction unprotected = valid(TxType::Legacy);
    unprotected.chain_id.reset();
    EXPECT_EQ(signature_error(signed_with(unprotected)), std::nullopt);
}

TEST(TxCheck, replay_protection_from_spurious_on) {
    const SignedTx tx = signed_with(valid(TxType::Legacy));
    EXPECT_EQ(signature_error(tx, Revision::Tangerine), TxError::ReplayProtectionNotSupported);
    EXPECT_EQ(signature_error(tx, Revision::Spurious), std::nullopt);
}

TEST(TxCheck, signature_values) {
    const Uint256 order =
        *parse_uint256("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    const Uint256 half = order >> 1;
    Transaction tx = valid(TxType::Legacy);
    tx.chain_id.reset();
    const auto error = [&](const Uint256& r, const Uint256& s, Revision revision) {
        return signature_error(signed_with(tx, r, s), revision);
    };
    EXPECT_EQ(error(Uint256{}, Uint256{1}, Revision::Frontier), TxError::SignatureOutOfRange);
    EXPECT_EQ(error(Uint256{1}, Uint256{}, Revision::Frontier), TxError::SignatureOutOfRange);
    EXPECT_EQ(error(order, Uint256{1}, Revision::Frontier), TxError::SignatureOutOfRange);
    EXPECT_EQ(error(Uint256{1}, order, Revision::Frontier), TxError::SignatureOutOfRange);
    EXPECT_EQ(error(order - Uint256{1}, order - Uint256{1}, Revision::Frontier), std::nullopt);
    EXPECT_EQ(error(Uint256{1}, half, Revision::Homestead), std::nullopt);
    EXPECT_EQ(error(Uint256{1}, half + Uint256{1}, Revision::Homestead),
              TxError::SignatureSTooHigh);
    EXPECT_EQ(error(Uint256{1}, half + Uint256{1}, Revision::Frontier), std::nullopt);
}

TEST(TxCheck, check_and_recover_goes_through_all_three) {
    const auto secret = secp256k1::SecretKey::from(Bytes(32, 0x46));
    const RuleSet& rules = rules_of(Revision::Osaka);
    Transaction tx = valid(TxType::DynamicFee);
    const auto good = check_and_recover(rules, kChainId, *sign_tx(tx, secret));
    ASSERT_TRUE(good);
    EXPECT_EQ(good->sender(), secp256k1::address_of(*secp256k1::public_key(secret)));
    EXPECT_EQ(check_and_recover(rules, 2, *sign_tx(tx, secret)).error(), TxError::WrongChainId);
    // 5 is the x coordinate of no point of the curve.
    EXPECT_EQ(check_and_recover(rules, kChainId, signed_with(tx, Uint256{5})).error(),
              TxError::SignatureUnrecoverable);
    tx.gas_limit = 0;
    EXPECT_EQ(check_and_recover(rules, kChainId, *sign_tx(tx, secret)).error(),
              TxError::IntrinsicGasTooLow);
    EXPECT_EQ(check_tx(rules, kChainId, *sign_tx(tx, secret)).error(), TxError::IntrinsicGasTooLow);
    EXPECT_EQ(check_tx(rules, 2, *sign_tx(tx, secret)).error(), TxError::WrongChainId);
}

}  // namespace
}  // namespace cairn::chain
