// SPDX-License-Identifier: MIT
#include "node/mining/mine_endpoint.hpp"

#include <set>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/unit/node/mining/board_fixture.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/sha256.hpp"
#include "node/mining/limits.hpp"

namespace cairn::node {
namespace {

using Json = nlohmann::json;
using std::chrono::seconds;

constexpr const char* kUser = "0x00112233445566778899aabbccddeeff00112233.rig";

class MineEndpointTest : public BoardFixture {
  protected:
    void send(const std::string& body, const std::string& path = "/mine", const std::string& user = kUser) {
        rpc::HttpRequest request;
        request.method = "POST";
        request.path = path;
        request.body = body;
        request.user = user;
        endpoint.handle(request, [this](rpc::HttpResponse response) { answers.push_back(std::move(response)); }, now);
    }
    /// The result of a call that is answered at once.
    Json call(const std::string& method, const Json& params, const std::string& path = "/mine") {
        const std::size_t before = answers.size();
        send(Json{{"id", 1}, {"method", method}, {"params", params}}.dump(), path);
        EXPECT_EQ(answers.size(), before + 1);
        return Json::parse(answers.back().body)["result"];
    }
    static std::string field(const rpc::HttpResponse& response, const std::string& name) {
        for (const auto& [key, value] : response.fields)
            if (key == name) return value;
        return {};
    }
    /// As a getwork miner does: turns the words round, counts nonces until the target, and turns them back.
    static std::string solve(const std::string& data, const std::string& target_hex) {
        Bytes bytes = *from_hex(data);
        turn(bytes);
        Bytes target = *from_hex(target_hex);
        for (std::uint32_t nonce = 0;; ++nonce) {
            store_le32(bytes.data() + 76, nonce);
            const Hash256 hash = sha256d(ByteView{bytes}.first(80));
            if (std::lexicographical_compare(target.rbegin(), target.rend(), hash.bytes.rbegin(), hash.bytes.rend()))
                continue;
            turn(bytes);
            return to_hex(bytes);
        }
    }
    static void turn(Bytes& bytes) {
        for (std::size_t i = 0; i < bytes.size(); i += 4) std::reverse(&bytes[i], &bytes[i] + 4);
    }

