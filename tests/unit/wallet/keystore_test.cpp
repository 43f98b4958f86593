// SPDX-License-Identifier: MIT
#include "wallet/keystore.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;

/// Written by ethers 6.13.4 from the phrase "test … junk" with a password beyond ASCII.
constexpr const char* kEthersFile =
    R"({"address":"f39fd6e51aad88f6f4ce6ab8827279cfffb92266",
"id":"be32aafc-fbe9-46d3-9d92-2f6b482b8fd5","version":3,"Crypto":{"cipher":"aes-128-ctr",
"cipherparams":{"iv":"69d0345a0b8ee964fe378ac0d4a67e4f"},
"ciphertext":"69b4cd3d5b93e4226d899c29ed6f94a19f692a75b70495776c1b0066403d29ac","kdf":"scrypt",
"kdfparams":{"salt":"e082575fc201c6f67e0f32cf5750bb5345aa0aa4def2830d2cbc776093aefd94","n":1024,
"dklen":32,"p":1,"r":8},
"mac":"276b5fbd7c130340b7a27b87d999937417be4f625eebabda98617784aa804932"},
"x-ethers":{"client":"ethers/6.13.4","path":"m/44'/60'/0'/0/0","locale":"en",
"mnemonicCounter":"6546d031cddc2c029a587243830d7063",
"mnemonicCiphertext":"ce6aed7dfe4cb6a152ab8406d9ebe146","version":"0.1"}})";
constexpr const char* kEthersPassword = "p\xc3\xa4ssword";
constexpr const char* kSecret = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
constexpr const char* kAddress = "f39fd6e51aad88f6f4ce6ab8827279cfffb92266";

constexpr ScryptCost kCheap{.n = 2, .r = 1, .p = 1};

KeystoreRandomness fixed_randomness() {
    KeystoreRandomness out;
    out.salt.fill(0x11);
    out.initial_value.fill(0x22);
    out.id.fill(0xff);
    return out;
}

secp256k1::SecretKey secret() {
    return secp256k1::SecretKey::from(*from_hex(kSecret));
}

std::string cheap_file() {
    return seal_keystore(secret(), as_bytes("pw"), kCheap, fixed_randomness());
}

KeystoreError error_of(const std::string& file, std::string_view password = "pw") {
    const auto opened = open_keystore(file, as_bytes(password));
    EXPECT_FALSE(opened.has_value()) << file;
    return opened ? KeystoreError::Json : opened.error();
}

TEST(Keystore, opens_what_ethers_wrote) {
    const auto opened = open_keystore(kEthersFile, as_bytes(kEthersPassword));
    ASSERT_TRUE(opened.has_value()) << to_string(opened.error());
    EXPECT_EQ(to_hex(opened->secret.reveal()), kSecret);
    EXPECT_EQ(to_hex(opened->address), kAddress);
    EXPECT_EQ(error_of(kEthersFile, "password"), KeystoreError::WrongPassword);
}

TEST(Keystore, opens_the_pbkdf2_vector_of_the_definition) {
    // "Web3 Secret Storage Definition", test vector for PBKDF2-SHA-256.
    const auto opened = open_keystore(
        R"({"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
"kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
"salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
"mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3})",
        as_bytes("testpassword"));
    ASSERT_TRUE(opened.has_value()) << to_string(opened.error());
    EXPECT_EQ(to_hex(opened->secret.reveal()),
              "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d");
}

TEST(Keystore, what_is_sealed_opens_again) {
    const auto file = cheap_file();
    const auto opened = open_keystore(file, as_bytes("pw"));
    ASSERT_TRUE(opened.has_value()) << to_string(opened.error());
    EXPECT_TRUE(opened->secret == secret());
    EXPECT_EQ(to_hex(opened->address), kAddress);
    ASSERT_TRUE(stated_address(file).has_value());
    EXPECT_EQ(to_hex(*stated_address(file)), kAddress);
    // A UUID of version 4, variant 10 (RFC 9562).
    EXPECT_EQ(Json::parse(file)["id"], "ffffffff-ffff-4fff-bfff-ffffffffffff");
    EXPECT_EQ(error_of(file, "pW"), KeystoreError::WrongPassword);
    EXPECT_EQ(error_of(file, ""), KeystoreError::WrongPassword);
}

TEST(Keystore, two_files_of_one_key_differ) {
    const auto a = seal_keystore(secret(), as_bytes("pw"), kCheap, make_keystore_randomness());
    const auto b = seal_keystore(secret(), as_bytes("pw"), kCheap, make_keystore_randomness());
    for (const auto* field : {"ciphertext", "mac"})
        EXPECT_NE(Json::parse(a)["crypto"][field], Json::parse(b)["crypto"][field]);
    EXPECT_NE(Json::parse(a)["id"], Json::parse(b)["id"]);
}

TEST(Keystore, a_file_cut_anywhere_is_no_key_file) {
    const auto file = cheap_file();
    // The last two characters are the closing brace and a line feed.
    for (std::size_t length = 0; length + 1 < file.size(); ++length)
        EXPECT_EQ(error_of(file.substr(0, length)), KeystoreError::Json) << length;
    EXPECT_EQ(error_of(std::string(kKeystoreBytesMax + 1, ' ')), KeystoreError::Json);
    EXPECT_EQ(error_of(std::string(10000, '[')), KeystoreError::Json);
    EXPECT_EQ(error_of("[1]"), KeystoreError::Json);
}

