// SPDX-License-Identifier: MIT
#include "wallet/hd_path.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/mnemonic.hpp"

namespace cairn::wallet {
namespace {

struct Chain {
    const char* path;
    const char* xpub;
    const char* xprv;
};

void expect_chains(std::string_view seed, std::initializer_list<Chain> chains) {
    const auto master = make_master_key(*from_hex(seed));
    ASSERT_TRUE(master.has_value());
    for (const auto& chain : chains) {
        const auto key = derive_path(*master, chain.path);
        ASSERT_TRUE(key.has_value()) << chain.path;
        EXPECT_EQ(encode_xprv(*key).reveal(), chain.xprv) << chain.path;
        EXPECT_EQ(encode_xpub(neuter(*key)).reveal(), chain.xpub) << chain.path;
        const auto read = decode_xprv(chain.xprv);
        ASSERT_TRUE(read.has_value()) << chain.path;
        EXPECT_EQ(encode_xprv(*read).reveal(), chain.xprv);
        const auto read_public = decode_xpub(chain.xpub);
        ASSERT_TRUE(read_public.has_value()) << chain.path;
        EXPECT_EQ(encode_xpub(*read_public).reveal(), chain.xpub);
    }
}

// BIP-32, "Test Vectors".
TEST(HdPath, bip32_vector_1) {
    expect_chains("000102030405060708090a0b0c0d0e0f",
                  {{"m",
                    "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje"
                    "8YtGqsefD265"
                    "TMg7usUDFdp6W1EGMcet8",
                    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6L"
                    "nF5kejMRNNU3"
                    "TGtRBeJgk33yuGBxrMPHi"},
                   {"m/0H",
                    "xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUH"
                    "Cdrfp1bgwQ9x"
                    "v5ski8PX9rL2dZXvgGDnw",
                    "xprv9uHRZZhk6KAJC1avXpDAp4MDc3sQKNxDiPvvkX8Br5ngLNv1TxvUxt4cV1rGL5hj6KCesnDYUh"
                    "d7oWgT11eZG7"
                    "XnxHrnYeSvkzY7d2bhkJ7"},
                   {"m/0'/1",
                    "xpub6ASuArnXKPbfEwhqN6e3mwBcDTgzisQN1wXN9BJcM47sSikHjJf3UFHKkNAWbWMiGj7Wf5uMas"
                    "h7SyYq527Hqc"
                    "k2AxYysAA7xmALppuCkwQ",
                    "xprv9wTYmMFdV23N2TdNG573QoEsfRrWKQgWeibmLntzniatZvR9BmLnvSxqu53Kw1UmYPxLgboyZQ"
                    "aXwTCg8MSY3H"
                    "2EU4pWcQDnRnrVA1xe8fs"},
                   {"m/0'/1/2h",
                    "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxp"
                    "G5uJh7n7epu4"
                    "trkrX7x7DogT5Uv6fcLW5",
                    "xprv9z4pot5VBttmtdRTWfWQmoH1taj2axGVzFqSb8C9xaxKymcFzXBDptWmT7FwuEzG3ryjH4ktyp"
                    "QSAewRiNMjAN"
                    "TtpgP4mLTj34bhnZX7UiM"},
                   {"m/0'/1/2'/2",
                    "xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1Z"
                    "ACTj37sR62cf"
                    "N7fe5JnJ7dh8zL4fiyLHV",
                    "xprvA2JDeKCSNNZky6uBCviVfJSKyQ1mDYahRjijr5idH2WwLsEd4Hsb2Tyh8RfQMuPh7f7RtyzTtd"
                    "rbdqqsunu5Mm"
                    "3wDvUAKRHSC34sJ7in334"},
                   {"m/0'/1/2'/2/1000000000",
                    "xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYk"
                    "ro49S8yGasTv"
                    "XEYBVPamhGW6cFJodrTHy",
                    "xprvA41z7zogVVwxVSgdKUHDy1SKmdb533PjDz7J6N6mV6uS3ze1ai8FHa8kmHScGpWmj4WggLyQjg"
                    "Pie1rFSruoUi"
                    "hUZREPSL39UNdE3BBDu76"}});
}

TEST(HdPath, bip32_vector_2) {
    expect_chains(
        "fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a2"
        "9f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542",
        {{"m",
          "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8B"
          "Dz"
          "TJY47LJhkJ8UB7WEGuduB",
          "xprv9s21ZrQH143K31xYSDQpPDxsXRTUcvj2iNHm5NUtrGiGG5e2DtALGdso3pGz6ssrdK4PFmM8NSpSBHNqPqm5"
          "5Q"
          "n3LqFtT2emdEXVYsCzC2U"},
         {"m/0",
          "xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpb"
          "Zb"
          "7ap6r1D3tgFxHmwMkQTPH",
          "xprv9vHkqa6EV4sPZHYqZznhT2NPtPCjKuDKGY38FBWLvgaDx45zo9WQRUT3dKYnjwih2yJD9mkrocEZXo1ex8G8"
          "1d"
          "wSM1fwqWpWkeS3v86pgKt"},
         {"m/0/2147483647'",
          "xpub6ASAVgeehLbnwdqV6UKMHVzgqAG8Gr6riv3Fxxpj8ksbH9ebxaEyBLZ85ySDhKiLDBrQSARLq1uNRts8RuJi"
          "Hj"
          "aDMBU4Zn9h8LZNnBC5y4a",
          "xprv9wSp6B7kry3Vj9m1zSnLvN3xH8RdsPP1Mh7fAaR7aRLcQMKTR2vidYEeEg2mUCTAwCd6vnxVrcjfy2kRgVsF"
          "aw"
          "NzmjuHc2YmYRmagcEPdU9"},
         {"m/0/2147483647'/1/2147483646'/2",
          "xpub6FnCn6nSzZAw5Tw7cgR9bi15UV96gLZhjDstkXXxvCLsUXBGXPdSnLFbdpq8p9HmGsApME5hQTZ3emM2rnY5"
          "ag"
          "b9rXpVGyy3bdW6EEgAtqt",
          "xprvA2nrNbFZABcdryreWet9Ea4LvTJcGsqrMzxHx98MMrotbir7yrKCEXw7nadnHM8Dq38EGfSh6dqA9QWTyefM"
          "LE"
          "cBYJUuekgW4BYPJcr9E7j"}});
}

TEST(HdPath, bip32_vector_3_keeps_leading_zeros) {
    expect_chains(
        "4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4ac"
        "ba45d239319ac14f863b8d5ab5a0d0c64d2e8a1e7d1457df2e5a3c51c73235be",
        {{"m",
          "xpub661MyMwAqRbcEZVB4dScxMAdx6d4nFc9nvyvH3v4gJL378CSRZiYmhRoP7mBy6gSPSCYk6SzXPTf3ND1cZAc"
          "eL"
          "7SfJ1Z3GC8vBgp2epUt13",
          "xprv9s21ZrQH143K25QhxbucbDDuQ4naNntJRi4KUfWT7xo4EKsHt2QJDu7KXp1A3u7Bi1j8ph3EGsZ9Xvz9dGuV"
          "rt"
          "HHs7pXeTzjuxBrCmmhgC6"},
         {"m/0'",
          "xpub68NZiKmJWnxxS6aaHmn81bvJeTESw724CRDs6HbuccFQN9Ku14VQrADWgqbhhTHBaohPX4CjNLf9fq9MYo6o"
          "Da"
          "PPLPxSb7gwQN3ih19Zm4Y",
          "xprv9uPDJpEQgRQfDcW7BkF7eTya6RPxXeJCqCJGHuCJ4GiRVLzkTXBAJMu2qaMWPrS7AANYqdq6vcBcBUdJCVVF"
          "ce"
          "UvJFjaPdGZ2y9WACViL4L"}});
}

TEST(HdPath, bip32_vector_4_keeps_leading_zeros_of_the_parent) {
    expect_chains("3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678",
                  {{"m",
                    "xpub661MyMwAqRbcGczjuMoRm6dXaLDEhW1u34gKenbeYqAix21mdUKJyuyu5F1rzYGVxyL6tmgBUA"
                    "EPrEz92mBXjB"
                    "yMRiJdba9wpnN37RLLAXa",
                    "xprv9s21ZrQH143K48vGoLGRPxgo2JNkJ3J3fqkirQC2zVdk5Dgd5w14S7fRDyHH4dWNHUgkvsvNDC"
                    "kvAwcSHNAQwh"
                    "wgNMgZhLtQC63zxwhQmRv"},
                   {"m/0'",
                    "xpub69AUMk3qDBi3uW1sXgjCmVjJ2G6WQoYSnNHyzkmdCHEhSZ4tBok37xfFEqHd2AddP56Tqp4o56"
                    "AePAgCjYdvpW"
                    "2PU2jbUPFKsav5ut6Ch1m",
                    "xprv9vB7xEWwNp9kh1wQRfCCQMnZUEG21LpbR9NPCNN1dwhiZkjjeGRnaALmPXCX7SgjFTiCTT6bXe"
                    "s17boXtjq3xL"
                    "pcDjzEuGLQBM5ohqkao9G"},
                   {"m/0'/1'",
                    "xpub6BJA1jSqiukeaesWfxe6sNK9CCGaujFFSJLomWHprUL9DePQ4JDkM5d88n49sMGJxrhpjazuXY"
                    "WdMf17C9T5Xn"
                    "xkopaeS7jGk1GyyVziaMt",
                    "xprv9xJocDuwtYCMNAo3Zw76WENQeAS6WGXQ55RCy7tDJ8oALr4FWkuVoHJeHVAcAqiZLE7Je3vZJH"
                    "xspZdFHfnBEj"
                    "HqU5hG1Jaj32dVoS6XLT1"}});
}

HdError private_error(std::string_view text) {
    const auto key = decode_xprv(text);
    EXPECT_FALSE(key.has_value()) << text;
    return key ? HdError::PathSyntax : key.error();
}

HdError public_error(std::string_view text) {
    const auto key = decode_xpub(text);
    EXPECT_FALSE(key.has_value()) << text;
    return key ? HdError::PathSyntax : key.error();
}

TEST(HdPath, bip32_vector_5_invalid_private_keys) {
    // Public key under the private version, prefixes 04 and 01.
    EXPECT_EQ(private_error("xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzFGTQQD3dC4"
                            "H2D5GBj7vWvSQaaBv5cxi9gafk7NF3pnBju6dwKvH"),
              HdError::KeyData);
    EXPECT_EQ(private_error("xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzFGpWnsj83B"
                            "HtEy5Zt8CcDr1UiRXuWCmTQLxEK9vbz5gPstX92JQ"),
              HdError::KeyData);
    EXPECT_EQ(private_error("xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzFAzHGBP2Uu"
                            "GCqWLTAPLcMtD9y5gkZ6Eq3Rjuahrv17fEQ3Qen6J"),
              HdError::KeyData);
    // Private key 0, and n.
    EXPECT_EQ(private_error("xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzF93Y5wvzdU"
                            "ayhgkkFoicQZcP3y52uPPxFnfoLZB21Teqt1VvEHx"),
              HdError::KeyData);
    EXPECT_EQ(private_error("xprv9s21ZrQH143K24Mfq5zL5MhWK9hUhhGbd45hLXo2Pq2oqzMMo63oStZzFAzHGBP2Uu"
                            "GCqWLTAPLcMtD5SDKr24z3aiUvKr9bJpdrcLg1y3G"),
              HdError::KeyData);
    // Depth 0 with a parent's fingerprint, and with an index.
    EXPECT_EQ(private_error("xprv9s2SPatNQ9Vc6GTbVMFPFo7jsaZySyzk7L8n2uqKXJen3KUmvQNTuLh3fhZMBoG3G4"
                            "ZW1N2kZuHEPY53qmbZzCHshoQnNf4GvELZfqTUrcv"),
              HdError::RootFields);
    EXPECT_EQ(private_error("xprv9s21ZrQH4r4TsiLvyLXqM9P7k1K3EYhA1kkD6xuquB5i39AU8KF42acDyL3qsDbU9N"
                            "mZn6MsGSUYZEsuoePmjzsB3eFKSUEh3Gu1N3cqVUN"),
              HdError::RootFields);
    // Unknown version.
    EXPECT_EQ(private_error("DMwo58pR1QLEFihHiXPVykYB6fJmsTeHvyTp7hRThAtCX8CvYzgPcn8XnmdfHGMQzT7ay"
                            "Amfo4z3gY5KfbrZWZ6St24UVf2Qgo6oujFktLHdHY4"),
              HdError::Version);
}

TEST(HdPath, bip32_vector_5_invalid_public_keys) {
    EXPECT_EQ(public_error("xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6LBpB85b3D2"
                           "yc8sfvZU521AAwdZafEz7mnzBBsz4wKY5fTtTQBm"),
              HdError::KeyData);
    EXPECT_EQ(public_error("xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6Txnt3siSuj"
                           "t9RCVYsx4qHZGc62TG4McvMGcAUjeuwZdduYEvFn"),
              HdError::KeyData);
    EXPECT_EQ(public_error("xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6N8ZMMXctdi"
                           "CjxTNq964yKkwrkBJJwpzZS4HS2fxvyYUA4q2Xe4"),
              HdError::KeyData);
    EXPECT_EQ(public_error("xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6Q5JXayek4P"
                           "Rsn35jii4veMimro1xefsM58PgBMrvdYre8QyULY"),
              HdError::KeyData);
    EXPECT_EQ(public_error("xpub661no6RGEX3uJkY4bNnPcw4URcQTrSibUZ4NqJEw5eBkv7ovTwgiT91XX27VbEXGENh"
                           "YRCf7hyEbWrR3FewATdCEebj6znwMfQkhRYHRLpJ"),
              HdError::RootFields);
    EXPECT_EQ(public_error("xpub661MyMwAuDcm6CRQ5N4qiHKrJ39Xe1R1NyfouMKTTWcguwVcfrZJaNvhpebzGerh7gu"
                           "cBvzEQWRugZDuDXjNDRmXzSZe4c7mnTK97pTvGS8"),
              HdError::RootFields);
}

TEST(HdPath, damaged_text_is_base58_error) {
    const std::string good =
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3"
        "TGt"
        "RBeJgk33yuGBxrMPHi";
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_EQ(private_error(good.substr(0, length)), HdError::Base58) << length;
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string changed = good;
        changed[i] = changed[i] == 'z' ? 'y' : 'z';
        EXPECT_EQ(private_error(changed), HdError::Base58) << i;
    }
    EXPECT_EQ(private_error(good + '0'), HdError::Base58);
    EXPECT_EQ(private_error(std::string(1000, '1')), HdError::Base58);
}

TEST(HdPath, paths_are_read_strictly) {
    const auto indexes = parse_hd_path("m/44'/60h/0H/0/2147483647");
    ASSERT_TRUE(indexes.has_value());
    EXPECT_EQ(*indexes, (std::vector<std::uint32_t>{kHardened + 44, kHardened + 60, kHardened, 0,
                                                    0x7fffffff}));
    const auto error_of = [](std::string_view text) {
        const auto path = parse_hd_path(text);
        EXPECT_FALSE(path.has_value()) << text;
        return path ? HdError::KeyData : path.error();
    };
    for (const auto* text : {"", "44'", "/0", "m/", "m0", "m//0", "m/0/", "m/'", "m/0''", "m/-1",
                             "m/x", "m/0 ", "n/0"})
        EXPECT_EQ(error_of(text), HdError::PathSyntax) << text;
    EXPECT_EQ(error_of("m/2147483648"), HdError::IndexRange);
    EXPECT_EQ(error_of("m/99999999999999999999999999'"), HdError::IndexRange);
    std::string longest{"m"};
    for (std::size_t i = 0; i < kHdDepthMax; ++i) longest += "/0";
    EXPECT_TRUE(parse_hd_path(longest).has_value());
    EXPECT_EQ(error_of(longest + "/0"), HdError::PathTooLong);
}

TEST(HdPath, seeds_have_16_to_64_bytes_and_depth_ends_at_255) {
    EXPECT_EQ(make_master_key(Bytes(15)).error(), HdError::SeedLength);
    EXPECT_TRUE(make_master_key(Bytes(16)).has_value());
    EXPECT_TRUE(make_master_key(Bytes(64)).has_value());
    EXPECT_EQ(make_master_key(Bytes(65)).error(), HdError::SeedLength);
    auto key = make_master_key(Bytes(16));
    key->depth = 254;
    auto last = derive_child(*key, 0);
    ASSERT_TRUE(last.has_value());
    EXPECT_EQ(derive_child(*last, 0).error(), HdError::DepthExhausted);
}

TEST(HdPath, bip44_accounts_of_the_development_mnemonic) {
    // The ten accounts that anvil and Hardhat print; genesis/dev.json funds them.
    constexpr const char* kAccounts[] = {
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
        "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65", "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
        "0x976EA74026E726554dB657fA54763abd0C3a0aa9", "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
        "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f", "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"};
    const auto seed =
        mnemonic_seed("test test test test test test test test test test test junk", "");
    ASSERT_TRUE(seed.has_value());
    for (std::uint32_t i = 0; i < 10; ++i) {
        const auto secret = derive_account(*seed, account_path(i));
        ASSERT_TRUE(secret.has_value());
        EXPECT_EQ(to_checksum(secp256k1::address_of(*secp256k1::public_key(*secret))),
                  kAccounts[i]);
        if (i == 0) {
            EXPECT_EQ(to_hex(secret->reveal()),
                      "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
        }
    }
}

}  // namespace
}  // namespace cairn::wallet
