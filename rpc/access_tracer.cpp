// SPDX-License-Identifier: MIT
#include "rpc/access_tracer.hpp"

#include "rpc/trace_words.hpp"
#include "vm/opcodes.hpp"

namespace cairn::rpc {
AccessTracer::AccessTracer(const AccessList& initial, const Exclusions& exclusions)
    : exclusions_{exclusions} {
    for (const auto& entry : initial) {
        touch(entry.address);
        for (const auto& key : entry.storage_keys) entries_[entry.address].insert(key);
    }
}

void AccessTracer::touch(const Address& address) {
    if (!exclusions_.contains(address)) entries_[address];
}

void AccessTracer::on_step(const vm::TraceStep& step) {
    const auto stack = step.stack;
    const auto top = [&](std::size_t depth) { return stack[stack.size() - 1 - depth]; };
    switch (step.opcode) {
        case vm::OP_SLOAD:
        case vm::OP_SSTORE:
            if (!stack.empty()) entries_[step.address].insert(hash_of_word(top(0)));
            break;
        case vm::OP_EXTCODECOPY:
        case vm::OP_EXTCODEHASH:
        case vm::OP_EXTCODESIZE:
        case vm::OP_BALANCE:
        case vm::OP_SELFDESTRUCT:
            if (!stack.empty()) touch(address_of_word(top(0)));
            break;
        case vm::OP_CALL:
        case vm::OP_CALLCODE:
        case vm::OP_DELEGATECALL:
        case vm::OP_STATICCALL:
            if (stack.size() >= 5) touch(address_of_word(top(1)));
            break;
        default:
            break;
    }
}

AccessList AccessTracer::list() const {
    AccessList out;
    for (const auto& [address, keys] : entries_)
        out.push_back({address, {keys.begin(), keys.end()}});
    return out;
}

}  // namespace cairn::rpc
