// SPDX-License-Identifier: MIT
#include "miner/getwork_client.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/bytes.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/random.hpp"

namespace cairn::miner {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds kPollPeriod{5};
constexpr std::chrono::milliseconds kEthashPollPeriod{500};
/// A node answers long polls within a minute.
constexpr std::chrono::seconds kLongPollTime{90};
/// Failures in a row after which a server is given up.
constexpr int kFailuresMax = 3;
constexpr std::size_t kWorksKept = 32;

constexpr std::size_t kGetworkDigits = 256;

/// Reverses the bytes inside each word, as getwork has them.
void turn_words(Bytes& bytes) {
    for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4) store_be32(bytes.data() + i, load_le32(bytes.data() + i));
}

std::string url_text(const RemoteUrl& url) {
    std::string credentials;
    if (!url.user.empty()) {
        // Every byte that could end a part of the URL goes as a percent code.
        const auto encode = [](std::string_view text) {
            std::string out;
            for (const char c : text) {
                const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                      c == '.' || c == '-' || c == '_';
                out += is_plain ? std::string{c} : fmt::format("%{:02x}", static_cast<unsigned char>(c));
            }
            return out;
        };
        credentials = encode(url.user) + ":" + encode(url.password) + "@";
    }
    const bool is_v6 = url.host.find(':') != std::string::npos;
    return "http://" + credentials + (is_v6 ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port) + url.path;
}

}  // namespace

struct GetworkClient::Getwork {
    std::optional<WorkHeader> header;
    Target target;
    std::uint32_t version_mask = 0;  ///< 0: the server does not say that versions may roll
    std::string error;
    bool is_absent = false;  ///< the server is there but gives no such work
};

GetworkClient::GetworkClient(RemoteUrl url, RemoteListener& listener)
    : url_{std::move(url)}, path_{url_.path == "/" ? "/mine" : url_.path}, listener_{listener} {}

GetworkClient::Getwork GetworkClient::ask(rpc::Client& client, std::string_view target) {
    Getwork work;
    const auto reply = client.post(target, R"({"id":0,"method":"getwork","params":[]})", kLongPollTime);
    if (!reply) {
        work.error = reply.error().message;
        return work;
    }
    const Json answer = Json::parse(reply->body, nullptr, false);
    const Json result = answer.is_object() ? answer.value("result", Json{}) : Json{};
    const auto text = [&](const char* name) {
        return result.is_object() && result.contains(name) && result[name].is_string() ? result[name].get<std::string>()
                                                                                       : std::string{};
    };
    auto data = from_hex(text("data"));
    auto bound = from_hex(text("target"));
    if (!data || data->size() < kWorkHeaderSize || data->size() % 4 != 0 || !bound || bound->size() != 32) {
        work.is_absent = true;
        work.error = fmt::format("no getwork at {} (HTTP status {})", target, reply->status);
        return work;
    }
    turn_words(*data);
    work.header.emplace();
    std::copy_n(data->begin(), kWorkHeaderSize, work.header->begin());
    std::ranges::reverse(*bound);
    work.target.value = load_be256(bound->data());
    if (const auto mask = from_hex(text("versionmask")); mask && mask->size() == 4)
        work.version_mask = load_be32(mask->data());
    return work;
}

void GetworkClient::publish(const Getwork& work) {
    listener_.on_work(Work{.id = listener_.next_work_id(),
                           .task = Job{.header = *work.header, .target = work.target, .version_mask = work.version_mask},
                           .rolls = nullptr});
}

void GetworkClient::pause(const std::stop_token& stop, std::chrono::milliseconds time) {
    std::unique_lock lock{mutex_};
    wake_.wait_for(lock, stop, time, [&] { return is_exhausted_; });
    is_exhausted_ = false;
}

std::string GetworkClient::run(const std::stop_token& stop) {
    auto client = rpc::Client::make(url_text(url_));
    auto submitter = rpc::Client::make(url_text(url_));
    if (!client) return client.error().message;
    {
        const std::scoped_lock lock{submit_mutex_};
        submitter_ = std::move(submitter).value();
    }
    // The submitter may be in a call of another thread, which cancel allows.
    const std::stop_callback cancel{stop, [&] {
                                        client->cancel();
                                        submitter_->cancel();
                                    }};
    Getwork first = ask(*client, path_);
    if (stop.stop_requested()) return "stopped";
    if (first.header) return run_getwork(*client, std::move(first), stop);
    if (!first.is_absent) return first.error;
    return run_ethash(*client, stop);
}

std::string GetworkClient::run_getwork(rpc::Client& client, Getwork work, const std::stop_token& stop) {
    listener_.on_message("connected to " + to_text(url_) + ", getwork");
    const bool is_cairn = work.version_mask != 0;
    is_cairn_ = is_cairn;
    const std::string long_poll = path_ + (path_.ends_with('/') ? "lp" : "/lp");
    int failures = 0;
    while (!stop.stop_requested()) {
        if (work.header) {
            failures = 0;
            publish(work);
        } else if (++failures == kFailuresMax) {
            return work.error;
        }
        if (!is_cairn || !work.header) pause(stop, kPollPeriod);
        if (stop.stop_requested()) break;
        work = ask(client, is_cairn && work.header ? long_poll : path_);
    }
    return "stopped";
}

