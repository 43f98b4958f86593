// SPDX-License-Identifier: MIT
// The program cairn-miner against the node's own doors for miners.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <memory>
#include <mutex>
#include <sstream>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "chain/build/job_board.hpp"
#include "chain/rules/pow.hpp"
#include "node/mining/mine_endpoint.hpp"
#include "node/mining/stratum_server.hpp"
#include "tests/functional/program.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/unit/miner/small_server.hpp"

namespace cairn::node {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr const char* kUser = "0x00112233445566778899aabbccddeeff00112233.rig";
/// Some thousandths of a second with vectors, some tenths without.
constexpr std::uint64_t kDifficulty = std::uint64_t{1} << 20;

/// After which a miner that finds nothing ends.
constexpr const char* kSecondsMax = "300";

/// A chain that grows by a block for each seal.
class GrowingChain {
  public:
    GrowingChain() { board.post(next()); }

    std::size_t length() const {
        const std::scoped_lock lock{mutex_};
        return blocks_.size();
    }

    const std::unique_ptr<chain::SealEngine> engine = chain::make_seal_engine(chain::SealKind::Sha256d);
    chain::JobBoard board{*engine, [this](Block block) {
                              {
                                  const std::scoped_lock lock{mutex_};
                                  blocks_.push_back(std::move(block));
                              }
                              board.post(next());
                          }};

  private:
    Block next() const {
        const std::scoped_lock lock{mutex_};
        Header header;
        header.number = blocks_.size() + 1;
        header.timestamp = 1'800'000'000 + blocks_.size();
        header.difficulty = {Uint256{kDifficulty}};
        if (!blocks_.empty()) header.parent_hash = blocks_.back().header.hash();
        return {.header = HashedHeader{header}, .body = {}};
    }

    mutable std::mutex mutex_;
    std::vector<Block> blocks_;
};

/// The last line of the program's output that tells of the end.
Json ending(const test::ProgramResult& result) {
    std::istringstream lines{result.out};
    Json last;
    for (std::string line; std::getline(lines, line);) {
        const Json object = Json::parse(line);
        if (object["event"] == "end") last = object;
    }
    return last;
}

/// Whether the program's last line of JSON tells of three blocks.
bool has_three_blocks(const test::ProgramState& state) {
    constexpr std::string_view kBlocks = "\"blocks\":";
    const auto at = state.out.rfind(kBlocks);
    return at != std::string::npos && std::strtoull(state.out.c_str() + at + kBlocks.size(), nullptr, 10) >= 3;
}

/// Waits until each block of the chain is on somebody's account: the last may have been sealed when the program ended.
bool all_are_paid_for(const WorkerTable& workers, const GrowingChain& chain, WorkerTable::Time now) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{5};
    while (std::chrono::steady_clock::now() < deadline) {
        const auto accounts = workers.snapshot(now);
        if (accounts.size() == 1 && accounts[0].blocks == chain.length()) return true;
        std::this_thread::sleep_for(milliseconds{10});
    }
    return false;
}

TEST(CairnMiner, finds_blocks_on_the_nodes_stratum_server) {
    GrowingChain chain;
    WorkerTable workers;
    StratumServer server{chain.board, workers, {.address = "127.0.0.1", .port = 0, .session = {}}};
    ASSERT_TRUE(server.start());
    const auto result = test::run_program(
        CAIRN_MINER,
        {"--url", fmt::format("stratum+tcp://127.0.0.1:{}", server.port()), "--user", kUser, "--threads", "2", "--json",
         "--interval", "0.2", "--seconds", kSecondsMax},
        {}, has_three_blocks);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const Json end = ending(result);
    EXPECT_GE(chain.length(), 3U) << result.out;
    EXPECT_GE(end["blocks"], 3);
    // Blocks come faster than shares travel here, so that some of these are for the job before;
    // there is no other reason to refuse one.
    const auto count = [&result](const std::string& text) {
        std::size_t found = 0;
        for (auto at = result.out.find(text); at != std::string::npos;
             at = result.out.find(text, at + 1))
            ++found;
        return found;
    };
    EXPECT_EQ(count("refused: "), count("refused: Stale share")) << result.out;
    EXPECT_GT(end["hashes"], 1000);
    ASSERT_TRUE(all_are_paid_for(workers, chain, server.now()));
    const auto accounts = workers.snapshot(server.now());
    EXPECT_EQ(to_text(accounts[0].worker), kUser);
    // The last answers may have been on their way when the program ended.
    EXPECT_LE(end["accepted"].get<std::uint64_t>(), accounts[0].accepted);
}

