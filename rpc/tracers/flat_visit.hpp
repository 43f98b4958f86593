// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

#include "rpc/tracers/flat_call_tracer.hpp"
#include "rpc/tracers/replay.hpp"

namespace cairn::rpc {

/// For one transaction of a trace_* method; the request has a deadline besides.
inline constexpr std::chrono::milliseconds kFlatTraceTimeMax{30'000};

/// Runs the replay's next transaction and hands each of its flat frames, in order, to `visit(frame, place)`.
/// @param bytes_before  that the answer has already; they count towards its limit
template <class Visit>
Reply visit_next(EthContext& context, Call& call, Replay& replay, std::size_t bytes_before, Visit visit) {
    FlatCallTracer tracer{FlatTraceOptions{}};
    const FlatTracePlace where{
        replay.block().header->number,
        TracePlace{replay.block().header.hash(), replay.block().body.transactions[replay.next()].hash(),
                   replay.next()}};
    auto bounds = trace_bounds(context, call, kFlatTraceTimeMax);
    bounds.bytes_max -= std::min(bounds.bytes_max, bytes_before);
    if (auto traced = replay.run(tracer, bounds); !traced) return Unexpected{traced.error()};
    for (const auto& flat : flatten(tracer.tree(), replay.rules().revision, false)) visit(flat, where);
    return {};
}

}  // namespace cairn::rpc
