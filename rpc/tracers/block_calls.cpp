// SPDX-License-Identifier: MIT
#include "rpc/tracers/block_calls.hpp"

#include <utility>

#include "vm/frame.hpp"
#include "vm/opcodes.hpp"

namespace cairn::rpc {
namespace {

constexpr bool adds_frame(std::uint8_t opcode) noexcept {
    switch (opcode) {
        case vm::OP_CREATE:
        case vm::OP_CALL:
        case vm::OP_CALLCODE:
        case vm::OP_DELEGATECALL:
        case vm::OP_CREATE2:
        case vm::OP_STATICCALL:
        case vm::OP_SELFDESTRUCT: return true;
        default: return false;
    }
}

/// Whether what stands behind the instruction runs only where it is jumped to.
constexpr bool ends_run(std::uint8_t opcode) noexcept {
    return opcode == vm::OP_STOP || opcode == vm::OP_JUMP || opcode == vm::OP_RETURN || opcode == vm::OP_REVERT ||
           opcode == vm::OP_INVALID;
}

}  // namespace

bool may_add_frames(ByteView code) noexcept {
    bool can_run = true;
    for (std::size_t at = 0; at < code.size(); ++at) {
        const auto opcode = code[at];
        if (opcode == vm::OP_JUMPDEST) can_run = true;
        if (can_run && adds_frame(opcode)) return true;
        if (ends_run(opcode)) can_run = false;
        // Behind a PUSH stands its data, into which nothing can jump.
        if (opcode >= vm::OP_PUSH1 && opcode <= vm::OP_PUSH32) at += opcode - vm::OP_PUSH1 + 1U;
    }
    return false;
}

BlockCalls::EndsPtr BlockCalls::find(const BlockHash& block) {
    const std::lock_guard lock{mutex_};
    const auto* kept = blocks_.find(block);
    return kept == nullptr ? nullptr : *kept;
}

bool BlockCalls::may_call(const chain::StateReader& state, const Address& address) {
    const auto account = state.account(address);
    if (!account || account->code_hash == kEmptyCodeHash) return false;
    {
        const std::lock_guard lock{mutex_};
        if (const auto* known = codes_.find(account->code_hash)) return *known;
    }
    const auto code = state.code(account->code_hash);
    // A delegate's code may be another after each block (EIP-7702).
    const bool may = vm::is_delegation(*code) || may_add_frames(*code);
    const std::lock_guard lock{mutex_};
    codes_.put(account->code_hash, may);
    return may;
}

std::optional<std::vector<CallEnds>> BlockCalls::tell(const chain::ReadView& view, const FoundBlock& block) {
    const auto& transactions = block.block.body.transactions;
    std::vector<CallEnds> calls;
    if (transactions.empty()) return calls;
    const auto before = view.state_at(block.block.header->number - 1);
    if (!before) return std::nullopt;
    calls.reserve(transactions.size());
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        const auto& tx = transactions[i].tx();
        // As long as none of the transactions creates, delegates, or runs code that could create or destroy, all code
        // is what it was before the block.
        if (!tx.to || tx.type == TxType::SetCode || may_call(**before, *tx.to)) return std::nullopt;
        calls.push_back({block.senders[i], tx.to});
    }
    return calls;
}

void BlockCalls::put(const BlockHash& block, BlockEnds ends) {
    if (ends.calls.size() > kFramesMax) return;
    // Of a list node, a row of the index and the vectors; an estimate.
    constexpr std::size_t kEntryBytes = 250;
    ends.calls.shrink_to_fit();
    const auto bytes = kEntryBytes + ends.calls.size() * sizeof(CallEnds) + ends.authors.size() * sizeof(Address);
    auto kept = std::make_shared<const BlockEnds>(std::move(ends));
    const std::lock_guard lock{mutex_};
    blocks_.put(block, std::move(kept), bytes);
}

}  // namespace cairn::rpc
