// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "rpc/tracers/call_tracer.hpp"

namespace cairn::rpc {

/// Options of flat traces.
struct FlatTraceOptions {
    bool converts_errors = false;        ///< convertParityErrors: OpenEthereum's words for failures
    bool includes_precompiles = false;   ///< includePrecompiles: also CALL and STATICCALL to them
};

/// Where a flat trace says that it stands.
struct FlatTracePlace {
    BlockNumber block_number = 0;
    std::optional<TracePlace> place{};
};

/// geth's flatCallTracer, which is OpenEthereum's trace format (trace_*): the frames as a list of objects in
/// calling order, each with its path.
class FlatCallTracer final : public CallTreeTracer {
public:
    explicit FlatCallTracer(const FlatTraceOptions& options) noexcept : CallTreeTracer{{}}, options_{options} {}

    void begin(const TracedTx& traced) override;
    void write(JsonWriter& out) override;

private:
    FlatTraceOptions options_;
    Revision revision_ = kLatestRevision;
    FlatTracePlace where_;
};

/// Whether a flat trace leaves the frame out: a CALL or STATICCALL to a precompile, unless it is the outermost.
[[nodiscard]] bool is_hidden_precompile(const CallFrame& frame, Revision revision);

/// OpenEthereum's words for geth's: "Out of gas", "Reverted", "Bad instruction"; others as they are.
[[nodiscard]] std::string to_parity_error(const std::string& error);

/// One frame of a flat trace.
struct FlatFrame {
    const CallFrame* frame = nullptr;
    std::vector<std::size_t> path;  ///< traceAddress
    std::size_t subtraces = 0;
};
/// The tree's frames in calling order with their paths, hidden ones left out with what is below.
[[nodiscard]] std::vector<FlatFrame> flatten(const CallTree& tree, Revision revision, bool includes_precompiles);

/// One object of a flat trace; `where` absent leaves out block and transaction, as trace_call does.
void write_flat_frame(JsonWriter& out, const FlatFrame& flat, bool converts_errors,
                      const std::optional<FlatTracePlace>& where);

}  // namespace cairn::rpc
