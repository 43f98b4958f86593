// SPDX-License-Identifier: MIT
#include "rpc/tracers/call_tree.hpp"

#include <algorithm>
#include <utility>

#include "vm/opcodes.hpp"

namespace cairn::rpc {

bool CallFrame::is_create() const noexcept { return opcode == vm::OP_CREATE || opcode == vm::OP_CREATE2; }

Bytes memory_slice(const vm::TraceStep& step, const Uint256& offset, const Uint256& size) {
    Bytes out(size.low64());
    if (out.empty() || !offset.fits_u64() || offset.low64() >= step.memory.size()) return out;
    const auto there = step.memory.subspan(offset.low64());
    std::copy_n(there.begin(), std::min(there.size(), out.size()), out.begin());
    return out;
}

void CallTree::begin(const TracedTx& traced) {
    state_ = &traced.state;
    first_log_ = traced.first_log;
    gas_limit_ = traced.tx.gas_limit;
    faults_.begin(traced.rules.revision);
}

void CallTree::end(const chain::TxOutcome& outcome) {
    frames_.front().gas_used = outcome.gas_used;
    if (options_.has_logs) drop_failed_logs();
}

std::size_t CallTree::add(CallFrame frame) {
    const auto index = frames_.size();
    size_ += sizeof(CallFrame) + frame.input.size();
    if (!open_.empty()) {
        frame.parent = open_.back();
        frames_[open_.back()].children.push_back(index);
    }
    frames_.push_back(std::move(frame));
    return index;
}

void CallTree::on_enter(const vm::Message& message, std::uint8_t opcode) {
    faults_.on_enter();
    if (depth_++ > 0 && options_.has_top_only) return;
    CallFrame frame;
    frame.opcode = opcode;
    const bool is_delegate = message.kind == vm::CallKind::DelegateCall;
    frame.from = is_delegate ? message.recipient : message.sender;
    const bool is_create = vm::is_create(message.kind);
    frame.to = is_create ? message.recipient : message.code_address;
    if (is_create) frame.created = message.recipient;
    if (opcode != vm::OP_STATICCALL) frame.value = message.value;
    // The transaction's gas is shown whole, with what was paid before the first instruction.
    frame.gas = open_.empty() ? gas_limit_ : static_cast<Gas>(message.gas);
    // For the frame's end, which the outermost has another way to know.
    frame.gas_used = static_cast<Gas>(message.gas);
    frame.input = to_bytes(message.input);
    const auto index = add(std::move(frame));
    open_.push_back(index);
}

void CallTree::on_exit(const vm::Message& message, const vm::ExecutionResult& result) {
    const auto error = faults_.on_exit(message, result.status);
    if (--depth_ > 0 && options_.has_top_only) return;
    auto& frame = frames_[open_.back()];
    open_.pop_back();
    frame.gas_used -= static_cast<Gas>(result.gas_left);
    frame.error = error;
    frame.is_reverted = result.status == vm::Status::Revert;
    if (!error.empty() && frame.is_create()) frame.to.reset();
    if (!error.empty() && !frame.is_reverted) return;
    frame.output = result.output;
    size_ += frame.output.size();
}

void CallTree::on_step(const vm::TraceStep& step) {
    faults_.on_step(step);
    const bool is_log = step.opcode >= vm::OP_LOG0 && step.opcode <= vm::OP_LOG4;
    if (!options_.has_logs || !is_log || step.fault != vm::Status::Success) return;
    if (options_.has_top_only && depth_ > 1) return;
    add_log(step);
}

void CallTree::add_log(const vm::TraceStep& step) {
    const auto top = step.stack.size() - 1;
    FrameLog log;
    log.address = step.address;
    log.data = memory_slice(step, step.stack[top], step.stack[top - 1]);
    const std::size_t topics = step.opcode - vm::OP_LOG0;
    for (std::size_t i = 0; i < topics; ++i) {
        Hash256 topic;
        store_be256(topic.data(), step.stack[top - 2 - i]);
        log.topics.push_back(topic);
    }
    auto& frame = frames_[open_.back()];
    log.index = first_log_ + state_->logs().size();
    log.position = frame.children.size();
    size_ += sizeof(FrameLog) + log.data.size();
    frame.logs.push_back(std::move(log));
}

void CallTree::on_self_destruct(const Address& address, const Address& beneficiary, const Uint256& balance) {
    if (options_.has_top_only) return;
    CallFrame frame;
    frame.opcode = vm::OP_SELFDESTRUCT;
    frame.from = address;
    frame.to = beneficiary;
    frame.value = balance;
    add(std::move(frame));
}

void CallTree::drop_failed_logs() {
    // Parents stand before their children, so one pass hands failure down.
    std::vector<bool> has_failed(frames_.size());
    for (std::size_t i = 0; i < frames_.size(); ++i) {
        auto& frame = frames_[i];
        has_failed[i] = !frame.error.empty() || (frame.parent && has_failed[*frame.parent]);
        if (has_failed[i]) frame.logs.clear();
    }
}

}  // namespace cairn::rpc
