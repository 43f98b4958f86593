// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "rpc/call_args.hpp"
#include "rpc/context.hpp"
#include "rpc/method.hpp"

namespace cairn::rpc {

/// One block to simulate.
struct SimulatedBlock {
    BlockOverrides block{};
    StateOverrides state{};
    std::vector<CallArgs> calls{};
};

/// The first parameter of eth_simulateV1.
struct SimulateRequest {
    std::vector<SimulatedBlock> blocks{};
    bool traces_transfers = false;  ///< log moves of coins, as if a token moved
    bool is_validated = false;      ///< nonces, fees and the base fee count as in a real block
    bool has_full_txs = false;      ///< answer with whole transactions, not hashes
};
CAIRN_PARAM_CODEC(SimulateRequest);

/// Blocks that one simulation may span, gaps included (execution API).
inline constexpr std::uint64_t kSimulatedBlocksMax = 256;
/// Seconds between blocks whose time is not given.
inline constexpr UnixSeconds kSimulatedBlockSeconds = 12;

/// eth_simulateV1: executes made-up blocks on top of a block and gives them with the outcome of
/// each call.
[[nodiscard]] Reply simulate(EthContext& context, Call& call, JsonWriter& out,
                             SimulateRequest request, std::optional<BlockSelector> base);

}  // namespace cairn::rpc
