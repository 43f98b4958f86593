// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/unit/node/mining/foreign_client.hpp"
#include "node/mining/stratum_session.hpp"

namespace cairn::node {

inline constexpr const char* kUser = "0x00112233445566778899aabbccddeeff00112233.rig";

/// A job whose blocks take about `hashes` hashes.
inline MiningJob make_job(std::uint64_t hashes, std::uint8_t salt = 1) {
    MiningJob job{.id = salt, .number = 7, .base = {.seal_hash = {}, .timestamp = 1'800'000'000, .target = {}}};
    job.base.seal_hash.bytes.fill(salt);
    job.base.target = target_of({Uint256{hashes}});
    return job;
}

/// A session with a foreign client at its other end.
class StratumFixture : public testing::Test {
  protected:
    using Json = nlohmann::json;
    using Time = StratumSession::Time;

    /// Takes an output as a server would, and lets the client read its lines.
    SessionOutput keep(SessionOutput out) {
        client.read(out.text);
        return out;
    }
    SessionOutput send(const std::string& line) { return keep(session.on_line(line, now)); }
    SessionOutput send(const std::string& method, const Json& params, int id = 1) {
        return send(Json{{"id", id}, {"method", method}, {"params", params}}.dump());
    }
    SessionOutput give_job(const MiningJob& job, bool is_clean = true) {
        return keep(session.on_job(job, is_clean, now));
    }
    /// subscribe and authorize, with the easiest shares.
    void log_in(const MiningJob& job) {
        give_job(job);
        send("mining.subscribe", {"test"}, 1);
        send("mining.suggest_difficulty", Json::array({kShareDifficultyMin}), 2);
        send("mining.authorize", {kUser, "x"}, 3);
    }
    /// Submits a share of the client's current difficulty.
    SessionOutput share(std::uint32_t first_nonce = 0) {
        return send(client.submit(client.solve(client.difficulty, first_nonce), kUser));
    }
    const Json& last_answer() const { return client.answers.back(); }
    int last_code() const { return client.answers.back()["error"].is_array() ? client.answers.back()["error"][0].get<int>() : 0; }
    /// Ticks each second for that long.
    SessionOutput wait(std::chrono::seconds time) {
        SessionOutput all;
        for (std::chrono::seconds passed{0}; passed < time; passed += std::chrono::seconds{1}) {
            now += std::chrono::seconds{1};
            const SessionOutput out = keep(session.on_tick(now));
            all.text += out.text;
            all.close = all.close || out.close;
        }
        return all;
    }

    Time now{1'000'000};
    StratumSession session{0x0a0b0c0d, {}, now};
    ForeignClient client;
};

}  // namespace cairn::node
