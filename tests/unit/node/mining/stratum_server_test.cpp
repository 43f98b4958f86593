// SPDX-License-Identifier: MIT
// The server with real sockets on loopback.
#include "node/mining/stratum_server.hpp"

#include <chrono>
#include <memory>
#include <thread>

#include "tests/unit/node/mining/board_fixture.hpp"
#include "tests/unit/node/mining/foreign_client.hpp"
#include "tests/unit/node/mining/line_socket.hpp"
#include "node/mining/ban_list.hpp"

namespace cairn::node {
namespace {

using Json = nlohmann::json;
using std::chrono::seconds;

constexpr const char* kUser = "0x00112233445566778899aabbccddeeff00112233.rig";

class StratumServerTest : public BoardFixture {
  protected:
    void start() {
        const auto started = server.start();
        ASSERT_TRUE(started) << started.error();
    }
    /// subscribe and authorize; reads as far as the first job.
    void log_in(LineSocket& socket, ForeignClient& client) const {
        socket.send("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n");
        client.read_line(socket.read_line().value());
        socket.send(R"({"id":2,"method":"mining.authorize","params":[")" + std::string{kUser} + "\",\"x\"]}\n");
        while (client.jobs == 0) client.read_line(socket.read_line().value());
    }
    bool wait_for(const std::function<bool()>& condition) const {
        for (int i = 0; i < 30'000; ++i) {
            if (condition()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
        return false;
    }

    WorkerTable workers;
    StratumServer server{board, workers, {.address = "127.0.0.1", .port = 0, .session = {}}};
};

TEST_F(StratumServerTest, a_client_mines_a_block_and_gets_the_next_job) {
    board.post(unsealed_block(1000, 1));
    start();
    LineSocket socket{server.port()};
    ForeignClient client;
    log_in(socket, client);
    const Json first = client.job;
    socket.send(client.submit(client.solve(1000 / 4294967296.0 * 1.01), kUser) + "\n");
    client.read_line(socket.read_line().value());
    EXPECT_EQ(client.answers.back()["result"], true);
    ASSERT_TRUE(wait_for([&] { return server.stats().blocks == 1; }));
    EXPECT_EQ(sealed().size(), 1U);
    EXPECT_TRUE(engine->check(*sealed()[0].header));
    board.post(unsealed_block(1000, 2, 8));
    while (client.job == first) client.read_line(socket.read_line().value());
    EXPECT_NE(client.job[1], first[1]);
    const auto accounts = workers.snapshot(server.now());
    ASSERT_EQ(accounts.size(), 1U);
    EXPECT_EQ(accounts[0].blocks, 1U);
    EXPECT_EQ(accounts[0].accepted, 1U);
    EXPECT_EQ(server.stats().shares_accepted, 1U);
}

TEST_F(StratumServerTest, lines_may_come_in_pieces_or_together_and_with_carriage_returns) {
    board.post(unsealed_block(1000));
    start();
    LineSocket socket{server.port()};
    for (const char c : std::string{"{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\r\n"})
        socket.send(std::string(1, c));
    EXPECT_EQ(Json::parse(socket.read_line().value())["id"], 1);
    socket.send("\n{\"id\":5,\"method\":\"mining.ping\",\"params\":[]}\n\r\n{\"id\":6,\"method\":\"mining.ping\"}\n{\"id\":7,");
    EXPECT_EQ(Json::parse(socket.read_line().value())["id"], 5);
    EXPECT_EQ(Json::parse(socket.read_line().value())["id"], 6);
    socket.send("\"method\":\"mining.ping\"}\n");
    EXPECT_EQ(Json::parse(socket.read_line().value())["id"], 7);
}

TEST_F(StratumServerTest, every_connection_has_an_extranonce_of_its_own) {
    start();
    std::set<std::string> seen;
    std::vector<std::unique_ptr<LineSocket>> sockets;
    for (int i = 0; i < 50; ++i) {
        sockets.push_back(std::make_unique<LineSocket>(server.port()));
        sockets.back()->send("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n");
        ForeignClient client;
        client.read_line(sockets.back()->read_line().value());
        EXPECT_TRUE(seen.insert(client.extranonce1).second);
    }
    EXPECT_EQ(server.stats().open, 50U);
    sockets.clear();
    EXPECT_TRUE(wait_for([&] { return server.stats().open == 0; }));
    EXPECT_EQ(server.stats().connections, 50U);
}

TEST_F(StratumServerTest, a_line_without_end_is_answered_and_closed) {
    start();
    LineSocket socket{server.port()};
    socket.send(std::string(kStratumLineBytesMax + 100, 'x'));
    EXPECT_NE(socket.read_line().value().find("Line too long"), std::string::npos);
    EXPECT_FALSE(socket.read_line());
    EXPECT_TRUE(wait_for([&] { return server.stats().open == 0; }));
    LineSocket again{server.port()};
    again.send("{\"id\":1,\"method\":\"mining.ping\"}\n");
    EXPECT_TRUE(again.read_line());
}

TEST_F(StratumServerTest, a_client_that_talks_nonsense_is_banned_with_its_address) {
    start();
    LineSocket socket{server.port()};
    for (int i = 0; i < 10; ++i) socket.send("nonsense\n");
    while (socket.read_line()) {
    }
    EXPECT_EQ(server.stats().bans, 1U);
    LineSocket again{server.port()};
    again.send("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n");
    EXPECT_FALSE(again.read_line());
    EXPECT_EQ(server.stats().refused, 1U);
}

TEST_F(StratumServerTest, a_client_that_does_not_read_is_closed) {
    board.post(unsealed_block(std::uint64_t{1} << 40, 1));
    start();
    LineSocket socket{server.port()};
    ForeignClient client;
    log_in(socket, client);
    // Jobs, until the kernel's buffers and the backlog are full.
    for (int i = 2; i < 200'000 && server.stats().open == 1; ++i) {
        Header header = *unsealed_block(std::uint64_t{1} << 40).header;
        header.gas_used = static_cast<Gas>(i);
        board.post({.header = HashedHeader{header}, .body = {}});
    }
    EXPECT_TRUE(wait_for([&] { return server.stats().open == 0; }));
}

TEST_F(StratumServerTest, stops_with_clients_connected_and_twice) {
    board.post(unsealed_block(1000));
    start();
    LineSocket socket{server.port()};
    ForeignClient client;
    log_in(socket, client);
    server.stop();
    EXPECT_FALSE(socket.read_line());
    server.stop();
    board.post(unsealed_block(1000, 9));
}

TEST_F(StratumServerTest, says_why_it_cannot_listen) {
    start();
    StratumServer taken{board, workers, {.address = "127.0.0.1", .port = server.port(), .session = {}}};
    const auto second = taken.start();
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().find("in use"), std::string::npos) << second.error();
    StratumServer nowhere{board, workers, {.address = "nowhere", .port = 0, .session = {}}};
    EXPECT_FALSE(nowhere.start());
}

TEST(BanList, refuses_until_its_end_and_longer_each_time) {
    BanList bans;
    using Time = BanList::Time;
    EXPECT_FALSE(bans.is_banned("a", Time{0}));
    Time now{0};
    for (Time length = kBanTimeMin; length < kBanTimeMax; length *= 2) {
        bans.ban("a", now);
        EXPECT_TRUE(bans.is_banned("a", now + length - Time{1}));
        EXPECT_FALSE(bans.is_banned("a", now + length));
        EXPECT_FALSE(bans.is_banned("b", now));
        now += length;
    }
    for (int i = 0; i < 2; ++i) {
        bans.ban("a", now);
        EXPECT_TRUE(bans.is_banned("a", now + kBanTimeMax - Time{1}));
        EXPECT_FALSE(bans.is_banned("a", now + kBanTimeMax));
        now += kBanTimeMax;
    }
    now += kBanMemory;
    bans.ban("a", now);
    EXPECT_FALSE(bans.is_banned("a", now + kBanTimeMin));
}

TEST(BanList, is_bounded_and_the_first_to_end_gives_way) {
    BanList bans;
    using Time = BanList::Time;
    for (std::size_t i = 0; i <= kBansMax; ++i) bans.ban(std::to_string(i), Time{static_cast<std::int64_t>(i)});
    EXPECT_EQ(bans.size(), kBansMax);
    EXPECT_FALSE(bans.is_banned("0", Time{1}));
    EXPECT_TRUE(bans.is_banned("1", Time{1}));
}

}  // namespace
}  // namespace cairn::node
