// SPDX-License-Identifier: MIT
#include "node/mining/stratum_session.hpp"

#include "tests/unit/node/mining/stratum_fixture.hpp"

namespace cairn::node {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class StratumSessionTest : public StratumFixture {};

TEST_F(StratumSessionTest, subscribe_answers_with_extranonce_and_its_size) {
    const auto out = send(R"({"id":1,"method":"mining.subscribe","params":["cpuminer/2.5.1"]})");
    EXPECT_EQ(out.text, "{\"id\":1,\"result\":[[[\"mining.set_difficulty\",\"0a0b0c0d\"],[\"mining.notify\",\"0a0b0c0d\"]],"
                        "\"0a0b0c0d\",8],\"error\":null}\n");
}

TEST_F(StratumSessionTest, authorize_gives_difficulty_and_then_the_job) {
    give_job(make_job(std::uint64_t{1} << 40));
    send("mining.subscribe", Json::array());
    const auto out = send("mining.authorize", {kUser, "x"}, 2);
    ASSERT_EQ(client.lines.size(), 4U);
    EXPECT_EQ(client.lines[1], (Json{{"id", 2}, {"result", true}, {"error", nullptr}}));
    EXPECT_EQ(client.lines[2]["method"], "mining.set_difficulty");
    EXPECT_EQ(client.lines[2]["params"][0], 0.05);
    EXPECT_EQ(client.lines[3]["method"], "mining.notify");
    EXPECT_EQ(client.lines[3]["params"][8], true);
    EXPECT_TRUE(session.is_authorized());
    EXPECT_FALSE(out.close);
}

TEST_F(StratumSessionTest, authorize_before_subscribe_is_refused) {
    send("mining.authorize", {kUser, "x"});
    EXPECT_EQ(last_code(), 25);
    EXPECT_EQ(last_answer()["result"], false);
    EXPECT_FALSE(session.is_authorized());
}

TEST_F(StratumSessionTest, authorize_wants_an_address) {
    send("mining.subscribe", Json::array());
    for (const Json& params : {Json::array(), Json::array({"worker", "x"}), Json::array({5}), Json::array({"0x12.a"})}) {
        send("mining.authorize", params);
        EXPECT_EQ(last_code(), 24);
        EXPECT_EQ(last_answer()["result"], false);
    }
    EXPECT_FALSE(session.is_authorized());
}

TEST_F(StratumSessionTest, one_connection_may_have_several_workers_but_not_any_number) {
    log_in(make_job(1 << 30));
    const std::string address = "0x00112233445566778899aabbccddeeff00112233.";
    for (std::size_t i = 1; i < kWorkersPerSessionMax; ++i) {
        send("mining.authorize", {address + std::to_string(i), ""});
        EXPECT_EQ(last_answer()["result"], true);
        now += seconds{20};
    }
    send("mining.authorize", {address + "more", ""});
    EXPECT_EQ(last_code(), 24);
    send("mining.authorize", {address + "1", ""});
    EXPECT_EQ(last_answer()["result"], true);
    const auto out = send(client.submit(client.solve(client.difficulty), address + "5"));
    EXPECT_EQ(out.shares.at(0).worker.name, "5");
    EXPECT_EQ(out.shares.at(0).outcome, ShareOutcome::Accepted);
}

TEST_F(StratumSessionTest, submit_before_subscribe_or_authorize_is_refused) {
    give_job(make_job(1 << 20));
    const std::string line = R"({"id":4,"method":"mining.submit","params":[")" + std::string{kUser} +
                             R"(","1","0000000000000000","6b49d200","00000000"]})";
    send(line);
    EXPECT_EQ(last_code(), 25);
    send("mining.subscribe", Json::array());
    const auto out = send(line);
    EXPECT_EQ(last_code(), 24);
    EXPECT_TRUE(out.shares.empty());
}

TEST_F(StratumSessionTest, submit_for_another_user_is_refused) {
    log_in(make_job(1 << 30));
    send(client.submit(client.solve(client.difficulty), "0x00112233445566778899aabbccddeeff00112233.other"));
    EXPECT_EQ(last_code(), 24);
}

