// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <utility>

#include "chain/pool/tx_pool.hpp"
#include "rpc/node_api.hpp"

namespace cairn::rpc {

/// The node's pool as methods ask for it. Users' transactions come in as local ones; the clock is
/// the system's.
class ChainPool final : public PoolApi {
public:
    /// @param pool       outlives this object and the handles that listen() gave
    /// @param after_add  called when a transaction was taken, before its sender hears of it; may
    ///                   wait
    explicit ChainPool(chain::TxPool& pool, std::function<void()> after_add = {})
        : pool_{pool}, after_add_{std::move(after_add)} {}

    [[nodiscard]] Result<TxHash, RpcError> add(const PooledTx& tx) override;
    [[nodiscard]] Reply test(const PooledTx& tx) override;
    [[nodiscard]] std::optional<RecoveredTx> find(const TxHash& hash) override;
    [[nodiscard]] std::optional<std::uint64_t> next_nonce(const Address& sender) override;
    [[nodiscard]] std::vector<PoolEntry> content(const std::optional<Address>& sender) override;
    [[nodiscard]] PoolStatus status() override;
    [[nodiscard]] std::shared_ptr<void> listen(
        std::function<void(const RecoveredTx&)> listener) override;
    [[nodiscard]] std::shared_ptr<void> listen_double_spends(
        std::function<void(const chain::DoubleSpend&)> listener) override;

private:
    chain::TxPool& pool_;
    std::function<void()> after_add_;
};

}  // namespace cairn::rpc
