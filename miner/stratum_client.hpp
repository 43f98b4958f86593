// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "miner/line_socket.hpp"
#include "miner/remote_session.hpp"
#include "miner/stratum_dialect.hpp"

namespace cairn::miner {

/// A Stratum v1 server: StratumDialect over a LineSocket.
class StratumClient final : public RemoteSession {
  public:
    /// @param listener  outlives the client
    StratumClient(RemoteUrl url, RemoteListener& listener);

    [[nodiscard]] std::string run(const std::stop_token& stop) override;
    void submit(const Solution& solution) override;
    void exhausted(std::uint64_t work_id) override;

  private:
    [[nodiscard]] std::string talk(LineSocket& socket, const std::stop_token& stop);
    [[nodiscard]] std::optional<std::string> take(LineSocket& socket, const std::string& line);

    const RemoteUrl url_;
    RemoteListener& listener_;
    /// Some old servers hang up on mining.configure: false once one did.
    bool asks_rolling_ = true;

    std::mutex mutex_;
    LineSocket* socket_ = nullptr;           // guarded by mutex_: null without a connection
    std::optional<StratumDialect> dialect_;  // guarded by mutex_
};

}  // namespace cairn::miner
