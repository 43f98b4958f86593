// SPDX-License-Identifier: MIT
#include "rpc/rendered_blocks.hpp"

#include <utility>

#include "rpc/block_rules.hpp"
#include "rpc/block_source.hpp"

namespace cairn::rpc {
namespace {

/// What an entry takes beside its text: lists, counts, the map's own.
constexpr std::size_t kEntryBytes = 512;
constexpr std::size_t kLogBytes = sizeof(Log) + 4 * Hash256::kSize;

std::size_t bytes_of(const RenderedBlock& block) {
    return kEntryBytes + block.text.size() + block.transactions.size() * sizeof(TextSlice);
}

std::size_t bytes_of(const RenderedReceipts& receipts) {
    return kEntryBytes + receipts.text.size() + receipts.marks.receipts.size() * sizeof(TextSlice) +
           receipts.logs.size() * (sizeof(TextSlice) + kLogBytes);
}

}  // namespace

std::shared_ptr<const RenderedBlock> RenderedBlocks::block(const chain::ReadView& view,
                                                           const chain::BlockRef& ref) {
    {
        const std::lock_guard lock{mutex_};
        if (const auto* kept = blocks_.find(ref.hash)) return *kept;
    }
    const auto found = get_block(view, ref, BlockParts::Body);
    auto rendered = std::make_shared<RenderedBlock>();
    JsonWriter out{rendered->text};
    write_block(out, found.block, found.senders, TxDetail::Full, false, &rendered->transactions);
    rendered->text.shrink_to_fit();
    const std::lock_guard lock{mutex_};
    blocks_.put(ref.hash, rendered, bytes_of(*rendered));
    return rendered;
}

std::shared_ptr<const RenderedReceipts> RenderedBlocks::find_receipts(const BlockHash& hash) {
    const std::lock_guard lock{mutex_};
    const auto* kept = receipts_.find(hash);
    return kept == nullptr ? nullptr : *kept;
}

std::shared_ptr<const RenderedReceipts> RenderedBlocks::receipts(const chain::ReadView& view,
                                                                 const chain::BlockRef& ref,
                                                                 const chain::ChainSpec& spec) {
    if (auto kept = find_receipts(ref.hash)) return kept;
    auto found = get_block(view, ref, BlockParts::BodyAndReceipts);
    // A block that was only stored may be executed later: nothing of it is kept.
    if (found.receipts.size() != found.block.body.transactions.size()) return nullptr;
    auto rendered = std::make_shared<RenderedReceipts>();
    JsonWriter out{rendered->text};
    write_receipts(out, found.block, found.senders, found.receipts,
                   rules_of(spec, *found.block.header), &rendered->marks);
    rendered->text.shrink_to_fit();
    for (auto& receipt : found.receipts)
        for (auto& log : receipt.logs)
            rendered->logs.push_back({log.address, std::move(log.topics), {}});
    const std::lock_guard lock{mutex_};
    receipts_.put(ref.hash, rendered, bytes_of(*rendered));
    return rendered;
}

}  // namespace cairn::rpc
