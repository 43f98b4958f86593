// SPDX-License-Identifier: MIT
#include "wallet/signer.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "wallet/address.hpp"

namespace cairn::wallet {
namespace {

Signer signer_of(std::string_view secret) {
    auto signer = Signer::make(secp256k1::SecretKey::from(*from_hex(secret)));
    EXPECT_TRUE(signer.has_value());
    return std::move(*signer);
}

Signer cow() {
    return *Signer::make(secp256k1::SecretKey::from(keccak256(as_bytes("cow"))));
}

// Account 0 of the mnemonic "test … junk".
constexpr const char* kSecret = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

TEST(Signer, messages_are_signed_as_ethers_signs_them) {
    const auto signer = signer_of(kSecret);
    EXPECT_EQ(to_checksum(signer.address()), "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    EXPECT_EQ(format_signature(signer.sign_message(as_bytes("hello cairn"))),
              "0xa34ff1e297e1d7dcf7b01a53e980d29b4327b155ab7250eb8e73a18fb9e2f23a"
              "281053521c32ba8b7e09a04792db1487572af0fd6421d26f3d4af8c8634d24791b");
    EXPECT_EQ(format_signature(signer.sign_message({})),
              "0xc1977b761f1dd36c29795783460d241885c8e7f9d962dbe7bba2753fd94e89b4"
              "44a1cd9ed855dd09afa3b73f7c2bd097ec9abc2d2775d737505a02d3f0cafa591b");
}

TEST(Signer, signs_the_transaction_of_eip155) {
    // EIP-155, "Example".
    std::string secret;
    while (secret.size() < 64) secret += "46";
    const auto signer = signer_of(secret);
    Transaction tx;
    tx.chain_id = 1;
    tx.nonce = 9;
    tx.max_fee_per_gas = tx.max_priority_fee_per_gas = Wei{20'000'000'000};
    tx.gas_limit = 21000;
    tx.to = *fixed_from_hex<Address>("3535353535353535353535353535353535353535");
    tx.value = Wei{1'000'000'000'000'000'000};
    EXPECT_EQ(to_hex(signer.sign_transaction(tx).bytes()),
              "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000"
              "8025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
              "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83");
}

TEST(Signer, signs_typed_transactions_as_ethers_does) {
    Transaction tx;
    tx.type = TxType::DynamicFee;
    tx.chain_id = 1337;
    tx.nonce = 1;
    tx.to = *fixed_from_hex<Address>("008aeeda4d805471df9b2a5b0f38a0c3bcba786b");
    tx.value = Wei{5};
    tx.gas_limit = 21000;
    tx.max_fee_per_gas = Wei{7};
    tx.max_priority_fee_per_gas = Wei{1};
    EXPECT_EQ(to_hex(signer_of(kSecret).sign_transaction(tx).bytes()),
              "02f86482053901010782520894008aeeda4d805471df9b2a5b0f38a0c3bcba786b0580c080"
              "a0e767e4c3ee9e58d7d0dd202747f072e7e5f2adc26ffc2b68af301ebe39923c72"
              "a06dbff985a36c3a4ec9b209361dbb6ce8e58a2c1e3c723356e5df410794a36120");

    Transaction creation;
    creation.type = TxType::AccessList;
    creation.chain_id = 1337;
    creation.nonce = 2;
    creation.gas_limit = 100000;
    creation.max_fee_per_gas = creation.max_priority_fee_per_gas = Wei{7};
    creation.data = {0x60, 0x00};
    creation.access_list = {{cow().address(), {Hash256{}}}};
    EXPECT_EQ(
        to_hex(cow().sign_transaction(creation).bytes()),
        "01f88b8205390207830186a08080826000f838f794cd2a3d9f938e13cd947ec05abc7fe734df8dd826e1a0"
        "000000000000000000000000000000000000000000000000000000000000000001"
        "a0809530d4832843c997b036e3f3813bf6e46db53e9261dd639c5834cf9da17e85"
        "a044289a9b5fb692c8f0cb22fba03511037f58c7464671fecab7aea8b787e6d3d1");
}

TEST(Signer, signatures_are_read_in_all_their_forms) {
    const auto signature = signer_of(kSecret).sign_message(as_bytes("hello cairn"));
    const auto text = format_signature(signature);
    const auto plain = parse_signature(text);
    ASSERT_TRUE(plain.has_value());
    EXPECT_EQ(*plain, signature);
    EXPECT_EQ(secp256k1::recover_address(message_digest(as_bytes("hello cairn")), *plain),
              signer_of(kSecret).address());
    // v of 0 in place of 27.
    EXPECT_EQ(*parse_signature(text.substr(0, 130) + "00"), signature);
    EXPECT_EQ(parse_signature(text.substr(0, 130) + "01")->y_parity, 1);
    EXPECT_EQ(parse_signature(text.substr(0, 130) + "1c")->y_parity, 1);
}

TEST(Signer, compact_signatures_of_eip2098) {
    // EIP-2098, "Example Implementation In Python" and its two test cases.
    const auto first = parse_signature(
        "0x68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b90"
        "7e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064");
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->y_parity, 0);
    const auto second = parse_signature(
        "0x9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76"
        "939c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793");
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(second->y_parity, 1);
    EXPECT_EQ(to_hex(second->s),
              "139c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793");
}

TEST(Signer, malformed_signatures) {
    const auto error_of = [](std::string_view text) {
        const auto signature = parse_signature(text);
        EXPECT_FALSE(signature.has_value()) << text;
        return signature ? SignatureTextError::Syntax : signature.error();
    };
    const auto good = format_signature(signer_of(kSecret).sign_message({}));
    for (std::size_t length = 0; length < good.size(); ++length) {
        if (length == 130) continue;  // 64 bytes are the compact form
        EXPECT_EQ(error_of(good.substr(0, length)), SignatureTextError::Syntax) << length;
    }
    EXPECT_EQ(error_of(good + "00"), SignatureTextError::Syntax);
    for (const auto* v : {"02", "1a", "1d", "25", "ff"})
        EXPECT_EQ(error_of(good.substr(0, 130) + v), SignatureTextError::RecoveryId) << v;
    // Half the order is the greatest s.
    const auto r = good.substr(0, 66);
    EXPECT_TRUE(parse_signature(r + to_hex(secp256k1::kHalfOrder) + "1b").has_value());
    auto above = secp256k1::kHalfOrder;
    ++above.bytes[31];
    EXPECT_EQ(error_of(r + to_hex(above) + "1b"), SignatureTextError::HighS);
}

TEST(Signer, secrets_out_of_range_make_no_signer) {
    EXPECT_FALSE(Signer::make(secp256k1::SecretKey{}).has_value());
    EXPECT_FALSE(Signer::make(secp256k1::SecretKey::from(secp256k1::kOrder)).has_value());
}

}  // namespace
}  // namespace cairn::wallet
