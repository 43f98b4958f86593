// SPDX-License-Identifier: MIT
// A miner's remote side against small servers: public Stratum dialects, getwork, eth_getWork; failures and failover.
#include "miner/remote_source.hpp"

#include <chrono>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "core/crypto/ethash.hpp"
#include "core/crypto/sha256.hpp"
#include "miner/kernel.hpp"
#include "miner/line_socket.hpp"
#include "miner/miner.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/unit/miner/small_server.hpp"

namespace cairn::miner {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

RemoteUrl url_of(RemoteKind kind, const SmallServer& server, const std::string& path = "/") {
    return {.kind = kind, .host = "127.0.0.1", .port = server.port(), .path = path, .user = "user.rig", .password = "x"};
}

/// How long anything here may take on a machine with other work to do.
constexpr std::chrono::minutes kPatience{5};

bool wait_for(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(milliseconds{10});
    }
    return true;
}

/// What the source said, for any thread.
class Said {
  public:
    RemoteSource::Log log() {
        return [this](const std::string& text) {
            const std::scoped_lock lock{mutex_};
            lines_.push_back(text);
        };
    }
    bool has(const std::string& part) const {
        const std::scoped_lock lock{mutex_};
        return std::ranges::any_of(lines_, [&](const auto& line) { return line.find(part) != std::string::npos; });
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

const MinerOptions kOneThread{.threads = 1, .nice = 0, .pin = false, .kernel = &kKernelPortable};

/// A pool as old ones are: no configure, an extranonce of 4 bytes, no branches in its job, shares checked in full.
class OldPool {
  public:
    void operator()(ServerEnd& client, int) {
        while (const auto line = client.read_line()) {
            const Json request = Json::parse(*line);
            const auto method = request["method"].get<std::string>();
            const std::string id = request["id"].dump();
            if (method == "mining.subscribe") {
                client.send("{\"id\":" + id + ",\"result\":[[\"mining.notify\",\"ae\"],\"f000000f\",4],\"error\":null}\n");
            } else if (method == "mining.authorize") {
                client.send("{\"id\":" + id + ",\"result\":true,\"error\":null}\n");
                client.send("{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[1e-7]}\n" + std::string{kJob});
            } else if (method == "mining.submit") {
                judge(client, id, request["params"]);
            } else {
                client.send("{\"id\":" + id + ",\"result\":null,\"error\":[-3,\"Method not found\",null]}\n");
            }
        }
    }

    std::atomic<int> good{0};
    std::atomic<int> bad{0};

  private:
    // Bitcoin's block 125552 as a pool could have given it, with its Merkle root's place taken by a coinbase.
    static constexpr const char* kJob =
        "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"job 1\","
        "\"02cd8100569e567bcd93178ebf99fe2d44d49ab2b8851ba4a30800000000000b\",\"0100000001\",\"ffff\",[],\"00000001\","
        "\"1a44b9f2\",\"4dd7f5c7\",true]}\n";

    void judge(ServerEnd& client, const std::string& id, const Json& params) {
        const auto text = [&](std::size_t i) { return params[i].get<std::string>(); };
        Bytes header = {1, 0, 0, 0};
        Bytes words = *from_hex("02cd8100569e567bcd93178ebf99fe2d44d49ab2b8851ba4a30800000000000b");
        for (std::size_t i = 0; i < words.size(); i += 4) std::reverse(&words[i], &words[i] + 4);
        append(header, words);
        append(header, sha256d(*from_hex("0100000001f000000f" + text(2) + "ffff")));
        for (const std::string& field : {text(3), std::string{"1a44b9f2"}, text(4)}) {
            Bytes bytes = *from_hex(field);
            std::ranges::reverse(bytes);
            append(header, bytes);
        }
        const Hash256 hash = sha256d(header);
        const bool is_good = params.size() == 5 && text(0) == "user.rig" && text(1) == "job 1" && text(2).size() == 8 &&
                             static_cast<double>(load_le64(hash.data() + 24)) <= 4294901760.0 / 1e-7;
        ++(is_good ? good : bad);
        client.send("{\"id\":" + id + (is_good ? ",\"result\":true,\"error\":null}\n"
                                               : ",\"result\":false,\"error\":[23,\"bad\",null]}\n"));
    }
};

TEST(RemoteStratum, mines_on_an_old_pool_without_rolling) {
    OldPool pool;
    SmallServer server{std::ref(pool)};
    Said said;
    RemoteSource source{{url_of(RemoteKind::Stratum, server)}, said.log()};
    Miner miner{source, kOneThread};
    ASSERT_TRUE(wait_for([&] { return pool.good >= 20 && source.stats().accepted >= 20; }));
    EXPECT_EQ(pool.bad, 0);
    EXPECT_EQ(source.stats().rejected, 0U);
    EXPECT_EQ(source.stats().blocks, 0U);
    EXPECT_TRUE(source.stats().is_connected);
    EXPECT_TRUE(said.has("connected to stratum+tcp://127.0.0.1:"));
}

TEST(RemoteStratum, a_server_that_hangs_up_on_configure_is_asked_without) {
    OldPool pool;
    SmallServer server{[&](ServerEnd& client, int number) {
        if (number == 0) {
            const auto first = client.read_line();
            EXPECT_NE(first.value_or("").find("mining.configure"), std::string::npos);
            return;
        }
        const auto first = client.read_line();
        EXPECT_NE(first.value_or("").find("mining.subscribe"), std::string::npos);
        client.send("{\"id\":1,\"result\":[[],\"f000000f\",4],\"error\":null}\n");
        pool(client, number);
    }};
    Said said;
    RemoteSource source{{url_of(RemoteKind::Stratum, server)}, said.log()};
    Miner miner{source, kOneThread};
    EXPECT_TRUE(wait_for([&] { return source.stats().accepted >= 1; }));
    EXPECT_TRUE(said.has("closed the connection"));
}

TEST(RemoteStratum, the_next_server_takes_over_and_a_lost_one_is_left) {
    OldPool pool;
    SmallServer gone{[](ServerEnd&, int) {}};
    SmallServer server{std::ref(pool)};
    Said said;
    RemoteSource source{{url_of(RemoteKind::Stratum, gone), url_of(RemoteKind::Stratum, server)}, said.log()};
    Miner miner{source, kOneThread};
    EXPECT_TRUE(wait_for([&] { return source.stats().accepted >= 1; }));
    EXPECT_TRUE(said.has("closed the connection"));
}

TEST(RemoteStratum, after_a_loss_work_stops_and_comes_back) {
    std::atomic<bool> drop{false};
    std::atomic<bool> come_back{false};
    const auto wait_for_flag = [](const std::atomic<bool>& flag) {
        while (!flag) std::this_thread::sleep_for(milliseconds{5});
    };
    OldPool pool;
    SmallServer server{[&](ServerEnd& client, int number) {
        if (number > 0) {
            wait_for_flag(come_back);
            return pool(client, number);
        }
        client.read_line();
        client.read_line();
        client.send("{\"id\":2,\"result\":[[],\"00\",4],\"error\":null}\n{\"id\":null,\"method\":\"mining.notify\","
                    "\"params\":[\"1\",\"" + std::string(64, '0') +
                    "\",\"00\",\"00\",[],\"00000001\",\"1a44b9f2\",\"4dd7f5c7\",true]}\n");
        wait_for_flag(drop);
    }};
    Said said;
    RemoteSource source{{url_of(RemoteKind::Stratum, server)}, said.log()};
    EXPECT_TRUE(source.wait_work({}));
    drop = true;
    EXPECT_FALSE(source.wait_work({}));
    EXPECT_FALSE(source.stats().is_connected);
    come_back = true;
    EXPECT_TRUE(source.wait_work({}));
}

/// Serves HTTP requests with what `answer` makes of path and body.
SmallServer::Serve http(std::function<std::string(const std::string& path, const Json& body)> answer) {
    return [answer](ServerEnd& client, int) {
        while (const auto head = client.read_until("\r\n\r\n")) {
            const auto at = head->find("Content-Length: ");
            const auto body = client.read_bytes(at == std::string::npos ? 0 : std::stoul(head->substr(at + 16)));
            if (!body) return;
            const std::string path = head->substr(5, head->find(' ', 5) - 5);
            const std::string text = answer(path, Json::parse(*body));
            const bool is_found = !text.empty();
            client.send(fmt::format("HTTP/1.1 {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                                    is_found ? "200 OK" : "404 Not Found", text.size(), text));
        }
    };
}

TEST(RemoteGetwork, mines_over_getwork_and_rolls_versions_where_told) {
    std::atomic<int> good{0};
    std::atomic<int> polls{0};
    SmallServer server{http([&](const std::string& path, const Json& body) -> std::string {
        EXPECT_EQ(body["method"], "getwork");
        if (body["params"].empty()) {
            polls += path == "/mine/lp" ? 1 : 0;
            // Another word in the data for each call, and an easy target.
            return fmt::format(R"({{"result":{{"data":"20000000{:08x}{}","target":"{}3f00","versionmask":"1fffe000"}},"error":null,"id":0}})",
                               good.load(), std::string(240, '0'), std::string(60, 'f'));
        }
        EXPECT_EQ(path, "/mine");
        Bytes data = *from_hex(body["params"][0].get<std::string>());
        EXPECT_EQ(data.size(), 128U);
        EXPECT_EQ(to_hex(ByteView{data}.subspan(80)), "00000080" + std::string(80, '0') + "80020000");
        for (std::size_t i = 0; i < data.size(); i += 4) std::reverse(&data[i], &data[i] + 4);
        const Hash256 hash = sha256d(ByteView{data}.first(80));
        EXPECT_EQ(hash.bytes[31], 0);
        EXPECT_LE(hash.bytes[30], 0x3f);
        ++good;
        return R"({"result":true,"error":null,"id":1})";
    })};
    Said said;
    RemoteSource source{{url_of(RemoteKind::Http, server)}, said.log()};
    Miner miner{source, kOneThread};
    EXPECT_TRUE(wait_for([&] { return good >= 20 && polls >= 1; }));
    EXPECT_TRUE(said.has("getwork"));
    EXPECT_EQ(source.stats().rejected, 0U);
}

TEST(RemoteGetwork, other_work_is_fetched_once_the_first_is_used_up) {
    std::atomic<int> asked{0};
    SmallServer server{http([&](const std::string&, const Json&) -> std::string {
        ++asked;
        return R"({"result":{"data":")" + std::string(256, '0') + R"(","target":")" + std::string(64, '0') +
               R"("},"error":null,"id":0})";
    })};
    Said said;
    RemoteSource source{{url_of(RemoteKind::Http, server, "/other")}, said.log()};
    ASSERT_TRUE(source.wait_work({}));
    EXPECT_GE(asked, 1);
    // It asks every five seconds anyway. On a machine with other work to do, an answer that was asked for at once may
    // take as long as that; it does not each time.
    auto best = std::chrono::steady_clock::duration::max();
    for (std::uint64_t id = 1; id <= 20 && best > std::chrono::seconds{4}; ++id) {
        const auto start = std::chrono::steady_clock::now();
        source.exhausted(id);
        ASSERT_TRUE(source.wait_work({}));
        best = std::min(best, std::chrono::steady_clock::now() - start);
    }
    EXPECT_LT(best, std::chrono::seconds{4});
}

