// SPDX-License-Identifier: MIT
#include "chain/pool/admission.hpp"

#include <gtest/gtest.h>

#include "core/crypto/secp256k1.hpp"
#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

using test::make_fields;
using test::make_tx;
using test::with_sender;

class AdmissionTest : public testing::Test {
protected:
    AdmissionTest() {
        head.rules = &rules_of(Revision::Osaka);
        head.gas_limit = test::kGasLimit;
        head.base_fee = Wei{test::kBaseFee};
    }
    [[nodiscard]] std::string refusal(const NewTx& offered, Origin origin = Origin::Peer) const {
        const auto verdict = check_alone(head, test::kChainId, options, offered, origin);
        return verdict ? "taken" : verdict.error().message;
    }
    [[nodiscard]] std::string refusal(const Transaction& fields,
                                      Origin origin = Origin::Peer) const {
        return refusal(with_sender(0, fields), origin);
    }

    PoolHead head;
    PoolOptions options;
    Transaction tx = make_fields(0, 0);
};

TEST_F(AdmissionTest, a_plain_transfer_is_taken) {
    EXPECT_EQ(refusal(tx), "taken");
}

TEST_F(AdmissionTest, size_is_bounded) {
    tx.gas_limit = 10'000'000;
    tx.data.assign(kTxBytesMax - 200, 1);
    const std::size_t other_bytes =
        with_sender(0, tx).tx.signed_tx().bytes().size() - tx.data.size();
    tx.data.assign(kTxBytesMax - other_bytes, 1);
    ASSERT_EQ(with_sender(0, tx).tx.signed_tx().bytes().size(), kTxBytesMax);
    EXPECT_EQ(refusal(tx), "taken");
    tx.data.push_back(1);
    EXPECT_EQ(refusal(tx), "oversized data: transaction size 131073, limit 131072");
}

TEST_F(AdmissionTest, replay_protection_is_asked_of_locals_only) {
    tx = make_fields(0, 0, {.type = TxType::Legacy});
    EXPECT_EQ(refusal(tx, Origin::Local), "taken");
    tx.chain_id.reset();
    EXPECT_EQ(refusal(tx, Origin::Local),
              "only replay-protected (EIP-155) transactions allowed over RPC");
    EXPECT_EQ(refusal(tx, Origin::Peer), "taken");
    options.allow_unprotected = true;
    EXPECT_EQ(refusal(tx, Origin::Local), "taken");
}

TEST_F(AdmissionTest, gas_limit_of_a_block_is_the_most) {
    head.gas_limit = 100'000;
    tx.gas_limit = 100'000;
    EXPECT_EQ(refusal(tx), "taken");
    tx.gas_limit = 100'001;
    EXPECT_EQ(refusal(tx), "exceeds block gas limit");
}

TEST_F(AdmissionTest, price_floor_is_for_peers) {
    options.price_limit = Wei{1000};
    tx.max_priority_fee_per_gas = Wei{1000};
    EXPECT_EQ(refusal(tx), "taken");
    tx.max_priority_fee_per_gas = Wei{999};
    EXPECT_EQ(refusal(tx), "transaction underpriced: gas tip cap 999, minimum needed 1000");
    EXPECT_EQ(refusal(tx, Origin::Local), "taken");
    options.no_locals = true;
    EXPECT_EQ(refusal(tx, Origin::Local),
              "transaction underpriced: gas tip cap 999, minimum needed 1000");
}

