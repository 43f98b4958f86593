// SPDX-License-Identifier: MIT
// The client's side of Stratum v1: the worked vector of docs/mining.md, and what public servers send beside it.
#include "miner/stratum_dialect.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"

namespace cairn::miner {
namespace {

using Json = nlohmann::json;

constexpr const char* kNotify =
    R"({"id":null,"method":"mining.notify","params":["1f","a973a02108790307b8be0647be551efd4235d6ffe4d498818fb90bb670a3a02c",)"
    R"("01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff180307000006436169726e2f0c",)"
    R"("ffffffff010000000000000000016a00000000",["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)"
    R"("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"],"20000000","1e100000","6b49d200",true]})";
constexpr const char* kSubscribed =
    R"({"id":2,"result":[[["mining.set_difficulty","1"],["mining.notify","1"]],"0a0b0c0d",8],"error":null})";

class StratumDialectTest : public testing::Test {
  protected:
    /// Subscribes with an extranonce2 of 8 bytes, and gets a mask where one is named.
    void log_in(const std::string& mask = {}) {
        const auto text = dialect.begin();
        if (!mask.empty())
            take(R"({"id":1,"result":{"version-rolling":true,"version-rolling.mask":")" + mask + R"("},"error":null})");
        take(kSubscribed);
        take(R"({"id":3,"result":true,"error":null})");
    }
    DialectEvent take(const std::string& line) { return dialect.on_line(line, ++last_work); }
    static std::string notify(std::size_t index, const Json& value) {
        Json line = Json::parse(kNotify);
        line["params"][index] = value;
        return line.dump();
    }
    Job job() const { return std::get<Job>(dialect.work().value().task); }