TEST_F(StratumSessionTest, a_share_is_accepted_and_worth_its_difficulty) {
    log_in(make_job(1 << 30));
    const auto out = share();
    EXPECT_EQ(last_answer(), (Json{{"id", 4}, {"result", true}, {"error", nullptr}}));
    ASSERT_EQ(out.shares.size(), 1U);
    EXPECT_EQ(out.shares[0].outcome, ShareOutcome::Accepted);
    EXPECT_EQ(out.shares[0].difficulty, client.difficulty);
    EXPECT_EQ(to_text(out.shares[0].worker), kUser);
    EXPECT_TRUE(out.blocks.empty());
}

TEST_F(StratumSessionTest, a_share_that_reaches_the_block_target_is_a_block_with_its_seal) {
    const MiningJob job = make_job(1000);
    log_in(job);
    const auto solved = client.solve(1000 / 4294967296.0 * 1.01);
    const auto out = send(client.submit(solved, kUser));
    EXPECT_EQ(last_answer()["result"], true);
    ASSERT_EQ(out.blocks.size(), 1U);
    EXPECT_EQ(out.blocks[0].seal_hash, job.base.seal_hash);
    EXPECT_EQ(to_text(out.blocks[0].worker), kUser);
    const WorkHeader header = make_work_header(job.base, out.blocks[0].seal);
    EXPECT_LE(pow_value(header), job.base.target.value);
    EXPECT_EQ(to_hex(header), to_hex(client.header(solved.extranonce2, solved.time, solved.nonce, "20000000")));
}

TEST_F(StratumSessionTest, a_share_above_its_target_is_of_low_difficulty) {
    give_job(make_job(1ULL << 50));
    send("mining.subscribe", Json::array());
    send("mining.suggest_difficulty", Json::array({1e-6}));
    send("mining.authorize", {kUser, "x"});
    ForeignClient::Share share = client.solve(2.4e-10);
    while (ForeignClient::reaches(client.header(share.extranonce2, share.time, share.nonce, "20000000"), 1e-6))
        share.nonce = fmt::format("{:08x}", std::stoul(share.nonce, nullptr, 16) + 1);
    const auto out = send(client.submit(share, kUser));
    EXPECT_EQ(last_code(), 23);
    EXPECT_EQ(out.shares.at(0).outcome, ShareOutcome::LowDifficulty);
    EXPECT_EQ(send(client.submit(client.solve(1e-6), kUser)).shares.at(0).outcome, ShareOutcome::Accepted);
}

TEST_F(StratumSessionTest, the_same_share_twice_is_a_duplicate) {
    log_in(make_job(1 << 30));
    share();
    const auto out = share();
    EXPECT_EQ(last_code(), 22);
    EXPECT_EQ(out.shares.at(0).outcome, ShareOutcome::Duplicate);
    EXPECT_EQ(share(5).shares.at(0).outcome, ShareOutcome::Accepted);
}

TEST_F(StratumSessionTest, unknown_jobs_are_not_found) {
    log_in(make_job(1 << 30));
    const auto solved = client.solve(client.difficulty);
    for (const char* id : {"", "0", "ffffffffffffffff", "2x"}) {
        const auto out = send(ForeignClient::submit_job(solved, kUser, id));
        EXPECT_EQ(last_code(), 21) << id;
        EXPECT_EQ(out.shares.at(0).outcome, ShareOutcome::Stale);
    }
}

TEST_F(StratumSessionTest, jobs_before_a_clean_one_are_stale_and_before_another_are_not) {
    log_in(make_job(1ULL << 40, 1));
    const auto first = client.submit(client.solve(client.difficulty), kUser);
    give_job(make_job(1ULL << 40, 2), false);
    EXPECT_EQ(client.job[8], false);
    EXPECT_EQ(send(first).shares.at(0).outcome, ShareOutcome::Accepted);
    const auto second = client.submit(client.solve(client.difficulty), kUser);
    give_job(make_job(1ULL << 40, 3), true);
    EXPECT_EQ(client.job[8], true);
    const auto out = send(second);
    EXPECT_EQ(last_code(), 21);
    EXPECT_EQ(out.shares.at(0).outcome, ShareOutcome::Stale);
}

TEST_F(StratumSessionTest, a_stale_share_that_seals_its_block_still_goes_to_the_board) {
    const MiningJob job = make_job(100, 1);
    log_in(job);
    const auto line = client.submit(client.solve(100 / 4294967296.0 * 1.01), kUser);
    give_job(make_job(100, 2), true);
    const auto out = send(line);
    EXPECT_EQ(last_code(), 21);
    ASSERT_EQ(out.blocks.size(), 1U);
    EXPECT_EQ(out.blocks[0].seal_hash, job.base.seal_hash);
    EXPECT_EQ(out.shares.at(0).outcome, ShareOutcome::Stale);
}

