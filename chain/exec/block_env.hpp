// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Keccak-256 of the canonical header of that number, for the last 256 blocks; zero where there is none. What BLOCKHASH
/// answers with.
using BlockHashFunction = std::function<Hash256(BlockNumber number)>;

/// What the transactions of one block see of it.
struct BlockEnv {
    Uint256 chain_id;
    Address coinbase;
    BlockNumber number = 0;
    UnixSeconds timestamp = 0;
    Gas gas_limit = 0;
    /// What opcode 0x44 gives: difficulty, or the mix hash after the merge (EIP-4399).
    Uint256 prev_randao;
    Wei base_fee;       ///< wei per gas; 0 before London
    Wei blob_base_fee;  ///< wei per unit of blob gas (EIP-4844)
    BlockHashFunction block_hash;
};

/// What a block has left for the transactions to come.
struct BlockBudget {
    Gas gas = 0;
    Gas blob_gas = 0;
};

}  // namespace cairn::chain
