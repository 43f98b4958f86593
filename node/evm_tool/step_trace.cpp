// SPDX-License-Identifier: MIT
#include "node/evm_tool/step_trace.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "core/base/hex.hpp"
#include "node/evm_tool/report.hpp"
#include "node/evm_tool/revert_reason.hpp"
#include "vm/opcodes.hpp"

namespace cairn::node {

void StepTrace::append_hex(ByteView bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    append("\"0x");
    for (const auto byte : bytes) {
        line_.push_back(kDigits[byte >> 4]);
        line_.push_back(kDigits[byte & 15]);
    }
    line_.push_back('"');
}

void StepTrace::append_error(std::string_view text) {
    fmt::format_to(std::back_inserter(line_), R"(,"error":"{}")", json_escaped(text));
    line_has_error_ = true;
}

void StepTrace::flush() {
    if (line_.size() == 0) return;
    append("}\n");
    std::fwrite(line_.data(), 1, line_.size(), out_);
    line_.clear();
}

void StepTrace::on_exit(const vm::Message& message, const vm::ExecutionResult& result) {
    // A frame without steps of its own (a precompile) leaves its caller's line alone. Messages count depth from 0.
    const bool is_own = line_.size() != 0 && line_depth_ == message.depth + 1;
    if (is_own && !line_has_error_ && result.status != vm::Status::Success) {
        const auto reason = result.status == vm::Status::Revert ? decode_revert_reason(result.output) : std::nullopt;
        append_error(reason ? fmt::format("{}: {}", vm::to_string(result.status), *reason)
                            : std::string{vm::to_string(result.status)});
    }
    flush();
}

void StepTrace::on_step(const vm::TraceStep& step) {
    flush();
    line_depth_ = step.depth;
    line_has_error_ = false;
    const auto to = std::back_inserter(line_);
    fmt::format_to(to, R"({{"pc":{},"op":{},"gas":"{:#x}","gasCost":"{:#x}","stack":[)", step.pc, step.opcode,
                   std::max<std::int64_t>(step.gas, 0), std::max<std::int64_t>(step.gas_cost, 0));
    bool first = true;
    for (const auto& word : step.stack) {
        if (!first) line_.push_back(',');
        first = false;
        line_.push_back('"');
        append(to_quantity(word));
        line_.push_back('"');
    }
    fmt::format_to(to, R"(],"depth":{},"returnData":)", step.depth);
    append_hex(step.return_data);
    fmt::format_to(to, R"(,"refund":"{:#x}","memSize":{},"opName":")", std::max<std::int64_t>(step.refund, 0),
                   step.memory.size());
    const auto name = vm::opcode_name(step.opcode, after_merge_);
    if (name.empty()) fmt::format_to(to, "opcode {:#x} not defined", step.opcode);
    else append(name);
    line_.push_back('"');
    if (with_memory_) {
        append(",\"memory\":");
        append_hex(step.memory);
    }
    if (step.fault != vm::Status::Success) append_error(vm::to_string(step.fault));
}

std::string format_summary(const TraceSummary& summary) {
    return fmt::format(
        "{{\"stateRoot\":\"{}\",\"output\":\"{}\",\"gasUsed\":\"{:#x}\",\"pass\":{},\"time\":{},\"fork\":\"{}\"}}\n",
        to_hex0x(summary.state_root), to_hex(summary.output), summary.gas_used, summary.pass, summary.time_ns,
        summary.fork);
}

}  // namespace cairn::node