TEST(RemoteEthash, mines_over_eth_getwork_where_there_is_no_getwork) {
    std::atomic<int> good{0};
    Hash256 seal_hash;
    seal_hash.bytes.fill(0x77);
    const EthashCache cache{0};
    SmallServer server{http([&](const std::string& path, const Json& body) -> std::string {
        if (path == "/mine") return "";
        const std::string id = body["id"].dump();
        if (body["method"] == "eth_getWork")
            return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":[")" + to_hex0x(seal_hash) + R"(","0x)" +
                   std::string(64, '0') + R"(","0x1f)" + std::string(62, 'f') + R"(","0x5"]})";
        EXPECT_EQ(body["method"], "eth_submitWork");
        const auto nonce = fixed_from_hex<SealNonce>(body["params"][0].get<std::string>());
        const auto mix = fixed_from_hex<Hash256>(body["params"][2].get<std::string>());
        EXPECT_EQ(body["params"][1], to_hex0x(seal_hash));
        const EthashResult result = cache.hash(seal_hash, load_be64(nonce->data()));
        EXPECT_EQ(result.mix, mix);
        EXPECT_LE(result.value.bytes[0], 0x1f);
        ++good;
        return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":true})";
    })};
    Said said;
    RemoteSource source{{url_of(RemoteKind::Http, server)}, said.log()};
    Miner miner{source, kOneThread};
    EXPECT_TRUE(wait_for([&] { return good >= 3 && source.stats().blocks >= 3; }));
    EXPECT_TRUE(said.has("Ethash"));
}

