// SPDX-License-Identifier: MIT
#include "node/evm_tool/step_trace.hpp"

#include <algorithm>
#include <iterator>

#include "core/base/hex.hpp"
#include "node/evm_tool/report.hpp"
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

void StepTrace::on_step(const vm::TraceStep& step) {
    line_.clear();
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
    if (step.fault != vm::Status::Success)
        fmt::format_to(to, R"(,"error":"{}")", json_escaped(vm::to_string(step.fault)));
    if (with_memory_) {
        append(",\"memory\":");
        append_hex(step.memory);
    }
    append("}\n");
    std::fwrite(line_.data(), 1, line_.size(), out_);
}

std::string format_summary(const TraceSummary& summary) {
    return fmt::format(
        "{{\"stateRoot\":\"{}\",\"output\":\"{}\",\"gasUsed\":\"{:#x}\",\"pass\":{},\"time\":{},\"fork\":\"{}\"}}\n",
        to_hex0x(summary.state_root), to_hex(summary.output), summary.gas_used, summary.pass, summary.time_ns,
        summary.fork);
}

}  // namespace cairn::node
