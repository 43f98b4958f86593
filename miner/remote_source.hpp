// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "miner/remote_session.hpp"

namespace cairn::miner {

/// What came of the solutions sent so far.
struct RemoteStats {
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
    std::uint64_t stale = 0;   ///< not sent: their work had ended
    std::uint64_t blocks = 0;  ///< accepted, and as far as the miner can tell the seal of a block
    bool is_connected = false;
};

/// Work from the first of several servers that answers. When one ends, the list is tried again from its beginning; when
/// none answers, again after a pause that doubles from one second up to a minute.
class RemoteSource final : public WorkSource, private RemoteListener {
  public:
    /// Takes lines for people, from any thread, one at a time.
    using Log = std::function<void(const std::string&)>;

    /// Connects on a thread of its own.
    /// @param urls  at least one (asserted)
    RemoteSource(std::vector<RemoteUrl> urls, Log log);
    ~RemoteSource() override;

    [[nodiscard]] std::optional<Work> wait_work(std::stop_token stop) override;
    void submit(const Solution& solution) override;
    void exhausted(std::uint64_t work_id) override;

    [[nodiscard]] RemoteStats stats() const;

    /// The pause after that many rounds in which no server answered. Pure.
    [[nodiscard]] static std::chrono::seconds back_off(unsigned failures) noexcept;

  private:
    void on_work(std::optional<Work> work) override;
    [[nodiscard]] std::uint64_t next_work_id() override { return ++last_work_id_; }
    void on_verdict(bool is_accepted, bool is_block, std::string_view reason) override;
    void on_stale() override;
    void on_message(std::string text) override;

    void connect(const std::stop_token& stop);
    [[nodiscard]] bool try_server(std::size_t index, const std::stop_token& stop);

    const std::vector<RemoteUrl> urls_;
    const Log log_;
    std::vector<std::unique_ptr<RemoteSession>> sessions_;
    std::atomic<std::uint64_t> last_work_id_{0};

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::optional<Work> work_;          // guarded by mutex_
    bool is_news_ = false;              // guarded by mutex_: work_ has not been given out yet
    bool had_work_ = false;             // guarded by mutex_: the session under way has given some
    RemoteSession* session_ = nullptr;  // guarded by mutex_: the one under way; sessions live as long as this does
    RemoteStats stats_;                 // guarded by mutex_

    std::mutex log_mutex_;
    std::jthread thread_;
};

}  // namespace cairn::miner
