// SPDX-License-Identifier: MIT
#pragma once

#include "chain/spec/genesis.hpp"
#include "core/types/block.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// State root of a genesis allocation. Pure; any thread.
[[nodiscard]] Hash256 genesis_state_root(const Genesis& genesis);

/// The block number 0 that a genesis describes: header fields as given, the state root from the
/// allocation, and, where the rules of block 0 have them and the file is silent, as geth fills
/// them: base fee 10^9, no withdrawals, no blob gas, a zero beacon root, no requests. Pure; any
/// thread.
[[nodiscard]] Block make_genesis_block(const Genesis& genesis);

}  // namespace cairn::chain
