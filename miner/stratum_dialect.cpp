// SPDX-License-Identifier: MIT
#include "miner/stratum_dialect.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::miner {
namespace {

using Json = nlohmann::json;

/// Jobs whose solutions are still sent.
constexpr std::size_t kJobsMax = 16;
/// Shares without an answer, at most; a server that answers none gets no more credit than this.
constexpr std::size_t kSubmittedMax = 1000;
/// Bytes of one half of a coinbase, at most.
constexpr std::size_t kCoinbaseBytesMax = 100'000;

/// Exactly eight hex digits.
std::optional<std::uint32_t> parse_word(const std::string& text) {
    const auto bytes = from_hex(text);
    if (text.size() != 8 || !bytes || bytes->size() != 4) return std::nullopt;
    return load_be32(bytes->data());
}

}  // namespace

// ---- rolls and targets ----

ExtranonceRolls::ExtranonceRolls(Bytes head, std::size_t extranonce2_size, Bytes tail, std::vector<Hash256> branches)
    : head_{std::move(head)},
      extranonce2_size_{extranonce2_size},
      tail_{std::move(tail)},
      branches_{std::move(branches)} {
    CAIRN_ASSERT(extranonce2_size >= kExtranonce2BytesMin && extranonce2_size <= kExtranonce2BytesMax);
}

std::uint64_t ExtranonceRolls::count() const noexcept {
    return extranonce2_size_ >= 8 ? std::numeric_limits<std::uint64_t>::max()
                                  : std::uint64_t{1} << (8 * extranonce2_size_);
}

Bytes ExtranonceRolls::extranonce2(std::uint64_t roll) const {
    Bytes bytes(extranonce2_size_);
    for (std::size_t i = 0; i < std::min<std::size_t>(extranonce2_size_, 8); ++i)
        bytes[i] = static_cast<std::uint8_t>(roll >> (8 * i));
    return bytes;
}

void ExtranonceRolls::apply(std::uint64_t roll, WorkHeader& header) const {
    Bytes coinbase = head_;
    append(coinbase, extranonce2(roll));
    append(coinbase, tail_);
    std::array<std::uint8_t, 64> both;
    Hash256 root = sha256d(coinbase);
    for (const Hash256& branch : branches_) {
        std::ranges::copy(root.bytes, both.begin());
        std::ranges::copy(branch.bytes, both.begin() + 32);
        root = sha256d(both);
    }
    std::ranges::copy(root.bytes, header.begin() + kWorkMerkleRootOffset);
}

Target client_share_target(double difficulty) noexcept {
    // 0xffff << 208 = 65535/65536 * 2^224.
    int exponent = 0;
    const double fraction = std::frexp(65535.0 / 65536.0 / difficulty, &exponent);
    const auto mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53)) - 1;
    const int shift = 224 + exponent - 53;
    if (shift < 0) return {shift <= -64 ? Uint256{} : Uint256{mantissa >> static_cast<unsigned>(-shift)}};
    // 53 bits of mantissa: a shift beyond this leaves 256 bits.
    if (shift > 256 - 53) return {Uint256::max()};
    return {Uint256{mantissa} << static_cast<unsigned>(shift)};
}

// ---- lines ----

struct StratumDialect::Message {
    Json json;

    [[nodiscard]] const Json& params() const {
        static const Json kNone = Json::array();
        const auto it = json.find("params");
        return it != json.end() && it->is_array() ? *it : kNone;
    }
    [[nodiscard]] std::string text(std::size_t index) const {
        const Json& p = params();
        return index < p.size() && p[index].is_string() ? p[index].get<std::string>() : std::string{};
    }
    [[nodiscard]] const Json& member(const char* name) const {
        static const Json kNull;
        const auto it = json.find(name);
        return it != json.end() ? *it : kNull;
    }
    /// An error's words: servers send `[code, "text", …]`, `{"message": "text"}`, or a text.
    [[nodiscard]] std::string reason() const {
        const Json& error = member("error");
        if (error.is_array() && error.size() > 1 && error[1].is_string()) return error[1].get<std::string>();
        if (error.is_object() && error.contains("message") && error["message"].is_string())
            return error["message"].get<std::string>();
        if (error.is_string()) return error.get<std::string>();
        return "refused";
    }
    /// `result` is true, or not an error at all where a server sends something else for yes.
    [[nodiscard]] bool is_yes() const {
        const Json& result = member("result");
        return member("error").is_null() && !result.is_null() && result != false;
    }
};

StratumDialect::StratumDialect(std::string user, std::string password, bool asks_rolling)
    : user_{std::move(user)}, password_{std::move(password)}, asks_rolling_{asks_rolling} {}

