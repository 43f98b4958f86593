// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chain/spec/chain_spec.hpp"
#include "chain/store/keys.hpp"
#include "chain/store/store.hpp"
#include "chain/trie/node_store.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// What replay asks of its caller, and may be told.
struct ReplayOptions {
    BlockNumber first = 1;          ///< at least 1, and above the horizon; raised to that
    BlockNumber last = UINT64_MAX;  ///< cut at the head
    std::size_t findings_max = 100;
    /// Spreads blocks over threads: each is executed on the state before it, which history has.
    ParallelFor parallel;
    /// Told after some blocks how many are done, and of how many; false ends the replay. Called by
    /// the thread that called replay_blocks.
    std::function<bool(std::uint64_t done, std::uint64_t count)> on_progress;
};

/// A block whose execution does not give what the store has of it.
struct ReplayFinding {
    BlockRef block;
    std::string what;
};

/// What was replayed, and how it went.
struct ReplayReport {
    BlockNumber first = 0;  ///< as the options were understood; above `last` where there was none
    BlockNumber last = 0;
    std::uint64_t blocks = 0;
    std::uint64_t transactions = 0;
    Gas gas = 0;
    /// Blocks whose state was changed by hand afterwards (StoreWriter::amend_head): their changes
    /// cannot be compared, their receipts are.
    std::uint64_t amended = 0;
    bool is_complete = true;  ///< not ended by on_progress or findings_max
    std::vector<ReplayFinding> findings;  ///< ascending by block
};

/// Executes canonical blocks again, each on the state that history has of its parent, and compares
/// what comes out with header, receipts and change log, value by value. Where `rebuild` trusts the
/// change log and proves it by state roots, this trusts nothing but the blocks and the code. Before
/// Byzantium the state roots in receipts are taken from the store (EIP-658): the tries between two
/// transactions of an old block are not kept.
///
/// @param store  may be open read-only; written meanwhile, it is the chain at the call that counts
/// @throws StoreError where the file cannot be read
[[nodiscard]] ReplayReport replay_blocks(const Store& store, const ChainSpec& spec,
                                         const ReplayOptions& options);

}  // namespace cairn::chain
