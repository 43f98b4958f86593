// SPDX-License-Identifier: MIT
#include "rpc/bind.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/log_query.hpp"

namespace cairn::rpc {
namespace {

Reply get_logs(EthContext& context, Call& call, JsonWriter& out, LogQueryArgs query) {
    return write_logs(context, call, out, query);
}

}  // namespace

std::vector<Method> eth_log_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(method(
        context, {"eth_getLogs", "Logs of a block or a range, by address and topics.", "array"},
        {"filter"}, get_logs));
    return rows;
}

}  // namespace cairn::rpc
