// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "chain/import/event_bus.hpp"
#include "chain/import/events.hpp"
#include "rpc/context.hpp"
#include "rpc/method.hpp"

namespace cairn::rpc {

/// Polled filters (eth_newFilter and its like): each gathers what happens until its owner asks. A
/// reorganisation is told like everything else: logs of blocks that were taken back come again with
/// `removed`. A filter that nobody asks for Limits::filter_time_max goes; asking then gives "filter
/// not found", on which clients install it anew.
///
/// Any thread. Events come from the publishers' threads.
class FilterHub {
public:
    /// @param context  outlives the hub
    /// @param heads    where the chain tells of its head; may be null
    FilterHub(EthContext& context, chain::EventBus<chain::HeadChangedPtr>* heads);
    ~FilterHub();
    FilterHub(const FilterHub&) = delete;
    FilterHub& operator=(const FilterHub&) = delete;

    /// eth_newFilter, eth_newBlockFilter, eth_newPendingTransactionFilter, eth_getFilterChanges,
    /// eth_getFilterLogs, eth_uninstallFilter. The hub outlives the rows.
    [[nodiscard]] std::vector<Method> methods();

    /// Filters there are.
    [[nodiscard]] std::size_t size() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::rpc
