// SPDX-License-Identifier: MIT
#include "rpc/tracers/struct_logger.hpp"

#include <algorithm>

#include "vm/gas_table.hpp"
#include "vm/opcodes.hpp"

namespace cairn::rpc {
namespace {

constexpr std::size_t kWordBytes = 32;

bool is_stack_fault(vm::Status fault) {
    return fault == vm::Status::StackUnderflow || fault == vm::Status::StackOverflow;
}

}  // namespace

void StructLogger::begin(const TracedTx& traced) {
    state_ = &traced.state;
    revision_ = traced.rules.revision;
}

void StructLogger::end(const chain::TxOutcome& outcome) {
    gas_used_ = outcome.gas_used;
    has_failed_ = !outcome.success();
}

void StructLogger::on_exit(const vm::Message& message, const vm::ExecutionResult& result) {
    if (message.depth != 0) return;
    if (result.status == vm::Status::Success || result.status == vm::Status::Revert) output_ = result.output;
}

void StructLogger::write_storage(JsonWriter& out, const vm::TraceStep& step) {
    const auto& stack = step.stack;
    const bool is_load = step.opcode == vm::OP_SLOAD && !stack.empty();
    const bool is_store = step.opcode == vm::OP_SSTORE && stack.size() > 1;
    if (!is_load && !is_store) return;
    const auto& key = stack.back();
    auto& slots = storage_[step.address];
    slots[key] = is_store ? stack[stack.size() - 2] : state_->storage(step.address, key);
    out.key("storage").begin_object();
    for (const auto& [slot, value] : slots) {
        std::array<std::uint8_t, kWordBytes> bytes{};
        store_be256(bytes.data(), slot);
        std::string name = "0x";
        append_hex(name, bytes);
        out.key(name).word(value);
    }
    out.end_object();
}

void StructLogger::on_step(const vm::TraceStep& step) {
    if (options_.bytes_max != 0 && logs_.size() > options_.bytes_max) return;
    if (!logs_.empty()) logs_ += ',';
    JsonWriter out{logs_};
    const bool has_stack_fault = is_stack_fault(step.fault);
    // The machine refuses such a step before its price is looked at; the price is shown all the same.
    const auto cost = has_stack_fault ? std::int64_t{vm::revision_table(revision_).gas[step.opcode]} : step.gas_cost;
    out.begin_object().key("pc").number(step.pc).text("op", trace_opcode_name(step.opcode));
    out.key("gas").number(step.gas).key("gasCost").number(cost);
    out.key("depth").number(std::uint64_t{step.depth});
    if (step.refund > 0) out.key("refund").number(step.refund);
    if (step.fault == vm::Status::OutOfGas) out.text("error", "out of gas");
    if (has_stack_fault) out.text("error", stack_fault_text(step.fault, step.opcode, step.stack.size()));
    if (options_.has_stack) {
        out.key("stack").begin_array();
        for (const auto& word : step.stack) out.quantity(word);
        out.end_array();
    }
    if (options_.has_return_data && !step.return_data.empty()) out.data("returnData", step.return_data);
    if (options_.has_memory && !step.memory.empty()) {
        out.key("memory").begin_array();
        for (std::size_t at = 0; at < step.memory.size(); at += kWordBytes)
            out.data(step.memory.subspan(at, std::min(kWordBytes, step.memory.size() - at)));
        out.end_array();
    }
    if (options_.has_storage) write_storage(out, step);
    out.end_object();
}

void StructLogger::write(JsonWriter& out) {
    out.begin_object().key("gas").number(std::uint64_t{gas_used_}).boolean("failed", has_failed_);
    out.data("returnValue", output_).key("structLogs").begin_array();
    if (!logs_.empty()) out.raw(logs_);
    out.end_array().end_object();
}

}  // namespace cairn::rpc