TEST(Keystore, every_field_is_needed_and_of_its_type) {
    const auto whole = Json::parse(cheap_file());
    const std::vector<Json::json_pointer> needed{"/version"_json_pointer,
                                                 "/crypto"_json_pointer,
                                                 "/crypto/cipher"_json_pointer,
                                                 "/crypto/cipherparams"_json_pointer,
                                                 "/crypto/ciphertext"_json_pointer,
                                                 "/crypto/cipherparams/iv"_json_pointer,
                                                 "/crypto/kdf"_json_pointer,
                                                 "/crypto/kdfparams"_json_pointer,
                                                 "/crypto/mac"_json_pointer,
                                                 "/crypto/kdfparams/n"_json_pointer,
                                                 "/crypto/kdfparams/p"_json_pointer,
                                                 "/crypto/kdfparams/r"_json_pointer,
                                                 "/crypto/kdfparams/dklen"_json_pointer,
                                                 "/crypto/kdfparams/salt"_json_pointer};
    for (const auto& pointer : needed) {
        for (const auto& wrong : {Json(nullptr), Json("xyz"), Json(-1), Json(1.5), Json::array()}) {
            auto file = whole;
            file[pointer] = wrong;
            const auto error = error_of(file.dump());
            const bool is_name =
                wrong == "xyz" && (pointer.back() == "cipher" || pointer.back() == "kdf");
            if (is_name)
                EXPECT_EQ(error,
                          pointer.back() == "kdf" ? KeystoreError::Kdf : KeystoreError::Cipher);
            else
                EXPECT_EQ(error, KeystoreError::Json) << pointer.to_string() << " = " << wrong;
        }
    }
}

KeystoreError error_with(const char* pointer, const Json& value) {
    auto file = Json::parse(cheap_file());
    file[Json::json_pointer{pointer}] = value;
    return error_of(file.dump());
}

TEST(Keystore, each_fault_has_its_error) {
    EXPECT_EQ(error_with("/version", 1), KeystoreError::Version);
    EXPECT_EQ(error_with("/version", 4), KeystoreError::Version);
    EXPECT_EQ(error_with("/crypto/cipher", "aes-128-cbc"), KeystoreError::Cipher);
    EXPECT_EQ(error_with("/crypto/cipherparams/iv", std::string(30, '0')), KeystoreError::Cipher);
    EXPECT_EQ(error_with("/crypto/cipherparams/iv", std::string(34, '0')), KeystoreError::Cipher);
    EXPECT_EQ(error_with("/crypto/kdf", "argon2"), KeystoreError::Kdf);
    EXPECT_EQ(error_with("/crypto/ciphertext", std::string(62, '0')), KeystoreError::Ciphertext);
    EXPECT_EQ(error_with("/crypto/ciphertext", std::string(66, '0')), KeystoreError::Ciphertext);
    EXPECT_EQ(error_with("/crypto/ciphertext", std::string(64, '0')), KeystoreError::WrongPassword);
    EXPECT_EQ(error_with("/crypto/mac", ""), KeystoreError::WrongPassword);
    EXPECT_EQ(error_with("/address", std::string(40, '0')), KeystoreError::OtherAddress);
}

TEST(Keystore, costs_are_bounded) {
    for (const std::uint64_t n : {0ULL, 1ULL, 3ULL, 1ULL << 26, ~0ULL})
        EXPECT_EQ(error_with("/crypto/kdfparams/n", n), KeystoreError::KdfCost) << n;
    for (const std::uint64_t r : {0ULL, 1ULL << 25, ~0ULL})
        EXPECT_EQ(error_with("/crypto/kdfparams/r", r), KeystoreError::KdfCost) << r;
    for (const std::uint64_t p : {0ULL, 1ULL << 25, ~0ULL})
        EXPECT_EQ(error_with("/crypto/kdfparams/p", p), KeystoreError::KdfCost) << p;
    for (const std::uint64_t length : {0ULL, 31ULL, 33ULL})
        EXPECT_EQ(error_with("/crypto/kdfparams/dklen", length), KeystoreError::KdfCost) << length;
    EXPECT_EQ(error_with("/crypto/kdfparams/salt", std::string(2050, '0')), KeystoreError::KdfCost);

    auto pbkdf2 = Json::parse(cheap_file());
    pbkdf2["crypto"]["kdf"] = "pbkdf2";
    pbkdf2["crypto"]["kdfparams"] = {
        {"dklen", 32}, {"salt", "00"}, {"prf", "hmac-sha256"}, {"c", 1}};
    EXPECT_EQ(error_of(pbkdf2.dump()), KeystoreError::WrongPassword);
    pbkdf2["crypto"]["kdfparams"]["c"] = 0;
    EXPECT_EQ(error_of(pbkdf2.dump()), KeystoreError::KdfCost);
    pbkdf2["crypto"]["kdfparams"]["c"] = kPbkdf2RoundsMax + 1;
    EXPECT_EQ(error_of(pbkdf2.dump()), KeystoreError::KdfCost);
    pbkdf2["crypto"]["kdfparams"]["c"] = 1;
    pbkdf2["crypto"]["kdfparams"]["prf"] = "hmac-sha512";
    EXPECT_EQ(error_of(pbkdf2.dump()), KeystoreError::Kdf);
}

TEST(Keystore, file_name_is_geths) {
    using namespace std::chrono;
    const auto address = *fixed_from_hex<Address>("7ef5a6135f1fd6a02593eedc869c6d41d934aef8");
    const auto now = system_clock::time_point{
        duration_cast<system_clock::duration>(seconds{1'458'651'475} + nanoseconds{920'751'759})};
    EXPECT_EQ(keystore_file_name(address, now),
              "UTC--2016-03-22T12-57-55.920751759Z--7ef5a6135f1fd6a02593eedc869c6d41d934aef8");
}

}  // namespace
}  // namespace cairn::wallet
