// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "chain/build/job_board.hpp"
#include "core/base/expected.hpp"
#include "node/mining/stratum_session.hpp"
#include "node/mining/workers.hpp"

namespace cairn::node {

/// Where Stratum is served.
struct StratumServerOptions {
    std::string address = "127.0.0.1";  ///< an IP address of this machine
    std::uint16_t port = 3333;          ///< 0: any free one
    StratumSessionOptions session;
    /// Milliseconds since a fixed point, never back; called on the server's thread and by `now`. Empty: since the server
    /// was made.
    std::function<StratumSession::Time()> clock = {};
    std::chrono::milliseconds tick{1000};  ///< how often sessions look at the clock
};

/// What a Stratum server has seen so far.
struct StratumServerStats {
    std::uint64_t open = 0;         ///< connections at this moment
    std::uint64_t connections = 0;  ///< accepted
    std::uint64_t refused = 0;      ///< closed at once: banned, or too many
    std::uint64_t bans = 0;
    std::uint64_t shares_accepted = 0;
    std::uint64_t shares_refused = 0;
    std::uint64_t blocks = 0;  ///< seals that the job board accepted
};

/// Stratum v1 over TCP on a thread of its own: the sockets around StratumSession, for the jobs of a board whose network
/// is sealed by SHA-256d.
class StratumServer {
  public:
    /// @param board, workers  outlive the server
    StratumServer(chain::JobBoard& board, WorkerTable& workers, const StratumServerOptions& options);
    ~StratumServer();
    StratumServer(const StratumServer&) = delete;
    StratumServer& operator=(const StratumServer&) = delete;

    /// Listens and starts the thread. Once.
    /// @return for people, why it cannot listen
    [[nodiscard]] Result<void, std::string> start();

    /// Closes all connections and ends the thread. Idempotent.
    void stop();

    /// The port listened on, after start.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// Any thread.
    [[nodiscard]] StratumServerStats stats() const;

    /// The clock of its entries in the worker table. Any thread.
    [[nodiscard]] WorkerTable::Time now() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::node