std::string StratumDialect::request(std::string_view method, std::string_view params) {
    return fmt::format(R"({{"id":{},"method":"{}","params":{}}})" "\n", ++last_id_, method, params);
}

std::string StratumDialect::begin() {
    std::string text;
    if (asks_rolling_) {
        text += request("mining.configure", fmt::format(R"([["version-rolling"],{{"version-rolling.mask":"{:08x}",)"
                                                        R"("version-rolling.min-bit-count":6}}])",
                                                        kWorkVersionMask));
        configure_id_ = last_id_;
    }
    text += request("mining.subscribe", R"(["cairn-miner/0.1"])");
    subscribe_id_ = last_id_;
    return text;
}

DialectEvent StratumDialect::on_line(std::string_view line, std::uint64_t next_work_id) {
    const Message message{Json::parse(line, nullptr, false)};
    DialectEvent event;
    if (!message.json.is_object()) {
        event.ended = "the server sent a line that is no JSON object";
        return event;
    }
    return message.member("method").is_string() ? on_push(message, next_work_id) : on_answer(message);
}

DialectEvent StratumDialect::on_push(const Message& message, std::uint64_t next_work_id) {
    const auto method = message.member("method").get<std::string>();
    const auto answer = [&](std::string_view result) {
        return fmt::format(R"({{"id":{},"result":{},"error":null}})" "\n", message.member("id").dump(), result);
    };
    DialectEvent event;
    if (method == "mining.notify") return on_notify(message, next_work_id);
    if (method == "mining.set_difficulty") {
        const Json& params = message.params();
        const double difficulty = !params.empty() && params[0].is_number() ? params[0].get<double>() : 0;
        // In force with the next job, as the servers count it.
        if (std::isfinite(difficulty) && difficulty > 0) next_difficulty_ = difficulty;
    } else if (method == "mining.set_extranonce") {
        const auto first = from_hex(message.text(0));
        const Json& params = message.params();
        const auto size = params.size() > 1 && params[1].is_number_unsigned() ? params[1].get<std::size_t>() : 0;
        if (first && size >= ExtranonceRolls::kExtranonce2BytesMin && size <= ExtranonceRolls::kExtranonce2BytesMax) {
            extranonce1_ = *first;
            extranonce2_size_ = size;
        }
    } else if (method == "mining.set_version_mask") {
        if (const auto mask = parse_word(message.text(0))) {
            version_mask_ = *mask;
            if (!jobs_.empty()) {
                jobs_.back().job.version_mask = version_mask_;
                event.has_work = true;
            }
        }
    } else if (method == "mining.ping") {
        event.text = answer(R"("pong")");
    } else if (method == "client.get_version") {
        event.text = answer(R"("cairn-miner/0.1")");
    } else if (method == "client.show_message") {
        event.message = "the server says: " + message.text(0);
    } else if (method == "client.reconnect") {
        // To the same server, wherever it points: anyone on the way could send us elsewhere.
        event.ended = "the server asks to connect anew";
    }
    return event;
}

DialectEvent StratumDialect::on_answer(const Message& message) {
    DialectEvent event;
    const Json& id_json = message.member("id");
    if (!id_json.is_number_unsigned()) return event;
    const auto id = id_json.get<std::uint64_t>();
    if (id == subscribe_id_) return on_subscribed(message);
    if (asks_rolling_ && id == configure_id_) return on_configured(message);
    if (id == authorize_id_) {
        if (!message.is_yes()) event.ended = "the server does not authorize \"" + user_ + "\": " + message.reason();
        return event;
    }
    const auto it = submitted_.find(id);
    if (it == submitted_.end()) return event;
    event.verdict = message.is_yes();
    event.is_block = it->second;
    if (!*event.verdict) event.reason = message.reason();
    submitted_.erase(it);
    return event;
}

DialectEvent StratumDialect::on_subscribed(const Message& message) {
    DialectEvent event;
    const Json& result = message.member("result");
    const bool is_right = result.is_array() && result.size() >= 3 && result[1].is_string() &&
                          result[2].is_number_unsigned();
    const auto first = is_right ? from_hex(result[1].get<std::string>()) : std::nullopt;
    const std::size_t size = is_right ? result[2].get<std::size_t>() : 0;
    if (!first || size < ExtranonceRolls::kExtranonce2BytesMin || size > ExtranonceRolls::kExtranonce2BytesMax) {
        event.ended = "the server does not subscribe us: " + message.reason();
        return event;
    }
    extranonce1_ = *first;
    extranonce2_size_ = size;
    event.text = request("mining.authorize", Json::array({user_, password_}).dump());
    authorize_id_ = last_id_;
    event.text += request("mining.extranonce.subscribe", "[]");
    return event;
}

