// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chain/spec/rule_set.hpp"
#include "chain/state/state_diff.hpp"
#include "chain/state/state_reader.hpp"
#include "core/types/block.hpp"
#include "rpc/json_writer.hpp"
#include "rpc/param_codec.hpp"

namespace cairn::rpc {

// Pieces of OpenEthereum's trace_* answers (https://openethereum.github.io/JSONRPC-trace-module).

/// Which parts a request wants: "trace", "stateDiff", "vmTrace".
struct TraceTypes {
    bool has_trace = false;
    bool has_state_diff = false;
    bool has_vm_trace = false;
};
CAIRN_PARAM_CODEC(TraceTypes);

/// The accounts that changed, each field as "=", {"*": {from, to}}, {"+": to} or {"-": from}.
///
/// @param codes  the state before or after it, where codes are read that the diff did not bring
void write_state_diff(JsonWriter& out, const chain::StateDiff& diff, const chain::StateReader& codes);

/// A payment for sealing a block.
struct BlockReward {
    Address author;
    Wei value;
    bool is_ommer = false;
};
/// Of the block's beneficiary first, then of its ommers' (Yellow Paper, equations 172 to 176); none where the rules
/// pay none. Pure; any thread.
[[nodiscard]] std::vector<BlockReward> rewards_of(const chain::RuleSet& rules, const Block& block);

/// A flat trace of type "reward".
void write_reward(JsonWriter& out, const BlockReward& reward, const HashedHeader& header);

}  // namespace cairn::rpc
