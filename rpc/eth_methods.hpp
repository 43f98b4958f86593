// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "rpc/context.hpp"
#include "rpc/method.hpp"

namespace cairn::rpc {

// The chain's rows of the method table, by file. Each keeps a reference to the context.

/// Blocks, headers, ommers, receipts of a block, fees.
[[nodiscard]] std::vector<Method> eth_chain_methods(EthContext& context);
/// eth_config, eth_capabilities.
[[nodiscard]] std::vector<Method> eth_config_methods(EthContext& context);
/// Balances, nonces, code, storage, proofs.
[[nodiscard]] std::vector<Method> eth_state_methods(EthContext& context);
/// Transactions, receipts, sending.
[[nodiscard]] std::vector<Method> eth_tx_methods(EthContext& context);
/// eth_call, eth_estimateGas, eth_createAccessList, eth_fillTransaction, eth_simulateV1.
[[nodiscard]] std::vector<Method> eth_call_methods(EthContext& context);
/// eth_getLogs.
[[nodiscard]] std::vector<Method> eth_log_methods(EthContext& context);
/// eth_getWork and its like, miner_*.
[[nodiscard]] std::vector<Method> eth_work_methods(EthContext& context);
/// web3_*.
[[nodiscard]] std::vector<Method> web3_methods(EthContext& context);
/// txpool_*, cairn_testTransaction.
[[nodiscard]] std::vector<Method> txpool_methods(EthContext& context);
/// debug_getRaw*, debug_setHead, cairn_invalidateBlock, cairn_reconsiderBlock.
[[nodiscard]] std::vector<Method> debug_methods(EthContext& context);
/// testing_buildBlockV1.
[[nodiscard]] std::vector<Method> testing_methods(EthContext& context);

/// All of the above, and those that trace (rpc/tracers).
[[nodiscard]] std::vector<Method> chain_methods(EthContext& context);

}  // namespace cairn::rpc
