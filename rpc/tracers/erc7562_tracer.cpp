// SPDX-License-Identifier: MIT
#include "rpc/tracers/erc7562_tracer.hpp"

#include <algorithm>

#include "vm/opcodes.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn::rpc {
namespace {

/// Bytes of one noted item, roughly.
constexpr std::size_t kItemBytes = 96;

Address to_address(const Uint256& word) {
    std::array<std::uint8_t, 32> bytes{};
    store_be256(bytes.data(), word);
    return Address::from(ByteView{bytes}.subspan(12));
}

bool is_call(std::uint8_t opcode) {
    return opcode == vm::OP_CALL || opcode == vm::OP_CALLCODE || opcode == vm::OP_DELEGATECALL ||
           opcode == vm::OP_STATICCALL;
}

bool is_ext_code(std::uint8_t opcode) {
    return opcode == vm::OP_EXTCODESIZE || opcode == vm::OP_EXTCODECOPY || opcode == vm::OP_EXTCODEHASH;
}

/// Instructions that no rule of ERC-7562 is about and that geth does not count.
bool is_ignored(std::uint8_t opcode) {
    if (opcode >= vm::OP_PUSH0 && opcode <= vm::OP_SWAP16) return true;
    static constexpr std::uint8_t kIgnored[] = {vm::OP_POP, vm::OP_ADD, vm::OP_SUB, vm::OP_MUL, vm::OP_DIV, vm::OP_EQ,
                                                vm::OP_LT,  vm::OP_GT,  vm::OP_SLT, vm::OP_SGT, vm::OP_SHL, vm::OP_SHR,
                                                vm::OP_AND, vm::OP_OR,  vm::OP_NOT, vm::OP_ISZERO};
    return std::find(std::begin(kIgnored), std::end(kIgnored), opcode) != std::end(kIgnored);
}

std::string word_name(const Uint256& word) {
    std::array<std::uint8_t, 32> bytes{};
    store_be256(bytes.data(), word);
    std::string name = "0x";
    append_hex(name, bytes);
    return name;
}

void write_counts(JsonWriter& out, std::string_view name, const std::map<Uint256, std::uint64_t>& counts) {
    out.key(name).begin_object();
    for (const auto& [slot, count] : counts) out.key(word_name(slot)).number(count);
    out.end_object();
}

bool is_out_of_gas(const std::string& error) {
    return error.starts_with("out of gas") || error == vm::to_string(vm::Status::CodeDepositOutOfGas);
}

}  // namespace

void Erc7562Tracer::begin(const TracedTx& traced) {
    CallTreeTracer::begin(traced);
    state_ = &traced.state;
    revision_ = traced.rules.revision;
}

void Erc7562Tracer::note_accounts(const vm::TraceStep& step, FrameUse& use) {
    // A size that is only asked whether it is zero tells nothing more (OP-051).
    const bool is_emptiness_check =
        last_ && last_->opcode == vm::OP_EXTCODESIZE && step.opcode == vm::OP_ISZERO;
    if (last_ && is_ext_code(last_->opcode) && !is_emptiness_check) use.ext_code.push_back(last_->top);
    const bool is_ext = is_ext_code(step.opcode);
    if (!is_ext && !is_call(step.opcode)) return;
    const auto address = to_address(step.stack[step.stack.size() - (is_ext ? 1 : 2)]);
    if (vm::find_precompile(revision_, address) != nullptr) return;
    use.contracts.try_emplace(address, SeenContract{state_->code(address).size(), step.opcode});
}

void Erc7562Tracer::note_storage(const vm::TraceStep& step, FrameUse& use) {
    const auto& slot = step.stack.back();
    switch (step.opcode) {
        case vm::OP_SLOAD:
            if (!use.reads.contains(slot) && !use.writes.contains(slot))
                use.reads.emplace(slot, state_->storage(step.address, slot));
            break;
        case vm::OP_SSTORE: ++use.writes[slot]; break;
        case vm::OP_TLOAD: ++use.transient_reads[slot]; break;
        case vm::OP_TSTORE: ++use.transient_writes[slot]; break;
        default: return;
    }
    size_ += kItemBytes;
}

void Erc7562Tracer::on_step(const vm::TraceStep& step) {
    CallTreeTracer::on_step(step);
    if (step.fault != vm::Status::Success) return;
    if (uses_.size() < tree().frames().size()) uses_.resize(tree().frames().size());
    auto& use = uses_[tree().current()];
    // What ends a frame is not followed by anything in it.
    if (step.opcode == vm::OP_RETURN || step.opcode == vm::OP_REVERT) last_.reset();
    note_accounts(step, use);
    // GAS right before a call only fills its argument (OP-012).
    if (last_ && last_->opcode == vm::OP_GAS && !is_call(step.opcode)) ++use.opcodes[vm::OP_GAS];
    if (step.opcode != vm::OP_GAS && !is_ignored(step.opcode)) ++use.opcodes[step.opcode];
    if (!step.stack.empty()) note_storage(step, use);
    if (step.opcode == vm::OP_KECCAK256) {
        const auto top = step.stack.size() - 1;
        auto preimage = memory_slice(step, step.stack[top], step.stack[top - 1]);
        size_ += preimage.size() + kItemBytes;
        preimages_.insert(std::move(preimage));
    }
    last_ = LastStep{step.opcode, step.stack.empty() ? Address{} : to_address(step.stack.back())};
}

void Erc7562Tracer::write_use(JsonWriter& out, std::size_t index) const {
    const FrameUse none;
    const auto& use = index < uses_.size() ? uses_[index] : none;
    out.key("accessedSlots").begin_object().key("reads").begin_object();
    for (const auto& [slot, value] : use.reads) out.key(word_name(slot)).begin_array().word(value).end_array();
    out.end_object();
    write_counts(out, "writes", use.writes);
    write_counts(out, "transientReads", use.transient_reads);
    write_counts(out, "transientWrites", use.transient_writes);
    out.end_object().key("extCodeAccessInfo").begin_array();
    for (const auto& address : use.ext_code) out.data(address);
    out.end_array().key("usedOpcodes").begin_object();
    for (const auto& [opcode, count] : use.opcodes) out.key(to_quantity(opcode)).number(count);
    out.end_object().key("contractSize").begin_object();
    for (const auto& [address, seen] : use.contracts) {
        std::string name = "0x";
        append_hex(name, address);
        out.key(name).begin_object().key("contractSize").number(std::uint64_t{seen.size});
        out.key("opcode").number(std::uint64_t{seen.opcode}).end_object();
    }
    out.end_object().boolean("outOfGas", is_out_of_gas(tree().frames()[index].error));
    // Preimages are gathered over the whole transaction.
    if (index != 0 || preimages_.empty()) return;
    out.key("keccak").begin_array();
    for (const auto& preimage : preimages_) out.data(preimage);
    out.end_array();
}

void Erc7562Tracer::write(JsonWriter& out) {
    write_call_frame(out, tree(), 0, [this](JsonWriter& to, std::size_t index) { write_use(to, index); });
}

}  // namespace cairn::rpc
