// SPDX-License-Identifier: MIT
// The public key-file vectors (ethereum/tests, KeyStoreTests): every file opens with its password
// and holds the stated key, and does not open with another password.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "tests/support/fixtures.hpp"
#include "wallet/keystore.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

TEST(KeyStoreTests, basic_files_open) {
    const auto tests = ethereum_tests();
    CAIRN_SKIP_WITHOUT(tests);
    std::size_t cases = 0;
    for (const auto& file : files_below(tests.path / "KeyStoreTests")) {
        const auto document = Json::parse(read_text(file));
        for (const auto& [name, test] : document.items()) {
            const auto text = test.at("json").dump();
            const auto password = test.at("password").get<std::string>();
            const auto opened = wallet::open_keystore(text, as_bytes(password));
            ASSERT_TRUE(opened.has_value()) << name << ": " << wallet::to_string(opened.error());
            EXPECT_EQ(to_hex(opened->secret.reveal()), test.at("priv").get<std::string>()) << name;
            const auto refused = wallet::open_keystore(text, as_bytes(password + "x"));
            ASSERT_FALSE(refused.has_value()) << name;
            EXPECT_EQ(refused.error(), wallet::KeystoreError::WrongPassword) << name;
            ++cases;
        }
    }
    EXPECT_GT(cases, 0U);
}

}  // namespace
}  // namespace cairn::test
