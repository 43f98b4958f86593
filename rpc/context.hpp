// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "chain/spec/chain_spec.hpp"
#include "chain/store/read_view.hpp"
#include "chain/store/store.hpp"
#include "core/base/lru_map.hpp"
#include "rpc/limits.hpp"
#include "rpc/node_api.hpp"
#include "rpc/rendered_blocks.hpp"
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

/// Headers that were asked for last: most requests stand on the head, whose hash takes longer to
/// compute than their answer. Any thread.
class HeaderCache {
public:
    /// The header of a stored block; nothing where there is none.
    [[nodiscard]] std::optional<HashedHeader> find(const chain::ReadView& view,
                                                   const chain::BlockRef& ref) {
        {
            const std::lock_guard lock{mutex_};
            if (const auto* kept = headers_.find(ref.hash)) return *kept;
        }
        auto header = view.header(ref);
        if (!header) return std::nullopt;
        const std::lock_guard lock{mutex_};
        headers_.put(ref.hash, *header);
        return header;
    }

private:
    static constexpr std::size_t kCountMax = 1024;

    std::mutex mutex_;
    LruMap<BlockHash, HashedHeader> headers_{kCountMax};  // guarded by mutex_
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
    // Caches: asking changes nothing that anybody sees.
    mutable RenderedBlocks rendered{};
    mutable HeaderCache headers{};
    /// Requests that hold a worker until a transaction is mined.
    std::atomic<unsigned> sync_waiters{0};
};

}  // namespace cairn::rpc
