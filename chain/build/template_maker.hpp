// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "chain/build/block_builder.hpp"
#include "chain/build/block_template.hpp"
#include "chain/build/job_board.hpp"
#include "chain/build/rebuild_policy.hpp"
#include "chain/import/chain_manager.hpp"
#include "chain/import/event_bus.hpp"
#include "chain/pool/tx_pool.hpp"
#include "core/base/serial_executor.hpp"

namespace cairn::chain {

/// How a TemplateMaker works.
struct TemplateMakerOptions {
    RebuildOptions rebuild{};
    /// Longest time for filling one template.
    std::chrono::milliseconds fill_time_max{500};
    /// How often it looks whether something is due.
    std::chrono::milliseconds tick{20};
    /// Seconds between two calls of TxPool::maintain.
    UnixSeconds maintain_seconds = 60;
    /// Seconds since 1970, for timestamps and the pool; the system's clock where empty.
    ClockFunction clock{};
};

/// Keeps pool and template up with the chain, in this order and on a thread of its own: a new head
/// is first the pool's, then a template is made on it, then that is the job board's. Also the
/// pool's housekeeper.
///
/// Any thread may call anything. Manager and pool outlive it.
class TemplateMaker {
public:
    TemplateMaker(ChainManager& manager, TxPool& pool, BlockAttributes attributes = {},
                  TemplateMakerOptions options = {});
    /// Stops.
    ~TemplateMaker();
    TemplateMaker(const TemplateMaker&) = delete;
    TemplateMaker& operator=(const TemplateMaker&) = delete;

    /// Posts templates to this board from here on, the latest at once; null: to none any more, and
    /// the board before has nothing to mine. The board outlives that.
    void set_board(JobBoard* board);
    /// While the node is far behind, templates are not worth their making; the pool goes on.
    void set_paused(bool is_paused);
    /// Later templates have these; timestamp and parent are the maker's own.
    void set_attributes(BlockAttributes attributes);
    [[nodiscard]] BlockAttributes attributes() const;

    /// The template on the head that the pool knows; null where none is made yet, or any more.
    [[nodiscard]] BlockTemplatePtr latest() const;
    /// Of the last attempt that gave none; empty where all went well.
    [[nodiscard]] std::string last_fault() const;
    /// Every template, on the maker's thread.
    [[nodiscard]] EventBus<BlockTemplatePtr>& templates() noexcept { return templates_; }

    /// Ends the thread; templates are withdrawn from the board. Idempotent; not from a listener.
    void stop();

private:
    // On the executor's thread.
    void follow(const HeadChangedPtr& change);
    void tick();
    void make();
    void publish(BlockTemplatePtr made);

    ChainManager& manager_;
    TxPool& pool_;
    TemplateMakerOptions options_;

    mutable std::mutex mutex_;
    BlockAttributes attributes_;  // guarded by mutex_
    BlockTemplatePtr latest_;     // guarded by mutex_
    std::string last_fault_;      // guarded by mutex_
    std::atomic<bool> is_paused_{false};
    std::atomic<bool> has_pool_news_{false};
    std::atomic<bool> has_new_wishes_{false};

    // The executor's own.
    BlockBuilder builder_;
    RebuildPolicy policy_;
    JobBoard* board_ = nullptr;
    UnixSeconds maintained_at_ = 0;

    EventBus<BlockTemplatePtr> templates_;
    SerialExecutor executor_;
    EventBus<HeadChangedPtr>::Subscription head_subscription_;
    EventBus<PoolEvent>::Subscription pool_subscription_;
};

}  // namespace cairn::chain