/// Answers a connection's requests from an endpoint, each when its answer comes.
miner::SmallServer::Serve serve(MineEndpoint& endpoint, const std::atomic<bool>& stop) {
    return [&](miner::ServerEnd& client, int) {
        while (const auto head = client.read_until("\r\n\r\n")) {
            const auto at = head->find("Content-Length: ");
            const auto body = client.read_bytes(at == std::string::npos ? 0 : std::stoul(head->substr(at + 16)));
            if (!body) return;
            rpc::HttpRequest request;
            request.path = head->substr(5, head->find(' ', 5) - 5);
            request.body = *body;
            request.user = kUser;
            auto answer = std::make_shared<std::promise<rpc::HttpResponse>>();
            auto future = answer->get_future();
            endpoint.handle(request, [answer](rpc::HttpResponse response) { answer->set_value(std::move(response)); },
                            MineEndpoint::Time{0});
            while (future.wait_for(milliseconds{20}) != std::future_status::ready)
                if (stop) return;
            const rpc::HttpResponse response = future.get();
            client.send(fmt::format("HTTP/1.1 {} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                                    response.status, response.body.size(), response.body));
        }
    };
}

TEST(CairnMiner, finds_blocks_over_http) {
    GrowingChain chain;
    WorkerTable workers;
    MineEndpoint endpoint{chain.board, workers};
    std::jthread poller{[&](const std::stop_token& stop) {
        endpoint.run(stop, [] { return MineEndpoint::Time{0}; });
    }};
    std::atomic<bool> stop{false};
    {
        miner::SmallServer server{serve(endpoint, stop)};
        const auto result = test::run_program(
            CAIRN_MINER,
            {"--url", fmt::format("http://127.0.0.1:{}", server.port()), "--threads", "2", "--json", "--interval", "0.2",
             "--seconds", kSecondsMax},
            {}, has_three_blocks);
        EXPECT_EQ(result.exit_code, 0) << result.err;
        EXPECT_GE(chain.length(), 3U) << result.out;
        EXPECT_GE(ending(result)["blocks"], 3);
        EXPECT_TRUE(all_are_paid_for(workers, chain, {}));
        stop = true;
    }
}

TEST(CairnMiner, tries_the_next_server_and_ends_cleanly_when_interrupted) {
    GrowingChain chain;
    WorkerTable workers;
    StratumServer server{chain.board, workers, {.address = "127.0.0.1", .port = 0, .session = {}}};
    ASSERT_TRUE(server.start());
    const test::ReservedPort closed;
    const auto result = test::run_program(
        CAIRN_MINER,
        {"--url", fmt::format("stratum+tcp://127.0.0.1:{}", closed.port()), "--url",
         fmt::format("stratum+tcp://{}@127.0.0.1:{}", kUser, server.port()), "--threads", "1", "--interval", "0.5",
         "--seconds", kSecondsMax},
        "", [&chain](const test::ProgramState& state) {
            return chain.length() >= 1 && state.out.find("H/s  shares") != std::string::npos;
        });
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_NE(result.out.find("Connection refused"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("H/s  shares"), std::string::npos) << result.out;
    EXPECT_GE(chain.length(), 1U) << result.out;
}

TEST(CairnMiner, an_address_that_is_none_is_refused_by_the_server_and_shown) {
    GrowingChain chain;
    WorkerTable workers;
    StratumServer server{chain.board, workers, {.address = "127.0.0.1", .port = 0, .session = {}}};
    ASSERT_TRUE(server.start());
    const std::string refusal = "User must be ADDRESS or ADDRESS.worker";
    const auto result = test::run_program(
        CAIRN_MINER, {"--url", fmt::format("stratum+tcp://127.0.0.1:{}", server.port()), "--user", "somebody",
                      "--seconds", kSecondsMax},
        {},
        [&refusal](const test::ProgramState& state) { return state.out.find(refusal) != std::string::npos; });
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.out.find(refusal), std::string::npos) << result.out;
}

TEST(CairnMiner, ends_by_itself_after_its_time) {
    const test::ReservedPort closed;
    const auto result = test::run_program(
        CAIRN_MINER, {"--url", fmt::format("stratum+tcp://127.0.0.1:{}", closed.port()), "--seconds", "0.5", "--json"});
    EXPECT_EQ(result.exit_code, 1) << "nothing was mined";
    EXPECT_GE(ending(result)["seconds"], 0.5);
}

TEST(CairnMiner, what_cannot_be_asked_is_one_line_and_code_2) {
    const std::vector<std::vector<std::string>> wrong{{},
                                                      {"--url", "pool.example:3333"},
                                                      {"--url", "stratum+tcp://a:1", "--benchmark"},
                                                      {"--url", "stratum+tcp://a:1", "--kernel", "abacus"},
                                                      {"--url", "stratum+tcp://a:1", "--threads", "0"},
                                                      {"--user", "x"},
                                                      {"--nonsense"}};
    for (const auto& arguments : wrong) {
        const auto result = test::run_program(CAIRN_MINER, arguments);
        EXPECT_EQ(result.exit_code, 2) << (arguments.empty() ? "" : arguments.back());
        EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
        EXPECT_TRUE(result.err.starts_with("cairn-miner: ")) << result.err;
    }
}

TEST(CairnMiner, help_shows_how_to_mine) {
    const auto result = test::run_program(CAIRN_MINER, {"--help"});
    EXPECT_EQ(result.exit_code, 0);
    for (const char* part : {"--url", "--user", "--ethash.dag", "stratum+tcp://127.0.0.1:3333"})
        EXPECT_NE(result.out.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace cairn::node
