// SPDX-License-Identifier: MIT
#include "rpc/transfer_tracer.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "rpc/trace_words.hpp"
#include "vm/opcodes.hpp"

namespace cairn::rpc {
namespace {

/// Stands for coins, which no contract issues.
const Address kCoinAddress = [] {
    Address address;
    address.bytes.fill(0xee);
    return address;
}();

/// keccak256("Transfer(address,address,uint256)") (ERC-20).
const Hash256& transfer_topic() {
    static const Hash256 topic = keccak256(as_bytes("Transfer(address,address,uint256)"));
    return topic;
}

Hash256 padded(const Address& address) {
    Hash256 out;
    std::copy(address.begin(), address.end(), out.bytes.begin() + 12);
    return out;
}

}  // namespace

void TransferTracer::add_transfer(const Address& from, const Address& to, const Uint256& value) {
    if (value.is_zero()) return;
    logs_.push_back({kCoinAddress,
                     {transfer_topic(), padded(from), padded(to)},
                     to_bytes(hash_of_word(value))});
}

void TransferTracer::on_enter(const vm::Message& message, std::uint8_t) {
    frame_starts_.push_back(logs_.size());
    if (message.kind == vm::CallKind::DelegateCall) return;
    const bool is_creation = vm::is_create(message.kind);
    const auto& from = message.kind == vm::CallKind::CallCode ? message.recipient : message.sender;
    add_transfer(from, is_creation ? message.recipient : message.code_address, message.value);
}

void TransferTracer::on_exit(const vm::Message&, const vm::ExecutionResult& result) {
    const auto start = frame_starts_.back();
    frame_starts_.pop_back();
    if (result.status != vm::Status::Success) logs_.resize(start);
}

void TransferTracer::on_step(const vm::TraceStep& step) {
    if (step.opcode < vm::OP_LOG0 || step.opcode > vm::OP_LOG4 || step.fault != vm::Status::Success)
        return;
    const std::size_t topics = step.opcode - vm::OP_LOG0;
    if (step.stack.size() < topics + 2) return;
    const auto at = [&](std::size_t depth) { return step.stack[step.stack.size() - 1 - depth]; };
    Log log{step.address, {}, memory_at(step.memory, at(0), at(1))};
    for (std::size_t i = 0; i < topics; ++i) log.topics.push_back(hash_of_word(at(2 + i)));
    logs_.push_back(std::move(log));
}

void TransferTracer::on_self_destruct(const Address& address, const Address& beneficiary,
                                      const Uint256& balance) {
    add_transfer(address, beneficiary, balance);
}

}  // namespace cairn::rpc
