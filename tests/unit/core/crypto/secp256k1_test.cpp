// SPDX-License-Identifier: MIT
#include "core/crypto/secp256k1.hpp"

#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"
#include "core/crypto/sha256.hpp"
#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn::secp256k1 {
namespace {

using crypto_test::fixed;
using crypto_test::Generator;
using crypto_test::hex;

SecretKey secret(std::string_view digits) { return SecretKey::from(hex(digits)); }

constexpr const char* kOne = "0000000000000000000000000000000000000000000000000000000000000001";
constexpr const char* kOrderLessOne = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";
constexpr const char* kOrderHex = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
constexpr const char* kFieldPrime = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f";

/// The base point G (SEC 2, section 2.4.1), which is the public key of 1.
const PublicKey kBasePoint = fixed<PublicKey>(
    "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8");

/// n - s, by long subtraction of bytes.
Hash256 negated(const Hash256& s) {
    Hash256 out;
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int d = kOrder.bytes[i] - s.bytes[i] - borrow;
        borrow = d < 0 ? 1 : 0;
        out.bytes[i] = static_cast<std::uint8_t>(d & 0xff);
    }
    return out;
}

struct Rfc6979Case {
    const char* secret;
    const char* message;
    const char* r;
    const char* s;
};

// RFC 6979 has no secp256k1 cases of its own; these are the ones that wallets share (Trezor, haskoin, bitcoinjs), over
// the SHA-256 of the message and with the low s.
TEST(Secp256k1Sign, rfc6979_nonces) {
    const Rfc6979Case cases[] = {
        {kOne, "Satoshi Nakamoto", "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8",
         "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"},
        {kOne, "All those moments will be lost in time, like tears in rain. Time to die...",
         "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b",
         "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21"},
        {kOrderLessOne, "Satoshi Nakamoto", "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0",
         "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5"},
        {"f8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181", "Alan Turing",
         "7063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c",
         "58dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759b9fb233c5b05ab388ea"},
    };
    for (const auto& c : cases) {
        const auto signature = sign(sha256(as_bytes(c.message)), secret(c.secret));
        ASSERT_TRUE(signature.has_value());
        EXPECT_EQ(signature->r, fixed<Hash256>(c.r)) << c.message;
        EXPECT_EQ(signature->s, fixed<Hash256>(c.s)) << c.message;
    }
}

// The example of EIP-155: signing hash, private key, (v, r, s) with v = 37, so parity 0, and the sender.
TEST(Secp256k1, eip155_example) {
    const auto digest = fixed<Hash256>("daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53");
    const Signature expected{fixed<Hash256>("28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"),
                             fixed<Hash256>("67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"), 0};
    const auto signature = sign(digest, secret("4646464646464646464646464646464646464646464646464646464646464646"));
    ASSERT_TRUE(signature.has_value());
    EXPECT_EQ(*signature, expected);
    EXPECT_EQ(recover_address(digest, expected), fixed<Address>("9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"));
}

// geth's vector "ValidKey" of the ECRECOVER precompile; its s is above half the order.
TEST(Secp256k1Recover, high_s_is_accepted) {
    const auto digest = fixed<Hash256>("18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c");
    const Signature signature{fixed<Hash256>("73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f"),
                              fixed<Hash256>("eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549"), 1};
    EXPECT_GT(signature.s, kHalfOrder);
    EXPECT_EQ(recover_address(digest, signature), fixed<Address>("a94f5374fce5edbc8e2a8697c15331677e6ebf0b"));
    const auto key = recover(digest, signature);
    ASSERT_TRUE(key.has_value());
    EXPECT_TRUE(verify(digest, signature, *key));
}

// geth's vector "CallEcrecoverUnrecoverableKey".
TEST(Secp256k1Recover, x_off_the_curve_gives_nothing) {
    const auto digest = fixed<Hash256>("a8b53bdf3306a35a7103ab5504a0c9b492295564b6202b1942a84ef300107281");
    const Signature signature{fixed<Hash256>("3078356531653033663533636531386237373263636230303933666637316633"),
                              fixed<Hash256>("6635336635633735623734646362333161383561613862383839326234653862"), 0};
    EXPECT_EQ(recover(digest, signature), std::nullopt);
    EXPECT_EQ(recover_address(digest, signature), std::nullopt);
}

