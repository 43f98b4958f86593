// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "rpc/dispatcher.hpp"
#include "rpc/json_writer.hpp"

namespace cairn::rpc {

/// Writes the OpenRPC 1.2.6 document of the table: every method with its parameters' schemas, as
/// `rpc.discover` answers (https://spec.open-rpc.org).
void write_openrpc(JsonWriter& out, const Dispatcher& dispatcher, std::string_view version);

/// `rpc_modules` and `rpc.discover`; they tell of `dispatcher` as it is when asked. Both outlive
/// the rows.
[[nodiscard]] std::vector<Method> rpc_methods(const Dispatcher& dispatcher,
                                              std::string_view version);

}  // namespace cairn::rpc
