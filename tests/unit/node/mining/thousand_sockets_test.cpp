// SPDX-License-Identifier: MIT
// A thousand clients at once over real sockets, against one server: vardiff settles for each, every share is answered,
// and memory stays flat.
//
// Five shares a minute take minutes to settle, so the server's clock is the test's: it goes on by a second when all
// clients have their answers, and a run neither waits nor depends on how fast its machine is.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <vector>

#include <sys/resource.h>

#include "node/mining/stratum_server.hpp"
#include "tests/unit/node/mining/board_fixture.hpp"
#include "tests/unit/node/mining/foreign_client.hpp"
#include "tests/unit/node/mining/line_socket.hpp"

namespace cairn::node {
namespace {

using std::chrono::milliseconds;

constexpr const char* kUser = "0x00112233445566778899aabbccddeeff00112233.rig";

// Sanitizers make everything ten times slower, and memory theirs.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif
#else
constexpr bool kIsSanitized = false;
#endif
constexpr std::size_t kClients = kIsSanitized ? 100 : 1000;

/// Resident memory of this process, in KiB.
std::size_t resident_kib() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;)
        if (word == "VmRSS:") {
            std::size_t kib = 0;
            status >> kib;
            return kib;
        }
    return 0;
}

/// Raises this process's limit of open files as far as it may; whether that is enough for both ends of all sockets.
bool has_sockets() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    limit.rlim_cur = limit.rlim_max;
    static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
    return limit.rlim_max >= 2 * kClients + 100;
}

/// One client whose shares come by chance at its hash rate, each a real one.
struct SocketClient {
    std::unique_ptr<LineSocket> socket;
    ForeignClient client;
    double hashes_per_second = 0;
    std::uint64_t extranonce = 0;
    std::size_t waiting = 0;  ///< submits without an answer yet
    std::uint64_t accepted = 0;
    std::uint64_t stale = 0;
    std::uint64_t accepted_late = 0;

    void read(const std::string& line, bool is_late) {
        client.read_line(line);
        client.lines.clear();
        if (client.answers.empty()) return;
        const auto answer = client.answers.back();
        client.answers.clear();
        if (answer["id"] != 4) return;
        ASSERT_GT(waiting, 0U);
        --waiting;
        if (answer["result"] == true) {
            ++accepted;
            accepted_late += is_late ? 1 : 0;
        } else {
            // A job may have ended on the way; there is no other reason to refuse a share.
            ASSERT_EQ(answer["error"][0], 21) << answer;
            ++stale;
        }
    }
    /// What has come, and whatever is waited for.
    void read_all(bool is_late) {
        while (const auto line = socket->read_line(waiting > 0 ? LineSocket::kPatience : milliseconds{0}))
            read(*line, is_late);
        ASSERT_EQ(waiting, 0U) << "a share was not answered";
    }
};

class ThousandSockets : public BoardFixture {
  protected:
    void connect(std::uint16_t port) {
        for (SocketClient& c : clients) {
            c.socket = std::make_unique<LineSocket>(port);
            // Shares of five a minute then take 6 to 96 hashes, which are really done.
            c.hashes_per_second = 0.5 * std::pow(2, std::uniform_real_distribution<double>{0, 4}(random));
            c.socket->send("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n");
            c.socket->send(fmt::format("{{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"{}\",\"\"]}}\n", kUser));
        }
        for (SocketClient& c : clients)
            while (c.client.jobs == 0) {
                const auto line = c.socket->read_line(LineSocket::kPatience);
                ASSERT_TRUE(line);
                c.read(*line, false);
            }
    }
    /// Every client's shares of one second, all under way at once.
    void mine_a_second(bool is_late) {
        for (SocketClient& c : clients) {
            const double mean = c.hashes_per_second / (c.client.difficulty * 4294967296.0);
            for (int shares = std::poisson_distribution<int>{mean}(random); shares > 0; --shares) {
                const auto solved = c.client.solve(c.client.difficulty, 0, ++c.extranonce);
                c.socket->send(c.client.submit(solved, kUser) + "\n");
                ++c.waiting;
            }
        }
        for (SocketClient& c : clients) c.read_all(is_late);
    }

    std::mt19937_64 random{42};
    std::vector<SocketClient> clients{kClients};
};

TEST_F(ThousandSockets, settle_at_five_shares_a_minute_each_with_flat_memory) {
    if (!has_sockets()) GTEST_SKIP() << "this process may not open " << 2 * kClients << " sockets";
    // Nine minutes of the server's time; CAIRN_SIM_MINUTES=60 makes it an hour, by hand.
    const char* const wanted = std::getenv("CAIRN_SIM_MINUTES");
    const int minutes = wanted == nullptr ? 9 : std::max(9, std::atoi(wanted));
    constexpr int kLateMinutes = 4;
    std::atomic<std::int64_t> clock_ms{0};
    WorkerTable workers;
    StratumServerOptions options;
    options.port = 0;
    options.session.difficulty_start = 1e-8;
    options.clock = [&] { return milliseconds{clock_ms.load()}; };
    options.tick = milliseconds{10};
    StratumServer server{board, workers, options};
    ASSERT_TRUE(server.start());
    board.post(unsealed_block(std::uint64_t{1} << 40));
    connect(server.port());
    ASSERT_FALSE(HasFatalFailure());
    EXPECT_EQ(server.stats().open, kClients);

    std::size_t settled_kib = 0;
    for (int second = 0; second < 60 * minutes; ++second) {
        clock_ms += 1000;
        // Another head now and then.
        if (second % 60 == 30) board.post(unsealed_block(std::uint64_t{1} << 40, static_cast<std::uint8_t>(second / 60 + 1)));
        mine_a_second(second >= 60 * (minutes - kLateMinutes));
        ASSERT_FALSE(HasFatalFailure());
        if (second == 60 * (minutes - kLateMinutes)) settled_kib = resident_kib();
    }

    // Twenty shares are expected of each in the last four minutes; chance alone leaves 10 to 32 once in a hundred times.
    std::size_t near = 0;
    std::uint64_t late = 0;
    std::uint64_t accepted = 0;
    std::uint64_t stale = 0;
    for (const SocketClient& c : clients) {
        near += c.accepted_late >= 8 && c.accepted_late <= 40 ? 1 : 0;
        late += c.accepted_late;
        accepted += c.accepted;
        stale += c.stale;
    }
    EXPECT_GE(near, kClients * 95 / 100);
    const double per_minute = static_cast<double>(late) / static_cast<double>(kClients * kLateMinutes);
    EXPECT_GT(per_minute, 4);
    EXPECT_LT(per_minute, 7);
    EXPECT_LT(stale, accepted / 20);
    const StratumServerStats stats = server.stats();
    EXPECT_EQ(stats.open, kClients);
    EXPECT_EQ(stats.shares_accepted, accepted);
    EXPECT_EQ(stats.shares_refused, stale);
    EXPECT_EQ(stats.bans, 0U);
    const std::size_t ended_kib = resident_kib();
    RecordProperty("resident_kib_settled", static_cast<int>(settled_kib));
    RecordProperty("resident_kib_ended", static_cast<int>(ended_kib));
    std::printf("%zu clients, %llu shares, %.2f a minute each at the end, %zu near; resident %zu KiB, then %zu KiB\n",
                kClients, static_cast<unsigned long long>(accepted), per_minute, near, settled_kib, ended_kib);
    if (!kIsSanitized) {
        EXPECT_LT(ended_kib, settled_kib + settled_kib / 5);
    }
}

}  // namespace
}  // namespace cairn::node
