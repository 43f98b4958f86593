// SPDX-License-Identifier: MIT
// Every example that cairn-wallet's help gives, run as it is printed beside a development node.
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <vector>

#include "tests/functional/wallet/checkout_fixture.hpp"

namespace cairn::test {
namespace {

/// A command and its --help.
struct Help {
    std::vector<std::string> words;  ///< like {"signin", "request"}
    std::string text;
};

Help help_of(const std::vector<std::string>& words) {
    auto arguments = words;
    arguments.emplace_back("--help");
    const auto result = run_program(CAIRN_WALLET, arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return {words, result.out};
}

/// The program's commands with theirs, each before its own, in the order of the help.
std::vector<Help> all_help(const std::vector<std::string>& words = {}) {
    std::vector<Help> out{help_of(words)};
    std::istringstream lines{out.front().text};
    bool is_list = false;
    for (std::string line; std::getline(lines, line);) {
        // Names begin in column 2; continued descriptions are further right.
        const bool is_name = is_list && line.size() > 2 && line.starts_with("  ") && line[2] != ' ';
        is_list = line == "Subcommands:" || (is_list && line.starts_with("  "));
        if (!is_name) continue;
        auto longer = words;
        longer.push_back(line.substr(2, line.find(' ', 2) - 2));
        for (auto& help : all_help(longer)) out.push_back(std::move(help));
    }
    return out;
}

/// The line behind "Example:"; empty where there is none.
std::string example_of(const std::string& help) {
    const std::string heading = "Example:\n  ";
    const auto at = help.find(heading);
    if (at == std::string::npos) return {};
    const auto begin = at + heading.size();
    return help.substr(begin, help.find('\n', begin) - begin);
}

TEST_F(CheckoutTest, every_example_of_the_help_works) {
    const std::string phrase = "test test test test test test test test test test test junk";
    session.answers.push_back({"Mnemonic: ", phrase + "\n"});
    // Who has looked long enough at the blocks presses Ctrl-C.
    session.answers.push_back({"% gas", "\x03"});
    session.environment["PATH"] =
        (checkout() / "build/release/bin").string() + ":" + std::getenv("PATH");
    // The keystore of somebody with one account, account 9 of the development network.
    const auto home = checkout() / "home";
    session.environment["HOME"] = home.string();
    const auto phrase_file = checkout() / "phrase";
    run("echo '" + phrase + "' > " + phrase_file.string() +
        "\ncairn-wallet import mnemonic --light --path \"m/44'/60'/0'/0/9\" --file " +
        phrase_file.string());

    std::size_t examples = 0;
    for (const auto& help : all_help()) {
        const auto example = example_of(help.text);
        std::string command = "cairn-wallet";
        for (const auto& word : help.words) command += " " + word;
        ASSERT_TRUE(example.starts_with(command)) << command << ": " << help.text;
        // Each begins with the one account, whatever the one before has made.
        const auto own_home = checkout() / ("home" + std::to_string(++examples));
        fs::copy(home, own_home, fs::copy_options::recursive);
        session.environment["HOME"] = own_home.string();
        session.run(example);
        EXPECT_EQ(session.exit_code, command == "cairn-wallet watch" ? 130 : 0)
            << example << "\n" << session.transcript;
    }
    EXPECT_EQ(examples, 23U);  // the program, nineteen commands, three of signin
}

}  // namespace
}  // namespace cairn::test
