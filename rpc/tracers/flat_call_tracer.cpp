// SPDX-License-Identifier: MIT
#include "rpc/tracers/flat_call_tracer.hpp"

#include <array>
#include <utility>

#include "vm/opcodes.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn::rpc {
namespace {

/// The field of the transaction's place, null where there is none.
void write_place(JsonWriter& out, const FlatTracePlace& where) {
    if (where.place) out.data("blockHash", where.place->block_hash);
    else out.null("blockHash");
    out.key("blockNumber").number(std::uint64_t{where.block_number});
}

void write_tx_place(JsonWriter& out, const FlatTracePlace& where) {
    if (!where.place) {
        out.null("transactionHash").null("transactionPosition");
        return;
    }
    out.data("transactionHash", where.place->tx_hash);
    out.key("transactionPosition").number(std::uint64_t{where.place->tx_index});
}

std::string_view call_type(std::uint8_t opcode) {
    switch (opcode) {
        case vm::OP_CALLCODE: return "callcode";
        case vm::OP_DELEGATECALL: return "delegatecall";
        case vm::OP_STATICCALL: return "staticcall";
        default: return "call";
    }
}

void write_action(JsonWriter& out, const CallFrame& frame) {
    out.key("action").begin_object();
    if (frame.opcode == vm::OP_SELFDESTRUCT) {
        out.data("address", frame.from).quantity("balance", *frame.value).data("refundAddress", *frame.to);
    } else if (frame.is_create()) {
        out.text("creationMethod", frame.opcode == vm::OP_CREATE2 ? "create2" : "create");
        out.data("from", frame.from).quantity("gas", frame.gas).data("init", frame.input);
        out.quantity("value", *frame.value);
    } else {
        out.text("callType", call_type(frame.opcode)).data("from", frame.from).quantity("gas", frame.gas);
        out.data("input", frame.input).data("to", *frame.to).quantity("value", frame.value.value_or(Wei{}));
    }
    out.end_object();
}

void write_result(JsonWriter& out, const CallFrame& frame) {
    // Only a revert's output is worth showing beside an error.
    if (frame.opcode == vm::OP_SELFDESTRUCT || (!frame.error.empty() && !frame.is_reverted)) return;
    out.key("result").begin_object();
    if (frame.is_create() && frame.to) out.data("address", *frame.to);
    out.data(frame.is_create() ? "code" : "output", frame.output);
    out.quantity("gasUsed", frame.gas_used).end_object();
}

std::string_view flat_type(const CallFrame& frame) {
    if (frame.opcode == vm::OP_SELFDESTRUCT) return "suicide";
    return frame.is_create() ? "create" : "call";
}

}  // namespace

bool is_hidden_precompile(const CallFrame& frame, Revision revision) {
    const bool is_plain = frame.opcode == vm::OP_CALL || frame.opcode == vm::OP_STATICCALL;
    return is_plain && frame.parent && vm::find_precompile(revision, *frame.to) != nullptr;
}

std::string to_parity_error(const std::string& error) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kBeginnings{{
        {"contract creation code storage out of gas", "Out of gas"},
        {"out of gas", "Out of gas"},
        {"gas uint64 overflow", "Out of gas"},
        {"max code size exceeded", "Out of gas"},
        {"invalid jump destination", "Bad jump destination"},
        {"execution reverted", "Reverted"},
        {"return data out of bounds", "Out of bounds"},
        {"stack limit reached", "Out of stack"},
        {"precompile", "Built-in failed"},
        {"invalid opcode:", "Bad instruction"},
        {"stack underflow", "Stack underflow"},
    }};
    if (error == "invalid input length") return "Built-in failed";
    for (const auto& [beginning, words] : kBeginnings)
        if (error.starts_with(beginning)) return std::string{words};
    return error;
}

std::vector<FlatFrame> flatten(const CallTree& tree, Revision revision, bool includes_precompiles) {
    const auto& frames = tree.frames();
    std::vector<FlatFrame> out;
    out.reserve(frames.size());
    // A frame's place in `out`; parents stand before their children in the tree and so here.
    std::vector<std::optional<std::size_t>> places(frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto& frame = frames[i];
        FlatFrame flat{&frame, {}, 0};
        if (frame.parent) {
            const auto parent = places[*frame.parent];
            if (!parent || (!includes_precompiles && is_hidden_precompile(frame, revision))) continue;
            flat.path = out[*parent].path;
            flat.path.push_back(out[*parent].subtraces++);
        }
        places[i] = out.size();
        out.push_back(std::move(flat));
    }
    return out;
}

void write_flat_frame(JsonWriter& out, const FlatFrame& flat, bool converts_errors,
                      const std::optional<FlatTracePlace>& where) {
    const auto& frame = *flat.frame;
    out.begin_object();
    write_action(out, frame);
    if (where) write_place(out, *where);
    if (!frame.error.empty()) out.text("error", converts_errors ? to_parity_error(frame.error) : frame.error);
    write_result(out, frame);
    out.key("subtraces").number(std::uint64_t{flat.subtraces});
    out.key("traceAddress").begin_array();
    for (const auto step : flat.path) out.number(std::uint64_t{step});
    out.end_array();
    if (where) write_tx_place(out, *where);
    out.text("type", flat_type(frame)).end_object();
}

void FlatCallTracer::begin(const TracedTx& traced) {
    CallTreeTracer::begin(traced);
    revision_ = traced.rules.revision;
    where_ = {traced.block.number, traced.place};
}

void FlatCallTracer::write(JsonWriter& out) {
    out.begin_array();
    for (const auto& flat : flatten(tree(), revision_, options_.includes_precompiles))
        write_flat_frame(out, flat, options_.converts_errors, where_);
    out.end_array();
}

}  // namespace cairn::rpc
