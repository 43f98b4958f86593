// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "chain/build/job_board.hpp"
#include "miner/miner.hpp"
#include "node/app/block_maker.hpp"
#include "node/mining/local_work.hpp"
#include "rpc/node_api.hpp"

namespace cairn::node {

/// The node's own threads that mine, and the work that miners outside fetch: as RPC methods see
/// both. Maker and board outlive it. Any thread.
class MiningDoor final : public rpc::MiningApi {
public:
    /// @param options  of the threads, once they run
    MiningDoor(BlockMaker& maker, chain::JobBoard& board, chain::SealKind seal,
               miner::MinerOptions options);
    ~MiningDoor() override { stop(); }
    MiningDoor(const MiningDoor&) = delete;
    MiningDoor& operator=(const MiningDoor&) = delete;

    [[nodiscard]] bool is_mining() override;
    [[nodiscard]] std::uint64_t hashrate() override;
    [[nodiscard]] std::optional<Address> coinbase() override;
    [[nodiscard]] Result<std::array<Hash256, 3>, rpc::RpcError> work() override;
    [[nodiscard]] BlockNumber work_number() override;
    [[nodiscard]] bool submit_work(const SealNonce& nonce, const Hash256& seal_hash,
                                   const Hash256& mix_hash) override;
    void submit_hashrate(std::uint64_t hashes_per_second, const Hash256& miner) override;
    [[nodiscard]] rpc::Reply start(std::optional<std::uint64_t> threads) override;
    void stop() override;
    void set_coinbase(const Address& address) override;
    [[nodiscard]] rpc::Reply set_extra_data(const Bytes& data) override;
    void set_gas_price(const Wei& price) override;
    void set_gas_limit(Gas limit) override;

    /// Of the node's own threads.
    [[nodiscard]] miner::MinerStats miner_stats() const;
    /// Threads that search at this moment.
    [[nodiscard]] unsigned threads() const;

private:
    /// Expects mutex_ to be held.
    void start_threads(std::optional<std::uint64_t> threads);
    /// Says in the log, once the speed is measured, with what and for whom the threads mine and how
    /// long a block takes them on average.
    void announce(const std::stop_token& stop);
    void stop_announcing();

    using Clock = std::chrono::steady_clock;
    struct Report {
        std::uint64_t hashes_per_second = 0;
        Clock::time_point at;
    };

    BlockMaker& maker_;
    chain::JobBoard& board_;
    const chain::SealKind seal_;
    miner::MinerOptions options_;

    mutable std::mutex mutex_;
    std::unique_ptr<LocalWork> source_;      // guarded by mutex_; outlives miner_
    std::unique_ptr<miner::Miner> miner_;    // guarded by mutex_; null: not mining
    std::map<Hash256, Report> reports_;      // guarded by mutex_
    std::mutex announcer_mutex_;             // taken before mutex_
    std::jthread announcer_;                 // guarded by announcer_mutex_
};

}  // namespace cairn::node
