// SPDX-License-Identifier: MIT
#include "rpc/tracers/replay.hpp"

#include <algorithm>
#include <utility>

#include "chain/exec/call.hpp"
#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/evm_call.hpp"
#include "rpc/tracers/guarded_tracer.hpp"

namespace cairn::rpc {
namespace {

RpcError stopped_error(const TraceStopped& stopped) {
    if (stopped.cause() == TraceStopped::Cause::TooLarge) return {kResponseTooLarge, stopped.what()};
    return {kServerError, stopped.what()};
}

}  // namespace

TraceBounds trace_bounds(const EthContext& context, const Call& call, std::chrono::milliseconds time_max) {
    return {std::min(call.deadline, Call::Clock::now() + time_max), context.limits.reply_bytes_max};
}

Result<std::unique_ptr<Replay>, RpcError> Replay::open(EthContext& context, FoundBlock block) {
    const auto& header = *block.block.header;
    if (header.number == 0) return server_error("genesis is not traceable");
    auto parent = StateAt::open(context, chain::BlockByHash{header.parent_hash, false});
    if (!parent) return Unexpected{parent.error()};
    std::unique_ptr<Replay> replay{new Replay{context, std::move(block)}};
    replay->parent_ = std::move(*parent);
    replay->before_ = std::make_unique<OverlayState>(replay->parent_->state());
    replay->state_ = &replay->machine_.state_over(*replay->before_);
    // The header's home is the replay from here on.
    const auto& own_header = *replay->block_.block.header;
    replay->rules_ = &rules_of(context.spec, own_header);
    // Nobody asks for the intermediate roots of old receipts.
    replay->executor_.emplace(replay->machine_.vm(), *replay->state_, context.spec, *replay->rules_, own_header,
                              block_hashes_before(replay->parent_->view(), own_header),
                              [](chain::State&) { return Hash256{}; });
    replay->executor_->begin();
    return replay;
}

Result<std::unique_ptr<Replay>, RpcError> Replay::before(EthContext& context, const TxHash& hash) {
    std::optional<FoundBlock> block;
    std::size_t index = 0;
    {
        const chain::ReadView view{context.store};
        const auto location = view.find_tx(hash);
        if (!location) return std::unique_ptr<Replay>{};
        const auto block_hash = view.canonical_hash(location->number);
        CAIRN_ASSERT(block_hash.has_value());
        block = get_block(view, {location->number, *block_hash}, BlockParts::Body);
        index = location->position;
    }
    auto replay = open(context, std::move(*block));
    if (!replay) return Unexpected{replay.error()};
    if (auto skipped = (*replay)->skip(index); !skipped) return Unexpected{skipped.error()};
    return replay;
}

const OverlayState& Replay::freeze() {
    before_->apply(state_->take_diff());
    return *before_;
}

Result<chain::TxOutcome, RpcError> Replay::add(vm::Tracer* tracer) {
    const auto index = next_;
    const auto& tx = block_.block.body.transactions[index];
    auto outcome = executor_->add(tx.tx(), block_.senders[index], tracer);
    if (!outcome)
        return Unexpected{RpcError{kServerError, "transaction " + to_hex0x(tx.hash()) + " failed: " +
                                                     std::string{chain::to_string(outcome.error())}}};
    ++next_;
    log_count_ += executor_->receipts().back().logs.size();
    return std::move(*outcome);
}

Reply Replay::skip(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        if (const auto outcome = add(nullptr); !outcome) return Unexpected{outcome.error()};
    return {};
}

Result<TracedOutcome, RpcError> Replay::run(TxTracer& tracer, const TraceBounds& bounds) {
    (void)freeze();
    const auto& tx = block_.block.body.transactions[next_];
    tracer.begin({.tx = tx.tx(),
                  .sender = block_.senders[next_],
                  .rules = *rules_,
                  .block = executor_->env(),
                  .state = *state_,
                  .before = *before_,
                  .place = TracePlace{block_.block.header.hash(), tx.hash(), next_},
                  .first_log = log_count_});
    try {
        GuardedTracer guard{tracer, bounds.deadline, bounds.bytes_max};
        auto outcome = add(&guard);
        if (!outcome) return Unexpected{outcome.error()};
        tracer.end(*outcome);
        TracedOutcome traced{std::move(*outcome), state_->take_diff()};
        before_->apply(traced.diff);
        return traced;
    } catch (const TraceStopped& stopped) {
        return Unexpected{stopped_error(stopped)};
    }
}

Result<std::unique_ptr<TraceSite>, RpcError> TraceSite::open(EthContext& context, const BlockSelector& block,
                                                             std::optional<std::uint64_t> tx_index,
                                                             const std::optional<StateOverrides>& state,
                                                             const std::optional<BlockOverrides>& overrides) {
    auto at = StateAt::open(context, block);
    if (!at) return Unexpected{at.error()};
    std::unique_ptr<TraceSite> site{new TraceSite{context}};
    site->at_ = std::move(*at);
    const auto& header = *site->at_->header();
    const chain::StateReader* base = &site->at_->state();
    if (tx_index) {
        auto found = find_block(context, site->at_->view(), block, BlockParts::Body);
        if (!found) return Unexpected{found.error()};
        if (!*found || *tx_index > (*found)->block.body.transactions.size())
            return server_error("transaction index " + std::to_string(*tx_index) + " out of range for block " +
                                to_hex0x(site->at_->header().hash()));
        auto replay = Replay::open(context, std::move(**found));
        if (!replay) return Unexpected{replay.error()};
        if (auto skipped = (*replay)->skip(*tx_index); !skipped) return Unexpected{skipped.error()};
        site->replay_ = std::move(*replay);
        base = &site->replay_->freeze();
    }
    const auto number = overrides && overrides->number ? *overrides->number : header.number;
    const auto time = overrides && overrides->time ? *overrides->time : header.timestamp;
    site->rules_ = &rules_of(context.spec, header, number, time);
    site->env_ = chain::make_block_env(context.spec, *site->rules_, header,
                                       block_hashes_before(site->at_->view(), header));
    if (overrides) overrides->apply(site->env_);
    site->overlay_ = std::make_unique<OverlayState>(*base);
    if (state) {
        if (auto applied = state->apply(*site->overlay_, site->moves_, site->rules_->revision); !applied)
            return Unexpected{applied.error()};
    }
    return site;
}

Result<TracedOutcome, RpcError> TraceSite::run(const Transaction& tx, const Address& sender, TxTracer& tracer,
                                               const TraceBounds& bounds) {
    const PrecompileScope scope{moves_};
    auto& state = machine_.state_over(*overlay_);
    tracer.begin({.tx = tx, .sender = sender, .rules = *rules_, .block = env_, .state = state, .before = *overlay_});
    try {
        GuardedTracer guard{tracer, bounds.deadline, bounds.bytes_max};
        auto outcome = chain::call(machine_.vm(), state, *rules_, env_, tx, sender, &guard);
        if (!outcome)
            return server_error("tracing failed: " +
                                tx_error_text(outcome.error(), tx, sender, *overlay_, env_, *rules_));
        tracer.end(*outcome);
        TracedOutcome traced{std::move(*outcome), state.take_diff()};
        overlay_->apply(traced.diff);
        return traced;
    } catch (const TraceStopped& stopped) {
        return Unexpected{stopped_error(stopped)};
    }
}

}  // namespace cairn::rpc
