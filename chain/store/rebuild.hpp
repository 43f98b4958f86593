// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "chain/store/store_writer.hpp"
#include "chain/trie/node_store.hpp"
#include "core/base/expected.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Told after each block: how many are done, and of how many.
using RebuildProgress = std::function<void(std::uint64_t done, std::uint64_t count)>;

/// Why views cannot be made again.
enum class RebuildError : std::uint8_t {
    Pruned,  ///< change_log does not reach back to genesis
};

/// Makes the flat state, the tries and the histories again by folding change_log from genesis, and
/// holds each block's state root against its header. Nothing is committed; another reader sees the
/// old views until then.
/// @throws StoreError Corrupt, naming the block, where a log or header is missing or a root
/// differs:
///         what is left then is to execute the blocks again
[[nodiscard]] Result<void, RebuildError> rebuild_state(StoreWriter& writer,
                                                       const ParallelFor& parallel = {},
                                                       const RebuildProgress& progress = {});

/// Makes canonical numbers, tx_index and log_index again from the head's ancestors. Nothing is
/// committed.
/// @throws StoreError Corrupt where a header, body or list of receipts is missing
void rebuild_indexes(StoreWriter& writer, const RebuildProgress& progress = {});

}  // namespace cairn::chain
