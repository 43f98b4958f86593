// SPDX-License-Identifier: MIT
#include "node/mining/mine_endpoint.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "core/crypto/random.hpp"
#include "core/crypto/sha256.hpp"
#include "node/mining/limits.hpp"

namespace cairn::node {
namespace {

using Json = nlohmann::json;

constexpr unsigned kOk = 200;
constexpr unsigned kNotFound = 404;

/// How often kept requests are looked at without a change of the board.
constexpr std::chrono::seconds kPollPeriod{1};

rpc::HttpResponse answer(const std::string& id, std::string_view result) {
    return {.status = kOk, .body = fmt::format(R"({{"result":{},"error":null,"id":{}}})" "\n", result, id)};
}

/// The error is a text, not an object with a code: cpuminer-opt takes a code for the end of its attempts, where it would
/// otherwise go on from getblocktemplate to getwork.
rpc::HttpResponse refuse(unsigned status, const std::string& id, std::string_view text) {
    return {.status = status,
            .body = fmt::format(R"({{"result":null,"error":{},"id":{}}})" "\n", Json(text).dump(), id)};
}



ShareOutcome share_outcome_of(chain::SealOutcome outcome) noexcept {
    switch (outcome) {
        case chain::SealOutcome::Accepted: return ShareOutcome::Accepted;
        case chain::SealOutcome::Stale: return ShareOutcome::Stale;
        case chain::SealOutcome::Duplicate: return ShareOutcome::Duplicate;
        case chain::SealOutcome::LowDifficulty: return ShareOutcome::LowDifficulty;
        case chain::SealOutcome::WrongMix: return ShareOutcome::Invalid;
    }
    return ShareOutcome::Invalid;
}

/// BIP 22's words for a block that is refused.
const char* template_reason(chain::SealOutcome outcome) noexcept {
    switch (outcome) {
        case chain::SealOutcome::Stale: return "stale-work";
        case chain::SealOutcome::Duplicate: return "duplicate";
        case chain::SealOutcome::LowDifficulty: return "high-hash";
        default: return "rejected";
    }
}

/// The header at the beginning of submitblock's block, which is in its own byte order.
std::optional<WorkHeader> parse_block_header(const std::string& hex) {
    constexpr std::size_t kDigits = 2 * kWorkHeaderSize;
    if (hex.size() < kDigits) return std::nullopt;
    const auto bytes = from_hex(std::string_view{hex}.substr(0, kDigits));
    if (!bytes || bytes->size() != kWorkHeaderSize) return std::nullopt;
    WorkHeader header;
    std::ranges::copy(*bytes, header.begin());
    return header;
}

}  // namespace

/// A decoded request.
struct MineEndpoint::Call {
    std::string id = "null";  ///< as JSON
    std::string method;
    Json params = Json::array();
    std::string user;

    [[nodiscard]] std::string text(std::size_t index) const {
        return index < params.size() && params[index].is_string() ? params[index].get<std::string>() : std::string{};
    }
    /// getblocktemplate's `longpollid`; empty where there is none.
    [[nodiscard]] std::string long_poll_id() const {
        if (params.empty() || !params[0].is_object()) return {};
        const auto it = params[0].find("longpollid");
        return it != params[0].end() && it->is_string() ? it->get<std::string>() : std::string{};
    }

