// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "chain/build/block_builder.hpp"
#include "chain/build/block_template.hpp"
#include "chain/build/job_board.hpp"
#include "chain/build/rebuild_policy.hpp"
#include "chain/import/chain_manager.hpp"
#include "chain/pool/tx_pool.hpp"
#include "core/base/serial_executor.hpp"
#include "rpc/node_api.hpp"

namespace cairn::node {

/// How blocks are made.
struct BlockMakerOptions {
    std::optional<Address> beneficiary{};  ///< nothing: no work for miners
    Bytes extra_data{};
    Gas gas_limit_target = chain::kGasLimitTargetDefault;
    Wei tip_min{1};
    /// Seals its blocks itself, at once and by itself: a developer's network, whose difficulty any
    /// seal meets.
    bool is_dev = false;
    /// With is_dev: seconds between blocks; nothing: a block as soon as the pool has a transaction.
    std::optional<std::uint64_t> dev_period{};
    /// Whether templates are posted to the board from the start.
    bool posts_work = false;
};

/// Follows the head with the pool, and makes blocks upon it: templates for the board and for the
/// `pending` tag, and on a developer's network sealed blocks.
///
/// All of it happens on one thread of its own, in the order of the events; the pool hears of heads
/// there. Any thread may call. Chain, pool and board outlive it.
class BlockMaker final : public rpc::PendingApi {
public:
    BlockMaker(chain::ChainManager& chain, chain::TxPool& pool, chain::JobBoard& board,
               BlockMakerOptions options);
    ~BlockMaker() override;
    BlockMaker(const BlockMaker&) = delete;
    BlockMaker& operator=(const BlockMaker&) = delete;

    /// Ends the thread. Idempotent.
    void stop();

    /// The block that would come next. Made for the question where there is none at hand.
    [[nodiscard]] std::shared_ptr<const rpc::PendingBlock> pending() override;

    /// From here on templates are posted; returns once there is one, or says why there is none.
    [[nodiscard]] Result<void, std::string> ensure_work();
    /// No more are posted, and the job is withdrawn.
    void stop_work();

    // What blocks are made of, from the next on.
    void set_beneficiary(const Address& address);
    [[nodiscard]] std::optional<Address> beneficiary() const;
    void set_extra_data(Bytes data);
    /// On a developer's network the next block has it at once, elsewhere it moves there.
    void set_gas_limit_target(Gas target);
    void set_tip_min(const Wei& tip);

    // A developer's network alone.

