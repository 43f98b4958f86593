// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/spec/genesis.hpp"
#include "chain/store/keys.hpp"
#include "core/types/block.hpp"
#include "core/types/units.hpp"

// Chains to measure import with: many accounts, full blocks, real contracts. Blocks are made by
// executing them on a state and tries in memory, without a ChainManager, so that what import does
// is compared with something else.

namespace cairn::bench {

/// What the transactions of a chain do.
enum class Workload : std::uint8_t {
    Transfers,  ///< one wei from one account to another
    Tokens,   ///< transfer() of an ERC-20 contract (bench/contracts/token.sol) where every account
              ///< holds some
    Storage,  ///< 200 fresh slots each (bench/contracts/ledger_book.sol)
    Creations,  ///< deploy the ERC-20 contract
};

/// "transfers", "tokens", "storage", "creations".
[[nodiscard]] std::string_view to_string(Workload workload) noexcept;
[[nodiscard]] std::optional<Workload> find_workload(std::string_view name) noexcept;

/// A chain to make. The same request gives the same chain.
struct ChainRequest {
    Workload workload = Workload::Transfers;
    std::size_t accounts = 1000;  ///< in genesis; recipients are any of them
    std::size_t blocks = 100;     ///< on the canonical chain
    Gas block_gas = 15'000'000;   ///< used in a block, at least; half of the gas limit is never
                                  ///< exceeded, so that the base fee does not rise
    std::size_t reorg_depth =
        0;  ///< each so many blocks, that many are replaced by a branch of one more; 0: never
    std::uint64_t seed = 1;
};

/// Accounts that sign: making keys takes longer than anything else.
inline constexpr std::size_t kSendersMax = 2000;

/// A made chain.
struct MadeChain {
    chain::Genesis genesis;
    std::vector<Bytes> blocks;  ///< RLP, in the order in which they are to be imported
    chain::BlockRef head;
    std::uint64_t transactions = 0;  ///< in `blocks`, those of replaced ones too
    Gas gas = 0;                     ///< likewise
};

[[nodiscard]] MadeChain make_chain(const ChainRequest& request);

/// The genesis as a geth genesis file that `cairn-node init` takes.
[[nodiscard]] std::string genesis_text(const chain::Genesis& genesis);

}  // namespace cairn::bench
