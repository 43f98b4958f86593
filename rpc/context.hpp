// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "chain/spec/chain_spec.hpp"
#include "chain/store/store.hpp"
#include "rpc/limits.hpp"
#include "rpc/node_api.hpp"
#include "rpc/vm_pool.hpp"

namespace cairn::rpc {

/// What the chain's methods work on. Everything it points at outlives the dispatcher; doors that are null
/// make their methods answer that the node has no such part.
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
    VmPool machines{};
};

}  // namespace cairn::rpc
