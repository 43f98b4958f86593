// SPDX-License-Identifier: MIT
#include "rpc/tracers/call_tracer.hpp"

#include "rpc/errors.hpp"
#include "vm/opcodes.hpp"

namespace cairn::rpc {
namespace {

/// Bytes of the selector that a Solidity revert reason begins with.
constexpr std::size_t kSelectorBytes = 4;

void write_log(JsonWriter& out, const FrameLog& log) {
    out.begin_object().data("address", log.address).key("topics").begin_array();
    for (const auto& topic : log.topics) out.data(topic);
    out.end_array().data("data", log.data);
    out.quantity("index", log.index).quantity("position", log.position).end_object();
}

}  // namespace

void write_call_frame(JsonWriter& out, const CallTree& tree, std::size_t index,
                      const std::function<void(JsonWriter& out, std::size_t index)>& more) {
    const auto& frame = tree.frames()[index];
    out.begin_object().data("from", frame.from);
    out.quantity("gas", frame.gas).quantity("gasUsed", frame.gas_used);
    if (frame.to) out.data("to", *frame.to);
    out.data("input", frame.input);
    if (!frame.output.empty()) out.data("output", frame.output);
    if (!frame.error.empty()) out.text("error", frame.error);
    if (frame.is_reverted && frame.output.size() >= kSelectorBytes)
        if (const auto reason = revert_reason(frame.output); !reason.empty()) out.text("revertReason", reason);
    if (!frame.children.empty()) {
        out.key("calls").begin_array();
        for (const auto child : frame.children) write_call_frame(out, tree, child, more);
        out.end_array();
    }
    if (!frame.logs.empty()) {
        out.key("logs").begin_array();
        for (const auto& log : frame.logs) write_log(out, log);
        out.end_array();
    }
    if (frame.value) out.quantity("value", *frame.value);
    out.text("type", vm::opcode_name(frame.opcode));
    if (more) more(out, index);
    out.end_object();
}

void CallTracer::write(JsonWriter& out) { write_call_frame(out, tree(), 0); }

}  // namespace cairn::rpc