    static std::optional<Call> parse(const rpc::HttpRequest& request) {
        const Json message = Json::parse(request.body, nullptr, false);
        if (!message.is_object() || !message.contains("method") || !message["method"].is_string()) return std::nullopt;
        Call call;
        call.method = message["method"].get<std::string>();
        if (message.contains("id") && message["id"].is_primitive()) call.id = message["id"].dump();
        if (message.contains("params") && message["params"].is_array()) call.params = message["params"];
        call.user = request.user;
        return call;
    }
};

MineEndpoint::MineEndpoint(chain::JobBoard& board, WorkerTable& workers, std::string stratum)
    : board_{board}, workers_{workers}, stratum_{std::move(stratum)} {
    std::array<std::uint8_t, 12> random;
    random_bytes(random);
    last_unique_ = load_le64(random.data());
    apart_ = load_le32(random.data() + 8);
}

void MineEndpoint::handle(const rpc::HttpRequest& request, rpc::HttpResponder respond, Time now) {
    const auto call = Call::parse(request);
    if (!call) return respond(refuse(kOk, "null", "not a request"));
    const bool wants_template = call->method == "getblocktemplate";
    if (call->method == "submitblock")
        return respond(submit_header(*call, parse_block_header(call->text(0)), true, now));
    if (call->method == "getwork" && !call->params.empty())
        return respond(submit_header(*call, parse_getwork_data(call->text(0)), false, now));
    // cpuminer-opt asks for other things on the way; 404 lets it, and every client, go on to what there is.
    if (call->method != "getwork" && !wants_template) return respond(refuse(kNotFound, call->id, "method not found"));

    const chain::JobPosting posting = board_.current();
    std::uint64_t seen = 0;
    bool waits = !posting.job;
    const std::string seen_text = wants_template ? call->long_poll_id() : std::string{};
    if (request.path.ends_with("/lp") || !seen_text.empty()) {
        // What a template's client has seen is in its id; one of another run is not this board's, and is answered.
        seen = seen_text.empty() ? posting.generation : parse_hex_number(seen_text, 16).value_or(0);
        waits = waits || seen == posting.generation;
    }
    if (!waits) return respond(answer_work(call->id, wants_template, posting));
    {
        const std::scoped_lock lock{mutex_};
        if (waiting_.size() < kLongPollsMax) {
            waiting_.push_back({.id = call->id,
                                .wants_template = wants_template,
                                .generation_seen = seen,
                                .until = now + kLongPollTime,
                                .respond = std::move(respond)});
            return;
        }
    }
    respond(refuse(kOk, call->id, "too many long polls"));
}

void MineEndpoint::poll(Time now) {
    const chain::JobPosting posting = board_.current();
    std::list<Waiting> due;
    {
        const std::scoped_lock lock{mutex_};
        for (auto it = waiting_.begin(); it != waiting_.end();) {
            const auto next = std::next(it);
            if ((posting.job && posting.generation != it->generation_seen) || now >= it->until)
                due.splice(due.end(), waiting_, it);
            it = next;
        }
    }
    // Without the lock: answering may call back.
    for (const Waiting& request : due)
        request.respond(posting.job ? answer_work(request.id, request.wants_template, posting)
                                    : refuse(kOk, request.id, "no work at the moment"));
}

void MineEndpoint::run(const std::stop_token& stop, const std::function<Time()>& clock) {
    std::uint64_t seen = 0;
    while (!stop.stop_requested()) {
        if (const auto posting = board_.wait_job(seen, stop, kPollPeriod)) seen = posting->generation;
        poll(clock());
    }
}

std::size_t MineEndpoint::waiting() const {
    const std::scoped_lock lock{mutex_};
    return waiting_.size();
}

std::array<std::uint8_t, 12> MineEndpoint::make_unique() {
    const std::scoped_lock lock{mutex_};
    std::array<std::uint8_t, 12> bytes;
    store_be32(bytes.data(), apart_);
    store_be64(bytes.data() + 4, ++last_unique_);
    return bytes;
}

rpc::HttpResponse MineEndpoint::answer_work(const std::string& id, bool wants_template,
                                            const chain::JobPosting& posting) {
    std::string result;
    if (wants_template) {
        result = make_template(posting);
    } else {
        // Any 32 bytes will do for the Merkle-root slot; each client gets its own.
        Seal seal;
        seal.mix_hash = sha256d(make_unique());
        const WorkBase& base = posting.job->base;
        result = fmt::format(R"({{"data":"{}","target":"{}","versionmask":"{:08x}"}})",
                             make_getwork_data(make_work_header(base, seal)), make_getwork_target(base.target),
                             kWorkVersionMask);
    }
    rpc::HttpResponse response = answer(id, result);
    response.fields.emplace_back("X-Long-Polling", "/lp");
    if (!stratum_.empty()) response.fields.emplace_back("X-Stratum", "stratum+tcp://" + stratum_);
    return response;
}

std::string MineEndpoint::make_template(const chain::JobPosting& posting) {
    const MiningJob& job = *posting.job;
    const CoinbaseParts coinbase = make_coinbase(job.number);
    std::array<std::uint8_t, 32> seal_hash;
    std::ranges::reverse_copy(job.base.seal_hash.bytes, seal_hash.begin());
    std::array<std::uint8_t, 32> target;
    store_be256(target.data(), job.base.target.value);
    const Json result{
        {"capabilities", Json::array()},
        {"version", kWorkVersion},
        {"rules", Json::array()},
        {"vbavailable", Json::object()},
        {"vbrequired", 0},
        {"previousblockhash", to_hex(seal_hash)},
        {"transactions", Json::array()},
        {"coinbaseaux", Json::object()},
        {"coinbasetxn", {{"data", to_hex(coinbase.head) + to_hex(make_unique()) + to_hex(coinbase.tail)}}},
        {"target", to_hex(target)},
        {"bits", fmt::format("{:08x}", compact_of(job.base.target))},
        {"curtime", job.base.timestamp},
        {"mintime", job.base.timestamp},
        {"maxtime", job.base.timestamp + kTimeAheadMax},
        {"noncerange", "00000000ffffffff"},
        {"height", job.number},
        {"mutable", {"time/increment", "coinbase/append", "version/force"}},
        {"sigoplimit", 80000},
        {"sizelimit", 4000000},
        {"longpollid", fmt::format("{:016x}", posting.generation)},
    };
    return result.dump();
}

rpc::HttpResponse MineEndpoint::submit_header(const Call& call, const std::optional<WorkHeader>& header,
                                              bool is_template, Time now) {
    const auto refused = [&](std::string_view reason) {
        if (is_template) return answer(call.id, Json(reason).dump());
        rpc::HttpResponse response = answer(call.id, "false");
        response.fields.emplace_back("X-Reject-Reason", reason);
        return response;
    };
    if (!header) return refused(is_template ? "rejected" : "malformed data");
    const auto seal_hash = Hash256::from(ByteView{*header}.subspan(kWorkSealHashOffset, 32));
    const auto base = board_.find_work(seal_hash);
    const auto seal = base ? find_seal(*base, *header) : std::nullopt;
    auto outcome = chain::SealOutcome::Stale;
    if (base && !seal) return refused(is_template ? "rejected" : "version, time or bits were changed");
    if (seal) outcome = board_.submit(seal_hash, *seal);
    if (const auto worker = parse_worker_name(call.user)) {
        const bool is_accepted = outcome == chain::SealOutcome::Accepted;
        workers_.on_share({.worker = *worker,
                           .difficulty = is_accepted ? share_difficulty_max(base->target) : 0,
                           .outcome = share_outcome_of(outcome)},
                          now);
        if (is_accepted) workers_.on_block(*worker, now);
    }
    if (outcome != chain::SealOutcome::Accepted)
        return refused(is_template ? template_reason(outcome) : to_text(outcome));
    return answer(call.id, is_template ? "null" : "true");
}

}  // namespace cairn::node
