// SPDX-License-Identifier: MIT
#include "rpc/block_source.hpp"

#include <utility>

#include "core/base/hex.hpp"
#include "core/types/transaction.hpp"
#include "rpc/overlay_state.hpp"

namespace cairn::rpc {
namespace {

/// The selector as the store takes it; pending counts as the head.
chain::BlockId to_block_id(const BlockSelector& block) {
    if (const auto* tag = std::get_if<chain::BlockTag>(&block)) return *tag;
    if (const auto* number = std::get_if<BlockNumber>(&block)) return *number;
    if (const auto* hash = std::get_if<chain::BlockByHash>(&block)) return *hash;
    return chain::BlockTag::Latest;
}

/// The pending block, where the selector asks for it and it stands on the view's head: another
/// moment's would mix two states.
std::shared_ptr<const PendingBlock> find_pending(const EthContext& context,
                                                 const chain::ReadView& view,
                                                 const BlockSelector& block) {
    if (!std::holds_alternative<PendingTag>(block) || context.pending == nullptr) return nullptr;
    auto pending = context.pending->pending();
    const auto head = view.head();
    if (!pending || !head || pending->executed->block.header->parent_hash != head->hash)
        return nullptr;
    return pending;
}

/// Senders by recovery, for blocks that were stored without.
std::vector<Address> recover_senders(const std::vector<SignedTx>& transactions) {
    std::vector<Address> out;
    out.reserve(transactions.size());
    for (const auto& tx : transactions) {
        const auto recovered = recover_sender(tx);
        out.push_back(recovered ? recovered->sender() : Address{});
    }
    return out;
}

}  // namespace

RpcError lookup_error(const BlockSelector& block, chain::LookupError error) {
    if (error == chain::LookupError::NotCanonical)
        return {kServerError, "hash is not currently canonical"};
    if (const auto* tag = std::get_if<chain::BlockTag>(&block)) {
        if (*tag == chain::BlockTag::Safe) return {kServerError, "safe block not found"};
        if (*tag == chain::BlockTag::Finalized) return {kServerError, "finalized block not found"};
    }
    if (std::holds_alternative<chain::BlockByHash>(block))
        return {kServerError, "header for hash not found"};
    return {kServerError, "header not found"};
}

RpcError state_error(const chain::StateMissing& missing) {
    if (missing.cause == chain::StateMissing::Cause::Pruned)
        return {kPrunedHistory, "pruned history unavailable: state is kept from block " +
                                    std::to_string(missing.oldest) + " on"};
    return {kServerError, "header not found"};
}

Result<chain::BlockRef, RpcError> resolve(const chain::ReadView& view, const BlockSelector& block) {
    const auto ref = view.resolve(to_block_id(block));
    if (!ref) return Unexpected{lookup_error(block, ref.error())};
    return *ref;
}

Result<HashedHeader, RpcError> find_header(const EthContext& context, const chain::ReadView& view,
                                           const BlockSelector& block) {
    if (const auto pending = find_pending(context, view, block))
        return pending->executed->block.header;
    const auto ref = resolve(view, block);
    if (!ref) return Unexpected{ref.error()};
    const auto header = context.headers.find(view, *ref);
    if (!header) return server_error("header not found");
    return *header;
}

FoundBlock get_block(const chain::ReadView& view, const chain::BlockRef& ref, BlockParts parts) {
    auto block = view.block(ref);
    CAIRN_ASSERT(block.has_value());
    auto senders = view.senders(ref);
    FoundBlock out{std::move(*block), {}, {}, false};
    out.senders = senders ? std::move(*senders) : recover_senders(out.block.body.transactions);
    if (parts == BlockParts::BodyAndReceipts) {
        if (auto receipts = view.receipts(ref)) out.receipts = std::move(*receipts);
    }
    return out;
}

Result<std::optional<chain::BlockRef>, RpcError> find_stored(const chain::ReadView& view,
                                                             const BlockSelector& block) {
    const auto ref = view.resolve(to_block_id(block));
    if (ref) return std::optional{*ref};
    const bool is_plain_miss = ref.error() == chain::LookupError::NotKnown &&
                               !std::holds_alternative<chain::BlockTag>(block);
    if (is_plain_miss) return std::optional<chain::BlockRef>{};
    return Unexpected{lookup_error(block, ref.error())};
}

Result<std::optional<FoundBlock>, RpcError> find_block(const EthContext& context,
                                                       const chain::ReadView& view,
                                                       const BlockSelector& block,
                                                       BlockParts parts) {
    if (const auto pending = find_pending(context, view, block)) {
        FoundBlock found{pending->executed->block, pending->executed->senders, {}, true};
        if (parts == BlockParts::BodyAndReceipts) found.receipts = pending->executed->receipts;
        return std::optional<FoundBlock>{std::move(found)};
    }
    const auto ref = find_stored(view, block);
    if (!ref) return Unexpected{ref.error()};
    if (!*ref) return std::optional<FoundBlock>{};
    return std::optional<FoundBlock>{get_block(view, **ref, parts)};
}

Result<std::unique_ptr<StateAt>, RpcError> StateAt::open(const EthContext& context,
                                                         const BlockSelector& block) {
    std::unique_ptr<StateAt> out{new StateAt{context}};
    if (auto pending = find_pending(context, out->view_, block)) {
        out->pending_ = std::move(pending);
        out->header_ = out->pending_->executed->block.header;
        out->base_ = std::make_unique<chain::HeadState>(out->view_.head_state());
        auto overlay = std::make_unique<OverlayState>(*out->base_);
        overlay->apply(out->pending_->diff);
        out->state_ = std::move(overlay);
        return out;
    }
    const auto ref = resolve(out->view_, block);
    if (!ref) return Unexpected{ref.error()};
    out->header_ = context.headers.find(out->view_, *ref);
    if (!out->header_) return server_error("header not found");
    const auto* const tag = std::get_if<chain::BlockTag>(&block);
    const bool is_head = (tag != nullptr && *tag == chain::BlockTag::Latest) ||
                         out->view_.head() == *ref;
    if (is_head) {
        out->state_ = std::make_unique<chain::HeadState>(out->view_.head_state());
        return out;
    }
    if (!out->view_.is_canonical(*ref))
        return server_error("state of block " + to_hex0x(ref->hash) +
                            " is not kept: it is not on the canonical chain");
    auto state = out->view_.state_at(ref->number);
    if (!state) return Unexpected{state_error(state.error())};
    out->state_ = std::move(*state);
    return out;
}

Result<std::shared_ptr<const StateAt>, RpcError> StateAt::shared(const EthContext& context,
                                                                 Call& call,
                                                                 const BlockSelector& block) {
    const auto* const tag = std::get_if<chain::BlockTag>(&block);
    const bool is_head = tag != nullptr && *tag == chain::BlockTag::Latest;
    if (is_head && call.head_state != nullptr && call.head_state->is_last()) return call.head_state;
    auto opened = open(context, block);
    if (!opened) return Unexpected{opened.error()};
    std::shared_ptr<const StateAt> out{std::move(*opened)};
    if (is_head) call.head_state = out;
    return out;
}

bool StateAt::is_last() const {
    return view_.txn().id() == view_.txn().env().stats().last_txn;
}

chain::BlockHashFunction block_hashes_before(const chain::ReadView& view, const Header& header) {
    return [&view, number = header.number,
            parent = header.parent_hash](BlockNumber wanted) -> Hash256 {
        if (wanted >= number) return {};
        auto hash = parent;
        for (auto at = number - 1; at > wanted; --at) {
            // On the canonical chain the rest is one look-up.
            if (view.is_canonical({at, hash})) {
                const auto canonical = view.canonical_hash(wanted);
                return canonical ? canonical->as<Hash256>() : Hash256{};
            }
            const auto above = view.header(chain::BlockRef{at, hash});
            if (!above) return {};
            hash = (*above)->parent_hash;
        }
        return hash.as<Hash256>();
    };
}

}  // namespace cairn::rpc
