// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "chain/build/job_board.hpp"
#include "node/mining/stratum_work.hpp"
#include "node/mining/workers.hpp"
#include "rpc/http/http_message.hpp"

namespace cairn::node {

/// Work over HTTP for miners that speak no Stratum: getwork, and getblocktemplate with submitblock (BIP 22, BIP 23), for
/// the jobs of a board whose network is sealed by SHA-256d. To be served under the paths kPaths.
///
/// A request that must wait, for a long poll or because there is no job at the moment, is kept and answered by `poll`.
/// Any thread may call anything.
class MineEndpoint {
  public:
    /// Since any fixed point; never goes back.
    using Time = std::chrono::milliseconds;

    /// What clients put together from the URL they were given, and the path of long polls: minerd appends the long poll's
    /// path to its URL, others take it from the host's root.
    static constexpr std::array<const char*, 3> kPaths{"/mine", "/mine/lp", "/lp"};

    /// @param board, workers  outlive the endpoint
    /// @param stratum         `host:port` to which clients shall switch; empty: they are left where they are
    MineEndpoint(chain::JobBoard& board, WorkerTable& workers, std::string stratum = {});

    /// Answers a request at once, or keeps it for `poll`. The user is a worker's name; with any other, or none, the work
    /// is done for nobody's account.
    void handle(const rpc::HttpRequest& request, rpc::HttpResponder respond, Time now);

    /// Answers kept requests whose time has come. To be called when the board changes, and every second or so.
    void poll(Time now);

    /// Calls poll as it should be called until `stop`.
    /// @param clock  the one whose times `handle` is given
    void run(const std::stop_token& stop, const std::function<Time()>& clock);

    /// Requests kept.
    [[nodiscard]] std::size_t waiting() const;

  private:
    struct Call;
    /// A request whose answer waits for the board.
    struct Waiting {
        std::string id;                   ///< the request's, as JSON
        bool wants_template = false;      ///< getblocktemplate, not getwork
        std::uint64_t generation_seen = 0;  ///< answered by any other that has a job
        Time until{0};
        rpc::HttpResponder respond;
    };

    [[nodiscard]] rpc::HttpResponse answer_work(const std::string& id, bool wants_template,
                                                const chain::JobPosting& posting);
    [[nodiscard]] rpc::HttpResponse submit_header(const Call& call, const std::optional<WorkHeader>& header,
                                                  bool is_template, Time now);
    [[nodiscard]] std::string make_template(const chain::JobPosting& posting);
    [[nodiscard]] std::array<std::uint8_t, 12> make_unique();

    chain::JobBoard& board_;
    WorkerTable& workers_;
    const std::string stratum_;

    mutable std::mutex mutex_;
    std::list<Waiting> waiting_;      // guarded by mutex_
    std::uint64_t last_unique_ = 0;   // guarded by mutex_: a random number at first
    std::uint32_t apart_ = 0;         ///< sets this run's work apart from another's
};

}  // namespace cairn::node