    WorkerTable workers;
    MineEndpoint endpoint{board, workers};
    MineEndpoint::Time now{5000};
    std::vector<rpc::HttpResponse> answers;
};

TEST_F(MineEndpointTest, getwork_gives_a_header_in_turned_words_with_padding_and_the_target) {
    board.post(unsealed_block(1 << 20));
    const Json work = call("getwork", Json::array());
    const auto data = work["data"].get<std::string>();
    ASSERT_EQ(data.size(), 256U);
    EXPECT_EQ(data.substr(0, 8), "20000000");
    EXPECT_EQ(data.substr(160), "00000080" + std::string(80, '0') + "80020000");
    EXPECT_EQ(work["target"], "0000000000000000000000000000000000000000000000000000000000100000");
    EXPECT_EQ(answers.back().status, 200U);
    EXPECT_EQ(field(answers.back(), "X-Long-Polling"), "/lp");
    EXPECT_EQ(field(answers.back(), "X-Stratum"), "");
}

TEST_F(MineEndpointTest, each_getwork_is_other_work) {
    board.post(unsealed_block(1 << 20));
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(seen.insert(call("getwork", Json::array())["data"]).second);
}

TEST_F(MineEndpointTest, getwork_solved_seals_the_block_and_is_accounted) {
    board.post(unsealed_block(1000));
    const Json work = call("getwork", Json::array());
    EXPECT_EQ(call("getwork", Json::array({solve(work["data"], work["target"])})), true);
    ASSERT_EQ(sealed().size(), 1U);
    EXPECT_TRUE(engine->check(*sealed()[0].header));
    const auto accounts = workers.snapshot(now);
    ASSERT_EQ(accounts.size(), 1U);
    EXPECT_EQ(to_text(accounts[0].worker), kUser);
    EXPECT_EQ(accounts[0].blocks, 1U);
    EXPECT_EQ(accounts[0].accepted, 1U);
    EXPECT_NEAR(accounts[0].difficulty_sum * 4294967296.0, 1000, 0.1);
}

TEST_F(MineEndpointTest, refused_getwork_says_why_in_the_reject_reason) {
    board.post(unsealed_block(std::uint64_t{1} << 60));
    const Json work = call("getwork", Json::array());
    const auto refused = [&](const std::string& data) {
        EXPECT_EQ(call("getwork", Json::array({data})), false);
        EXPECT_EQ(answers.back().status, 200U);
        return field(answers.back(), "X-Reject-Reason");
    };
    auto data = work["data"].get<std::string>();
    EXPECT_EQ(refused(data), "low difficulty");
    EXPECT_EQ(refused("00"), "malformed data");
    auto other = data;
    other[20] = other[20] == '0' ? '1' : '0';
    EXPECT_EQ(refused(other), "stale work");
    other = data;
    other[144] = other[144] == '0' ? '1' : '0';
    EXPECT_EQ(refused(other), "version, time or bits were changed");
    board.post(unsealed_block(1));
    const Json easy = call("getwork", Json::array());
    EXPECT_EQ(call("getwork", Json::array({easy["data"]})), true);
    EXPECT_EQ(refused(easy["data"]), "block sealed already");
    const auto accounts = workers.snapshot(now);
    EXPECT_EQ(accounts.at(0).stale, 1U);
    EXPECT_EQ(accounts.at(0).rejected, 2U);
}

TEST_F(MineEndpointTest, getwork_with_rolled_version_and_time_is_taken) {
    board.post(unsealed_block(1));
    const Json work = call("getwork", Json::array());
    EXPECT_EQ(work["versionmask"], "1fffe000");
    auto data = work["data"].get<std::string>();
    data.replace(0, 8, "3fffe000");
    data.replace(136, 8, fmt::format("{:08x}", 1'800'000'060));
    EXPECT_EQ(call("getwork", Json::array({data})), true);
    EXPECT_EQ(to_hex(sealed().at(0).header->nonce).substr(0, 8), "ffff003c");
}

TEST_F(MineEndpointTest, template_gives_the_same_header_in_its_parts) {
    board.post(unsealed_block(1000));
    const Json t = call("getblocktemplate", Json::array({Json{{"capabilities", {"coinbasetxn", "longpoll"}}}}));
    EXPECT_EQ(t["version"], 0x20000000);
    EXPECT_EQ(t["height"], 7);
    EXPECT_EQ(t["curtime"], 1'800'000'000);
    EXPECT_TRUE(t["transactions"].empty());
    EXPECT_GE(t["coinbasetxn"]["data"].get<std::string>().size(), 120U);
    // As a miner does: the header from the fields, the coinbase's hash as the root.
    Bytes header = {0x00, 0x00, 0x00, 0x20};
    Bytes previous = *from_hex(t["previousblockhash"].get<std::string>());
    std::reverse(previous.begin(), previous.end());
    append(header, previous);
    append(header, sha256d(*from_hex(t["coinbasetxn"]["data"].get<std::string>())));
    header.resize(80);
    store_le32(header.data() + 68, t["curtime"].get<std::uint32_t>());
    store_le32(header.data() + 72, static_cast<std::uint32_t>(std::stoul(t["bits"].get<std::string>(), nullptr, 16)));
    const Bytes target = *from_hex(t["target"].get<std::string>());
    for (std::uint32_t nonce = 0;; ++nonce) {
        store_le32(header.data() + 76, nonce);
        const Hash256 hash = sha256d(header);
        if (!std::lexicographical_compare(target.begin(), target.end(), hash.bytes.rbegin(), hash.bytes.rend())) break;
    }
    const std::string block = to_hex(header) + "01" + t["coinbasetxn"]["data"].get<std::string>();
    EXPECT_EQ(call("submitblock", Json::array({block})), nullptr);
    EXPECT_EQ(sealed().size(), 1U);
    EXPECT_EQ(call("submitblock", Json::array({block})), "duplicate");
    EXPECT_EQ(workers.snapshot(now).at(0).blocks, 1U);
}

TEST_F(MineEndpointTest, templates_differ_in_their_coinbase) {
    board.post(unsealed_block(1000));
    const Json a = call("getblocktemplate", Json::array());
    const Json b = call("getblocktemplate", Json::array());
    EXPECT_NE(a["coinbasetxn"], b["coinbasetxn"]);
    EXPECT_EQ(a["longpollid"], b["longpollid"]);
}

TEST_F(MineEndpointTest, submitblock_is_refused_in_the_words_of_bip_22) {
    board.post(unsealed_block(std::uint64_t{1} << 60));
    EXPECT_EQ(call("submitblock", Json::array({std::string(160, '0')})), "stale-work");
    EXPECT_EQ(call("submitblock", Json::array({std::string(159, '0')})), "rejected");
    EXPECT_EQ(call("submitblock", Json::array()), "rejected");
    const WorkBase base = board.current().job->base;
    const WorkHeader header = make_work_header(base, {});
    EXPECT_EQ(call("submitblock", Json::array({to_hex(header)})), "high-hash");
    WorkHeader other = header;
    other[72] ^= 1;
    EXPECT_EQ(call("submitblock", Json::array({to_hex(other)})), "rejected");
}

TEST_F(MineEndpointTest, other_methods_are_not_found_with_an_error_that_is_a_text) {
    board.post(unsealed_block(1000));
    for (const char* method : {"getmininginfo", "eth_getWork", ""}) {
        call(method, Json::array());
        EXPECT_EQ(answers.back().status, 404U);
        EXPECT_TRUE(Json::parse(answers.back().body)["error"].is_string());
    }
}

TEST_F(MineEndpointTest, bodies_that_are_no_request_are_answered) {
    for (const char* body : {"", "{", "[]", "5", "{}", R"({"method":5})"}) {
        send(body);
        EXPECT_TRUE(Json::parse(answers.back().body)["error"].is_string()) << body;
    }
    EXPECT_EQ(answers.size(), 6U);
}

TEST_F(MineEndpointTest, long_poll_waits_for_a_change_of_the_job) {
    board.post(unsealed_block(1000, 1));
    for (const char* path : {"/lp", "/mine/lp"}) send(R"({"id":7,"method":"getwork","params":[]})", path);
    // A template without an id of what was seen waits there as well.
    send(R"({"id":8,"method":"getblocktemplate","params":[{}]})", "/mine/lp");
    EXPECT_EQ(endpoint.waiting(), 3U);
    endpoint.poll(now);
    EXPECT_TRUE(answers.empty());
    board.post(unsealed_block(1000, 2));
    endpoint.poll(now);
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(endpoint.waiting(), 0U);
    const Json answer = Json::parse(answers[0].body);
    EXPECT_EQ(answer["id"], 7);
    const auto header = parse_getwork_data(answer["result"]["data"].get<std::string>());
    EXPECT_EQ(Hash256::from(ByteView{*header}.subspan(4, 32)), board.current().job->base.seal_hash);
    EXPECT_NE(answers[0].body, answers[1].body);
}

TEST_F(MineEndpointTest, long_poll_ends_after_a_minute_with_fresh_work_of_the_same_job) {
    board.post(unsealed_block(1000));
    send(R"({"id":7,"method":"getwork","params":[]})", "/lp");
    now += kLongPollTime - std::chrono::milliseconds{1};
    endpoint.poll(now);
    EXPECT_TRUE(answers.empty());
    now += std::chrono::milliseconds{1};
    endpoint.poll(now);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_TRUE(Json::parse(answers[0].body)["result"].is_object());
}

TEST_F(MineEndpointTest, template_long_poll_waits_only_for_what_its_client_has_not_seen) {
    board.post(unsealed_block(1000, 1));
    const Json first = call("getblocktemplate", Json::array());
    const Json wait = Json::array({Json{{"longpollid", first["longpollid"]}}});
    send(Json{{"id", 2}, {"method", "getblocktemplate"}, {"params", wait}}.dump());
    EXPECT_EQ(endpoint.waiting(), 1U);
    board.post(unsealed_block(1000, 2));
    endpoint.poll(now);
    EXPECT_EQ(endpoint.waiting(), 0U);
    EXPECT_NE(Json::parse(answers.back().body)["result"]["previousblockhash"], first["previousblockhash"]);
    // An id that is behind, or of nothing known, is answered at once.
    EXPECT_TRUE(call("getblocktemplate", wait).is_object());
    EXPECT_TRUE(call("getblocktemplate", Json::array({Json{{"longpollid", "unheard of"}}})).is_object());
}

TEST_F(MineEndpointTest, without_a_job_a_request_waits_for_one_or_for_its_time) {
    send(R"({"id":1,"method":"getwork","params":[]})");
    send(R"({"id":2,"method":"getblocktemplate","params":[{}]})");
    EXPECT_EQ(endpoint.waiting(), 2U);
    endpoint.poll(now + kLongPollTime);
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(Json::parse(answers[0].body)["error"], "no work at the moment");
    send(R"({"id":3,"method":"getwork","params":[]})");
    board.post(unsealed_block(1000));
    endpoint.poll(now);
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_TRUE(Json::parse(answers[2].body)["result"].is_object());
}

TEST_F(MineEndpointTest, requests_beyond_those_kept_are_refused) {
    for (std::size_t i = 0; i < kLongPollsMax; ++i) send(R"({"id":1,"method":"getwork","params":[]})");
    EXPECT_TRUE(answers.empty());
    send(R"({"id":1,"method":"getwork","params":[]})");
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(Json::parse(answers[0].body)["error"], "too many long polls");
    board.post(unsealed_block(1000));
    endpoint.poll(now);
    EXPECT_EQ(answers.size(), 1 + kLongPollsMax);
}

TEST_F(MineEndpointTest, users_that_are_no_workers_mine_without_an_account) {
    board.post(unsealed_block(1));
    send(Json{{"id", 1}, {"method", "getwork"}, {"params", Json::array({call("getwork", Json::array())["data"]})}}.dump(), "/mine",
         "somebody");
    EXPECT_EQ(sealed().size(), 1U);
    EXPECT_TRUE(workers.snapshot(now).empty());
}

TEST_F(MineEndpointTest, clients_may_be_sent_on_to_stratum) {
    MineEndpoint other{board, workers, "pool.example:3333"};
    board.post(unsealed_block(1));
    rpc::HttpRequest request;
    request.path = "/mine";
    request.body = R"({"id":1,"method":"getwork","params":[]})";
    std::string header;
    other.handle(request, [&](const rpc::HttpResponse& response) { header = field(response, "X-Stratum"); }, now);
    EXPECT_EQ(header, "stratum+tcp://pool.example:3333");
}

TEST_F(MineEndpointTest, a_thread_answers_when_the_board_changes) {
    std::atomic<int> answered{0};
    std::jthread runner{[&](const std::stop_token& stop) {
        endpoint.run(stop, [] { return MineEndpoint::Time{0}; });
    }};
    rpc::HttpRequest request;
    request.path = "/mine";
    request.body = R"({"id":1,"method":"getwork","params":[]})";
    endpoint.handle(request, [&](const rpc::HttpResponse&) {
        answered = 1;
        answered.notify_all();
    }, MineEndpoint::Time{0});
    board.post(unsealed_block(1000));
    answered.wait(0);
    EXPECT_EQ(answered, 1);
}

}  // namespace
}  // namespace cairn::node
