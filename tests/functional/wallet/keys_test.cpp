// SPDX-License-Identifier: MIT
// Accounts as a person makes, moves and loses them; and signatures.
#include <algorithm>
#include <filesystem>

#include "tests/functional/wallet/wallet_fixture.hpp"

namespace cairn::test {
namespace {

TEST_F(WalletProgram, a_mnemonic_brings_the_account_back) {
    const auto made = run_json({"new", "--light", "--words", "24"});
    const auto phrase = made["mnemonic"].get<std::string>();
    EXPECT_EQ(std::count(phrase.begin(), phrase.end(), ' '), 23);
    const auto file = made["keyFile"].get<std::string>();
    EXPECT_EQ(std::filesystem::status(file).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_EQ(run_json({"list"})["accounts"].at(0)["address"], made["address"]);
    std::filesystem::remove(file);
    EXPECT_TRUE(run_json({"list"})["accounts"].empty());
    const auto back = run_json(
        {"import", "mnemonic", "--file", folder.write("phrase", phrase + "\n"), "--light"});
    EXPECT_EQ(back["address"], made["address"]);
}

TEST_F(WalletProgram, keys_come_in_by_four_ways) {
    const auto key = folder.write("key", kKey0);
    EXPECT_EQ(run_json({"import", "key", "--file", key, "--light"})["address"], kAccount0);
    const auto second =
        run_json({"import", "mnemonic", "--light", "--path", "m/44'/60'/0'/0/1", "--file",
                  folder.write("phrase",
                               "test test test test test test test test "
                               "test test test junk")});
    EXPECT_EQ(second["address"], kAccount1);
    // BIP-32's first vector.
    const auto xprv =
        folder.write("xprv",
                     "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVv"
                     "vNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi");
    EXPECT_TRUE(run_json({"import", "xprv", "--file", xprv, "--light"}).contains("address"));
    const auto exported = (folder.path() / "backup.json").string();
    EXPECT_EQ(run_json({"export", "--from", kAccount1, "--to", exported})["address"], kAccount1);
    std::filesystem::remove(second["keyFile"].get<std::string>());
    EXPECT_EQ(run_json({"import", "keystore", "--file", exported, "--light"})["address"],
              kAccount1);
    EXPECT_EQ(run_json({"list"})["accounts"].size(), 3U);
    EXPECT_EQ(run_json({"export", "--from", kAccount0, "--reveal"})["privateKey"], kKey0);
}

TEST_F(WalletProgram, faults_of_keys_have_their_codes) {
    const auto made = run_json({"import", "key", "--file", folder.write("key", kKey0), "--light"});
    const auto file = made["keyFile"].get<std::string>();
    const auto wrong = folder.write("wrong", "guess");
    expect_failure(6, "wrong password", {"sign", "hello", "--password-file", wrong});
    expect_failure(2, "is there already", {"import", "key", "--file", folder.write("key", kKey0)});
    expect_failure(2, "word 2",
                   {"import", "mnemonic", "--file",
                    folder.write("bad",
                                 "test tset test test test test test test test "
                                 "test test junk")});
    expect_failure(2, "64 hex digits", {"import", "key", "--file", folder.write("short", "0x12")});
    expect_failure(2, "no private key",
                   {"import", "key", "--file", folder.write("zero", std::string(64, '0'))});
    expect_failure(2, "has no key in", {"sign", "hello", "--from", kAccount1});
    expect_failure(7, "damaged", {"sign", "hello", "--key-file", folder.write("half", "{\"addr")});
    const auto damaged = folder.write(
        "damaged", "{\"address\":\"" + std::string{kAccount0}.substr(2) + "\",\"version\":3}");
    expect_failure(7, "a field is missing", {"sign", "hello", "--key-file", damaged});
    std::filesystem::remove(file);
    expect_failure(2, "there is no account", {"sign", "hello"});
    // Without file, variable and terminal there is nobody to ask.
    ::unsetenv("CAIRN_PASSWORD");
    expect_failure(2, "terminal", {"new"});
}

TEST_F(WalletProgram, messages_are_signed_and_verified) {
    const auto made = run_json({"sign", "hello cairn", "--dev", "0"});
    // ethers 6.13.4 signs the same.
    EXPECT_EQ(made["signature"],
              "0xa34ff1e297e1d7dcf7b01a53e980d29b4327b155ab7250eb8e73a18fb9e2f23a"
              "281053521c32ba8b7e09a04792db1487572af0fd6421d26f3d4af8c8634d24791b");
    const auto signature = made["signature"].get<std::string>();
    EXPECT_EQ(run_json({"verify-signature", "hello cairn", "--signature", signature, "--address",
                        kAccount0})["address"],
              kAccount0);
    const auto file = folder.write("message", "hello cairn");
    EXPECT_EQ(run_json({"verify-signature", "--file", file, "--signature", signature})["address"],
              kAccount0);
    expect_failure(
        11, "did not sign this",
        {"verify-signature", "hello  cairn", "--signature", signature, "--address", kAccount0});
    expect_failure(2, "130", {"verify-signature", "x", "--signature", "0x12"});
}

TEST_F(WalletProgram, typed_data_is_signed_and_verified) {
    const auto file = folder.write(
        "typed.json",
        R"({"types":{"EIP712Domain":[{"name":"name","type":"string"}],"Note":[{"name":"text","type":"string"}]},
"primaryType":"Note","domain":{"name":"x"},"message":{"text":"y"}})");
    const auto made = run_json({"sign-typed", file, "--dev", "1", "--yes"});
    EXPECT_EQ(run_json({"verify-signature", "--typed", file, "--signature",
                        made["signature"].get<std::string>()})["address"],
              kAccount1);
    expect_failure(2, "terminal", {"sign-typed", file, "--dev", "1"});
    expect_failure(2, "typed data", {"sign-typed", folder.write("x", "{}"), "--dev", "1"});
}

TEST_F(WalletProgram, help_names_an_example_for_every_command) {
    for (const auto* command : {"new", "import", "export", "list", "balance", "nonce", "watch",
                                "logs", "send", "deploy", "call", "transact", "decode", "sign",
                                "sign-typed", "verify-signature", "notarize", "verify", "signin"}) {
        const auto result = run({command, "--help"});
        EXPECT_EQ(result.exit_code, 0) << command;
        EXPECT_NE(result.out.find(std::string{"Example:\n  cairn-wallet "} + command),
                  std::string::npos)
            << command;
    }
    expect_failure(2, "frobnicate", {"frobnicate"});
    expect_failure(2, "no command", {});
    expect_failure(2, "--unknown", {"list", "--unknown"});
}

}  // namespace
}  // namespace cairn::test