TEST(Secp256k1Recover, scalars_out_of_range_give_nothing) {
    const auto digest = keccak256(as_bytes("m"));
    const auto good = *sign(digest, secret(kOne));
    for (const char* bad : {"0000000000000000000000000000000000000000000000000000000000000000", kOrderHex, kFieldPrime,
                            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}) {
        const auto value = fixed<Hash256>(bad);
        EXPECT_EQ(recover(digest, {value, good.s, 0}), std::nullopt) << bad;
        EXPECT_EQ(recover(digest, {good.r, value, 0}), std::nullopt) << bad;
        EXPECT_FALSE(verify(digest, {value, good.s, 0}, kBasePoint)) << bad;
        EXPECT_FALSE(verify(digest, {good.r, value, 0}, kBasePoint)) << bad;
    }
    EXPECT_TRUE(recover(digest, {good.r, fixed<Hash256>(kOne), 0}).has_value());
    EXPECT_TRUE(recover(digest, {good.r, fixed<Hash256>(kOrderLessOne), 0}).has_value());
}

TEST(Secp256k1Recover, parity_other_than_0_or_1_gives_nothing) {
    const auto digest = keccak256(as_bytes("m"));
    auto signature = *sign(digest, secret(kOne));
    for (const int parity : {2, 3, 4, 27, 28, 255}) {
        signature.y_parity = static_cast<std::uint8_t>(parity);
        EXPECT_EQ(recover(digest, signature), std::nullopt) << parity;
    }
}

