// SPDX-License-Identifier: MIT
// What kills or starves a client, one row of docs/mining.md's list after the other, and the extensions' exact answers.
#include <set>

#include "tests/unit/node/mining/stratum_fixture.hpp"

namespace cairn::node {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class StratumClients : public StratumFixture {};

/// minerd takes the line after its subscribe for the answer, whatever it is.
TEST_F(StratumClients, nothing_is_pushed_before_the_answer_to_subscribe) {
    EXPECT_EQ(give_job(make_job(1 << 20)).text, "");
    EXPECT_EQ(wait(seconds{50}).text, "");
    const auto out = send("mining.subscribe", {"cpuminer/2.5.1"});
    EXPECT_EQ(client.lines.size(), 1U);
    EXPECT_EQ(client.lines[0]["id"], 1);
    EXPECT_EQ(give_job(make_job(1 << 20, 2)).text, "");
}

/// minerd stops hashing 120 s after the last job with another id, and drops a line that is silent for 120 s.
TEST_F(StratumClients, another_job_id_comes_at_least_every_minute) {
    log_in(make_job(1ULL << 40));
    std::set<std::string> ids{client.job[0].get<std::string>()};
    for (int minute = 0; minute < 60; ++minute) {
        const auto count = ids.size();
        for (int second = 0; second < 60; ++second) {
            wait(seconds{1});
            ids.insert(client.job[0].get<std::string>());
        }
        EXPECT_GT(ids.size(), count);
    }
    EXPECT_EQ(static_cast<int>(ids.size()), client.jobs);
}

/// cpuminer-opt reads job ids as hexadecimal numbers of at most 64 bits; others are all the same to it.
TEST_F(StratumClients, job_ids_are_hex_of_at_most_sixteen_digits) {
    log_in(make_job(1ULL << 40));
    for (std::uint8_t i = 0; i < 200; ++i) {
        give_job(make_job(1ULL << 40, i), false);
        const auto id = client.job[0].get<std::string>();
        EXPECT_LE(id.size(), 16U);
        EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos) << id;
    }
}

/// cpuminer-opt idles once its nonces are used up unless this was answered within 3 s; it sends it after authorize.
TEST_F(StratumClients, extranonce_subscribe_is_answered_at_once) {
    log_in(make_job(1 << 30));
    const auto out = send(R"({"id":3,"method":"mining.extranonce.subscribe","params":[]})");
    EXPECT_EQ(out.text, "{\"id\":3,\"result\":true,\"error\":null}\n");
}

/// cpuminer-opt and cgminer take extranonce2 sizes from 2 to 16, minerd from 1 to 100.
TEST_F(StratumClients, extranonces_have_sizes_that_all_clients_take) {
    log_in(make_job(1 << 30));
    EXPECT_EQ(client.extranonce1.size(), 8U);
    EXPECT_EQ(client.extranonce2_size, 8U);
    StratumSession other{0x0a0b0c0e, {}, now};
    EXPECT_NE(other.on_line(R"({"id":1,"method":"mining.subscribe","params":[]})", now).text.find("0a0b0c0e"),
              std::string::npos);
}

/// cpuminer-opt looks behind byte 32 for ff ff and then a height; cgminer reads bytes 42..46.
TEST_F(StratumClients, coinbase_begins_its_script_with_a_height_and_is_long_enough_to_be_read) {
    MiningJob job = make_job(1 << 30);
    job.number = 0x0a0b0c;
    log_in(job);
    const Bytes coinbase = *from_hex(client.job[2].get<std::string>() + client.extranonce1 + "0000000000000000" +
                                     client.job[3].get<std::string>());
    ASSERT_GE(coinbase.size(), 60U);
    std::size_t at = 32;
    while (!(coinbase[at] == 0xff && coinbase[at + 1] == 0xff && coinbase[at + 2] != 0xff)) ++at;
    // The index's last two bytes, the script's length, the push of three bytes, the height.
    EXPECT_EQ(at, 39U);
    EXPECT_EQ(coinbase[at + 3], 3);
    EXPECT_EQ(load_le32(coinbase.data() + at + 4) & 0xffffff, 0x0a0b0cU);
}

