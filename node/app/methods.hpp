// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "chain/import/chain_manager.hpp"
#include "chain/pool/tx_pool.hpp"
#include "node/app/block_maker.hpp"
#include "node/app/dev_accounts.hpp"
#include "node/mining/workers.hpp"
#include "rpc/context.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/method.hpp"

namespace cairn::node {

/// What the node's own methods work on. Everything outlives the dispatcher.
struct NodeContext {
    rpc::EthContext& eth;
    rpc::Dispatcher& dispatcher;
    chain::ChainManager& chain;
    chain::TxPool& pool;
    BlockMaker& maker;
    WorkerTable& workers;
    std::function<WorkerTable::Time()> worker_clock;
    std::uint64_t network_id = 0;
    std::string data_folder;
    UnixSeconds started_at = 0;
    std::function<std::size_t()> peer_count;  ///< connected at this moment
    bool listens = false;                     ///< for peers
    /// Ends the program, after the answer.
    std::function<void()> request_stop;
    DevAccounts* accounts = nullptr;  ///< on a developer's node

    /// A point that evm_revert goes back to.
    struct Snapshot {
        chain::BlockRef head;
        std::int64_t time_offset = 0;
        std::size_t pretences = 0;  ///< entries of `undo` that were there
    };
    /// What was before a pretence, and on which block it was made.
    struct Pretended {
        BlockHash head;
        std::vector<chain::AccountPretence> before;
    };
    std::mutex dev_mutex{};
    Hash256 instance_id{};              // guarded by dev_mutex; another after each start and reset
    std::vector<Snapshot> snapshots{};  // guarded by dev_mutex
    std::vector<Pretended> undo{};      // guarded by dev_mutex
};

/// net_*, admin_datadir, cairn_*, miner_workers.
[[nodiscard]] std::vector<rpc::Method> status_methods(NodeContext& context);
/// admin_* of a node without a network, where they answer that there is none; Network::methods has
/// them otherwise.
[[nodiscard]] std::vector<rpc::Method> offline_methods(NodeContext& context);
/// eth_accounts, eth_sendTransaction, eth_signTransaction, eth_sign, personal_sign,
/// eth_signTypedData_v4: on a developer's node, which has the keys.
[[nodiscard]] std::vector<rpc::Method> account_methods(NodeContext& context);
/// evm_*, hardhat_*, anvil_*: on a developer's node alone.
[[nodiscard]] std::vector<rpc::Method> dev_methods(NodeContext& context);

}  // namespace cairn::node
