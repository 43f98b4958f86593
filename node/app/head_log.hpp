// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

#include "chain/import/chain_manager.hpp"
#include "core/base/serial_executor.hpp"

namespace cairn::node {

/// Tells the log where the chain goes: a line for each block at the tip, a line now and then while
/// many come, a warning for a reorganisation and an error for a deep one.
class HeadLog {
public:
    /// @param is_dev  every block gets its line, empty ones too
    HeadLog(chain::ChainManager& chain, bool is_dev);
    ~HeadLog() { stop(); }
    HeadLog(const HeadLog&) = delete;
    HeadLog& operator=(const HeadLog&) = delete;

    /// Idempotent.
    void stop();

private:
    using Clock = std::chrono::steady_clock;

    void on_head(const chain::HeadChanged& event);
    void tell_many(const chain::HeadChanged& event);

    const bool is_dev_;
    // The thread's own: what came since the last line about many blocks.
    std::uint64_t blocks_ = 0;
    std::uint64_t txs_ = 0;
    Gas gas_ = 0;
    Clock::time_point since_ = Clock::now();

    SerialExecutor executor_;
    chain::EventBus<chain::HeadChangedPtr>::Subscription heads_;
};

}  // namespace cairn::node
