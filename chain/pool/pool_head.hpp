// SPDX-License-Identifier: MIT
#pragma once

#include "chain/spec/chain_spec.hpp"
#include "chain/store/keys.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/header.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// What the next block asks of transactions, as far as it is known before it is made.
struct PoolHead {
    BlockRef ref;                    ///< the head, on which the next block stands
    const RuleSet* rules = nullptr;  ///< the next block's; lives as long as the spec
    Gas gas_limit = 0;               ///< the head's
    Wei base_fee;                    ///< the next block's; 0 where it has none
    Wei blob_base_fee;               ///< likewise
};

/// @param now  seconds since 1970; the next block is taken to be of then, or of one second after
///             the head where that is later
/// Pure; any thread.
[[nodiscard]] PoolHead make_pool_head(const ChainSpec& spec, const HashedHeader& head,
                                      const TotalDifficulty& total, UnixSeconds now);

}  // namespace cairn::chain
