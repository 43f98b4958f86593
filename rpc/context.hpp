// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "chain/spec/chain_spec.hpp"
#include "chain/store/store.hpp"
#include "rpc/limits.hpp"
#include "rpc/node_api.hpp"
#include "rpc/vm_pool.hpp"

namespace cairn::rpc {

/// The tip that was suggested last, and for which head; any thread.
class TipCache {
public:
    [[nodiscard]] std::optional<Wei> find(const BlockHash& head) const {
        const std::lock_guard lock{mutex_};
        return head_ == head ? std::optional{tip_} : std::nullopt;
    }
    void put(const BlockHash& head, const Wei& tip) {
        const std::lock_guard lock{mutex_};
        head_ = head;
        tip_ = tip;
    }

private:
    mutable std::mutex mutex_;
    BlockHash head_;  // guarded by mutex_
    Wei tip_;         // guarded by mutex_
};

/// What the chain's methods work on. Everything it points at outlives the dispatcher; doors that
/// are null make their methods answer that the node has no such part.
struct EthContext {
    const chain::Store& store;
    const chain::ChainSpec& spec;
    Limits limits{};
    std::string client_version = "cairn";  ///< web3_clientVersion
    PendingApi* pending = nullptr;
    BuildApi* build = nullptr;
    PoolApi* pool = nullptr;
    SyncApi* sync = nullptr;
    MiningApi* mining = nullptr;
    ChainControlApi* control = nullptr;
    /// Blocks below the head whose state is kept; nothing where all is.
    std::optional<BlockNumber> state_blocks_kept{};
    VmPool machines{};
    TipCache tips{};
    /// Requests that hold a worker until a transaction is mined.
    std::atomic<unsigned> sync_waiters{0};
};

}  // namespace cairn::rpc
