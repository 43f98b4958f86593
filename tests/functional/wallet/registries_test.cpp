// SPDX-License-Identifier: MIT
// Proof of existence and sign-in, against a node of canned answers; the contracts themselves are
// tested with genesis/contracts.
#include <algorithm>

#include "tests/functional/wallet/wallet_fixture.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

const std::string kEmptyWord(64, '0');
// SHA-256 of "abc" (FIPS 180-4).
constexpr const char* kAbcDigest =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST_F(WalletProgram, a_file_is_notarised_by_its_digest) {
    const auto file = folder.write("abc", "abc");
    node.answer("eth_call", "0x" + kEmptyWord + kEmptyWord + kEmptyWord);
    expect_failure(11, "never notarised", {"verify", file});
    const auto sent = run_json({"notarize", file, "--dev", "0", "--yes", "--wait"});
    EXPECT_EQ(sent["digest"], std::string{"0x"} + kAbcDigest);
    const auto tx = sent_tx();
    EXPECT_EQ(to_hex(*tx->to), "ca12000000000000000000000000000000000001");
    EXPECT_EQ(to_hex(ByteView{tx->data}.subspan(4)), kAbcDigest);

    node.answer("eth_call", "0x000000000000000000000000f39fd6e51aad88f6f4ce6ab8827279cfffb92266" +
                                std::string(56, '0') + "6155e3d4" + std::string(62, '0') + "10");
    const auto record = run_json({"verify", file});
    EXPECT_EQ(record["by"], kAccount0);
    EXPECT_EQ(record["time"], "2021-09-30T16:20:36Z");
    EXPECT_EQ(record["number"], 16);
    node.answer("eth_call", "0x");
    expect_failure(2, "no registry at", {"verify", file});
    expect_failure(2, "no such file", {"verify", file + "x"});
}

TEST_F(WalletProgram, sign_in_is_challenge_answer_and_check) {
    const auto challenge = run_json({"signin", "request", "--domain", "example.com", "--address",
                                     kAccount0, "--statement", "Let me in."});
    const auto nonce = challenge["nonce"].get<std::string>();
    const auto text = challenge["message"].get<std::string>();
    const auto file = folder.write("challenge", text + "\n");
    const auto signature =
        run_json({"signin", "answer", file, "--dev", "0", "--yes"})["signature"].get<std::string>();
    const auto verified = run_json({"signin", "verify", file, "--signature", signature, "--domain",
                                    "example.com", "--nonce", nonce});
    EXPECT_EQ(verified["address"], kAccount0);
    EXPECT_EQ(verified["delegated"], false);

    expect_failure(11, "another service",
                   {"signin", "verify", file, "--signature", signature, "--domain", "example.org"});
    expect_failure(11, "another challenge",
                   {"signin", "verify", file, "--signature", signature, "--domain", "example.com",
                    "--nonce", "12345678"});
    const auto other = folder.write("other", text.substr(0, text.find("Let me")) + "Let you" +
                                                 text.substr(text.find("Let me") + 6));
    expect_failure(
        11, "did not sign this",
        {"signin", "verify", other, "--signature", signature, "--domain", "example.com"});
    expect_failure(2, "no sign-in message",
                   {"signin", "answer", folder.write("x", "y"), "--dev", "0", "--yes"});
    expect_failure(2, "terminal", {"signin", "answer", file, "--dev", "0"});
}

TEST_F(WalletProgram, a_delegate_signs_in_where_the_registry_says_so) {
    const auto challenge =
        run_json({"signin", "request", "--domain", "example.com", "--address", kAccount0});
    const auto file = folder.write("challenge", challenge["message"].get<std::string>());
    const auto signature =
        run_json({"signin", "answer", file, "--dev", "1", "--yes"})["signature"].get<std::string>();
    const std::vector<std::string> verify{"signin",  "verify",   file,         "--signature",
                                          signature, "--domain", "example.com"};
    expect_failure(11, "did not sign this", verify);
    auto with_registry = verify;
    with_registry.insert(with_registry.end(),
                         {"--registry", "0xCA12000000000000000000000000000000000003"});
    node.answer("eth_call", "0x" + std::string(63, '0') + "0");
    expect_failure(11, "did not sign this", with_registry);
    // Nor does the account's own key where its identity was handed over.
    auto own = with_registry;
    own[4] = run_json({"signin", "answer", file, "--dev", "0", "--yes"})["signature"]
                 .get<std::string>();
    expect_failure(11, "did not sign this", own);
    node.answer("eth_call", "0x" + std::string(63, '0') + "1");
    EXPECT_EQ(run_json(with_registry)["delegated"], true);
    // isDelegate(account 0, "signin", account 1)
    const auto input = node.calls("eth_call").back().at(0)["input"].get<std::string>();
    EXPECT_EQ(input.substr(10),
              "000000000000000000000000f39fd6e51aad88f6f4ce6ab8827279cfffb92266"
              "7369676e696e0000000000000000000000000000000000000000000000000000"
              "00000000000000000000000070997970c51812dc3a010c7d01b50e0d17dc79c8");
}

}  // namespace
}  // namespace cairn::test
