// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/functional/node/running_node.hpp"
#include "tests/functional/wallet/terminal_session.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::test {

namespace fs = std::filesystem;

inline const fs::path kSource{CAIRN_SOURCE_DIR};
inline const std::string kPassword = "correct horse battery staple";

/// A person in a checkout, as far as the documentation sees one, with this build as the release
/// build and a development node beside. What they are asked for they answer.
class CheckoutTest : public testing::Test {
protected:
    CheckoutTest() {
        fs::create_directories(checkout() / "build");
        fs::create_directory_symlink(CAIRN_BINARY_DIR, checkout() / "build/release");
        fs::create_directory_symlink(kSource / "build/signin", checkout() / "build/signin");
        fs::create_directory_symlink(kSource / "genesis", checkout() / "genesis");
        fs::create_directory_symlink(kSource / "wallet", checkout() / "wallet");
        fs::create_symlink(kSource / "README.md", checkout() / "README.md");
        session.folder = checkout();
        session.environment = {{"HOME", checkout().string()}, {"CAIRN_RPC", node.url()}};
        session.unset = {"CAIRN_KEYSTORE", "CAIRN_PASSWORD", "CAIRN_SECRET", "CAIRN_CHAIN",
                         "CAIRN_GENESIS"};
        session.answers = {{"Password for the key file: ", kPassword + "\n"},
                           {"The same again: ", kPassword + "\n"},
                           {"Password of 0x", kPassword + "\n"},
                           {"[y/N] ", "y\n"}};
    }

    [[nodiscard]] fs::path checkout() const { return folder_.path(); }

    /// Runs what must succeed; no password may show.
    void run(const std::string& script) {
        session.run(script);
        EXPECT_EQ(session.exit_code, 0) << session.transcript;
        EXPECT_EQ(session.transcript.find(kPassword), std::string::npos) << "a password shows";
    }

    /// Whether the session has shown the text.
    [[nodiscard]] testing::AssertionResult shows(const std::string& text) const {
        if (session.transcript.find(text) != std::string::npos) return testing::AssertionSuccess();
        return testing::AssertionFailure() << "no `" << text << "` in\n" << session.transcript;
    }

    RunningNode node{{"--dev", "--ipcdisable"}};
    TerminalSession session;

private:
    TemporaryFolder folder_;
};

}  // namespace cairn::test