TEST_F(StratumSessionTest, jobs_beyond_those_kept_are_not_found) {
    log_in(make_job(1ULL << 40, 1));
    const auto first = client.submit(client.solve(client.difficulty), kUser);
    const auto first_again = client.submit(client.solve(client.difficulty, 9), kUser);
    for (std::uint8_t i = 1; i < kJobsPerSessionMax; ++i) give_job(make_job(1ULL << 40, i), false);
    EXPECT_EQ(send(first).shares.at(0).outcome, ShareOutcome::Accepted);
    give_job(make_job(1ULL << 40, 99), false);
    send(first_again);
    EXPECT_EQ(last_code(), 21);
}

TEST_F(StratumSessionTest, time_may_run_from_the_jobs_to_two_hours_ahead) {
    log_in(make_job(1ULL << 40));
    const auto at = [&](std::int64_t ahead) {
        ForeignClient::Share share = client.solve(client.difficulty);
        share.time = fmt::format("{:08x}", 1'800'000'000 + ahead);
        // At the lowest difficulty all but one of a hundred headers do.
        for (std::uint32_t nonce = 0;; ++nonce) {
            share.nonce = fmt::format("{:08x}", nonce);
            if (ForeignClient::reaches(client.header(share.extranonce2, share.time, share.nonce, "20000000"),
                                       client.difficulty))
                break;
        }
        send(client.submit(share, kUser));
        return last_code();
    };
    EXPECT_EQ(at(-1), 20);
    EXPECT_EQ(at(0), 0);
    EXPECT_EQ(at(1), 0);
    EXPECT_EQ(at(7200), 0);
    EXPECT_EQ(at(7201), 20);
}

TEST_F(StratumSessionTest, every_malformed_part_of_a_share_is_refused) {
    log_in(make_job(1 << 30));
    const Json good = Json::parse(client.submit(client.solve(client.difficulty), kUser));
    const auto refused = [&](std::size_t index, const Json& value) {
        Json line = good;
        line["params"][index] = value;
        now += seconds{30};
        const auto out = send(line.dump());
        EXPECT_EQ(out.shares.at(0).outcome, ShareOutcome::Invalid);
        return last_code();
    };
    EXPECT_EQ(refused(2, "00000000000000"), 20);
    EXPECT_EQ(refused(2, "000000000000000000"), 20);
    EXPECT_EQ(refused(2, "zz00000000000000"), 20);
    EXPECT_EQ(refused(2, 5), 20);
    EXPECT_EQ(refused(3, "6b49d20"), 20);
    EXPECT_EQ(refused(3, nullptr), 20);
    EXPECT_EQ(refused(4, "0x000000"), 20);
    EXPECT_EQ(refused(4, 7), 20);
    Json short_line = good;
    short_line["params"].erase(4);
    send(short_line.dump());
    EXPECT_EQ(last_code(), 20);
}

TEST_F(StratumSessionTest, version_bits_count_only_where_they_were_granted) {
    log_in(make_job(1ULL << 40));
    send(client.submit(client.solve(client.difficulty, 0, 0, "00002000"), kUser));
    EXPECT_EQ(last_code(), 20);
    // Without rolled bits the field is harmless, granted or not.
    send(client.submit(client.solve(client.difficulty, 0, 0, "00000000"), kUser));
    EXPECT_EQ(last_answer()["result"], true);
    send("mining.configure", {{"version-rolling"}, {{"version-rolling.mask", "0000e000"}}});
    send(client.submit(client.solve(client.difficulty, 0, 0, "00002000"), kUser));
    EXPECT_EQ(last_answer()["result"], true);
    send(client.submit(client.solve(client.difficulty, 0, 0, "00010000"), kUser));
    EXPECT_EQ(last_code(), 20);
}

TEST_F(StratumSessionTest, rolled_versions_are_part_of_the_header) {
    log_in(make_job(100));
    send("mining.configure", {{"version-rolling"}, {{"version-rolling.mask", "ffffffff"}}});
    const auto out = send(client.submit(client.solve(100 / 4294967296.0 * 1.01, 0, 0, "054aa000"), kUser));
    ASSERT_EQ(out.blocks.size(), 1U);
    EXPECT_EQ(load_be32(out.blocks[0].seal.nonce.data()) >> 16, 0x2a55U);
}

TEST_F(StratumSessionTest, a_job_is_given_again_under_another_id_every_half_minute) {
    log_in(make_job(1ULL << 40));
    ASSERT_EQ(client.jobs, 1);
    const Json first = client.job;
    wait(seconds{29});
    // The difficulty may have moved and taken the job with it; the search has no shares here.
    const int jobs = client.jobs;
    wait(seconds{31});
    EXPECT_GT(client.jobs, jobs);
    EXPECT_NE(client.job[0], first[0]);
    EXPECT_EQ(client.job[1], first[1]);
    EXPECT_NE(client.job[4], first[4]);
    EXPECT_EQ(client.job[8], false);
}

TEST_F(StratumSessionTest, difficulty_rises_at_once_for_a_client_that_floods) {
    log_in(make_job(1ULL << 50));
    const double before = client.difficulty;
    for (std::uint32_t i = 0; i < 5; ++i) {
        now += milliseconds{20};
        share(i * 100);
    }
    EXPECT_EQ(client.jobs, 2);
    EXPECT_NEAR(client.difficulty / before, 64, 0.01);
    EXPECT_EQ(client.difficulty, session.difficulty());
    EXPECT_EQ(client.lines[client.lines.size() - 2]["method"], "mining.set_difficulty");
    EXPECT_EQ(client.lines.back()["method"], "mining.notify");
}

TEST_F(StratumSessionTest, shares_of_a_job_count_by_its_own_difficulty_or_the_easier_one_sent_since) {
    give_job(make_job(1ULL << 50));
    send("mining.subscribe", Json::array());
    send("mining.suggest_difficulty", Json::array({1e-6}));
    send("mining.authorize", {kUser, "x"});
    const Json hard_job = client.job;
    send("mining.suggest_difficulty", Json::array({2.4e-10}));
    EXPECT_EQ(client.difficulty, 2.4e-10);
    // A share of the first job that reaches only the second difficulty.
    client.job = hard_job;
    ForeignClient::Share easy = client.solve(2.4e-10);
    while (ForeignClient::reaches(client.header(easy.extranonce2, easy.time, easy.nonce, "20000000"), 1e-6))
        easy = client.solve(2.4e-10, static_cast<std::uint32_t>(std::stoul(easy.nonce, nullptr, 16)) + 1);
    auto out = send(client.submit(easy, kUser));
    EXPECT_EQ(out.shares.at(0).outcome, ShareOutcome::Accepted);
    EXPECT_EQ(out.shares.at(0).difficulty, 2.4e-10);
    out = send(client.submit(client.solve(1e-6), kUser));
    EXPECT_EQ(out.shares.at(0).difficulty, 1e-6);
}

TEST_F(StratumSessionTest, difficulty_never_exceeds_what_lets_a_client_see_every_block) {
    give_job(make_job(1 << 20));
    send("mining.subscribe", Json::array());
    send("mining.suggest_difficulty", Json::array({1000}));
    send("mining.authorize", {kUser, "x"});
    EXPECT_EQ(client.difficulty, share_difficulty_max(make_job(1 << 20).base.target));
    give_job(make_job(1 << 10, 2));
    EXPECT_EQ(client.difficulty, share_difficulty_max(make_job(1 << 10).base.target));
    // And not below one expected hash, where a block takes less than that.
    give_job(make_job(1, 3));
    EXPECT_EQ(client.difficulty, kShareDifficultyMin);
}

TEST_F(StratumSessionTest, lines_that_are_no_json_are_answered_and_after_some_the_client_is_banned) {
    bool banned = false;
    int lines = 0;
    for (; lines < 10 && !banned; ++lines) {
        const auto out = send("GET / HTTP/1.1");
        EXPECT_EQ(last_code(), 20);
        EXPECT_EQ(last_answer()["id"], nullptr);
        banned = out.ban;
        EXPECT_EQ(out.ban, out.close);
    }
    EXPECT_TRUE(banned);
    EXPECT_EQ(lines, 4);
}

TEST_F(StratumSessionTest, penalties_are_forgiven_with_time) {
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(send("{").ban);
        now += seconds{30};
    }
}

