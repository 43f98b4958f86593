// SPDX-License-Identifier: MIT
#include "chain/import/reorg.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "chain/store/store_error.hpp"
#include "core/base/assert.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

[[nodiscard]] BlockRef parent_of(const ChainReader& reader, const BlockRef& block) {
    const auto header = reader.header(block);
    if (!header || block.number == 0)
        throw StoreError{StoreFault::Corrupt,
                         "no header of block " + std::to_string(block.number) + " (" +
                             to_hex0x(block.hash) + ")"};
    return {block.number - 1, (*header)->parent_hash};
}

}  // namespace

ReorgPlan plan_reorg(const ChainReader& reader, const BlockRef& head, const BlockRef& target) {
    ReorgPlan plan;
    BlockRef at = target;
    for (; !reader.is_canonical(at); at = parent_of(reader, at)) plan.apply.push_back(at);
    plan.ancestor = at;
    std::reverse(plan.apply.begin(), plan.apply.end());
    for (BlockRef down = head; down != plan.ancestor; down = parent_of(reader, down))
        plan.revert.push_back(down);
    return plan;
}

BlockRef find_best_tip(const ChainReader& reader,
                       const std::function<bool(const BlockHash&)>& is_bad) {
    const BlockNumber first = reader.horizon();
    const auto root = reader.canonical_hash(first);
    CAIRN_ASSERT(root);
    BlockRef best{first, *root};
    TotalDifficulty best_total = reader.total_difficulty(*root).value_or(TotalDifficulty{});
    bool best_is_canonical = true;
    std::unordered_set<BlockHash> level{*root};
    for (BlockNumber number = first + 1; !level.empty(); ++number) {
        std::unordered_set<BlockHash> next;
        for (const BlockHash& hash : reader.hashes_at(number)) {
            const auto header = reader.header(BlockRef{number, hash});
            if (!header || !level.contains((*header)->parent_hash) || is_bad(hash)) continue;
            next.insert(hash);
            const BlockRef ref{number, hash};
            const auto total = reader.total_difficulty(hash).value_or(TotalDifficulty{});
            const bool is_canonical = reader.is_canonical(ref);
            // A canonical block goes before a tie, and after the merge the higher one before both.
            if (total > best_total || (total == best_total && is_canonical && best_is_canonical)) {
                best = ref;
                best_total = total;
                best_is_canonical = is_canonical;
            }
        }
        level = std::move(next);
    }
    return best;
}

}  // namespace cairn::chain