/// cgminer counts jobs with fewer than two branches as bad work.
TEST_F(StratumClients, jobs_have_two_branches) {
    log_in(make_job(1 << 30));
    EXPECT_EQ(client.job[4].size(), 2U);
    for (const Json& branch : client.job[4]) EXPECT_EQ(branch.get<std::string>().size(), 64U);
}

/// minerd drops its own shares silently where their prevhash is not the current job's: a job that is only given again
/// must keep it.
TEST_F(StratumClients, a_repeated_job_keeps_its_prevhash) {
    log_in(make_job(1ULL << 40));
    const Json previous = client.job[1];
    wait(seconds{100});
    EXPECT_GT(client.jobs, 2);
    EXPECT_EQ(client.job[1], previous);
}

/// minerd takes any answer with an id for the verdict on a share; its submits all have id 4.
TEST_F(StratumClients, every_request_has_one_answer_in_its_order_and_pushes_have_no_id) {
    log_in(make_job(1ULL << 50));
    client.lines.clear();
    for (std::uint32_t i = 0; i < 8; ++i) {
        now += milliseconds{100};
        const std::size_t before = client.lines.size();
        if (i % 2 == 0) {
            share(i * 1000);
        } else {
            send(ForeignClient::submit_job(client.solve(client.difficulty), kUser, "0"));
        }
        EXPECT_EQ(client.lines[before]["id"], 4);
        EXPECT_EQ(client.lines[before]["error"].is_null(), i % 2 == 0);
        for (std::size_t line = before + 1; line < client.lines.size(); ++line)
            EXPECT_EQ(client.lines[line]["id"], nullptr);
    }
    client.lines.clear();
    wait(seconds{200});
    for (const Json& line : client.lines) EXPECT_EQ(line["id"], nullptr);
}

