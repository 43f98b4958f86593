// SPDX-License-Identifier: MIT
#pragma once

#include "chain/pool/double_spends.hpp"
#include "rpc/json_writer.hpp"

namespace cairn::rpc {

/// An element of cairn_doubleSpends, and what its subscription tells: sender, nonce, all contenders
/// in order of arrival, the block that settled it and the winner, both null while it is open.
void write_double_spend(JsonWriter& out, const chain::DoubleSpend& record);

}  // namespace cairn::rpc
