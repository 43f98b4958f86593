// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rpc/param_codec.hpp"
#include "rpc/tracers/call_tree.hpp"
#include "rpc/tracers/flat_call_tracer.hpp"
#include "rpc/tracers/prestate_tracer.hpp"
#include "rpc/tracers/struct_logger.hpp"
#include "rpc/tracers/tx_tracer.hpp"

namespace cairn::rpc {

/// Which tracer a request asks for.
enum class TracerKind : std::uint8_t { StructLog, Call, FlatCall, Prestate, FourByte, Noop, Mux, Erc7562 };

/// The tracing part of a debug_trace* request (geth's TraceConfig): `tracer`, `tracerConfig`, `timeout`, and the
/// options of the struct logger.
struct TraceConfig {
    TracerKind kind = TracerKind::StructLog;
    StructLogOptions struct_log{};
    CallTreeOptions call{};
    FlatTraceOptions flat{};
    PrestateOptions prestate{};
    /// Of Mux, by name.
    std::vector<std::pair<std::string, TraceConfig>> parts{};
    /// For one transaction. geth's default is 5 s.
    std::chrono::milliseconds time_max{5000};

    /// A tracer for one transaction.
    [[nodiscard]] std::unique_ptr<TxTracer> make() const;
};

/// A duration as Go writes it: "5s", "300ms", "1m30s", "1.5h"; nothing where it is none or passes a day.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

CAIRN_PARAM_CODEC(TraceConfig);

}  // namespace cairn::rpc
