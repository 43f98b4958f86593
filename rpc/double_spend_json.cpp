// SPDX-License-Identifier: MIT
#include "rpc/double_spend_json.hpp"

namespace cairn::rpc {
namespace {

void write_contender(JsonWriter& out, const chain::Contender& one) {
    out.begin_object().data("hash", one.hash);
    if (one.to)
        out.data("to", *one.to);
    else
        out.null("to");
    out.quantity("value", one.value);
    out.quantity("maxFeePerGas", one.max_fee_per_gas);
    out.quantity("maxPriorityFeePerGas", one.max_priority_fee_per_gas);
    out.quantity("seenAt", one.seen_at).end_object();
}

}  // namespace

void write_double_spend(JsonWriter& out, const chain::DoubleSpend& record) {
    out.begin_object().data("sender", record.sender).quantity("nonce", record.nonce);
    out.key("contenders").begin_array();
    for (const auto& one : record.contenders) write_contender(out, one);
    out.end_array().key("settledBy");
    if (const auto& block = record.settled_by)
        out.begin_object().quantity("number", block->number).data("hash", block->hash).end_object();
    else
        out.null();
    if (record.winner)
        out.data("winner", *record.winner);
    else
        out.null("winner");
    out.end_object();
}

}  // namespace cairn::rpc
