// SPDX-License-Identifier: MIT
#include "wallet/mnemonic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/base/hex.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::wallet {
namespace {

struct Vector {
    const char* entropy;
    const char* phrase;
    const char* seed;
};

/// From the reference vectors that BIP-39 names (trezor/python-mnemonic, vectors.json): every
/// length, the edges of the word list, and random entropy. The passphrase is "TREZOR". The last
/// three phrases are of an earlier edition; their seeds were computed with Python's hashlib.
constexpr Vector kVectors[] = {
    {"00000000000000000000000000000000",
     "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
     "about",
     "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e5349553"
     "1f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04"},
    {"7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
     "legal winner thank year wave sausage worth useful legal winner thank yellow",
     "2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6f"
     "a457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607"},
    {"80808080808080808080808080808080",
     "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
     "d71de856f81a8acc65e6fc851a38d4d7ec216fd0796d0a6827a3ad6ed5511a30"
     "fa280f12eb2e47ed2ac03b5c462a0358d18d69fe4f985ec81778c1b370b652a8"},
    {"ffffffffffffffffffffffffffffffff", "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong",
     "ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13"
     "332572917f0f8e5a589620c6f15b11c61dee327651a14c34e18231052e48c069"},
    {"000000000000000000000000000000000000000000000000",
     "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
     "abandon abandon abandon abandon abandon abandon agent",
     "035895f2f481b1b0f01fcf8c289c794660b289981a78f8106447707fdd9666ca"
     "06da5a9a565181599b79f53b844d8a71dd9f439c52a3d7b3e8a79c906ac845fa"},
    {"ffffffffffffffffffffffffffffffffffffffffffffffff",
     "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo when",
     "0cd6e5d827bb62eb8fc1e262254223817fd068a74b5b449cc2f667c3f1f985a7"
     "6379b43348d952e2265b4cd129090758b3e3c2c49103b5051aac2eaeb890a528"},
    {"0000000000000000000000000000000000000000000000000000000000000000",
     "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
     "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
     "abandon art",
     "bda85446c68413707090a52022edd26a1c9462295029f2e60cd7c4f2bbd30971"
     "70af7a4d73245cafa9c3cca8d561a7c3de6f5d4a10be8ed2a5e608d68f92fcc8"},
    {"8080808080808080808080808080808080808080808080808080808080808080",
     "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount "
     "doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless",
     "c0c519bd0e91a2ed54357d9d1ebef6f5af218a153624cf4f2da911a0ed8f7a09"
     "e2ef61af0aca007096df430022f7a2b6fb91661a9589097069720d015e4e982f"},
    {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo "
     "vote",
     "dd48c104698c30cfe2b6142103248622fb7bb0ff692eebb00089b32d22484e16"
     "13912f0a5b694407be899ffd31ed3992c456cdf60f5d4564b8ba3f05a69890ad"},
    {"7dce4ed2284c9134d026608ab684c05c",
     "lava include region explain simple omit dog slot melt reflect copy reward",
     "dbc357660c90637d17704ff8d876e6992368bdf03e298fd1e20b2897e35abe92"
     "f0bf6ffe6ebc3063394b76a9edeba2f6d1da707ecf8a5f77b5579fe5efbac369"},
    {"0ce452419635c1a5faf44d60f2029f73fdc43419b4de1f03",
     "artefact card motor cluster foster spray type meadow genius mosquito pond tree sword borrow "
     "grocery orange business burger",
     "378b20cc763e0c535514cd2dda75dfd3edfb3c3a09f2a2b096bce82d14ea6183"
     "7249797dc74b5dc0a5ec24f9c8fb244631447856b4a4a01322ca84d1574dfeb5"},
    {"00ac97c48106f0aeb8ba061e0250a559b3251dc35854e694780ba51d53a50120",
     "absent gorilla van acoustic humor firm title dolphin bulk barely citizen recall crane moment "
     "aspect appear track phrase actual enforce steel spoon afraid benefit",
     "2e3c58340e28b1e70f1bec7393459fd4c16058aacd6c87d99439616742daf02f"
     "9d18d919fe7c74a34a2a9d2b417e9a9021fcc8f820e257e355762cbbece5eea2"},
};

constexpr std::string_view kPhrase =
    "legal winner thank year wave sausage worth useful legal winner thank yellow";

MnemonicFault fault_of(std::string_view phrase) {
    const auto entropy = decode_mnemonic(phrase);
    EXPECT_FALSE(entropy.has_value()) << phrase;
    return entropy ? MnemonicFault{} : entropy.error();
}

TEST(Mnemonic, vectors_both_ways) {
    for (const auto& v : kVectors) {
        const auto entropy = *from_hex(v.entropy);
        EXPECT_EQ(encode_mnemonic(entropy).reveal(), v.phrase);
        const auto decoded = decode_mnemonic(v.phrase);
        ASSERT_TRUE(decoded.has_value()) << v.phrase;
        EXPECT_EQ(to_hex(decoded->reveal_bytes()), v.entropy);
        const auto seed = mnemonic_seed(v.phrase, "TREZOR");
        ASSERT_TRUE(seed.has_value());
        EXPECT_EQ(to_hex(seed->reveal()), v.seed);
    }
}

TEST(Mnemonic, word_list_is_that_of_bip39) {
    // SHA-256 of english.txt in bitcoin/bips: every word with a line feed after it.
    std::string list;
    for (const auto word : english_words()) list.append(word).push_back('\n');
    EXPECT_EQ(to_hex(sha256(as_bytes(list))),
              "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
    EXPECT_TRUE(std::is_sorted(english_words().begin(), english_words().end()));
}

TEST(Mnemonic, spaces_and_case_do_not_matter) {
    const auto plain = mnemonic_seed(kPhrase, "");
    const auto odd = mnemonic_seed(
        "\n LEGAL  winner\tthank year Wave sausage worth useful legal winner thank yellow \r\n",
        "");
    ASSERT_TRUE(plain.has_value() && odd.has_value());
    EXPECT_TRUE(*plain == *odd);
}

TEST(Mnemonic, passphrase_makes_another_seed_and_is_ascii) {
    const auto plain = mnemonic_seed(kPhrase, "");
    const auto other = mnemonic_seed(kPhrase, " ~");
    ASSERT_TRUE(plain.has_value() && other.has_value());
    EXPECT_FALSE(*plain == *other);
    for (const auto* passphrase : {"pa\xc3\xa4", "\x7f", "\x1f"}) {
        const auto refused = mnemonic_seed(kPhrase, passphrase);
        ASSERT_FALSE(refused.has_value());
        EXPECT_EQ(refused.error().error, MnemonicError::PassphraseNotAscii);
    }
}

TEST(Mnemonic, word_count_is_one_of_five) {
    std::string phrase;
    for (std::size_t words = 0; words <= 27; ++words) {
        const bool possible = words >= 12 && words <= 24 && words % 3 == 0;
        if (!possible) {
            EXPECT_EQ(fault_of(phrase), (MnemonicFault{MnemonicError::WordCount, words}));
        } else if (const auto entropy = decode_mnemonic(phrase); !entropy) {
            EXPECT_EQ(entropy.error().error, MnemonicError::Checksum);
        }
        phrase += phrase.empty() ? "abandon" : " abandon";
    }
}

TEST(Mnemonic, unknown_word_is_named_by_its_position) {
    EXPECT_EQ(
        fault_of("legal winner thank year wave sausag worth useful legal winner thank yellow"),
        (MnemonicFault{MnemonicError::UnknownWord, 6}));
    EXPECT_EQ(fault_of("legal winner thank year wave sausage worth useful legal winner thank zzz"),
              (MnemonicFault{MnemonicError::UnknownWord, 12}));
}

TEST(Mnemonic, checksum_finds_a_changed_order_and_word) {
    EXPECT_EQ(
        fault_of("winner legal thank year wave sausage worth useful legal winner thank yellow")
            .error,
        MnemonicError::Checksum);
    EXPECT_EQ(
        fault_of("legal winner thank year wave sausage worth useful legal winner thank year").error,
        MnemonicError::Checksum);
}

TEST(Mnemonic, exactly_one_sixteenth_of_last_words_fit) {
    // Twelve words carry four bits of checksum, so 128 of the 2048 last words fit.
    constexpr std::string_view kEleven =
        "legal winner thank year wave sausage worth useful legal winner thank ";
    std::size_t fitting = 0;
    for (const auto word : english_words())
        fitting += decode_mnemonic(std::string{kEleven}.append(word)).has_value();
    EXPECT_EQ(fitting, 128U);
}

TEST(Mnemonic, fresh_phrases_decode_and_differ) {
    for (const std::size_t words : {12U, 15U, 18U, 21U, 24U}) {
        const auto a = make_mnemonic(words);
        const auto b = make_mnemonic(words);
        EXPECT_FALSE(a == b);
        const auto entropy = decode_mnemonic(a.reveal());
        ASSERT_TRUE(entropy.has_value());
        EXPECT_EQ(entropy->size(), words * 4 / 3);
    }
}

}  // namespace
}  // namespace cairn::wallet
