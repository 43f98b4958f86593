// SPDX-License-Identifier: MIT
#include "miner/remote_source.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "miner/getwork_client.hpp"
#include "miner/stratum_client.hpp"

namespace cairn::miner {
namespace {

constexpr std::chrono::seconds kBackOffMax{60};

}  // namespace

std::unique_ptr<RemoteSession> make_remote_session(const RemoteUrl& url, RemoteListener& listener) {
    if (url.kind == RemoteKind::Stratum) return std::make_unique<StratumClient>(url, listener);
    return std::make_unique<GetworkClient>(url, listener);
}

RemoteSource::RemoteSource(std::vector<RemoteUrl> urls, Log log) : urls_{std::move(urls)}, log_{std::move(log)} {
    CAIRN_ASSERT(!urls_.empty());
    for (const RemoteUrl& url : urls_) sessions_.push_back(make_remote_session(url, *this));
    thread_ = std::jthread{[this](const std::stop_token& stop) { connect(stop); }};
}

RemoteSource::~RemoteSource() {
    thread_.request_stop();
    thread_.join();
}

std::chrono::seconds RemoteSource::back_off(unsigned failures) noexcept {
    return std::min(kBackOffMax, std::chrono::seconds{1 << std::min(failures, 10U)});
}

void RemoteSource::connect(const std::stop_token& stop) {
    unsigned failures = 0;
    while (!stop.stop_requested()) {
        bool answered = false;
        for (std::size_t i = 0; i < sessions_.size() && !answered && !stop.stop_requested(); ++i)
            answered = try_server(i, stop);
        const auto pause = answered ? std::chrono::seconds{1} : back_off(failures);
        failures = answered ? 0 : failures + 1;
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, stop, pause, [] { return false; });
    }
}

/// Works with one server for as long as it answers; whether it gave any work.
bool RemoteSource::try_server(std::size_t index, const std::stop_token& stop) {
    {
        const std::scoped_lock lock{mutex_};
        session_ = sessions_[index].get();
        had_work_ = false;
    }
    const std::string why = sessions_[index]->run(stop);
    bool had_work = false;
    {
        const std::scoped_lock lock{mutex_};
        session_ = nullptr;
        had_work = had_work_;
        stats_.is_connected = false;
    }
    if (!stop.stop_requested()) on_message(to_text(urls_[index]) + ": " + why);
    on_work(std::nullopt);
    return had_work;
}

std::optional<Work> RemoteSource::wait_work(std::stop_token stop) {
    std::unique_lock lock{mutex_};
    if (!changed_.wait(lock, std::move(stop), [&] { return is_news_; })) return std::nullopt;
    is_news_ = false;
    return work_;
}

void RemoteSource::submit(const Solution& solution) {
    RemoteSession* session = nullptr;
    {
        const std::scoped_lock lock{mutex_};
        session = session_;
    }
    // Ids are of one session only: another one knows nothing of the work and counts the solution as stale.
    if (session == nullptr) return on_stale();
    session->submit(solution);
}

void RemoteSource::exhausted(std::uint64_t work_id) {
    RemoteSession* session = nullptr;
    {
        const std::scoped_lock lock{mutex_};
        session = session_;
    }
    if (session != nullptr) session->exhausted(work_id);
}

RemoteStats RemoteSource::stats() const {
    const std::scoped_lock lock{mutex_};
    return stats_;
}

void RemoteSource::on_work(std::optional<Work> work) {
    const std::scoped_lock lock{mutex_};
    // Nothing after nothing is no news.
    if (!work && !work_) return;
    if (work) had_work_ = stats_.is_connected = true;
    work_ = std::move(work);
    is_news_ = true;
    changed_.notify_all();
}

void RemoteSource::on_verdict(bool is_accepted, bool is_block, std::string_view reason) {
    {
        const std::scoped_lock lock{mutex_};
        ++(is_accepted ? stats_.accepted : stats_.rejected);
        if (is_accepted && is_block) ++stats_.blocks;
    }
    if (is_accepted && is_block) on_message("block found");
    if (!is_accepted) on_message("refused: " + std::string{reason});
}

void RemoteSource::on_stale() {
    const std::scoped_lock lock{mutex_};
    ++stats_.stale;
}

void RemoteSource::on_message(std::string text) {
    const std::scoped_lock lock{log_mutex_};
    log_(text);
}

}  // namespace cairn::miner