/// cgminer's drivers roll the time by up to a minute; the job's time is the least.
TEST_F(StratumClients, time_rolled_by_a_minute_is_taken) {
    log_in(make_job(1ULL << 40));
    for (int ahead = 0; ahead <= 60; ahead += 10) {
        ForeignClient::Share share = client.solve(client.difficulty);
        share.time = fmt::format("{:08x}", 1'800'000'000 + ahead);
        for (std::uint32_t nonce = 0;; ++nonce) {
            share.nonce = fmt::format("{:08x}", nonce);
            if (ForeignClient::reaches(client.header(share.extranonce2, share.time, share.nonce, "20000000"),
                                       client.difficulty))
                break;
        }
        send(client.submit(share, kUser));
        EXPECT_EQ(last_answer()["result"], true) << ahead;
    }
}

/// cgminer and ESP-Miner configure before they subscribe.
TEST_F(StratumClients, configure_may_come_first) {
    const auto out = send(
        R"({"id":1,"method":"mining.configure","params":[["version-rolling"],{"version-rolling.mask":"ffffffff"}]})");
    EXPECT_EQ(out.text, "{\"id\":1,\"result\":{\"version-rolling\":true,\"version-rolling.mask\":\"1fffe000\"},"
                        "\"error\":null}\n");
    log_in(make_job(1ULL << 40));
    send(client.submit(client.solve(client.difficulty, 0, 0, "1fffe000"), kUser));
    EXPECT_EQ(last_answer()["result"], true);
}

/// cgminer logs keys that it did not ask for as errors; what it asked for must be there.
TEST_F(StratumClients, configure_answers_every_extension_named_and_no_other) {
    send("mining.configure", {{"minimum-difficulty", "version-rolling", "subscribe-extranonce"},
                              {{"version-rolling.mask", "00ffffff"}, {"version-rolling.min-bit-count", 2}}});
    EXPECT_EQ(last_answer()["result"], (Json{{"minimum-difficulty", false},
                                             {"version-rolling", true},
                                             {"version-rolling.mask", "00ffe000"},
                                             {"subscribe-extranonce", false}}));
    send("mining.configure", {Json::array(), Json::object()});
    EXPECT_EQ(last_answer()["result"], Json::object());
    send("mining.configure", Json::array({Json::array({"version-rolling"})}));
    EXPECT_EQ(last_answer()["result"]["version-rolling.mask"], "1fffe000");
    send("mining.configure", {{"version-rolling"}, {{"version-rolling.mask", "00001fff"}}});
    EXPECT_EQ(last_answer()["result"], (Json{{"version-rolling", false}}));
    send("mining.configure", {{"version-rolling"}, {{"version-rolling.mask", "garbage!!"}}});
    EXPECT_EQ(last_answer()["result"], (Json{{"version-rolling", false}}));
    send("mining.configure", Json::array());
    EXPECT_EQ(last_code(), 20);
}

/// ESP-Miner submits the difference of the rolled version and the job's: the same where no bit of the mask is set.
TEST_F(StratumClients, the_jobs_version_has_no_bit_inside_the_mask) {
    log_in(make_job(1ULL << 40));
    EXPECT_EQ(client.job[5], "20000000");
    EXPECT_EQ(std::stoul(client.job[5].get<std::string>(), nullptr, 16) & kWorkVersionMask, 0U);
}

/// ESP-Miner answers a ping with a request of its own.
TEST_F(StratumClients, pong_and_unasked_answers_are_let_pass) {
    log_in(make_job(1 << 30));
    for (int i = 0; i < 500; ++i) {
        const auto out = send(i % 2 == 0 ? R"({"id":9,"method":"pong","params":[]})"
                                         : R"({"id":null,"result":"cgminer/4.12","error":null})");
        EXPECT_EQ(out.text, "");
        ASSERT_FALSE(out.close);
    }
    EXPECT_EQ(send(R"({"id":9,"method":"mining.ping","params":[]})").text,
              "{\"id\":9,\"result\":\"pong\",\"error\":null}\n");
}

/// cpuminer-opt suggests its difficulty as text.
TEST_F(StratumClients, suggested_difficulty_is_a_number_or_a_text) {
    log_in(make_job(1ULL << 50));
    send("mining.suggest_difficulty", Json::array({"0.001"}));
    EXPECT_EQ(last_answer()["result"], true);
    EXPECT_EQ(client.difficulty, 0.001);
    send("mining.suggest_difficulty", Json::array({2}));
    EXPECT_EQ(client.difficulty, 2);
    for (const Json& bad : {Json(0), Json(-1), Json("nan"), Json("inf"), Json("x"), Json(nullptr), Json::array()}) {
        send("mining.suggest_difficulty", Json::array({bad}));
        EXPECT_EQ(last_code(), 20) << bad;
        now += seconds{30};
    }
    send("mining.suggest_difficulty", Json::array());
    EXPECT_EQ(last_code(), 20);
    EXPECT_EQ(client.difficulty, 2);
}

/// Methods of other dialects are refused without an end to the session.
TEST_F(StratumClients, unknown_methods_are_refused_and_forgiven) {
    log_in(make_job(1 << 30));
    for (const char* method : {"mining.get_transactions", "mining.multi_version", "mining.capabilities", "x"}) {
        const auto out = send(method, Json::array());
        EXPECT_EQ(last_code(), 20);
        EXPECT_FALSE(out.close);
    }
}

/// A difficulty takes effect with the next job in most clients, so it goes out before it.
TEST_F(StratumClients, difficulty_goes_out_before_the_job_it_is_for) {
    log_in(make_job(1ULL << 50));
    for (std::uint32_t i = 0; i < 10; ++i) {
        now += milliseconds{50};
        share(i * 500);
    }
    int changes = 0;
    for (std::size_t i = 0; i < client.lines.size(); ++i) {
        if (client.lines[i].value("method", "") != "mining.set_difficulty") continue;
        ++changes;
        ASSERT_LT(i + 1, client.lines.size());
        EXPECT_EQ(client.lines[i + 1]["method"], "mining.notify");
    }
    EXPECT_EQ(changes, 3);
}

/// Below 2^-32 the clients' arithmetic overflows.
TEST_F(StratumClients, difficulty_is_never_below_one_expected_hash) {
    log_in(make_job(1));
    wait(seconds{3600});
    for (const Json& line : client.lines)
        if (line.value("method", "") == "mining.set_difficulty") {
            EXPECT_GE(line["params"][0].get<double>(), 2.4e-10);
        }
}

}  // namespace
}  // namespace cairn::node