// With digest 0 and s = r, the key is R itself (Q = (s R - e G) / r); with R = G and e = s that is infinity.
TEST(Secp256k1Recover, special_points) {
    const auto g_x = fixed<Hash256>("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
    EXPECT_EQ(recover(Hash256{}, {g_x, g_x, 0}), kBasePoint);
    EXPECT_EQ(recover(fixed<Hash256>(kOne), {g_x, fixed<Hash256>(kOne), 0}), std::nullopt);
}

TEST(Secp256k1, signed_recovered_and_verified_for_many_keys) {
    Generator generator{51};
    for (int i = 0; i < 200; ++i) {
        const auto key = SecretKey::from(generator.bytes(32));
        const auto digest = Hash256::from(generator.bytes(32));
        const auto signature = sign(digest, key);
        const auto point = public_key(key);
        ASSERT_TRUE(signature && point);
        EXPECT_LE(signature->s, kHalfOrder);
        EXPECT_EQ(recover(digest, *signature), point);
        EXPECT_EQ(recover_address(digest, *signature), address_of(*point));
        EXPECT_TRUE(verify(digest, *signature, *point));
        const Signature mirrored{signature->r, negated(signature->s), static_cast<std::uint8_t>(signature->y_parity ^ 1)};
        EXPECT_EQ(recover(digest, mirrored), point);
        EXPECT_TRUE(verify(digest, mirrored, *point));
        Signature other_parity = *signature;
        other_parity.y_parity ^= 1;
        EXPECT_NE(recover(digest, other_parity), point);
        EXPECT_FALSE(verify(Hash256::from(generator.bytes(32)), *signature, *point));
        EXPECT_FALSE(verify(digest, *signature, kBasePoint));
    }
}

TEST(Secp256k1Constants, half_order_is_where_negation_turns) {
    EXPECT_EQ(kOrder, fixed<Hash256>(kOrderHex));
    // n is odd, so n - half is half + 1.
    Hash256 next = kHalfOrder;
    ++next.bytes[31];
    EXPECT_EQ(negated(kHalfOrder), next);
}

TEST(Secp256k1Secret, valid_from_one_to_the_order_less_one) {
    EXPECT_TRUE(is_valid(secret(kOne)));
    EXPECT_TRUE(is_valid(secret(kOrderLessOne)));
    for (const char* bad : {"0000000000000000000000000000000000000000000000000000000000000000", kOrderHex,
                            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}) {
        EXPECT_FALSE(is_valid(secret(bad)));
        EXPECT_EQ(public_key(secret(bad)), std::nullopt);
        EXPECT_EQ(sign(Hash256{}, secret(bad)), std::nullopt);
        EXPECT_FALSE(ecdh_x(secret(bad), kBasePoint).has_value());
    }
}

TEST(Secp256k1Secret, made_secrets_are_valid_and_differ) {
    const auto a = make_secret_key();
    const auto b = make_secret_key();
    EXPECT_TRUE(is_valid(a));
    EXPECT_FALSE(a == b);
}

TEST(Secp256k1PublicKey, of_one_is_the_base_point) {
    EXPECT_EQ(public_key(secret(kOne)), kBasePoint);
    EXPECT_EQ(address_of(kBasePoint), fixed<Address>("7e5f4552091a69125d5dfcb7b8c2659029395bdf"));
}

TEST(Secp256k1PublicKey, both_encodings_are_read) {
    const auto compressed = hex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
    EXPECT_EQ(parse_public_key(compressed), kBasePoint);
    EXPECT_EQ(compress(kBasePoint)->view().size(), 33u);
    EXPECT_EQ(to_bytes(*compress(kBasePoint)), compressed);
    const auto uncompressed = serialize_uncompressed(kBasePoint);
    EXPECT_EQ(uncompressed[0], 0x04);
    EXPECT_EQ(parse_public_key(uncompressed), kBasePoint);

    const auto minus_g = parse_public_key(hex("0379be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));
    EXPECT_EQ(minus_g, public_key(secret(kOrderLessOne)));
}

TEST(Secp256k1PublicKey, malformed_encodings_are_refused) {
    const auto good = serialize_uncompressed(kBasePoint);
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_EQ(parse_public_key(ByteView{good}.first(size)), std::nullopt) << size;
        Bytes compressed_prefix(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
        if (size != 0 && size != 33) {
            compressed_prefix[0] = 0x02;
            EXPECT_EQ(parse_public_key(compressed_prefix), std::nullopt) << size;
        }
    }
    Bytes longer{good.begin(), good.end()};
    longer.push_back(0);
    EXPECT_EQ(parse_public_key(longer), std::nullopt);
    for (int prefix = 0; prefix < 256; ++prefix) {
        auto changed = good;
        changed[0] = static_cast<std::uint8_t>(prefix);
        EXPECT_EQ(parse_public_key(changed).has_value(), prefix == 4) << prefix;
        EXPECT_EQ(parse_public_key(ByteView{changed}.first(33)).has_value(), prefix == 2 || prefix == 3) << prefix;
    }
    // x = 5 is on no point of the curve; x = p is not reduced.
    EXPECT_EQ(parse_public_key(hex("020000000000000000000000000000000000000000000000000000000000000005")), std::nullopt);
    EXPECT_EQ(parse_public_key(hex(std::string{"02"} + kFieldPrime)), std::nullopt);
}

TEST(Secp256k1PublicKey, points_off_the_curve_are_refused_everywhere) {
    PublicKey off = kBasePoint;
    off.bytes[63] ^= 1;
    EXPECT_TRUE(is_on_curve(kBasePoint));
    for (const auto& key : {off, PublicKey{}}) {
        EXPECT_FALSE(is_on_curve(key));
        EXPECT_EQ(compress(key), std::nullopt);
        EXPECT_FALSE(ecdh_x(secret(kOne), key).has_value());
        EXPECT_EQ(parse_public_key(serialize_uncompressed(key)), std::nullopt);
        const auto digest = keccak256(as_bytes("m"));
        EXPECT_FALSE(verify(digest, *sign(digest, secret(kOne)), key));
    }
}

// 1 · Q is Q by definition, and the x coordinate of 2 · G is found in every published table of secp256k1 points.
TEST(Secp256k1Ecdh, gives_the_bare_x_coordinate) {
    const auto once = ecdh_x(secret(kOne), kBasePoint);
    ASSERT_TRUE(once.has_value());
    EXPECT_EQ(to_bytes(once->reveal()), to_bytes(kBasePoint.view().first(32)));
    const auto twice = ecdh_x(secret("0000000000000000000000000000000000000000000000000000000000000002"), kBasePoint);
    ASSERT_TRUE(twice.has_value());
    EXPECT_EQ(to_bytes(twice->reveal()), hex("c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5"));
}

TEST(Secp256k1Ecdh, both_sides_agree) {
    Generator generator{52};
    for (int i = 0; i < 20; ++i) {
        const auto a = SecretKey::from(generator.bytes(32));
        const auto b = SecretKey::from(generator.bytes(32));
        EXPECT_TRUE(*ecdh_x(a, *public_key(b)) == *ecdh_x(b, *public_key(a)));
    }
}

}  // namespace
}  // namespace cairn::secp256k1
