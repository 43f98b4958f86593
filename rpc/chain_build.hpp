// SPDX-License-Identifier: MIT
#pragma once

#include "chain/pool/tx_pool.hpp"
#include "chain/spec/chain_spec.hpp"
#include "chain/store/store.hpp"
#include "rpc/node_api.hpp"

namespace cairn::rpc {

/// Builds blocks on request by the node's own builder, on the head, and keeps none of them.
class ChainBuild final : public BuildApi {
public:
    /// All outlive the object.
    ChainBuild(const chain::Store& store, const chain::ChainSpec& spec,
               const chain::TxPool& pool) noexcept
        : store_{store}, spec_{spec}, pool_{pool} {}

    [[nodiscard]] Result<BuiltBlock, RpcError> build(const BuildRequest& request) override;

private:
    const chain::Store& store_;
    const chain::ChainSpec& spec_;
    const chain::TxPool& pool_;
};

}  // namespace cairn::rpc