    std::uint64_t last_work = 0;
    StratumDialect dialect{"user.worker", "x", true};
};

TEST_F(StratumDialectTest, begins_with_configure_and_subscribe) {
    EXPECT_EQ(dialect.begin(),
              "{\"id\":1,\"method\":\"mining.configure\",\"params\":[[\"version-rolling\"],{\"version-rolling.mask\":"
              "\"1fffe000\",\"version-rolling.min-bit-count\":6}]}\n"
              "{\"id\":2,\"method\":\"mining.subscribe\",\"params\":[\"cairn-miner/0.1\"]}\n");
    StratumDialect plain{"u", "p", false};
    EXPECT_EQ(plain.begin(), "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cairn-miner/0.1\"]}\n");
}

TEST_F(StratumDialectTest, authorizes_once_subscribed) {
    static_cast<void>(dialect.begin());
    EXPECT_FALSE(dialect.is_subscribed());
    const auto event = take(kSubscribed);
    EXPECT_TRUE(dialect.is_subscribed());
    EXPECT_EQ(event.text, "{\"id\":3,\"method\":\"mining.authorize\",\"params\":[\"user.worker\",\"x\"]}\n"
                          "{\"id\":4,\"method\":\"mining.extranonce.subscribe\",\"params\":[]}\n");
    EXPECT_FALSE(event.ended);
}

TEST_F(StratumDialectTest, the_worked_vector_is_searched_and_submitted_as_it_stands) {
    log_in("1fffe000");
    EXPECT_TRUE(take(kNotify).has_work);
    const Work work = dialect.work().value();
    // Extranonce2 01 02 .. 08, counted little-endian.
    constexpr std::uint64_t kRoll = 0x0807060504030201;
    WorkHeader header = job().header;
    work.rolls->apply(kRoll, header);
    store_le32(header.data(), 0x254aa000);
    store_le32(header.data() + kWorkNonceOffset, 0x000374c2);
    // The vector's time is one second on; only the share's own time tells.
    EXPECT_EQ(to_hex(header).substr(0, 136),
              "00a04a2521a073a9070379084706beb8fd1e55beffd635428198d4e4b60bb98f2ca0a3708f02a9f839f3b61cf0daeed4b76a80cfdde0"
              "e631ed2c5afe9360c7f987e1b7be");
    EXPECT_EQ(to_hex(header).substr(136), "00d2496b0000101ec2740300");
    EXPECT_EQ(work.rolls->count(), ~std::uint64_t{0});
    const auto line = dialect.submit({.work_id = work.id, .roll = kRoll, .found = header});
    EXPECT_EQ(line, "{\"id\":5,\"method\":\"mining.submit\",\"params\":[\"user.worker\",\"1f\",\"0102030405060708\","
                    "\"6b49d200\",\"000374c2\",\"054aa000\"]}\n");
}

TEST_F(StratumDialectTest, without_rolling_granted_versions_stay_and_no_bits_are_sent) {
    log_in();
    take(R"({"id":1,"result":null,"error":[20,"Unknown method",null]})");
    take(kNotify);
    EXPECT_EQ(job().version_mask, 0U);
    const auto line = dialect.submit({.work_id = dialect.work()->id, .roll = 0, .found = job().header});
    EXPECT_EQ(Json::parse(*line)["params"].size(), 5U);
}

TEST_F(StratumDialectTest, a_mask_of_the_server_holds_at_once) {
    log_in("00ffe000");
    take(kNotify);
    EXPECT_EQ(job().version_mask, 0x00ffe000U);
    const auto event = take(R"({"id":null,"method":"mining.set_version_mask","params":["0000e000"]})");
    EXPECT_TRUE(event.has_work);
    EXPECT_EQ(job().version_mask, 0x0000e000U);
    take(notify(0, "20"));
    EXPECT_EQ(job().version_mask, 0x0000e000U);
}

TEST_F(StratumDialectTest, difficulty_holds_from_the_next_job_on) {
    log_in();
    take(kNotify);
    EXPECT_EQ(job().target, client_share_target(1));
    take(R"({"id":null,"method":"mining.set_difficulty","params":[0.25]})");
    EXPECT_EQ(job().target, client_share_target(1));
    take(notify(0, "20"));
    EXPECT_EQ(job().target, client_share_target(0.25));
    EXPECT_EQ(dialect.difficulty(), 0.25);
    for (const char* bad : {"[0]", "[-1]", "[\"x\"]", "[]"})
        take(std::string{R"({"id":null,"method":"mining.set_difficulty","params":)"} + bad + "}");
    take(notify(0, "21"));
    EXPECT_EQ(dialect.difficulty(), 0.25);
}

TEST_F(StratumDialectTest, extranonce_of_the_server_holds_from_the_next_job_on) {
    log_in();
    take(R"({"id":null,"method":"mining.set_extranonce","params":["ffee",2]})");
    take(kNotify);
    EXPECT_EQ(dialect.work()->rolls->count(), 65536U);
    const auto line = dialect.submit({.work_id = dialect.work()->id, .roll = 0x0102, .found = job().header});
    EXPECT_EQ(Json::parse(*line)["params"][2], "0201");
    take(R"({"id":null,"method":"mining.set_extranonce","params":["zz",2]})");
    take(R"({"id":null,"method":"mining.set_extranonce","params":["aa",0]})");
    take(notify(0, "20"));
    EXPECT_EQ(dialect.work()->rolls->count(), 65536U);
}

TEST_F(StratumDialectTest, a_job_said_twice_is_no_other_work) {
    log_in();
    EXPECT_TRUE(take(kNotify).has_work);
    const auto id = dialect.work()->id;
    const auto event = take(kNotify);
    EXPECT_FALSE(event.has_work);
    EXPECT_FALSE(event.ended);
    EXPECT_EQ(dialect.work()->id, id);
    EXPECT_TRUE(take(notify(7, "6b49d201")).has_work);
}

TEST_F(StratumDialectTest, shares_of_jobs_before_a_clean_one_are_kept_back_unless_they_seal_a_block) {
    log_in();
    take(notify(8, false));
    const Work first = dialect.work().value();
    take(notify(0, "20"));
    EXPECT_EQ(dialect.submit({.work_id = first.id, .roll = 0, .found = std::get<Job>(first.task).header}), std::nullopt);
    // A header that reaches the bits' target: the worked vector's, a block of its job.
    WorkHeader block;
    const auto bytes = *from_hex(
        "00a04a2521a073a9070379084706beb8fd1e55beffd635428198d4e4b60bb98f2ca0a3708f02a9f839f3b61cf0daeed4b76a80cfdde0e631ed"
        "2c5afe9360c7f987e1b7be03d2496b0000101ec2740300");
    std::ranges::copy(bytes, block.begin());
    EXPECT_TRUE(dialect.submit({.work_id = first.id, .roll = 0, .found = block}));
    take(R"({"id":5,"result":true,"error":null})");
    take(notify(8, false));
    const Work second = dialect.work().value();
    take(notify(0, "21"));
    take(R"({"id":null,"method":"mining.notify","params":[]})");
    EXPECT_EQ(dialect.submit({.work_id = 9999, .roll = 0, .found = block}), std::nullopt);
    EXPECT_EQ(dialect.submit({.work_id = second.id, .roll = 0, .found = Seal{}}), std::nullopt);
}

TEST_F(StratumDialectTest, verdicts_follow_their_shares_whatever_form_a_refusal_has) {
    log_in();
    take(kNotify);
    const auto submit = [&] {
        const auto line = dialect.submit({.work_id = dialect.work()->id, .roll = 0, .found = job().header});
        return Json::parse(*line)["id"].dump();
    };
    const auto verdict = [&](const std::string& rest) { return take("{\"id\":" + submit() + "," + rest + "}"); };
    EXPECT_EQ(verdict(R"("result":true,"error":null)").verdict, true);
    EXPECT_EQ(verdict(R"("result":true)").verdict, true);
    const auto list = verdict(R"("result":null,"error":[23,"Low difficulty share",null])");
    EXPECT_EQ(list.verdict, false);
    EXPECT_EQ(list.reason, "Low difficulty share");
    EXPECT_EQ(verdict(R"("result":false,"error":{"code":-2,"message":"stale"})").reason, "stale");
    EXPECT_EQ(verdict(R"("result":false,"error":{"code":-2,"message":5})").reason, "refused");
    EXPECT_EQ(verdict(R"("result":false,"error":"no")").reason, "no");
    EXPECT_EQ(verdict(R"("result":false,"error":null)").verdict, false);
    const std::string id = submit();
    EXPECT_TRUE(take("{\"id\":" + id + R"(,"result":true,"error":null})").verdict);
    EXPECT_FALSE(take("{\"id\":" + id + R"(,"result":true,"error":null})").verdict) << "twice";
    EXPECT_FALSE(take(R"({"id":12345,"result":true,"error":null})").verdict);
    EXPECT_FALSE(take(R"({"id":"x","result":true,"error":null})").verdict);
}

TEST_F(StratumDialectTest, a_share_that_seals_a_block_is_told_so_with_its_verdict) {
    log_in();
    take(notify(6, "207fffff"));
    WorkHeader header = job().header;
    // Every second header reaches the easiest bits.
    while (pow_value(header) > target_of_compact(0x207fffff)->value) ++header[76];
    const auto line = dialect.submit({.work_id = dialect.work()->id, .roll = 0, .found = header});
    EXPECT_TRUE(take("{\"id\":" + Json::parse(*line)["id"].dump() + R"(,"result":true,"error":null})").is_block);
}

TEST_F(StratumDialectTest, answers_pings_and_questions_of_version) {
    log_in();
    EXPECT_EQ(take(R"({"id":9,"method":"mining.ping","params":[]})").text, "{\"id\":9,\"result\":\"pong\",\"error\":null}\n");
    EXPECT_EQ(take(R"({"id":"a","method":"client.get_version","params":[]})").text,
              "{\"id\":\"a\",\"result\":\"cairn-miner/0.1\",\"error\":null}\n");
    EXPECT_EQ(take(R"({"id":null,"method":"client.show_message","params":["hello"]})").message, "the server says: hello");
    const auto unknown = take(R"({"id":1,"method":"mining.something","params":[]})");
    EXPECT_EQ(unknown.text, "");
    EXPECT_FALSE(unknown.ended);
}

TEST_F(StratumDialectTest, ends_where_the_server_says_so_or_makes_no_sense) {
    EXPECT_TRUE(take(kNotify).ended) << "a job before the subscription";
    log_in();
    EXPECT_TRUE(take(R"({"id":null,"method":"client.reconnect","params":["elsewhere",1,0]})").ended);
    EXPECT_TRUE(take("not JSON").ended);
    EXPECT_TRUE(take("[]").ended);
    EXPECT_TRUE(take("").ended);
    StratumDialect refused{"u", "p", false};
    static_cast<void>(refused.begin());
    EXPECT_TRUE(refused.on_line(R"({"id":1,"result":null,"error":[20,"full",null]})", 1).ended);
    StratumDialect unauthorized{"u", "p", false};
    static_cast<void>(unauthorized.begin());
    EXPECT_FALSE(unauthorized.on_line(R"({"id":1,"result":[[],"00",4],"error":null})", 1).ended);
    const auto event = unauthorized.on_line(R"({"id":2,"result":false,"error":[24,"who?",null]})", 1);
    EXPECT_EQ(event.ended, "the server does not authorize \"u\": who?");
}

TEST_F(StratumDialectTest, subscriptions_with_sizes_beyond_use_are_refused) {
    for (const char* size : {"0", "17", "-1", "\"4\"", "1e99"}) {
        StratumDialect other{"u", "p", false};
        static_cast<void>(other.begin());
        EXPECT_TRUE(other.on_line(std::string{R"({"id":1,"result":[[],"00",)"} + size + R"(],"error":null})", 1).ended)
            << size;
    }
    for (const char* size : {"1", "16"}) {
        StratumDialect other{"u", "p", false};
        static_cast<void>(other.begin());
        EXPECT_FALSE(other.on_line(std::string{R"({"id":1,"result":[[],"00",)"} + size + R"(],"error":null})", 1).ended)
            << size;
    }
}

TEST_F(StratumDialectTest, every_malformed_part_of_a_job_ends_the_session) {
    log_in();
    EXPECT_FALSE(take(notify(4, Json::array())).ended) << "an empty block";
    const std::vector<std::pair<std::size_t, Json>> wrong{
        {0, 5},       {1, "00"},        {1, nullptr}, {2, "0"},        {3, "zz"},       {4, "x"},
        {4, {"aa"}},  {4, {5}},         {5, "2"},     {5, 0x20000000}, {6, "1e10000"},  {7, "6b49d200ff"},
        {4, Json(std::vector<std::string>(33, std::string(64, 'a')))}};
    for (const auto& [index, value] : wrong) EXPECT_TRUE(take(notify(index, value)).ended) << index << value;
    EXPECT_FALSE(take(notify(4, Json(std::vector<std::string>(32, std::string(64, 'a'))))).ended);
    Json cut = Json::parse(kNotify);
    cut["params"].erase(8);
    EXPECT_TRUE(take(cut.dump()).ended);
}

TEST_F(StratumDialectTest, a_line_cut_anywhere_harms_nothing) {
    log_in();
    const std::string line = kNotify;
    for (std::size_t length = 0; length < line.size(); ++length)
        EXPECT_TRUE(take(line.substr(0, length)).ended) << length;
}

/// minerd's bound, by its own formula, floor(0xffff0000 / difficulty) << 192, is what servers hold for certain.
TEST(ClientShareTarget, is_at_most_the_strictest_of_bounds_and_hardly_less) {
    for (const double difficulty : {2.4e-10, 4e-6, 0.001, 0.5, 1.0}) {
        const Uint256 strict = Uint256{static_cast<std::uint64_t>(0xffff0000 / difficulty)} << 192;
        const Uint256 target = client_share_target(difficulty).value;
        EXPECT_LE(target, strict + (Uint256{1} << 192)) << difficulty;
        EXPECT_GE(target, strict - (strict >> 30)) << difficulty;
    }
    // 0xffff << 208, but for the last of 53 bits.
    const Uint256 one = Uint256{0xffff} << 208;
    EXPECT_LE(client_share_target(1).value, one);
    EXPECT_GE(client_share_target(1).value, one - (one >> 50));
    EXPECT_EQ(client_share_target(1e-300).value, Uint256::max());
    EXPECT_EQ(client_share_target(1e300).value, Uint256{});
    EXPECT_LT(client_share_target(1e60).value, Uint256{1} << 25);
}

}  // namespace
}  // namespace cairn::miner
