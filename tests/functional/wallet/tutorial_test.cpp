// SPDX-License-Identifier: MIT
// The tutorials, run as they are printed: every block marked `sh` of README.md and of the READMEs
// of genesis/contracts is taken from the text and typed at a terminal beside a development node.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/functional/wallet/checkout_fixture.hpp"
#include "tests/support/reserved_port.hpp"

namespace cairn::test {
namespace {

// Account 1 of the development mnemonic.
const std::string kBob = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

class Tutorial : public CheckoutTest {
protected:
    /// The text's blocks, its ports replaced by free ones and by this node's.
    std::string commands(const std::string& file, const std::string& heading = {}) {
        auto out = shell_blocks(read_text(kSource / file), heading);
        EXPECT_FALSE(out.empty()) << file << ' ' << heading;
        const auto replace = [&out](const std::string& from, const std::string& to) {
            for (auto at = out.find(from); at != std::string::npos; at = out.find(from, at)) {
                out.replace(at, from.size(), to);
                at += to.size();
            }
        };
        replace("http://127.0.0.1:8545", node.url());
        replace(" 8000", " " + signin_port);
        replace(":8000", ":" + signin_port);
        replace(" 8001", " " + app_port);
        replace(":8001", ":" + app_port);
        return out;
    }

    /// Whether the sign-in services can run here.
    static bool has_services() {
        return fs::exists(kSource / "build/signin/node_modules/ethers") &&
               std::system("node --version >/dev/null 2>&1") == 0;
    }

    const ReservedPort signin;
    const ReservedPort app;
    const std::string signin_port = std::to_string(signin.port());
    const std::string app_port = std::to_string(app.port());
};

TEST_F(Tutorial, from_a_new_wallet_to_a_sign_in) {
    if (!has_services()) GTEST_SKIP() << "Node.js or ethers is not installed: scripts/setup";
    run(commands("README.md"));
    EXPECT_TRUE(shows("\n5 coin\r\n"));                        // funded
    EXPECT_TRUE(shows("Deploy a contract of"));                // shown before it is signed
    EXPECT_TRUE(shows("\n2\r\n"));                             // members
    EXPECT_TRUE(shows("dao.txt existed by "));                 // notarised
    EXPECT_TRUE(shows("yes         2\r\nno          0\r\n"));  // votes
    EXPECT_TRUE(shows("\n10001 coin\r\n"));                    // paid by the organisation
    EXPECT_TRUE(shows("wants you to sign in with your Ethereum account"));
    EXPECT_TRUE(shows("\"delegated\":false}"));
    const auto me = session.transcript.rfind("{\"address\":\"0x");
    ASSERT_NE(me, std::string::npos);
    const auto address = session.transcript.substr(me + 12, 42);
    EXPECT_EQ(node.call("eth_getTransactionCount", {address, "latest"}), "0x6");
}

TEST_F(Tutorial, proof_of_existence) {
    const std::string file = "genesis/contracts/README.md";
    run(commands(file, "# Contracts that show what a ledger is for") +
        commands(file, "## Proof of existence"));
    EXPECT_TRUE(shows("thesis.txt existed by "));
    EXPECT_TRUE(shows("  Notarized\r\n"));
}

TEST_F(Tutorial, an_organisation) {
    const std::string file = "genesis/contracts/README.md";
    run(commands(file, "# Contracts that show what a ledger is for") +
        commands(file, "## An organisation"));
    EXPECT_TRUE(shows("\n0\r\n"));  // voting
    EXPECT_TRUE(shows("\n10001 coin\r\n"));
}

TEST_F(Tutorial, signing_in) {
    const std::string file = "genesis/contracts/README.md";
    run(commands(file, "# Contracts that show what a ledger is for") +
        commands(file, "## Signing in"));
    EXPECT_TRUE(shows("is signed in at example.com\r\n"));
    EXPECT_TRUE(shows("is signed in at example.com by its delegate\r\n"));
    EXPECT_TRUE(shows("0000000000000000000000000000000000000000000000000000000000000001\r\n"));
}

/// What does not hold, by the table of signin/README.md, after its own commands.
const std::string kRefusals = R"sh(
login() { curl -sS --data-urlencode message@challenge.txt --data-urlencode signature@answer.txt $SITE/login; }
ask() { curl -sSf "$SITE/challenge?address=$ME" > challenge.txt; }
answer() { cairn-wallet signin answer challenge.txt --dev $1 > answer.txt; }
echo '[replayed]'; login
ask; sed -i 's/nothing else/all/' challenge.txt; answer 1
echo '[altered]'; login
ask; answer 2
echo '[another key]'; login
ask; echo 0x12 > answer.txt
echo '[no signature]'; login
echo '[no session]'; curl -sS $SITE/me
echo '[a stranger]'; curl -sS -b cookies.txt "$SITE/authorize?service=http://evil.example"
echo '[no visit]'; curl -sS -L -b cookies.txt "$SITE/authorize?service=$APP&state=1"
echo '[a forged ticket]'; curl -sS "$APP/return?ticket=%7B%7D&signature=0x"
echo '[another site]'; curl -sS -H 'Origin: http://evil.example' -X POST $SITE/logout
cairn-wallet transact 0xCA12000000000000000000000000000000000003 "changeOwner(address,address)" \
    $ME 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC --dev 1 --wait
ask; answer 2
echo '[its owner]'; login
ask; answer 1
echo '[no longer its owner]'; login
)sh";

TEST_F(Tutorial, single_sign_on) {
    if (!has_services()) GTEST_SKIP() << "Node.js or ethers is not installed: scripts/setup";
    session.environment["SITE"] = "http://127.0.0.1:" + signin_port;
    session.environment["APP"] = "http://127.0.0.1:" + app_port;
    run(commands("genesis/contracts/signin/README.md") + kRefusals);
    EXPECT_TRUE(shows("{\"address\":\"" + kBob + "\",\"delegated\":false}"));
    EXPECT_TRUE(shows("Welcome, " + kBob + "\r\n"));
    const auto refuses = [this](const std::string& what, const std::string& why) {
        EXPECT_TRUE(shows("[" + what + "]\r\n{\"error\":\"" + why));
    };
    refuses("replayed", "this is no challenge of ours");
    refuses("altered", "this is no challenge of ours");
    refuses("another key", kBob + " did not sign this, nor did a delegate");
    refuses("no signature", "signature=0x… must be 65 bytes in hex");
    refuses("no session", "nobody is signed in here");
    refuses("a stranger", "http://evil.example is none of the services");
    refuses("no visit", "this ticket does not hold here");
    refuses("a forged ticket", "this is no ticket");
    refuses("another site", "http://evil.example may not ask here");
    EXPECT_TRUE(
        shows("[its owner]\r\n{\"address\":\"" + kBob + "\",\"delegated\":true}"));
    refuses("no longer its owner", kBob + " did not sign this");
}

/// A text whose blocks are not found would be a test that cannot fail.
TEST(ShellBlocks, are_those_marked_sh_of_the_section) {
    const std::string text =
        "# A\n```sh\none\n```\n```\nno\n```\n"
        "## B\n```sh\ntwo\n# three\n```\n## C\n```sh\nfour\n```\n";
    EXPECT_EQ(shell_blocks(text), "one\ntwo\n# three\nfour\n");
    EXPECT_EQ(shell_blocks(text, "# A"), "one\n");
    EXPECT_EQ(shell_blocks(text, "## B"), "two\n# three\n");
    EXPECT_EQ(shell_blocks(text, "## D"), "");
}

}  // namespace
}  // namespace cairn::test
