// SPDX-License-Identifier: MIT
#include "rpc/chain_pool.hpp"

#include <ctime>
#include <utility>

namespace cairn::rpc {
namespace {

UnixSeconds now() {
    return static_cast<UnixSeconds>(std::time(nullptr));
}

}  // namespace

Result<TxHash, RpcError> ChainPool::add(const chain::NewTx& tx) {
    const auto added = pool_.add(tx, chain::Origin::Local, now());
    if (!added) return server_error(added.error().message);
    return tx.tx.hash();
}

Reply ChainPool::test(const chain::NewTx& tx) {
    const auto checked = pool_.check(tx, chain::Origin::Local, now());
    if (!checked) return server_error(checked.error().message);
    return {};
}

std::optional<RecoveredTx> ChainPool::find(const TxHash& hash) {
    const auto found = pool_.find(hash);
    return found ? std::optional{found->tx} : std::nullopt;
}

std::optional<std::uint64_t> ChainPool::next_nonce(const Address& sender) {
    return pool_.pending_nonce(sender);
}

std::vector<PoolEntry> ChainPool::content(const std::optional<Address>& sender) {
    std::vector<PoolEntry> out;
    const auto take = [&out](const std::vector<chain::PoolEntry>& entries) {
        for (const auto& entry : entries)
            out.push_back({entry.tx->tx, entry.is_pending, entry.text});
    };
    if (sender) {
        take(pool_.content_of(*sender));
    } else {
        for (const auto& each : pool_.content()) take(each.entries);
    }
    return out;
}

PoolStatus ChainPool::status() {
    const auto status = pool_.status();
    return {status.pending, status.queued};
}

std::shared_ptr<void> ChainPool::listen(std::function<void(const RecoveredTx&)> listener) {
    using Subscription = chain::EventBus<chain::PoolEvent>::Subscription;
    auto subscription =
        pool_.events().subscribe([call = std::move(listener)](const chain::PoolEvent& event) {
            if (const auto* added = std::get_if<chain::TxAdded>(&event)) {
                if (added->is_pending) call(added->tx->tx);
            } else if (const auto* promoted = std::get_if<chain::TxPromoted>(&event)) {
                call(promoted->tx->tx);
            }
        });
    return std::make_shared<Subscription>(std::move(subscription));
}

std::shared_ptr<void> ChainPool::listen_double_spends(
    std::function<void(const chain::DoubleSpend&)> listener) {
    using Subscription = chain::EventBus<chain::PoolEvent>::Subscription;
    return std::make_shared<Subscription>(
        pool_.events().subscribe([call = std::move(listener)](const chain::PoolEvent& event) {
            if (const auto* seen = std::get_if<chain::DoubleSpendSeen>(&event)) call(seen->record);
        }));
}

}  // namespace cairn::rpc