TEST_F(StratumSessionTest, json_that_is_no_request_is_answered_with_its_id) {
    for (const char* line : {"5", "[]", "\"mining.submit\"", "{}", R"({"id":7,"method":5})",
                             R"({"id":7,"method":"mining.subscribe","params":{}})", "null"}) {
        send(line);
        EXPECT_EQ(last_code(), 20) << line;
        now += seconds{30};
    }
    send(R"({"id":"a\"b","method":5})");
    EXPECT_EQ(last_answer()["id"], "a\"b");
    send(R"({"id":[1],"method":5})");
    EXPECT_EQ(last_answer()["id"], nullptr);
}

TEST_F(StratumSessionTest, a_line_too_long_is_answered_and_ends_the_session) {
    const auto out = send(std::string(kStratumLineBytesMax + 1, ' '));
    EXPECT_EQ(last_code(), 20);
    EXPECT_TRUE(out.close);
    EXPECT_FALSE(out.ban);
    StratumSession other{1, {}, now};
    EXPECT_TRUE(other.on_long_line(now).close);
    EXPECT_FALSE(other.on_line(std::string(kStratumLineBytesMax - 2, ' ') + "{}", now).close);
}

TEST_F(StratumSessionTest, a_flood_of_lines_is_not_answered_and_then_banned) {
    send("mining.subscribe", Json::array());
    bool banned = false;
    std::size_t answered = 0;
    std::size_t sent = 0;
    while (!banned && sent < 100'000) {
        const auto out = session.on_line(R"({"id":1,"method":"mining.extranonce.subscribe","params":[]})", now);
        answered += out.text.empty() ? 0 : 1;
        banned = out.ban;
        ++sent;
    }
    EXPECT_TRUE(banned);
    EXPECT_EQ(answered, static_cast<std::size_t>(kLinesBurstMax) - 1);
    EXPECT_EQ(sent, static_cast<std::size_t>(kLinesBurstMax) - 1 + static_cast<std::size_t>(kPenaltyMax));
}

