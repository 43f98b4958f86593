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
    /// @param pool  outlives this object and the handles that listen() gave
    explicit ChainPool(chain::TxPool& pool) : pool_{pool} {}

    [[nodiscard]] Result<TxHash, RpcError> add(const chain::NewTx& tx) override;
    [[nodiscard]] Reply test(const chain::NewTx& tx) override;
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
};

}  // namespace cairn::rpc
