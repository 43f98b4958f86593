// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "chain/import/event_bus.hpp"
#include "chain/import/events.hpp"
#include "rpc/context.hpp"
#include "rpc/method.hpp"

namespace cairn::rpc {

/// eth_subscribe over WebSocket and IPC: newHeads, logs (with `removed` on a reorganisation),
/// newPendingTransactions (hashes, or whole ones on request), syncing, and cairn_doubleSpends: an
/// element of the method of that name each time one is seen, joined, settled or reopened.
///
/// Any thread. Notifications are written on a thread of the hub's own, so that publishers do not
/// wait; a connection that is gone takes its subscriptions with it.
class SubscriptionHub {
public:
    /// @param context  outlives the hub
    /// @param heads    where the chain tells of its head; may be null
    SubscriptionHub(EthContext& context, chain::EventBus<chain::HeadChangedPtr>* heads);
    ~SubscriptionHub();
    SubscriptionHub(const SubscriptionHub&) = delete;
    SubscriptionHub& operator=(const SubscriptionHub&) = delete;

    /// eth_subscribe, eth_unsubscribe. The hub outlives the rows.
    [[nodiscard]] std::vector<Method> methods();

    /// Subscriptions there are.
    [[nodiscard]] std::size_t size() const;
    /// Waits until everything published so far has been handed to the connections. For tests.
    void flush();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::rpc
