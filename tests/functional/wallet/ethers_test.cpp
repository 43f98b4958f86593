// SPDX-License-Identifier: MIT
// Key files between cairn-wallet and npm's ethers, in both directions.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/functional/wallet/wallet_fixture.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

const std::string kPhrase = "test test test test test test test test test test test junk";

class EthersKeystore : public WalletProgram {
protected:
    void SetUp() override {
        const auto modules = std::filesystem::path{CAIRN_SIGNIN_MODULES} / "node_modules";
        if (!std::filesystem::exists(modules / "ethers") ||
            std::system("node --version >/dev/null 2>&1") != 0)
            GTEST_SKIP() << "Node.js or ethers is not installed: scripts/setup";
        ::setenv("NODE_PATH", modules.c_str(), 1);
    }
    static Json ethers(const Json& request) {
        const auto result =
            run_program("/usr/bin/env", {"node", CAIRN_ETHERS_SCRIPT}, request.dump());
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return Json::parse(result.out, nullptr, false);
    }
    static std::string content_of(const std::string& path) {
        std::ifstream in{path};
        std::stringstream out;
        out << in.rdbuf();
        return out.str();
    }
};

TEST_F(EthersKeystore, a_file_of_ethers_opens_here) {
    // Beyond ASCII on purpose: both take a password as UTF-8.
    const auto made = ethers({{"make", "pässword"}, {"phrase", kPhrase}});
    ASSERT_EQ(made["address"], kAccount0);
    const auto file = folder.write("ethers.json", made["file"].get<std::string>());
    const auto password = folder.write("password", "pässword\n");
    const auto wrong = folder.write("wrong", "password\n");

    expect_failure(6, "wrong password",
                   {"import", "keystore", "--file", file, "--password-file", wrong});
    EXPECT_TRUE(run_json({"list"})["accounts"].empty());

    // In its place, and brought into the keystore.
    const auto expected = run_json({"sign", "hello", "--dev", "0"})["signature"];
    EXPECT_EQ(
        run_json({"sign", "hello", "--key-file", file, "--password-file", password})["signature"],
        expected);
    EXPECT_EQ(run_json({"import", "keystore", "--file", file, "--password-file", password,
                        "--light"})["address"],
              kAccount0);
    EXPECT_EQ(run_json({"sign", "hello", "--password-file", password})["signature"], expected);
}

TEST_F(EthersKeystore, a_file_of_ours_opens_in_ethers) {
    const auto password = folder.write("password", "pässword\n");
    const auto made = run_json({"new", "--password-file", password});
    const auto text = content_of(made["keyFile"].get<std::string>());
    ASSERT_FALSE(text.empty());
    const auto opened = ethers({{"open", text}, {"password", "pässword"}});
    EXPECT_EQ(opened["address"], made["address"]);
    // The key in there is the account's.
    EXPECT_EQ(run_json({"verify-signature", "hello", "--signature",
                        opened["signature"].get<std::string>()})["address"],
              made["address"]);
    const auto refused = ethers({{"open", text}, {"password", "password"}});
    EXPECT_NE(refused.value("error", "").find("incorrect password"), std::string::npos) << refused;
}

}  // namespace
}  // namespace cairn::test