TEST(RemoteSourceTest, pauses_grow_from_a_second_to_a_minute) {
    EXPECT_EQ(RemoteSource::back_off(0).count(), 1);
    EXPECT_EQ(RemoteSource::back_off(1).count(), 2);
    EXPECT_EQ(RemoteSource::back_off(5).count(), 32);
    EXPECT_EQ(RemoteSource::back_off(6).count(), 60);
    EXPECT_EQ(RemoteSource::back_off(4'000'000'000U).count(), 60);
}

TEST(RemoteSourceTest, ends_at_once_while_nothing_answers) {
    Said said;
    std::atomic<bool> is_asked{false};
    SmallServer mute{[&](ServerEnd& client, int) {
        is_asked = client.read_line().has_value();
        client.read_line();
    }};
    std::chrono::steady_clock::time_point start;
    {
        RemoteSource source{{url_of(RemoteKind::Stratum, mute)}, said.log()};
        EXPECT_TRUE(wait_for([&] { return is_asked.load(); }));
        start = std::chrono::steady_clock::now();
    }
    // An answer is waited for thirty seconds.
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{25});
}

TEST(LineSocketTest, lines_come_whole_and_a_line_without_end_is_too_long) {
    SmallServer server{[](ServerEnd& client, int) {
        client.send("one\r\ntw");
        client.send("o\n\n");
        client.send(std::string(LineSocket::kLineBytesMax + 2, 'x'));
        client.read_line();
    }};
    LineSocket socket;
    ASSERT_TRUE(socket.connect("127.0.0.1", server.port(), kPatience, {}));
    std::string line;
    using Outcome = LineSocket::ReadOutcome;
    for (const char* wanted : {"one", "two", ""}) {
        ASSERT_EQ(socket.read_line(line, kPatience), Outcome::Line);
        EXPECT_EQ(line, wanted);
    }
    EXPECT_EQ(socket.read_line(line, kPatience), Outcome::TooLong);
    EXPECT_TRUE(socket.send("bye\n"));
}

TEST(LineSocketTest, silence_and_the_end_are_told_apart) {
    std::atomic<bool> go{false};
    SmallServer server{[&](ServerEnd&, int) {
        while (!go) std::this_thread::sleep_for(milliseconds{5});
    }};
    LineSocket socket;
    ASSERT_TRUE(socket.connect("localhost", server.port(), kPatience, {}));
    std::string line;
    EXPECT_EQ(socket.read_line(line, milliseconds{20}), LineSocket::ReadOutcome::Nothing);
    go = true;
    EXPECT_EQ(socket.read_line(line, kPatience), LineSocket::ReadOutcome::Ended);
}

TEST(LineSocketTest, says_why_it_cannot_connect) {
    const test::ReservedPort closed;
    LineSocket socket;
    const auto refused = socket.connect("127.0.0.1", closed.port(), kPatience, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), "Connection refused");
    EXPECT_FALSE(LineSocket{}.connect("no-such-host.invalid", 1, milliseconds{1000}, {}));
}

}  // namespace
}  // namespace cairn::miner
