// SPDX-License-Identifier: MIT
#include "miner/stratum_client.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace cairn::miner {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kConnectTime{10'000};
/// A server has this long for its answer to mining.subscribe, and for any line after it. Jobs come every minute or so.
constexpr std::chrono::seconds kSubscribeTime{30};
constexpr std::chrono::seconds kSilenceTime{300};
/// How often a wait for a line looks whether it shall stop.
constexpr std::chrono::milliseconds kStopPeriod{100};

}  // namespace

StratumClient::StratumClient(RemoteUrl url, RemoteListener& listener) : url_{std::move(url)}, listener_{listener} {}

std::string StratumClient::run(const std::stop_token& stop) {
    LineSocket socket;
    if (const auto connected = socket.connect(url_.host, url_.port, kConnectTime, stop); !connected)
        return connected.error();
    {
        const std::scoped_lock lock{mutex_};
        dialect_.emplace(url_.user, url_.password, asks_rolling_);
        socket_ = &socket;
    }
    std::string why = talk(socket, stop);
    const std::scoped_lock lock{mutex_};
    if (!stop.stop_requested() && asks_rolling_ && !dialect_->is_subscribed()) asks_rolling_ = false;
    socket_ = nullptr;
    return why;
}

std::string StratumClient::talk(LineSocket& socket, const std::stop_token& stop) {
    {
        const std::scoped_lock lock{mutex_};
        if (!socket.send(dialect_->begin())) return "the connection broke";
    }
    listener_.on_message("connected to " + to_text(url_));
    auto last_line = steady_clock::now();
    std::string line;
    bool is_subscribed = false;
    while (!stop.stop_requested()) {
        switch (socket.read_line(line, kStopPeriod)) {
            case LineSocket::ReadOutcome::Line:
                last_line = steady_clock::now();
                if (line.empty()) break;
                if (auto why = take(socket, line)) return *why;
                break;
            case LineSocket::ReadOutcome::Nothing: {
                if (!is_subscribed) {
                    const std::scoped_lock lock{mutex_};
                    is_subscribed = dialect_->is_subscribed();
                }
                if (steady_clock::now() - last_line > (is_subscribed ? kSilenceTime : kSubscribeTime))
                    return "the server is silent";
                break;
            }
            case LineSocket::ReadOutcome::Ended:
                return "the server closed the connection";
            case LineSocket::ReadOutcome::TooLong:
                return "the server sent a line without end";
        }
    }
    return "stopped";
}

/// Lets the dialect take a line; the reason where it ends the session.
std::optional<std::string> StratumClient::take(LineSocket& socket, const std::string& line) {
    DialectEvent event;
    std::optional<Work> work;
    double difficulty_before = 0;
    double difficulty = 0;
    {
        const std::scoped_lock lock{mutex_};
        difficulty_before = dialect_->difficulty();
        event = dialect_->on_line(line, listener_.next_work_id());
        difficulty = dialect_->difficulty();
        if (event.has_work) work = dialect_->work();
        if (!event.text.empty() && !socket.send(event.text)) return "the connection broke";
    }
    if (event.ended) return event.ended;
    if (!event.message.empty()) listener_.on_message(event.message);
    if (difficulty != difficulty_before) listener_.on_message(fmt::format("difficulty {:g}", difficulty));
    if (work) listener_.on_work(std::move(work));
    if (event.verdict) listener_.on_verdict(*event.verdict, event.is_block, event.reason);
    return std::nullopt;
}

void StratumClient::submit(const Solution& solution) {
    std::unique_lock lock{mutex_};
    const auto line = socket_ != nullptr ? dialect_->submit(solution) : std::nullopt;
    if (line && !socket_->send(*line)) socket_->shut();
    lock.unlock();
    if (!line) listener_.on_stale();
}

/// A job's extranonces are 2^64 with most servers; where they are few, the next job is a minute away.
void StratumClient::exhausted(std::uint64_t) {}

}  // namespace cairn::miner
