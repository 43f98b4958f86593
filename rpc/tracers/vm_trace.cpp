// SPDX-License-Identifier: MIT
#include "rpc/tracers/vm_trace.hpp"

#include <algorithm>

#include "chain/exec/authorization.hpp"
#include "rpc/tracers/call_tree.hpp"
#include "vm/opcodes.hpp"

namespace cairn::rpc {
namespace {

/// The stack's items, counted from the top, that name the memory an instruction writes; or a size that is fixed.
struct MemoryWrite {
    std::size_t offset_item = 0;
    std::size_t size_item = 0;
    std::uint64_t fixed_size = 0;
};

std::optional<MemoryWrite> memory_write(std::uint8_t opcode) {
    switch (opcode) {
        case vm::OP_MLOAD:
        case vm::OP_MSTORE: return MemoryWrite{0, 0, 32};
        case vm::OP_MSTORE8: return MemoryWrite{0, 0, 1};
        case vm::OP_CALLDATACOPY:
        case vm::OP_CODECOPY:
        case vm::OP_RETURNDATACOPY:
        case vm::OP_MCOPY: return MemoryWrite{0, 2, 0};
        case vm::OP_EXTCODECOPY: return MemoryWrite{1, 3, 0};
        case vm::OP_CALL:
        case vm::OP_CALLCODE: return MemoryWrite{5, 6, 0};
        case vm::OP_DELEGATECALL:
        case vm::OP_STATICCALL: return MemoryWrite{4, 5, 0};
        default: return std::nullopt;
    }
}

}  // namespace

void VmTracer::on_enter(const vm::Message& message, std::uint8_t) {
    Open frame;
    if (vm::is_create(message.kind)) {
        frame.code = to_bytes(message.input);
    } else {
        frame.code = to_bytes(state_->code(message.code_address));
        if (const auto delegate = chain::find_delegate(frame.code)) frame.code = to_bytes(state_->code(*delegate));
    }
    size_ += frame.code.size();
    open_.push_back(std::move(frame));
}

void VmTracer::on_exit(const vm::Message&, const vm::ExecutionResult& result) {
    auto frame = std::move(open_.back());
    open_.pop_back();
    finish(frame, nullptr, result.status != vm::Status::Success && result.status != vm::Status::Revert);
    std::string text;
    JsonWriter out{text};
    out.begin_object().data("code", frame.code).key("ops").begin_array();
    if (!frame.ops.empty()) out.raw(frame.ops);
    out.end_array().end_object();
    if (open_.empty()) done_ = std::move(text);
    else if (open_.back().pending) open_.back().pending->sub = std::move(text);
}

void VmTracer::on_step(const vm::TraceStep& step) {
    auto& frame = open_.back();
    finish(frame, &step, false);
    Pending next;
    next.pc = step.pc;
    next.opcode = step.opcode;
    next.gas = step.gas;
    next.cost = step.gas_cost;
    const auto item = [&](std::size_t n) { return step.stack[step.stack.size() - 1 - n]; };
    if (step.fault == vm::Status::Success) {
        if (const auto write = memory_write(step.opcode)) {
            next.memory_size = write->fixed_size != 0 ? write->fixed_size : item(write->size_item).low64();
            next.memory_offset = next.memory_size != 0 ? item(write->offset_item).low64() : 0;
        }
        if (step.opcode == vm::OP_SSTORE) next.store = {item(0), item(1)};
    }
    frame.pending = std::move(next);
}

void VmTracer::finish(Open& frame, const vm::TraceStep* after, bool has_failed) {
    if (!frame.pending) return;
    const auto op = std::move(*frame.pending);
    frame.pending.reset();
    const auto size_before = frame.ops.size();
    if (!frame.ops.empty()) frame.ops += ',';
    JsonWriter out{frame.ops};
    out.begin_object().key("cost").number(op.cost).key("ex");
    if (has_failed) {
        out.null();
    } else {
        out.begin_object().key("mem");
        if (after != nullptr && op.memory_size != 0) {
            const auto data = memory_slice(*after, Uint256{op.memory_offset}, Uint256{op.memory_size});
            out.begin_object().data("data", data).key("off").number(op.memory_offset).end_object();
        } else {
            out.null();
        }
        out.key("push").begin_array();
        if (after != nullptr) {
            const auto pushed = std::min<std::size_t>(vm::kOpcodeTraits[op.opcode].pushes, after->stack.size());
            for (const auto& word : after->stack.last(pushed)) out.quantity(word);
        }
        out.end_array().key("store");
        if (op.store) out.begin_object().quantity("key", op.store->first).quantity("val", op.store->second).end_object();
        else out.null();
        out.key("used").number(after != nullptr ? after->gas : op.gas - op.cost).end_object();
    }
    out.key("pc").number(op.pc).key("sub").raw(op.sub).end_object();
    size_ += frame.ops.size() - size_before;
}

void VmTracer::write(JsonWriter& out) { out.raw(done_); }

}  // namespace cairn::rpc
