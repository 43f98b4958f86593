// SPDX-License-Identifier: MIT
// What cairn-wallet asks at a terminal, and what becomes of the terminal.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/functional/wallet/checkout_fixture.hpp"

namespace cairn::test {
namespace {

/// The terminal is one: what is typed without echo does not show, and a failing line ends it.
TEST(TerminalSession, types_at_prompts_and_ends_at_a_failure) {
    TemporaryFolder folder;
    TerminalSession session;
    session.folder = folder.path();
    session.answers = {{"secret? ", "hush\n"}};
    session.run("read -rsp 'secret? ' S; echo; echo ${#S} letters\nsleep 1000 &\nfalse\necho on");
    EXPECT_EQ(session.exit_code, 1);
    EXPECT_EQ(session.transcript, "secret? \r\n4 letters\r\n");
}

class Prompts : public CheckoutTest {
protected:
    Prompts() {
        session.environment["PATH"] =
            (checkout() / "build/release/bin").string() + ":" + std::getenv("PATH");
    }
    /// Runs the command, then shows its exit code and how the terminal is set. An interrupt goes to
    /// the shell as well, which it would end where it comes before the shell waits for the command.
    void run_and_look(const std::string& command) {
        run("trap : INT\n" + command + " || echo ended with $?\nstty -a");
    }
    const std::string send =
        "cairn-wallet send 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --value 1coin --dev 0";
};

TEST_F(Prompts, no_is_no) {
    session.answers = {{"Sign and send it? [y/N] ", "\n"}};
    run_and_look(send);
    EXPECT_TRUE(shows("value    1 coin\r\n"));
    EXPECT_TRUE(shows("declined; nothing was sent"));
    EXPECT_TRUE(shows("ended with 9\r\n"));
    EXPECT_EQ(node.call("eth_blockNumber"), "0x0");
}

TEST_F(Prompts, two_passwords_that_differ_make_no_account) {
    session.answers = {{"Password for the key file: ", "one\n"}, {"The same again: ", "two\n"}};
    run_and_look("cairn-wallet new");
    EXPECT_TRUE(shows("the two passwords differ"));
    EXPECT_TRUE(shows("ended with 2\r\n"));
    EXPECT_FALSE(fs::exists(checkout() / ".cairn"));
}

TEST_F(Prompts, an_interrupt_leaves_a_terminal_that_echoes) {
    session.answers = {{"Password for the key file: ", "\x03"}};
    run_and_look("cairn-wallet new");
    EXPECT_TRUE(shows("ended with 130\r\n"));
    EXPECT_TRUE(shows(" echo "));
    EXPECT_FALSE(fs::exists(checkout() / ".cairn"));
    session.answers = {{"[y/N] ", "\x03"}};
    run_and_look(send);
    EXPECT_TRUE(shows("ended with 130\r\n"));
    EXPECT_EQ(node.call("eth_blockNumber"), "0x0");
}

}  // namespace
}  // namespace cairn::test
