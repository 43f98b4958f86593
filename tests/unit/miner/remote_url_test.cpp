// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "miner/remote_session.hpp"

namespace cairn::miner {
namespace {

TEST(RemoteUrl, stratum_with_and_without_user) {
    const auto plain = parse_remote_url("stratum+tcp://pool.example:3333", "me", "secret");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->kind, RemoteKind::Stratum);
    EXPECT_EQ(plain->host, "pool.example");
    EXPECT_EQ(plain->port, 3333);
    EXPECT_EQ(plain->user, "me");
    EXPECT_EQ(plain->password, "secret");
    const auto named = parse_remote_url("stratum+tcp://0xab.rig:p%40ss@pool.example:1/", "me", "secret");
    ASSERT_TRUE(named);
    EXPECT_EQ(named->user, "0xab.rig");
    EXPECT_EQ(named->password, "p@ss");
    EXPECT_EQ(named->port, 1);
    EXPECT_EQ(to_text(*named), "stratum+tcp://pool.example:1");
}

TEST(RemoteUrl, http_with_path_and_without_port) {
    const auto url = parse_remote_url("http://user@node.example/mine?x=1");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->kind, RemoteKind::Http);
    EXPECT_EQ(url->port, 80);
    EXPECT_EQ(url->path, "/mine?x=1");
    EXPECT_EQ(url->user, "user");
    EXPECT_EQ(url->password, "");
    EXPECT_EQ(parse_remote_url("http://127.0.0.1:8545")->path, "/");
    EXPECT_EQ(to_text(*parse_remote_url("http://127.0.0.1:8545")), "http://127.0.0.1:8545/");
}

TEST(RemoteUrl, addresses_of_version_6_stand_in_brackets) {
    const auto url = parse_remote_url("stratum+tcp://[::1]:3333");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "::1");
    EXPECT_EQ(url->port, 3333);
    EXPECT_EQ(to_text(*url), "stratum+tcp://[::1]:3333");
}

TEST(RemoteUrl, everything_else_is_refused_with_a_reason) {
    for (const char* url :
         {"", "pool.example:3333", "stratum+ssl://pool:1", "https://pool", "stratum+tcp://", "stratum+tcp://pool",
          "stratum+tcp://pool:", "stratum+tcp://pool:0", "stratum+tcp://pool:65536", "stratum+tcp://pool:x",
          "stratum+tcp://:3333", "stratum+tcp://pool:1/path", "stratum+tcp://[::1:3333", "stratum+tcp://[::1]3333",
          "stratum+tcp://a%4@pool:1", "stratum+tcp://a:%zz@pool:1", "http://", "http://host:x/"}) {
        const auto parsed = parse_remote_url(url);
        EXPECT_FALSE(parsed) << url;
        if (!parsed) {
            EXPECT_NE(parsed.error().find("is no URL to mine at"), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace cairn::miner