std::string GetworkClient::run_ethash(rpc::Client& client, const std::stop_token& stop) {
    Hash256 last;
    std::array<std::uint8_t, 8> apart;
    random_bytes(apart);
    int failures = 0;
    while (!stop.stop_requested()) {
        const auto answer = client.call("eth_getWork");
        const Json work = answer ? Json::parse(*answer, nullptr, false) : Json{};
        const auto text = [&](std::size_t i) {
            return work.is_array() && i < work.size() && work[i].is_string() ? work[i].get<std::string>() : std::string{};
        };
        const auto seal_hash = fixed_from_hex<Hash256>(text(0));
        const auto seed = fixed_from_hex<Hash256>(text(1));
        const auto boundary = fixed_from_hex<Hash256>(text(2));
        if (!seal_hash || !seed || !boundary) {
            // While a block is on its way to the head a node has no work for a moment.
            if (++failures >= kFailuresMax && last.is_zero())
                return answer ? "eth_getWork gives no work" : answer.error().message;
            if (!answer && answer.error().kind == rpc::ClientErrorKind::Unreachable) return answer.error().message;
        } else if (*seal_hash != last) {
            std::uint64_t epoch = 0;
            while (epoch < kEthashEpochsMax && ethash_seed(epoch) != *seed) ++epoch;
            if (epoch == kEthashEpochsMax) return "the server's seed hash is of no known epoch";
            if (last.is_zero()) listener_.on_message("connected to " + to_text(url_) + ", Ethash");
            last = *seal_hash;
            failures = 0;
            const std::uint64_t id = listener_.next_work_id();
            {
                const std::scoped_lock lock{mutex_};
                seal_hashes_.emplace_back(id, last);
                if (seal_hashes_.size() > kWorksKept) seal_hashes_.pop_front();
            }
            listener_.on_work(Work{.id = id,
                                   .task = EthashJob{.seal_hash = last,
                                                     .number = epoch * kEthashEpochBlocks,
                                                     .target = {load_be256(boundary->data())}},
                                   .rolls = nullptr,
                                   .first_nonce = load_le64(apart.data())});
        }
        pause(stop, kEthashPollPeriod);
    }
    return "stopped";
}

std::optional<Hash256> GetworkClient::find_seal_hash(std::uint64_t work_id) {
    const std::scoped_lock lock{mutex_};
    for (const auto& [id, seal_hash] : seal_hashes_)
        if (id == work_id) return seal_hash;
    return std::nullopt;
}

void GetworkClient::submit(const Solution& solution) {
    const std::scoped_lock lock{submit_mutex_};
    if (!submitter_) return;
    if (const auto* header = std::get_if<WorkHeader>(&solution.found)) {
        submit_header(*submitter_, *header);
    } else if (const auto seal_hash = find_seal_hash(solution.work_id)) {
        submit_seal(*submitter_, *seal_hash, std::get<Seal>(solution.found));
    } else {
        listener_.on_stale();
    }
}

void GetworkClient::submit_header(rpc::Client& client, const WorkHeader& header) {
    const auto seal_hash = Hash256::from(ByteView{header}.subspan(kWorkSealHashOffset, 32));
    if (is_cairn_ && sealed_ == seal_hash) return listener_.on_stale();
    Bytes data(kGetworkDigits / 2);
    std::ranges::copy(header, data.begin());
    data[kWorkHeaderSize] = 0x80;
    store_be64(data.data() + data.size() - 8, 8 * kWorkHeaderSize);
    turn_words(data);
    const auto reply =
        client.post(path_, fmt::format(R"({{"id":1,"method":"getwork","params":["{}"]}})", to_hex(data)));
    if (!reply) return listener_.on_verdict(false, true, reply.error().message);
    const Json answer = Json::parse(reply->body, nullptr, false);
    const bool is_accepted = answer.is_object() && answer.contains("result") && answer["result"] == true;
    if (is_accepted) sealed_ = seal_hash;
    listener_.on_verdict(is_accepted, true, is_accepted ? "" : "refused");
}

void GetworkClient::submit_seal(rpc::Client& client, const Hash256& seal_hash, const Seal& seal) {
    const auto answer = client.call("eth_submitWork", Json::array({to_hex0x(seal.nonce), to_hex0x(seal_hash),
                                                                    to_hex0x(seal.mix_hash)})
                                                          .dump());
    if (!answer) return listener_.on_verdict(false, true, answer.error().message);
    const bool is_accepted = *answer == "true";
    listener_.on_verdict(is_accepted, true, is_accepted ? "" : "refused");
    // Other work is there by now, or will be in a moment.
    if (is_accepted) exhausted(0);
}

void GetworkClient::exhausted(std::uint64_t) {
    {
        const std::scoped_lock lock{mutex_};
        is_exhausted_ = true;
    }
    wake_.notify_all();
}

}  // namespace cairn::miner
