// SPDX-License-Identifier: MIT
#include "node/app/rpc_pool.hpp"

#include <chrono>
#include <utility>
#include <variant>

namespace cairn::node {
namespace {

/// A raw transaction with its sender, or geth's words for one that nobody signed.
[[nodiscard]] Result<chain::NewTx, rpc::RpcError> recover(const PooledTx& tx) {
    auto recovered = recover_sender(tx.tx);
    if (!recovered) return rpc::server_error("invalid sender");
    return chain::NewTx{*std::move(recovered), tx.sidecar};
}

[[nodiscard]] rpc::PoolEntry entry_of(const chain::PoolEntry& entry) {
    return {entry.tx->tx, entry.is_pending, entry.text};
}

}  // namespace

UnixSeconds system_seconds() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<UnixSeconds>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

Result<TxHash, rpc::RpcError> RpcPool::add(const PooledTx& tx) {
    auto in = recover(tx);
    if (!in) return Unexpected{in.error()};
    const auto added = pool_.add(*in, chain::Origin::Local, system_seconds());
    if (!added) return rpc::server_error(added.error().message);
    if (after_add_) after_add_();
    return added->tx->hash();
}

rpc::Reply RpcPool::test(const PooledTx& tx) {
    const auto in = recover(tx);
    if (!in) return Unexpected{in.error()};
    const auto checked = pool_.check(*in, chain::Origin::Local, system_seconds());
    if (!checked) return rpc::server_error(checked.error().message);
    return {};
}

std::optional<RecoveredTx> RpcPool::find(const TxHash& hash) {
    const auto found = pool_.find(hash);
    if (!found) return std::nullopt;
    return found->tx;
}

std::optional<std::uint64_t> RpcPool::next_nonce(const Address& sender) {
    return pool_.pending_nonce(sender);
}

std::vector<rpc::PoolEntry> RpcPool::content(const std::optional<Address>& sender) {
    std::vector<rpc::PoolEntry> out;
    if (sender) {
        for (const auto& entry : pool_.content_of(*sender)) out.push_back(entry_of(entry));
        return out;
    }
    for (const auto& one : pool_.content())
        for (const auto& entry : one.entries) out.push_back(entry_of(entry));
    return out;
}

rpc::PoolStatus RpcPool::status() {
    const auto status = pool_.status();
    return {status.pending, status.queued};
}

std::shared_ptr<void> RpcPool::listen(std::function<void(const RecoveredTx&)> listener) {
    using Subscription = chain::EventBus<chain::PoolEvent>::Subscription;
    return std::make_shared<Subscription>(pool_.events().subscribe(
        [listener = std::move(listener)](const chain::PoolEvent& event) {
            if (const auto* added = std::get_if<chain::TxAdded>(&event)) {
                if (added->is_pending) listener(added->tx->tx);
            } else if (const auto* promoted = std::get_if<chain::TxPromoted>(&event)) {
                listener(promoted->tx->tx);
            }
        }));
}

}  // namespace cairn::node
