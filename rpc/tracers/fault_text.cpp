// SPDX-License-Identifier: MIT
#include "rpc/tracers/fault_text.hpp"

#include <fmt/format.h>

#include "vm/opcodes.hpp"
#include "vm/precompiles/refusal.hpp"

namespace cairn::rpc {
namespace {

/// Gas at or below which SSTORE is refused (EIP-2200).
constexpr std::int64_t kSstoreSentryGas = 2300;
/// Items a stack may hold (Yellow Paper, section 9.1).
constexpr int kStackItemsMax = 1024;

}  // namespace

std::string trace_opcode_name(std::uint8_t opcode) {
    const auto name = vm::opcode_name(opcode, false);
    return name.empty() ? fmt::format("opcode {:#x} not defined", opcode) : std::string{name};
}

std::string invalid_opcode_text(std::uint8_t opcode) { return "invalid opcode: " + trace_opcode_name(opcode); }

std::string stack_fault_text(vm::Status fault, std::uint8_t opcode, std::size_t stack_size) {
    const auto traits = vm::kOpcodeTraits[opcode];
    if (fault == vm::Status::StackUnderflow) return fmt::format("stack underflow ({} <=> {})", stack_size, traits.pops);
    return fmt::format("stack limit reached {} ({})", stack_size, kStackItemsMax + traits.pops - traits.pushes);
}

void FaultText::on_enter() noexcept { has_step_ = false; }

void FaultText::on_step(const vm::TraceStep& step) noexcept {
    has_step_ = true;
    opcode_ = step.opcode;
    gas_ = step.gas;
    stack_size_ = step.stack.size();
    fault_ = step.fault;
}

std::string FaultText::out_of_gas_text() const {
    const bool is_sentry = has_step_ && opcode_ == vm::OP_SSTORE && revision_ >= Revision::Istanbul &&
                           fault_ == vm::Status::OutOfGas && gas_ <= kSstoreSentryGas;
    return is_sentry ? "out of gas: not enough gas for reentrancy sentry" : "out of gas";
}

std::string FaultText::on_exit(const vm::Message& message, vm::Status status) const {
    using vm::Status;
    switch (status) {
        case Status::Success: return {};
        case Status::OutOfGas: return out_of_gas_text();
        case Status::InvalidInstruction:
        case Status::UndefinedInstruction: return invalid_opcode_text(opcode_);
        case Status::StackUnderflow:
        case Status::StackOverflow: return stack_fault_text(status, opcode_, stack_size_);
        case Status::PrecompileFailure:
            if (const auto words = vm::precompile_refusal(revision_, message.code_address, message.input); !words.empty())
                return std::string{words};
            break;
        default: break;
    }
    return std::string{vm::to_string(status)};
}

}  // namespace cairn::rpc