DialectEvent StratumDialect::on_configured(const Message& message) {
    const Json& result = message.member("result");
    if (result.is_object() && result.value("version-rolling", Json{}) == true) {
        const Json mask = result.value("version-rolling.mask", Json{});
        if (mask.is_string()) version_mask_ = parse_word(mask.get<std::string>()).value_or(0);
    }
    return {};
}

// ---- jobs and shares ----

DialectEvent StratumDialect::on_notify(const Message& message, std::uint64_t next_work_id) {
    DialectEvent event;
    event.ended = "the server sent a job that makes no sense";
    if (!is_subscribed()) return event;
    const Json& params = message.params();
    const auto previous = from_hex(message.text(1));
    const auto head = from_hex(message.text(2));
    const auto tail = from_hex(message.text(3));
    const auto version = parse_word(message.text(5));
    const auto bits = parse_word(message.text(6));
    const auto time = parse_word(message.text(7));
    if (params.size() < 9 || !params[0].is_string() || !previous || previous->size() != 32 || !head || !tail ||
        head->size() > kCoinbaseBytesMax || tail->size() > kCoinbaseBytesMax || !params[4].is_array() ||
        params[4].size() > ExtranonceRolls::kBranchesMax || !version || !bits || !time)
        return event;
    std::string text = params.dump();
    if (!jobs_.empty() && text == jobs_.back().text) {
        // Said twice: searching it from its beginning would find the same shares again.
        event.ended.reset();
        return event;
    }
    std::vector<Hash256> branches;
    for (const Json& branch : params[4]) {
        const auto hash = branch.is_string() ? fixed_from_hex<Hash256>(branch.get<std::string>()) : std::nullopt;
        if (!hash) return event;
        branches.push_back(*hash);
    }
    Bytes begin = *head;
    append(begin, extranonce1_);

    difficulty_ = next_difficulty_;
    ServerJob job{.work_id = next_work_id,
                  .id = message.text(0),
                  .job = {.header = {}, .target = client_share_target(difficulty_), .version_mask = version_mask_},
                  .rolls = std::make_shared<ExtranonceRolls>(std::move(begin), extranonce2_size_, *tail,
                                                             std::move(branches)),
                  .time = *time,
                  .block_target = target_of_compact(*bits).value_or(Target{}),
                  .text = std::move(text),
                  .is_over = false};
    WorkHeader& header = job.job.header;
    store_le32(header.data(), *version);
    // The bytes inside each word stand reversed in the job.
    for (std::size_t i = 0; i < 32; i += 4)
        store_le32(header.data() + kWorkSealHashOffset + i, load_be32(previous->data() + i));
    store_le32(header.data() + kWorkTimeOffset, *time);
    store_le32(header.data() + kWorkBitsOffset, *bits);
    if (params[8] == true)
        for (ServerJob& other : jobs_) other.is_over = true;
    jobs_.push_back(std::move(job));
    if (jobs_.size() > kJobsMax) jobs_.pop_front();
    event.ended.reset();
    event.has_work = true;
    return event;
}

std::optional<Work> StratumDialect::work() const {
    if (jobs_.empty()) return std::nullopt;
    const ServerJob& job = jobs_.back();
    return Work{.id = job.work_id, .task = job.job, .rolls = job.rolls};
}

std::optional<std::string> StratumDialect::submit(const Solution& solution) {
    const auto* header = std::get_if<WorkHeader>(&solution.found);
    const auto job = std::ranges::find(jobs_, solution.work_id, &ServerJob::work_id);
    if (header == nullptr || job == jobs_.end()) return std::nullopt;
    const bool is_block = pow_value(*header) <= job->block_target.value;
    if (job->is_over && !is_block) return std::nullopt;
    Json params = {user_, job->id, to_hex(job->rolls->extranonce2(solution.roll)), fmt::format("{:08x}", job->time),
                   fmt::format("{:08x}", load_le32(header->data() + kWorkNonceOffset))};
    // BIP 310: with version rolling granted, the rolled bits are always told.
    if (job->job.version_mask != 0)
        params.push_back(fmt::format("{:08x}", load_le32(header->data()) & job->job.version_mask));
    std::string line = request("mining.submit", params.dump());
    submitted_.emplace(last_id_, is_block);
    if (submitted_.size() > kSubmittedMax) submitted_.erase(submitted_.begin());
    return line;
}

}  // namespace cairn::miner