TEST_F(AdmissionTest, rules_speak_in_geths_words) {
    tx.gas_limit = 20'999;
    EXPECT_EQ(refusal(tx), "intrinsic gas too low: gas 20999, minimum needed 21000");
    tx = make_fields(0, 0, {.gas = 21'000 + 16 * 100, .data_bytes = 100});
    EXPECT_EQ(refusal(tx),
              "insufficient gas for floor data gas cost: gas 22600, minimum needed 25000");
    tx = make_fields(0, 0, {.fee_cap = 5, .tip = 6});
    EXPECT_EQ(refusal(tx), "max priority fee per gas higher than max fee per gas");
    tx = make_fields(0, 0, {.gas = 16'777'217});
    EXPECT_EQ(refusal(tx), "transaction gas limit too high (cap: 16777216, tx: 16777217)");
    tx = make_fields(0, 0, {.gas = 5'000'000, .data_bytes = 49'153});
    tx.to.reset();
    EXPECT_EQ(refusal(tx), "max initcode size exceeded: code size 49153, limit 49152");
    tx = make_fields(0, 0);
    tx.chain_id = 2;
    EXPECT_EQ(refusal(tx), "invalid chain id for signer");
    head.rules = &rules_of(Revision::Berlin);
    EXPECT_EQ(refusal(make_fields(0, 0)), "transaction type not supported: tx type 2");
}

TEST_F(AdmissionTest, rules_name_their_error) {
    tx.gas_limit = 1;
    const auto verdict =
        check_alone(head, test::kChainId, options, with_sender(0, tx), Origin::Peer);
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().error, PoolError::InvalidTx);
    EXPECT_EQ(verdict.error().tx_error, TxError::IntrinsicGasTooLow);
}

class BlobAdmissionTest : public AdmissionTest {
protected:
    BlobAdmissionTest() {
        sidecar->blobs.emplace_back(kBlobBytes);
        // The zero polynomial: commitment and proof are infinity.
        KzgBytes infinity;
        infinity.bytes[0] = 0xc0;
        sidecar->commitments.push_back(infinity);
        sidecar->proofs.push_back(infinity);
        tx.type = TxType::Blob;
        tx.max_fee_per_blob_gas = Wei{10};
        // 0x01 ‖ the end of sha256(c0 00 … 00), as EIP-4844's tests have it.
        tx.blob_hashes.push_back(Hash256{std::array<std::uint8_t, 32>{
            0x01, 0x06, 0x57, 0xf3, 0x75, 0x54, 0xc7, 0x81, 0x40, 0x2a, 0x22,
            0x91, 0x7d, 0xee, 0x2f, 0x75, 0xde, 0xf7, 0xab, 0x96, 0x6d, 0x7b,
            0x77, 0x09, 0x05, 0x39, 0x8e, 0xba, 0x3c, 0x44, 0x40, 0x14}});
        head.rules = &rules_of(Revision::Prague);
    }
    [[nodiscard]] NewTx blob_tx() const {
        NewTx out = with_sender(0, tx);
        out.sidecar = sidecar;
        return out;
    }

    std::shared_ptr<BlobSidecar> sidecar = std::make_shared<BlobSidecar>();
};

TEST_F(BlobAdmissionTest, proven_blobs_are_taken) {
    EXPECT_EQ(refusal(blob_tx()), "taken");
}

TEST_F(BlobAdmissionTest, blobs_must_come_along) {
    EXPECT_EQ(refusal(with_sender(0, tx)), "missing sidecar in blob transaction");
}

TEST_F(BlobAdmissionTest, blobs_must_be_proven) {
    sidecar->blobs[0][31] = 1;
    EXPECT_EQ(refusal(blob_tx()), "KZG verification error");
}

TEST_F(BlobAdmissionTest, blobs_must_be_those_of_the_hashes) {
    tx.blob_hashes[0].bytes[31] ^= 1;
    EXPECT_EQ(refusal(blob_tx()), "blob sidecar does not match the transaction's versioned hashes");
}

// geth's words; EIP-7594 changes the form at Osaka.
TEST_F(BlobAdmissionTest, proofs_are_those_of_the_next_block) {
    auto cells = std::make_shared<BlobSidecar>(*sidecar);
    cells->version = 1;
    cells->proofs.assign(kCellProofsPerBlob, sidecar->proofs[0]);
    const auto blobs = std::exchange(sidecar, cells);
    EXPECT_EQ(refusal(blob_tx()), "unexpected sidecar version, want: 0, got: 1");
    head.rules = &rules_of(Revision::Osaka);
    EXPECT_EQ(refusal(blob_tx()), "taken");
    sidecar = blobs;
    EXPECT_EQ(refusal(blob_tx()), "unexpected sidecar version, want: 1, got: 0");
}

TEST_F(BlobAdmissionTest, networks_without_blobs_take_none) {
    head.rules = &cairn_testnet_rules();
    EXPECT_EQ(refusal(blob_tx()), "transaction type not supported: tx type 3");
}

TEST_F(BlobAdmissionTest, size_counts_the_blobs) {
    const PoolTx made = make_pool_tx(blob_tx(), Origin::Peer, 0);
    EXPECT_GT(made.size, kBlobBytes);
    EXPECT_EQ(made.slots(), 5u);
    EXPECT_EQ(make_pool_tx(make_tx(0, 0), Origin::Peer, 0).slots(), 1u);
}

TEST(MakePoolTx, costs_all_that_it_may) {
    Transaction tx = make_fields(0, 0, {.fee_cap = 10, .value = 5, .gas = 21000});
    EXPECT_EQ(make_pool_tx(with_sender(0, tx), Origin::Peer, 0).cost, Wei{210'005});
    tx.value = Wei::max();
    EXPECT_EQ(make_pool_tx(with_sender(0, tx), Origin::Peer, 0).cost, Wei::max());
}

TEST(MakePoolTx, authorities_are_recovered_once_each) {
    Transaction tx = make_fields(0, 0);
    tx.type = TxType::SetCode;
    std::array<std::uint8_t, 32> key{};
    key[31] = 5;
    const auto secret = secp256k1::SecretKey::from(key);
    Authorization tuple;
    tuple.chain_id = Uint256{1};
    const auto signature = secp256k1::sign(signing_hash(tuple), secret);
    tuple.y_parity = signature->y_parity;
    tuple.r = load_be256(signature->r.data());
    tuple.s = load_be256(signature->s.data());
    Authorization broken = tuple;
    broken.y_parity = 2;
    tx.authorization_list = {tuple, broken, tuple};
    const PoolTx made = make_pool_tx(with_sender(0, tx), Origin::Local, 77);
    ASSERT_EQ(made.authorities.size(), 1u);
    EXPECT_EQ(made.authorities[0], secp256k1::address_of(*secp256k1::public_key(secret)));
    EXPECT_TRUE(made.is_local());
    EXPECT_EQ(made.added_at, 77u);
}

}  // namespace
}  // namespace cairn::chain
