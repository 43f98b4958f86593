// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "miner/remote_session.hpp"
#include "rpc/client/client.hpp"

namespace cairn::miner {

/// A server that gives work over HTTP: getwork (SHA-256d), asked at the URL's path or, where it has none, at `/mine`; or
/// eth_getWork (Ethash).
///
/// A Cairn node says that versions may roll, and its long poll tells of other work at once; from other servers work is
/// fetched every few seconds.
class GetworkClient final : public RemoteSession {
  public:
    /// @param listener  outlives the client
    GetworkClient(RemoteUrl url, RemoteListener& listener);

    [[nodiscard]] std::string run(const std::stop_token& stop) override;
    void submit(const Solution& solution) override;
    void exhausted(std::uint64_t work_id) override;

  private:
    /// An answer to getwork, or why there is none.
    struct Getwork;
    [[nodiscard]] Getwork ask(rpc::Client& client, std::string_view target);
    [[nodiscard]] std::string run_getwork(rpc::Client& client, Getwork first, const std::stop_token& stop);
    [[nodiscard]] std::string run_ethash(rpc::Client& client, const std::stop_token& stop);
    void publish(const Getwork& work);
    void pause(const std::stop_token& stop, std::chrono::milliseconds time);
    [[nodiscard]] std::optional<Hash256> find_seal_hash(std::uint64_t work_id);

    void submit_header(rpc::Client& client, const WorkHeader& header);
    void submit_seal(rpc::Client& client, const Hash256& seal_hash, const Seal& seal);

    const RemoteUrl url_;
    const std::string path_;
    RemoteListener& listener_;

    std::mutex mutex_;
    std::condition_variable_any wake_;
    bool is_exhausted_ = false;                                  // guarded by mutex_: other work is wanted at once
    std::deque<std::pair<std::uint64_t, Hash256>> seal_hashes_;  // guarded by mutex_: Ethash, by work id

    /// A Cairn node's work ends with its first seal; other servers may take many shares of one.
    std::atomic<bool> is_cairn_{false};

    std::mutex submit_mutex_;
    std::optional<rpc::Client> submitter_;  // guarded by submit_mutex_
    std::optional<Hash256> sealed_;         // guarded by submit_mutex_: seal hash of the work sealed last
};

}  // namespace cairn::miner
