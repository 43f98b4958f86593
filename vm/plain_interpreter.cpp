// SPDX-License-Identifier: MIT
#include <algorithm>

#include "vm/interpreter.hpp"
#include "vm/plain_ops.hpp"
#include "vm/vm.hpp"

namespace cairn::vm {
namespace {

/// The frame seen as a bare machine: position, next stack slot, and the checks due before an instruction.
class PlainRun {
  public:
    PlainRun(Frame& f, Tracer* tracer) : f_{f}, tracer_{tracer} {}

    void run() {
        f_.exit = Exit::Done;
        while (step()) {
        }
    }

  private:
    /// One instruction; false when the frame has ended or wants a call.
    bool step() {
        const std::uint8_t opcode = f_.pc < f_.code.size() ? f_.code[f_.pc] : std::uint8_t{OP_STOP};
        gas_before_ = f_.gas;
        memory_before_ = f_.memory_size;
        if (const Status fault = check(opcode); fault != Status::Success) {
            trace(opcode, fault);
            return fail(fault);
        }
        trace(opcode, Status::Success);
        return execute(opcode);
    }

    /// Everything that can refuse the instruction, cheapest first; charges its gas.
    Status check(std::uint8_t opcode) {
        const std::int16_t fixed_gas = f_.machine->table->gas[opcode];
        if (fixed_gas == kUndefined) return Status::UndefinedInstruction;
        const OpcodeTraits traits = kOpcodeTraits[opcode];
        const auto depth = f_.sp - f_.stack + 1;
        if (depth < traits.pops) return Status::StackUnderflow;
        if (depth - traits.pops + traits.pushes > kStackItemsMax) return Status::StackOverflow;
        if (!f_.charge(fixed_gas)) return Status::OutOfGas;
        const auto charge = kPlainOps[opcode].charge;
        return charge ? charge(f_, f_.sp) : Status::Success;
    }

    bool execute(std::uint8_t opcode) {
        Uint256* const top = f_.sp;
        const OpcodeTraits traits = kOpcodeTraits[opcode];
        // A refused creation leaves its result where the salt was.
        if (tracer_ && opcode == OP_CREATE2) salt_ = top[-3];
        ++f_.pc;
        f_.sp += int{traits.pushes} - int{traits.pops};
        if (const auto run = kPlainOps[opcode].run) {
            const Status status = run(f_, top);
            if (status != Status::Success) return fail(status);
            if (tracer_ && f_.exit != Exit::Call && is_call(opcode)) trace_refusal(opcode);
            return f_.exit != Exit::Call;
        }
        if (opcode >= OP_PUSH0 && opcode <= OP_PUSH32) return push(top, traits.immediate);
        if (opcode >= OP_DUP1 && opcode <= OP_DUP16) {
            top[1] = top[OP_DUP1 - opcode];
            return true;
        }
        if (opcode >= OP_SWAP1 && opcode <= OP_SWAP16) {
            std::swap(top[0], top[OP_SWAP1 - opcode - 1]);
            return true;
        }
        return control(opcode, top);
    }

    bool push(Uint256* top, std::uint8_t count) {
        std::uint8_t bytes[32] = {};
        const std::uint64_t available = std::min<std::uint64_t>(count, f_.code.size() - f_.pc);
        // Data beyond the end of the code reads as zeros, on the right.
        if (available != 0) std::memcpy(bytes + 32 - count, f_.code.data() + f_.pc, available);
        top[1] = load_be256(bytes);
        f_.pc += count;
        return true;
    }

    bool control(std::uint8_t opcode, Uint256* top) {
        switch (opcode) {
            case OP_POP:
            case OP_JUMPDEST: return true;
            case OP_PC: top[1] = Uint256{f_.pc - 1}; return true;
            case OP_GAS: top[1] = Uint256{static_cast<std::uint64_t>(f_.gas)}; return true;
            case OP_JUMP: return jump(top[0]);
            case OP_JUMPI: return top[-1].is_zero() || jump(top[0]);
            case OP_RETURN: instr::set_output(f_, top); return finish(Status::Success);
            case OP_REVERT: instr::set_output(f_, top); return finish(Status::Revert);
            case OP_SELFDESTRUCT:
                if (tracer_) {
                    const Address& self = f_.message.recipient;
                    tracer_->on_self_destruct(self, to_address(top[0]), f_.host().balance(self));
                }
                instr::self_destruct(f_, top);
                return finish(Status::Success);
            case OP_INVALID: return fail(Status::InvalidInstruction);
            default: return finish(Status::Success);  // OP_STOP
        }
    }

    bool jump(const Uint256& target) {
        if (!target.fits_u64() || !f_.analysis->is_jump_destination(target.low64()))
            return fail(Status::BadJumpDestination);
        f_.pc = target.low64();
        return true;
    }

    bool finish(Status status) {
        instr::end_frame(f_, status);
        return false;
    }
    bool fail(Status status) {
        f_.gas = 0;
        return finish(status);
    }

    static constexpr bool is_call(std::uint8_t opcode) noexcept {
        return opcode == OP_CREATE || opcode == OP_CREATE2 || opcode == OP_CALL || opcode == OP_CALLCODE ||
               opcode == OP_DELEGATECALL || opcode == OP_STATICCALL;
    }

    /// Tells of the call or creation in `f_.call` that was refused before it started (instr_call.hpp), as if a frame
    /// had begun and ended at once. The reasons are checked in the order in which they are refused.
    void trace_refusal(std::uint8_t opcode) {
        Message m = f_.call;
        const Address& self = f_.message.recipient;
        const std::uint64_t nonce = f_.host().nonce(self);
        ExecutionResult result;
        result.status = Status::NonceOverflow;
        if (m.depth > kCallDepthMax)
            result.status = Status::CallDepthExceeded;
        else if (f_.host().balance(self) < m.value)
            result.status = Status::InsufficientBalance;
        if (is_create(m.kind)) {
            m.gas = f_.rules().call_all_but_64th ? instr::all_but_64th(f_.gas) : f_.gas;
            m.recipient = opcode == OP_CREATE2 ? create2_address(self, salt_, m.input) : create_address(self, nonce);
            m.code_address = m.recipient;
        }
        result.gas_left = m.gas;
        tracer_->on_enter(m, opcode);
        tracer_->on_exit(m, result);
    }

    void trace(std::uint8_t opcode, Status fault) {
        if (!tracer_) return;
        TraceStep s;
        s.pc = f_.pc;
        s.opcode = opcode;
        s.address = f_.message.recipient;
        s.gas = gas_before_;
        s.gas_cost = gas_before_ - f_.gas;
        s.refund = f_.refund;
        if (opcode == OP_SSTORE && fault == Status::Success) {
            const Uint256* top = f_.sp;
            const auto before = f_.host().storage_before(s.address, top[0]);
            s.refund += instr::sstore_refund(f_.rules(), before, top[-1]);
        }
        s.depth = f_.message.depth + 1;
        s.stack = {f_.stack, static_cast<std::size_t>(f_.sp - f_.stack + 1)};
        s.memory = {f_.memory, memory_before_};
        s.return_data = f_.return_data;
        s.fault = fault;
        tracer_->on_step(s);
    }

    Frame& f_;
    Tracer* tracer_;
    std::int64_t gas_before_ = 0;
    std::uint64_t memory_before_ = 0;
    Uint256 salt_;  ///< of the last CREATE2, while there is a tracer
};

}  // namespace

void run_plain(Frame& f, Tracer* tracer) { PlainRun{f, tracer}.run(); }

}  // namespace cairn::vm
