// SPDX-License-Identifier: MIT
#include "node/mining/stratum_session.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"

namespace cairn::node {
namespace {

using Json = nlohmann::json;

// Error codes that Stratum's clients know.
constexpr int kOther = 20;
constexpr int kJobNotFound = 21;
constexpr int kDuplicate = 22;
constexpr int kLowDifficulty = 23;
constexpr int kUnauthorized = 24;
constexpr int kNotSubscribed = 25;

double seconds_between(StratumSession::Time from, StratumSession::Time to) noexcept {
    return std::chrono::duration<double>(to - from).count();
}

Extranonce1 make_extranonce1(std::uint32_t number) noexcept {
    Extranonce1 bytes;
    store_be32(bytes.data(), number);
    return bytes;
}

}  // namespace

/// A line that is a request.
struct StratumSession::Request {
    std::string id;  ///< as JSON, to be given back
    std::string method;
    Json params;  ///< an array

    /// The text at an index; empty where there is none.
    [[nodiscard]] std::string text(std::size_t index) const {
        return index < params.size() && params[index].is_string() ? params[index].get<std::string>() : std::string{};
    }
    [[nodiscard]] std::string answer(std::string_view result) const {
        return fmt::format(R"({{"id":{},"result":{},"error":null}})" "\n", id, result);
    }
    [[nodiscard]] std::string refuse(int code, std::string_view text, std::string_view result = "null") const {
        return fmt::format(R"({{"id":{},"result":{},"error":[{},"{}",null]}})" "\n", id, result, code, text);
    }
};

StratumSession::StratumSession(std::uint32_t extranonce1, const StratumSessionOptions& options, Time now)
    : options_{options},
      extranonce1_{make_extranonce1(extranonce1)},
      extranonce1_number_{extranonce1},
      opened_{now},
      last_notify_{now},
      vardiff_{options.difficulty_start, now},
      last_line_{now},
      last_forgiven_{now} {}

// ---- lines ----

SessionOutput StratumSession::on_line(std::string_view line, Time now) {
    if (line.size() > kStratumLineBytesMax) return on_long_line(now);
    SessionOutput out;
    if (!take_line(now, out)) return out;
    const Json message = Json::parse(line, nullptr, false);
    Request request{.id = "null", .method = {}, .params = Json::array()};
    if (message.is_discarded()) {
        out.text = request.refuse(kOther, "Not JSON");
        punish(kPenaltyNotJson, out);
        return out;
    }
    // Answers to what a server may ask, which this one does not: ESP-Miner and cgminer send some unasked.
    if (message.is_object() && !message.contains("method") && message.contains("result")) return out;
    if (message.is_object() && message.contains("id") && message["id"].is_primitive())
        request.id = message["id"].dump(-1, ' ', true, Json::error_handler_t::replace);
    if (!message.is_object() || !message.contains("method") || !message["method"].is_string() ||
        (message.contains("params") && !message["params"].is_array())) {
        out.text = request.refuse(kOther, "Not a request");
        punish(kPenaltyMalformed, out);
        return out;
    }
    request.method = message["method"].get<std::string>();
    if (message.contains("params")) request.params = message["params"];
    handle(request, out, now);
    return out;
}

SessionOutput StratumSession::on_long_line(Time now) {
    SessionOutput out;
    forgive(now);
    out.text = Request{.id = "null", .method = {}, .params = {}}.refuse(kOther, "Line too long");
    punish(kPenaltyNotJson, out);
    out.close = true;
    return out;
}

void StratumSession::handle(const Request& request, SessionOutput& out, Time now) {
    if (request.method == "mining.submit") return on_submit(request, out, now);
    if (request.method == "mining.configure") return on_configure(request, out);
    if (request.method == "mining.subscribe") return on_subscribe(request, out);
    if (request.method == "mining.authorize") return on_authorize(request, out, now);
    if (request.method == "mining.suggest_difficulty") return on_suggest_difficulty(request, out, now);
    if (request.method == "mining.extranonce.subscribe") {
        // The extranonce never changes here, so there is nothing to remember.
        out.text += request.answer("true");
        return;
    }
    if (request.method == "mining.ping") {
        out.text += request.answer(R"("pong")");
        return;
    }
    // ESP-Miner answers a ping with a request of this name; cgminer and others take note of a pong in the same way.
    if (request.method == "pong" || request.method == "mining.pong") return;
    out.text += request.refuse(kOther, "Unknown method");
    punish(kPenaltyUnknownMethod, out);
}

/// BIP 310: a key for every extension that was named, and no other.
void StratumSession::on_configure(const Request& request, SessionOutput& out) {
    if (request.params.empty() || !request.params[0].is_array()) {
        out.text += request.refuse(kOther, "Expected a list of extensions");
        return punish(kPenaltyMalformed, out);
    }
    const Json& names = request.params[0];
    const Json options = request.params.size() > 1 && request.params[1].is_object() ? request.params[1] : Json::object();
    Json answer = Json::object();
    for (const Json& name : names) {
        if (!name.is_string()) continue;
        if (name != "version-rolling") {
            answer[name.get<std::string>()] = false;
            continue;
        }
        std::uint32_t mask = options_.version_mask;
        const auto asked = options.find("version-rolling.mask");
        if (asked != options.end() && asked->is_string()) {
            // Whole digits, for some clients leave out leading zeros.
            const auto text = asked->get<std::string>();
            const auto parsed = text.size() <= 8 ? parse_hex_number(text, text.size()) : std::nullopt;
            mask &= static_cast<std::uint32_t>(parsed.value_or(0));
        }
        granted_mask_ = mask;
        answer["version-rolling"] = mask != 0;
        if (mask != 0) answer["version-rolling.mask"] = fmt::format("{:08x}", mask);
    }
    out.text += request.answer(answer.dump(-1, ' ', true, Json::error_handler_t::replace));
}

void StratumSession::on_subscribe(const Request& request, SessionOutput& out) {
    // A session that a client wants to take up again is not kept: its extranonce may belong to another by then.
    is_subscribed_ = true;
    const std::string id = fmt::format("{:08x}", extranonce1_number_);
    out.text += request.answer(fmt::format(
        R"([[["mining.set_difficulty","{0}"],["mining.notify","{0}"]],"{1}",{2}])", id, id, kExtranonce2Bytes));
    // Nothing may follow before the client has read this answer: minerd takes the next line for it. Work is sent with
    // the answer to authorize.
}

void StratumSession::on_authorize(const Request& request, SessionOutput& out, Time now) {
    if (!is_subscribed_) {
        out.text += request.refuse(kNotSubscribed, "Not subscribed", "false");
        return punish(kPenaltyOutOfOrder, out);
    }
    const auto worker = parse_worker_name(request.text(0));
    if (!worker) {
        out.text += request.refuse(kUnauthorized, "User must be ADDRESS or ADDRESS.worker", "false");
        return punish(kPenaltyWrongUser, out);
    }
    const bool was_authorized = is_authorized();
    if (std::ranges::find(workers_, *worker) == workers_.end()) {
        if (workers_.size() == kWorkersPerSessionMax) {
            out.text += request.refuse(kUnauthorized, "Too many workers on one connection", "false");
            return punish(kPenaltyWrongUser, out);
        }
        workers_.push_back(*worker);
    }
    out.text += request.answer("true");
    if (was_authorized) return;
    vardiff_.restart(vardiff_.difficulty(), now);
    if (job_) issue(true, out, now);
}

void StratumSession::on_suggest_difficulty(const Request& request, SessionOutput& out, Time now) {
    double wanted = 0;
    if (!request.params.empty() && request.params[0].is_number()) {
        wanted = request.params[0].get<double>();
    } else {
        // cpuminer-opt sends the number as text.
        const std::string text = request.text(0);
        std::from_chars(text.data(), text.data() + text.size(), wanted);
    }
    if (!std::isfinite(wanted) || wanted <= 0) {
        out.text += request.refuse(kOther, "Expected a difficulty above 0");
        return punish(kPenaltyMalformed, out);
    }
    out.text += request.answer("true");
    vardiff_.restart(std::max(std::min(wanted, difficulty_max()), options_.difficulty_min), now);
    if (is_authorized() && job_ && vardiff_.difficulty() != sent_difficulty_) issue(false, out, now);
}

// ---- shares ----

void StratumSession::on_submit(const Request& request, SessionOutput& out, Time now) {
    const auto refuse = [&](const Refusal& why) {
        out.text += request.refuse(why.code, why.text);
        punish(why.penalty, out);
    };
    if (!is_subscribed_) return refuse({kNotSubscribed, "Not subscribed", ShareOutcome::Invalid, kPenaltyOutOfOrder});
    const auto worker = parse_worker_name(request.text(0));
    if (!worker || std::ranges::find(workers_, *worker) == workers_.end())
        return refuse({kUnauthorized, "Unauthorized worker", ShareOutcome::Invalid, kPenaltyOutOfOrder});

    Refusal why{};
    std::optional<Checked> share;
    Issued* issued = nullptr;
    if (const auto fields = parse_share(request, why)) {
        issued = find_issued(request.text(1));
        if (issued == nullptr) {
            why = {kJobNotFound, "Job not found", ShareOutcome::Stale, kPenaltyStaleShare};
        } else {
            share = check_share(*issued, *fields, why);
        }
    }
    if (share && share->seals_block)
        out.blocks.push_back({.seal_hash = issued->job.base.seal_hash, .seal = share->seal, .worker = *worker});
    if (share && !share->is_counted) {
        share.reset();
        why = {kJobNotFound, "Stale share", ShareOutcome::Stale, 0};
    }
    if (!share) {
        out.shares.push_back({.worker = *worker, .difficulty = 0, .outcome = why.outcome});
        return refuse(why);
    }
    out.shares.push_back({.worker = *worker, .difficulty = share->difficulty, .outcome = ShareOutcome::Accepted});
    out.text += request.answer("true");
    vardiff_.on_share(share->difficulty);
    retarget(out, now);
}

std::optional<ShareFields> StratumSession::parse_share(const Request& request, Refusal& why) const {
    const auto extranonce2 = parse_hex_number(request.text(2), 2 * kExtranonce2Bytes);
    const auto time = parse_hex_number(request.text(3), 8);
    const auto nonce = parse_hex_number(request.text(4), 8);
    std::optional<std::uint64_t> bits = 0;
    if (request.params.size() > 5) bits = parse_hex_number(request.text(5), 8);
    if (!extranonce2 || !time || !nonce || !bits) {
        why = {kOther, "Malformed share", ShareOutcome::Invalid, kPenaltyMalformed};
        return std::nullopt;
    }
    const auto version_bits = static_cast<std::uint32_t>(*bits);
    if ((version_bits & ~granted_mask_) != 0) {
        why = {kOther, "Version bits outside the mask", ShareOutcome::Invalid, kPenaltyBadShare};
        return std::nullopt;
    }
    ShareFields fields;
    store_be64(fields.extranonce2.data(), *extranonce2);
    fields.time = static_cast<std::uint32_t>(*time);
    fields.nonce = static_cast<std::uint32_t>(*nonce);
    // BIP 310. The job's version has no bit inside the mask, so that clients which send the difference instead of the
    // rolled bits mean the same.
    fields.version = kWorkVersion | version_bits;
    return fields;
}

std::optional<StratumSession::Checked> StratumSession::check_share(Issued& issued, const ShareFields& fields,
                                                                   Refusal& why) {
    // Modulo 2^32, as the field wraps in 2106.
    if (fields.time - static_cast<std::uint32_t>(issued.job.base.timestamp) > kTimeAheadMax) {
        why = {kOther, "Time out of range", ShareOutcome::Invalid, kPenaltyBadShare};
        return std::nullopt;
    }
    const Hash256 root = merkle_root_of(issued.coinbase, extranonce1_, fields.extranonce2, issued.branches);
    const WorkHeader header = make_share_header(issued.job, root, fields);
    const Uint256 value = pow_value(header);
    Checked share;
    share.seals_block = value <= issued.job.base.target.value;
    // Some clients obey a new difficulty at once, others with their next job: the easier of the two holds.
    share.difficulty = std::min(issued.difficulty, sent_difficulty_);
    if (value <= share_target_of(issued.difficulty).value) share.difficulty = issued.difficulty;
    if (!share.seals_block && value > share_target_of(share.difficulty).value) {
        why = {kLowDifficulty, "Low difficulty share", ShareOutcome::LowDifficulty, kPenaltyBadShare};
        return std::nullopt;
    }
    if (issued.is_stale && !share.seals_block) {
        why = {kJobNotFound, "Stale share", ShareOutcome::Stale, kPenaltyStaleShare};
        return std::nullopt;
    }
    const bool is_full = issued.seen.size() >= kSharesPerJobMax;
    if (is_full && !share.seals_block) {
        why = {kOther, "Too many shares of one job", ShareOutcome::Invalid, kPenaltyBadShare};
        return std::nullopt;
    }
    // A block beyond that number still goes to the job board, which takes it once.
    if (!is_full && !issued.seen.insert(value.low64()).second) {
        why = {kDuplicate, "Duplicate share", ShareOutcome::Duplicate, kPenaltyBadShare};
        return std::nullopt;
    }
    share.is_counted = !issued.is_stale;
    share.seal = find_seal(issued.job.base, header).value();
    return share;
}

StratumSession::Issued* StratumSession::find_issued(std::string_view id) {
    const auto it = std::ranges::find_if(issued_, [&](const Issued& i) { return fmt::format("{:x}", i.id) == id; });
    return it == issued_.end() ? nullptr : &*it;
}

// ---- jobs and difficulty ----

SessionOutput StratumSession::on_job(const MiningJob& job, bool is_clean, Time now) {
    SessionOutput out;
    job_ = job;
    // Shares of the jobs before count on until their parent is no longer the head.
    if (is_clean)
        for (Issued& issued : issued_) issued.is_stale = true;
    if (is_authorized()) issue(is_clean, out, now);
    return out;
}

double StratumSession::difficulty_max() const noexcept {
    return job_ ? share_difficulty_max(job_->base.target) : options_.difficulty_start;
}

void StratumSession::set_difficulty(double difficulty, SessionOutput& out) {
    if (difficulty == sent_difficulty_) return;
    sent_difficulty_ = difficulty;
    out.text += fmt::format(R"({{"id":null,"method":"mining.set_difficulty","params":[{}]}})" "\n", difficulty);
}

void StratumSession::issue(bool is_clean, SessionOutput& out, Time now) {
    const double difficulty = std::max(std::min(vardiff_.difficulty(), difficulty_max()), options_.difficulty_min);
    // Before the job: clients take a difficulty over with the next one.
    set_difficulty(difficulty, out);
    Issued issued{.id = ++last_id_,
                  .job = *job_,
                  .coinbase = make_coinbase(job_->number),
                  .branches = make_branches(job_->base.seal_hash, last_id_),
                  .difficulty = difficulty,
                  .is_stale = false,
                  .seen = {}};
    out.text += make_notify(fmt::format("{:x}", issued.id), issued.job, issued.coinbase, issued.branches, is_clean);
    issued_.push_back(std::move(issued));
    if (issued_.size() > kJobsPerSessionMax) issued_.pop_front();
    last_notify_ = now;
}

void StratumSession::retarget(SessionOutput& out, Time now) {
    if (!job_ || !vardiff_.retarget(now, options_.difficulty_min, difficulty_max())) return;
    // At once, or a fast client would flood until its next job.
    issue(false, out, now);
}

SessionOutput StratumSession::on_tick(Time now) {
    SessionOutput out;
    if (!is_authorized()) {
        out.close = now - opened_ >= kAuthorizeTime;
        return out;
    }
    if (!job_) return out;
    retarget(out, now);
    if (now - last_notify_ >= kJobRefresh) issue(false, out, now);
    return out;
}

// ---- manners ----

bool StratumSession::take_line(Time now, SessionOutput& out) {
    forgive(now);
    line_credit_ = std::min(kLinesBurstMax, line_credit_ + seconds_between(last_line_, now) * kLinesPerSecondMax);
    last_line_ = now;
    if (line_credit_ < 1) {
        punish(kPenaltyFlood, out);
        return false;
    }
    line_credit_ -= 1;
    return true;
}

void StratumSession::forgive(Time now) noexcept {
    penalty_ = std::max(0.0, penalty_ - seconds_between(last_forgiven_, now) * kPenaltyForgivenPerSecond);
    last_forgiven_ = now;
}

void StratumSession::punish(double points, SessionOutput& out) {
    penalty_ += points;
    if (penalty_ < kPenaltyMax) return;
    out.close = true;
    out.ban = true;
}

}  // namespace cairn::node
