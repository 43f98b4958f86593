// SPDX-License-Identifier: MIT
// Lines of anything to both ends of Stratum: a server's session, and a client's dialect. Neither may crash, everything
// said must be lines of JSON, and a session that was ended stays without accepted shares beyond its jobs.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "miner/stratum_dialect.hpp"
#include "node/mining/stratum_session.hpp"

namespace {

using namespace cairn;

constexpr const char* kUser = "0x00112233445566778899aabbccddeeff00112233.rig";

void require(bool holds) {
    if (!holds) std::abort();
}

void check_lines(const std::string& text) {
    require(text.empty() || text.back() == '\n');
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        require(nlohmann::json::accept(text.substr(begin, end - begin)));
        begin = end + 1;
    }
}

void serve(std::string_view input, bool is_logged_in) {
    using node::StratumSession;
    StratumSession::Time now{0};
    StratumSession session{7, {}, now};
    MiningJob job{.id = 1, .number = 9, .base = {}};
    job.base.target = target_of({Uint256{1000}});
    check_lines(session.on_job(job, true, now).text);
    if (is_logged_in) {
        check_lines(session.on_line(R"({"id":1,"method":"mining.subscribe","params":[]})", now).text);
        check_lines(session.on_line(std::string{R"({"id":2,"method":"mining.authorize","params":[")"} + kUser + "\"]}", now)
                        .text);
        require(session.is_authorized());
    }
    while (!input.empty()) {
        const std::size_t end = input.find('\n');
        const auto out = session.on_line(input.substr(0, end), now);
        check_lines(out.text);
        require(out.shares.size() <= 1 && out.blocks.size() <= 1);
        for (const auto& block : out.blocks)
            require(pow_value(make_work_header(job.base, block.seal)) <= job.base.target.value);
        check_lines(session.on_tick(now).text);
        if (out.close || end == std::string_view::npos) return;
        input.remove_prefix(end + 1);
        now += std::chrono::milliseconds{700};
    }
}

void mine(std::string_view input, bool is_logged_in) {
    miner::StratumDialect dialect{"user", "x", true};
    check_lines(dialect.begin());
    if (is_logged_in) check_lines(dialect.on_line(R"({"id":2,"result":[[],"0a0b0c0d",8],"error":null})", 1).text);
    std::uint64_t work_id = 1;
    while (!input.empty()) {
        const std::size_t end = input.find('\n');
        const auto event = dialect.on_line(input.substr(0, end), ++work_id);
        check_lines(event.text);
        require(!event.has_work || dialect.work());
        if (const auto work = dialect.work()) {
            WorkHeader header = std::get<miner::Job>(work->task).header;
            work->rolls->apply(work->rolls->count() - 1, header);
            if (const auto line = dialect.submit({.work_id = work->id, .roll = 3, .found = header})) check_lines(*line);
        }
        if (event.ended || end == std::string_view::npos) return;
        input.remove_prefix(end + 1);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view input{reinterpret_cast<const char*>(data) + 1, size - 1};
    if ((data[0] & 1) != 0) {
        serve(input, (data[0] & 2) != 0);
    } else {
        mine(input, (data[0] & 2) != 0);
    }
    return 0;
}
