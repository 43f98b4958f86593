// SPDX-License-Identifier: MIT
#include "rpc/tracers/small_tracers.hpp"

#include "vm/precompiles/registry.hpp"

namespace cairn::rpc {
namespace {

constexpr std::size_t kSelectorBytes = 4;
/// Bytes of one counted selector, roughly.
constexpr std::size_t kCountBytes = 64;

}  // namespace

void FourByteTracer::on_enter(const vm::Message& message, std::uint8_t) {
    if (vm::is_create(message.kind) || message.input.size() < kSelectorBytes) return;
    if (vm::find_precompile(revision_, message.code_address) != nullptr) return;
    std::string name = "0x";
    append_hex(name, message.input.first(kSelectorBytes));
    ++counts_[name + '-' + std::to_string(message.input.size() - kSelectorBytes)];
}

std::size_t FourByteTracer::size() const noexcept { return counts_.size() * kCountBytes; }

void FourByteTracer::write(JsonWriter& out) {
    out.begin_object();
    for (const auto& [name, count] : counts_) out.key(name).number(count);
    out.end_object();
}

void MuxTracer::begin(const TracedTx& traced) {
    for (const auto& part : parts_) part.second->begin(traced);
}

void MuxTracer::end(const chain::TxOutcome& outcome) {
    for (const auto& part : parts_) part.second->end(outcome);
}

void MuxTracer::write(JsonWriter& out) {
    out.begin_object();
    for (const auto& [name, tracer] : parts_) {
        out.key(name);
        tracer->write(out);
    }
    out.end_object();
}

std::size_t MuxTracer::size() const noexcept {
    std::size_t sum = 0;
    for (const auto& part : parts_) sum += part.second->size();
    return sum;
}

void MuxTracer::on_enter(const vm::Message& message, std::uint8_t opcode) {
    for (const auto& part : parts_) part.second->on_enter(message, opcode);
}

void MuxTracer::on_exit(const vm::Message& message, const vm::ExecutionResult& result) {
    for (const auto& part : parts_) part.second->on_exit(message, result);
}

void MuxTracer::on_step(const vm::TraceStep& step) {
    for (const auto& part : parts_) part.second->on_step(step);
}

void MuxTracer::on_self_destruct(const Address& address, const Address& beneficiary, const Uint256& balance) {
    for (const auto& part : parts_) part.second->on_self_destruct(address, beneficiary, balance);
}

}  // namespace cairn::rpc
