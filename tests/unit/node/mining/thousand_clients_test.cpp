// SPDX-License-Identifier: MIT
// A thousand clients of all sizes at once, in virtual time: vardiff settles for each, and memory stays flat.
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include <malloc.h>

#include "tests/unit/node/mining/stratum_fixture.hpp"

namespace cairn::node {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Bytes in use on the heap. Sanitizers answer 0, and memory is then not judged.
std::size_t heap_bytes() { return ::mallinfo2().uordblks; }

/// One client whose shares come by chance at its hash rate, each a real one.
struct SimulatedClient {
    std::unique_ptr<StratumSession> session;
    ForeignClient client;
    double hashes_per_second = 0;
    std::uint64_t extranonce = 0;
    std::uint64_t accepted = 0;
    std::uint64_t accepted_late = 0;  ///< in the last ten minutes

    void take(const SessionOutput& out, bool is_late) {
        ASSERT_FALSE(out.close);
        client.read(out.text);
        // What was said is of no use once it is understood.
        client.lines.clear();
        client.answers.clear();
        for (const ShareEvent& share : out.shares) {
            ASSERT_EQ(share.outcome, ShareOutcome::Accepted);
            ++accepted;
            accepted_late += is_late ? 1 : 0;
        }
    }
};

TEST(ThousandClients, settle_at_five_shares_a_minute_each_with_flat_memory) {
    constexpr std::size_t kClients = 1000;
    constexpr int kMinutes = 60;
    std::mt19937_64 random{42};
    StratumSession::Time now{0};
    std::vector<SimulatedClient> clients(kClients);
    std::size_t number = 0;
    const MiningJob job = make_job(std::uint64_t{1} << 40);
    for (SimulatedClient& c : clients) {
        StratumSessionOptions options;
        options.difficulty_start = 1e-8;
        c.session = std::make_unique<StratumSession>(static_cast<std::uint32_t>(number++), options, now);
        // Up to 32 hashes a second: shares of 5 a minute then take some 6 to 400 hashes, which are really done.
        c.hashes_per_second = 0.5 * std::pow(2, std::uniform_real_distribution<double>{0, 6}(random));
        c.take(c.session->on_job(job, true, now), false);
        c.take(c.session->on_line(R"({"id":1,"method":"mining.subscribe","params":[]})", now), false);
        c.take(c.session->on_line(R"({"id":2,"method":"mining.authorize","params":[")" + std::string{kUser} + R"(",""]})",
                                  now),
               false);
    }
    std::size_t settled_bytes = 0;
    for (int second = 0; second < 60 * kMinutes; ++second) {
        now += seconds{1};
        const bool is_late = second >= 60 * (kMinutes - 10);
        // A block every ten seconds would be 360 jobs; some are enough.
        const bool has_block = second % 120 == 60;
        for (SimulatedClient& c : clients) {
            if (has_block)
                c.take(c.session->on_job(make_job(std::uint64_t{1} << 40, static_cast<std::uint8_t>(second / 60)), true, now),
                       is_late);
            c.take(c.session->on_tick(now), is_late);
            const double mean = c.hashes_per_second / (c.client.difficulty * 4294967296.0);
            for (int shares = std::poisson_distribution<int>{mean}(random); shares > 0; --shares) {
                const auto solved = c.client.solve(c.client.difficulty, 0, ++c.extranonce);
                c.take(c.session->on_line(c.client.submit(solved, kUser), now), is_late);
            }
        }
        if (second == 60 * 20) settled_bytes = heap_bytes();
    }
    int near = 0;
    for (const SimulatedClient& c : clients) {
        const double per_minute = static_cast<double>(c.accepted_late) / 10;
        near += per_minute > 2 && per_minute < 12 ? 1 : 0;
        EXPECT_GT(per_minute, 0.5) << c.hashes_per_second;
        EXPECT_LT(per_minute, 20) << c.hashes_per_second;
    }
    EXPECT_GE(near, static_cast<int>(kClients) * 98 / 100);
    if (settled_bytes > 0) {
        EXPECT_LT(heap_bytes(), settled_bytes + settled_bytes / 10);
    }
}

}  // namespace
}  // namespace cairn::node