    /// Makes, seals and imports one block of what the pool has; waits for it.
    /// @param timestamp  of the block; as the clock stands where absent
    [[nodiscard]] Result<chain::BlockRef, std::string> mine(
        std::optional<UnixSeconds> timestamp = {});
    /// Waits until what was put into the pool before is in a block, where blocks come at once.
    void wait_mined();
    /// Waits until the pool takes no more than `slots`, or nothing of it can be mined.
    void wait_room(std::size_t slots);
    /// Takes the head back to a canonical block; transactions of the blocks above are forgotten,
    /// not pooled again.
    /// @return as ChainManager::set_head
    [[nodiscard]] bool rewind(const chain::BlockRef& block);
    void set_automine(bool is_on);
    [[nodiscard]] bool automines() const noexcept { return automines_; }
    /// A block every so often, on top of what automine makes; 0: not.
    void set_interval(std::chrono::milliseconds interval);
    /// Moves the clock of blocks on, though not beyond `latest`.
    /// @return the offset from the system's clock; nothing, and nothing moved, beyond `latest`
    [[nodiscard]] std::optional<std::int64_t> increase_time(std::uint64_t seconds,
                                                            UnixSeconds latest);
    /// Sets the clock of blocks, and forgets what the next timestamp was to be.
    void set_time_offset(std::int64_t seconds);
    [[nodiscard]] std::int64_t time_offset() const noexcept { return time_offset_; }
    /// Timestamp of the next block; the clock goes on from there.
    void set_next_timestamp(UnixSeconds timestamp);
    /// Seconds from each block to the next, whatever the clock says; nothing: by the clock again.
    /// A next timestamp or one that is given to mine() goes before it.
    /// @return whether there was such an interval before
    bool set_timestamp_interval(std::optional<std::uint64_t> seconds);
    /// Base fee of the next block, wei per gas, from which those after it follow; nothing: what
    /// follows from the head.
    void set_next_base_fee(const std::optional<Wei>& base_fee);
    /// What was set and no block has taken yet.
    [[nodiscard]] std::optional<Wei> next_base_fee() const;
    /// The clock of blocks, seconds since 1970.
    [[nodiscard]] UnixSeconds now() const;

private:
    void on_head(const chain::HeadChangedPtr& event, std::chrono::steady_clock::time_point at);
    void on_pool();
    /// Waits while transactions come one upon the other: what comes together shares a block.
    void gather();
    void tick();
    void make_template();
    /// Whether a block upon the head would be too early for everybody; notes when it will not be.
    [[nodiscard]] bool waits_for_clock();
    [[nodiscard]] Result<chain::BlockTemplate, chain::BuildFault> build_template(
        std::optional<UnixSeconds> timestamp);
    [[nodiscard]] chain::BlockAttributes attributes(const chain::ReadView& view,
                                                    std::optional<UnixSeconds> timestamp);
    struct Mined {
        chain::BlockRef block;
        bool is_empty = false;  ///< of transactions
    };
    [[nodiscard]] Result<Mined, std::string> mine_here(std::optional<UnixSeconds> timestamp);
    /// Runs it on the thread and waits. Nothing is gathered meanwhile.
    template <class F>
    auto on_thread(F task) -> std::invoke_result_t<F&>;
    /// Waits for the thread as long as it mines by itself and `holds()`.
    template <class Condition>
    void wait_while(Condition holds);

    chain::ChainManager& chain_;
    chain::TxPool& pool_;
    chain::JobBoard& board_;

    mutable std::mutex mutex_;
    BlockMakerOptions options_;                                // guarded by mutex_
    std::shared_ptr<const rpc::PendingBlock> pending_;         // guarded by mutex_
    std::optional<UnixSeconds> next_timestamp_;                // guarded by mutex_
    std::optional<std::uint64_t> timestamp_interval_;          // guarded by mutex_
    std::optional<Wei> next_base_fee_;                         // guarded by mutex_

    std::atomic<bool> posts_work_;
    std::atomic<bool> automines_;
    std::atomic<std::int64_t> time_offset_{0};
    std::atomic<bool> pool_changed_{false};
    std::atomic<std::uint64_t> changes_{0};          ///< that the pool told of
    std::atomic<std::uint64_t> settled_changes_{0};  ///< of them, mined as far as they could be
    std::atomic<bool> is_stopping_{false};

    std::mutex gather_mutex_;
    std::condition_variable gather_ends_;
    unsigned waiters_ = 0;  ///< for the thread, guarded by gather_mutex_

    std::atomic<bool> forgets_reverted_{false};

    // The thread's own.
    chain::BlockBuilder builder_;
    chain::RebuildPolicy policy_;
    std::optional<UnixSeconds> work_from_;  ///< no template before this
    /// When a head became one that no template has followed yet.
    std::optional<std::chrono::steady_clock::time_point> head_at_;
    bool mines_on_ = false;                 ///< the pool may hold more than the last block did
    std::chrono::milliseconds interval_{0};
    std::chrono::steady_clock::time_point next_interval_;
    std::chrono::steady_clock::time_point maintained_at_;

    SerialExecutor executor_;
    chain::EventBus<chain::HeadChangedPtr>::Subscription heads_;
    chain::EventBus<chain::PoolEvent>::Subscription pool_events_;
};

}  // namespace cairn::node
