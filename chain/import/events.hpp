// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "chain/store/keys.hpp"
#include "core/types/block.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/ids.hpp"
#include "core/types/receipt.hpp"

namespace cairn::chain {

/// A block with what execution made of it. Immutable, shared between all who were told of it.
struct ExecutedBlock {
    Block block;
    std::vector<Receipt> receipts;  ///< one a transaction, blooms included
    std::vector<Address> senders;   ///< one a transaction
    TotalDifficulty total;

    [[nodiscard]] BlockRef ref() const noexcept {
        return {block.header->number, block.header.hash()};
    }
};
using ExecutedBlockPtr = std::shared_ptr<const ExecutedBlock>;

/// The canonical chain moved, or the state after its head was changed by hand (then both lists are
/// empty): told after the commit, once for each. Carries blocks and receipts, so
/// that nobody reads them again.
struct HeadChanged {
    std::vector<ExecutedBlockPtr> reverted;  ///< no longer canonical; highest first
    std::vector<ExecutedBlockPtr> applied;   ///< canonical from here on; lowest first
    /// The head afterwards. The last of `applied`; or, where the head only moved back, the parent
    /// of the last of `reverted`.
    BlockRef head;
    TotalDifficulty total;

    /// A reorganisation, not a mere extension.
    [[nodiscard]] bool is_reorg() const noexcept { return !reverted.empty(); }
};
using HeadChangedPtr = std::shared_ptr<const HeadChanged>;

}  // namespace cairn::chain
