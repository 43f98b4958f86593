// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <utility>

#include "chain/pool/tx_pool.hpp"
#include "chain/spec/chain_spec.hpp"
#include "rpc/node_api.hpp"

namespace cairn::node {

/// The pool as RPC methods see it. The pool outlives it. Any thread.
class RpcPool final : public rpc::PoolApi {
public:
    /// @param after_add  called when a transaction was taken, before its sender hears of it
    RpcPool(chain::TxPool& pool, std::function<void()> after_add)
        : pool_{pool}, after_add_{std::move(after_add)} {}

    [[nodiscard]] Result<TxHash, rpc::RpcError> add(const PooledTx& tx) override;
    [[nodiscard]] rpc::Reply test(const PooledTx& tx) override;
    [[nodiscard]] std::optional<RecoveredTx> find(const TxHash& hash) override;
    [[nodiscard]] std::optional<std::uint64_t> next_nonce(const Address& sender) override;
    [[nodiscard]] std::vector<rpc::PoolEntry> content(
        const std::optional<Address>& sender) override;
    [[nodiscard]] rpc::PoolStatus status() override;
    [[nodiscard]] std::shared_ptr<void> listen(
        std::function<void(const RecoveredTx&)> listener) override;

private:
    chain::TxPool& pool_;
    std::function<void()> after_add_;
};

/// Seconds since 1970 by the system's clock.
[[nodiscard]] UnixSeconds system_seconds();

}  // namespace cairn::node
