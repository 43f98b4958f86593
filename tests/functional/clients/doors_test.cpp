// SPDX-License-Identifier: MIT
// The doors of a node, told by flags who may ask: TLS, tokens, host names, origins.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <iostream>

#include "tests/functional/clients/script.hpp"
#include "tests/functional/node/running_node.hpp"

namespace cairn::test {
namespace {

/// A key and a certificate for 127.0.0.1 that it signs itself, made by openssl.
struct Certificate {
    explicit Certificate(const TemporaryFolder& folder, const std::string& name = "node")
        : certificate{(folder.path() / (name + ".crt")).string()},
          key{(folder.path() / (name + ".key")).string()} {
        const auto made = run_program(
            "/usr/bin/env",
            {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=cairn test", "-addext",
             "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate});
        EXPECT_EQ(made.exit_code, 0) << made.err;
    }
    std::string certificate;
    std::string key;
};

/// Runs a program against the node; its checks must all hold.
void expect_checks_hold(const std::string& script, const RunningNode& node,
                        std::vector<std::string> arguments,
                        std::vector<std::string> settings = {}) {
    arguments.insert(arguments.begin(), node.url());
    const auto result = run_script(script, arguments, std::move(settings));
    std::cout << result.out << result.err;
    EXPECT_EQ(result.exit_code, 0) << node.output();
}

/// Starts a node that must refuse to; its only line.
std::string refusal_of(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--dev", "--http.port", "0"});
    const auto result = run_program(CAIRN_NODE, arguments);
    EXPECT_NE(result.exit_code, 0);
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    EXPECT_EQ(result.out.find("RPC "), std::string::npos) << result.out;
    return result.err;
}

void expect_said(const std::string& line, const std::string& words) {
    EXPECT_NE(line.find(words), std::string::npos) << line;
}

TEST(Tls, clients_that_check_the_certificate_are_served) {
    if (!has_clients()) GTEST_SKIP() << kNoClients;
    TemporaryFolder folder;
    const Certificate own{folder};
    const Certificate foreign{folder, "foreign"};
    RunningNode node{{"--dev", "--http.tls.cert", own.certificate, "--http.tls.key", own.key}};
    EXPECT_EQ(node.url().rfind("https://127.0.0.1:", 0), 0U) << node.url();
    expect_checks_hold("tls.mjs", node, {}, {"NODE_EXTRA_CA_CERTS=" + own.certificate});
    expect_checks_hold("tls.mjs", node, {"untrusted"},
                       {"NODE_EXTRA_CA_CERTS=" + foreign.certificate});
    EXPECT_EQ(node.end(SIGINT), 0) << node.output();
}

TEST(Tls, files_that_do_not_do_are_told_in_a_line) {
    TemporaryFolder folder;
    const Certificate own{folder};
    const Certificate foreign{folder, "foreign"};
    const auto refusal = [](const std::string& certificate, const std::string& key) {
        return refusal_of({"--http.tls.cert", certificate, "--http.tls.key", key});
    };
    const auto nowhere = (folder.path() / "nowhere").string();
    expect_said(refusal(nowhere, own.key), "cannot read the TLS certificate " + nowhere);
    expect_said(refusal(own.certificate, nowhere), "cannot use the TLS key " + nowhere);
    expect_said(refusal(own.key, own.key), "cannot read the TLS certificate " + own.key);
    expect_said(refusal(own.certificate, foreign.key), "cannot use the TLS key " + foreign.key);
    expect_said(refusal_of({"--http.tls.cert", own.certificate}),
                "--http.tls.cert and --http.tls.key belong together");
}

TEST(Access, a_token) {
    if (!has_clients()) GTEST_SKIP() << kNoClients;
    const std::string token = "a-stone-under-the-door";
    RunningNode node{{"--dev", "--http.token", token}};
    expect_checks_hold("access.mjs", node, {"token", token});
}

TEST(Access, a_json_web_token) {
    if (!has_clients()) GTEST_SKIP() << kNoClients;
    TemporaryFolder folder;
    const std::string key = "3f1d0c5b9a8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a392817060504";
    RunningNode node{{"--dev", "--http.jwtsecret", folder.write("jwt.hex", "0x" + key + "\n")}};
    expect_checks_hold("access.mjs", node, {"jwt", key});
}

TEST(Access, host_names_and_origins) {
    if (!has_clients()) GTEST_SKIP() << kNoClients;
    RunningNode node{{"--dev", "--http.vhosts", "localhost,node.example", "--http.corsdomain",
                      "https://dapp.example", "--ws.origins", "https://socket.example"}};
    expect_checks_hold("access.mjs", node, {"pages"});
}

TEST(Access, an_address_that_others_reach_is_not_opened_without_a_token) {
    for (const char* address : {"0.0.0.0", "::", "192.0.2.1"})
        expect_said(refusal_of({"--http.addr", address}), "without a token");
    expect_said(refusal_of({"--ws", "--ws.port", "0", "--ws.addr", "0.0.0.0"}), "without a token");
    // What would open it must be in order itself.
    TemporaryFolder folder;
    expect_said(refusal_of({"--http.addr", "0.0.0.0", "--http.jwtsecret",
                            folder.write("short.hex", "0x1234")}),
                "not 32 bytes in hex");
    // A token opens it; loopback is part of every address.
    RunningNode node{{"--dev", "--http.addr", "0.0.0.0", "--http.token", "secret"}};
    EXPECT_EQ(node.end(SIGTERM), 0) << node.output();
}

TEST(Flags, times_beyond_the_clock_are_refused) {
    expect_said(refusal_of({"--dev.period", "1000000001"}), "--dev.period");
    expect_said(refusal_of({"--rpc.evmtimeout", "86400001"}), "--rpc.evmtimeout");
}

}  // namespace
}  // namespace cairn::test
