// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "rpc/context.hpp"
#include "rpc/method.hpp"

namespace cairn::rpc {

// Rows of the method table that run transactions again. Each keeps a reference to the context.

/// debug_traceTransaction, debug_traceBlockByNumber, debug_traceBlockByHash, debug_traceBlock, debug_traceCall.
[[nodiscard]] std::vector<Method> debug_trace_methods(EthContext& context);
/// OpenEthereum's trace_*.
[[nodiscard]] std::vector<Method> parity_trace_methods(EthContext& context);
/// trace_filter, which is one of them.
[[nodiscard]] Method trace_filter_method(EthContext& context);
/// Otterscan's ots_*.
[[nodiscard]] std::vector<Method> otterscan_methods(EthContext& context);

}  // namespace cairn::rpc