TEST_F(StratumSessionTest, bad_shares_in_a_row_are_banned_and_stale_ones_are_not) {
    log_in(make_job(1 << 30));
    const auto solved = client.solve(client.difficulty);
    for (int i = 0; i < 100; ++i) {
        const auto out = send(ForeignClient::submit_job(solved, kUser, "0"));
        ASSERT_FALSE(out.ban) << i;
        now += milliseconds{250};
    }
    share();
    int duplicates = 0;
    while (duplicates < 100 && !share().ban) ++duplicates;
    EXPECT_GT(duplicates, 15);
    EXPECT_LT(duplicates, 100);
}

TEST_F(StratumSessionTest, a_client_that_never_authorizes_is_let_go) {
    send("mining.subscribe", Json::array());
    EXPECT_FALSE(wait(seconds{59}).close);
    EXPECT_TRUE(wait(seconds{1}).close);
}

TEST_F(StratumSessionTest, an_authorized_client_is_kept_however_quiet) {
    log_in(make_job(1ULL << 40));
    EXPECT_FALSE(wait(seconds{3600}).close);
    EXPECT_EQ(client.difficulty, kShareDifficultyMin);
}

TEST_F(StratumSessionTest, without_a_job_nothing_is_sent_until_there_is_one) {
    send("mining.subscribe", Json::array());
    send("mining.authorize", {kUser, "x"});
    EXPECT_EQ(wait(seconds{100}).text, "");
    EXPECT_EQ(client.jobs, 0);
    give_job(make_job(1 << 20));
    EXPECT_EQ(client.jobs, 1);
}

TEST_F(StratumSessionTest, shares_of_one_job_are_remembered_up_to_a_number) {
    log_in(make_job(1ULL << 50));
    // At a difficulty that the client keeps asking for, so that one job stays.
    std::uint32_t nonce = 0;
    std::size_t accepted = 0;
    const auto job = client.job;
    for (std::size_t i = 0; i < kSharesPerJobMax + 3; ++i) {
        now += seconds{12};
        client.job = job;
        const auto solved = client.solve(kShareDifficultyMin, nonce);
        nonce = static_cast<std::uint32_t>(std::stoul(solved.nonce, nullptr, 16)) + 1;
        const auto out = session.on_line(client.submit(solved, kUser), now);
        accepted += out.shares.at(0).outcome == ShareOutcome::Accepted ? 1 : 0;
    }
    EXPECT_EQ(accepted, kSharesPerJobMax);
}

}  // namespace
}  // namespace cairn::node
