// SPDX-License-Identifier: MIT
#include "vm/decode_table.hpp"

#include "vm/gas_table.hpp"
#include "vm/opcodes.hpp"

namespace cairn::vm {
namespace {

struct Kind {
    FastOp op;
    Shape shape;
};

/// The handler and shape of every opcode that is not PUSH1–PUSH32, DUP or SWAP.
Kind kind_of(std::uint8_t opcode) {
    switch (opcode) {
        case OP_STOP: return {FastOp::stop, Shape::Ends};
        case OP_ADD: return {FastOp::add, Shape::Plain};
        case OP_MUL: return {FastOp::mul, Shape::Plain};
        case OP_SUB: return {FastOp::sub, Shape::Plain};
        case OP_DIV: return {FastOp::div, Shape::Plain};
        case OP_SDIV: return {FastOp::sdiv, Shape::Plain};
        case OP_MOD: return {FastOp::mod, Shape::Plain};
        case OP_SMOD: return {FastOp::smod, Shape::Plain};
        case OP_ADDMOD: return {FastOp::addmod, Shape::Plain};
        case OP_MULMOD: return {FastOp::mulmod, Shape::Plain};
        case OP_EXP: return {FastOp::exp, Shape::Plain};
        case OP_SIGNEXTEND: return {FastOp::signextend, Shape::Plain};
        case OP_LT: return {FastOp::lt, Shape::Plain};
        case OP_GT: return {FastOp::gt, Shape::Plain};
        case OP_SLT: return {FastOp::slt, Shape::Plain};
        case OP_SGT: return {FastOp::sgt, Shape::Plain};
        case OP_EQ: return {FastOp::eq, Shape::Plain};
        case OP_ISZERO: return {FastOp::iszero, Shape::Plain};
        case OP_AND: return {FastOp::and_, Shape::Plain};
        case OP_OR: return {FastOp::or_, Shape::Plain};
        case OP_XOR: return {FastOp::xor_, Shape::Plain};
        case OP_NOT: return {FastOp::not_, Shape::Plain};
        case OP_BYTE: return {FastOp::byte, Shape::Plain};
        case OP_SHL: return {FastOp::shl, Shape::Plain};
        case OP_SHR: return {FastOp::shr, Shape::Plain};
        case OP_SAR: return {FastOp::sar, Shape::Plain};
        case OP_CLZ: return {FastOp::clz, Shape::Plain};
        case OP_KECCAK256: return {FastOp::keccak256, Shape::Plain};
        case OP_ADDRESS: return {FastOp::address, Shape::Plain};
        case OP_BALANCE: return {FastOp::balance, Shape::Plain};
        case OP_ORIGIN: return {FastOp::origin, Shape::Plain};
        case OP_CALLER: return {FastOp::caller, Shape::Plain};
        case OP_CALLVALUE: return {FastOp::callvalue, Shape::Plain};
        case OP_CALLDATALOAD: return {FastOp::calldataload, Shape::Plain};
        case OP_CALLDATASIZE: return {FastOp::calldatasize, Shape::Plain};
        case OP_CALLDATACOPY: return {FastOp::calldatacopy, Shape::Plain};
        case OP_CODESIZE: return {FastOp::codesize, Shape::Plain};
        case OP_CODECOPY: return {FastOp::codecopy, Shape::Plain};
        case OP_GASPRICE: return {FastOp::gasprice, Shape::Plain};
        case OP_EXTCODESIZE: return {FastOp::extcodesize, Shape::Plain};
        case OP_EXTCODECOPY: return {FastOp::extcodecopy, Shape::Plain};
        case OP_RETURNDATASIZE: return {FastOp::returndatasize, Shape::Plain};
        case OP_RETURNDATACOPY: return {FastOp::returndatacopy, Shape::Plain};
        case OP_EXTCODEHASH: return {FastOp::extcodehash, Shape::Plain};
        case OP_BLOCKHASH: return {FastOp::blockhash, Shape::Plain};
        case OP_COINBASE: return {FastOp::coinbase, Shape::Plain};
        case OP_TIMESTAMP: return {FastOp::timestamp, Shape::Plain};
        case OP_NUMBER: return {FastOp::number, Shape::Plain};
        case OP_PREVRANDAO: return {FastOp::prevrandao, Shape::Plain};
        case OP_GASLIMIT: return {FastOp::gaslimit, Shape::Plain};
        case OP_CHAINID: return {FastOp::chainid, Shape::Plain};
        case OP_SELFBALANCE: return {FastOp::selfbalance, Shape::Plain};
        case OP_BASEFEE: return {FastOp::basefee, Shape::Plain};
        case OP_BLOBHASH: return {FastOp::blobhash, Shape::Plain};
        case OP_BLOBBASEFEE: return {FastOp::blobbasefee, Shape::Plain};
        case OP_POP: return {FastOp::pop, Shape::Plain};
        case OP_MLOAD: return {FastOp::mload, Shape::Plain};
        case OP_MSTORE: return {FastOp::mstore, Shape::Plain};
        case OP_MSTORE8: return {FastOp::mstore8, Shape::Plain};
        case OP_SLOAD: return {FastOp::sload, Shape::Plain};
        case OP_SSTORE: return {FastOp::sstore, Shape::Observes};
        case OP_JUMP: return {FastOp::jump, Shape::Ends};
        case OP_JUMPI: return {FastOp::jumpi, Shape::JumpI};
        case OP_PC: return {FastOp::push, Shape::Pc};
        case OP_MSIZE: return {FastOp::msize, Shape::Plain};
        case OP_GAS: return {FastOp::gas, Shape::Observes};
        case OP_JUMPDEST: return {FastOp::stop, Shape::JumpDest};
        case OP_TLOAD: return {FastOp::tload, Shape::Plain};
        case OP_TSTORE: return {FastOp::tstore, Shape::Plain};
        case OP_MCOPY: return {FastOp::mcopy, Shape::Plain};
        case OP_PUSH0: return {FastOp::push, Shape::Push};
        case OP_LOG0: return {FastOp::log0, Shape::Plain};
        case OP_LOG0 + 1: return {FastOp::log1, Shape::Plain};
        case OP_LOG0 + 2: return {FastOp::log2, Shape::Plain};
        case OP_LOG0 + 3: return {FastOp::log3, Shape::Plain};
        case OP_LOG4: return {FastOp::log4, Shape::Plain};
        case OP_CREATE: return {FastOp::create, Shape::Observes};
        case OP_CALL: return {FastOp::call, Shape::Observes};
        case OP_CALLCODE: return {FastOp::callcode, Shape::Observes};
        case OP_RETURN: return {FastOp::return_, Shape::Ends};
        case OP_DELEGATECALL: return {FastOp::delegatecall, Shape::Observes};
        case OP_CREATE2: return {FastOp::create2, Shape::Observes};
        case OP_STATICCALL: return {FastOp::staticcall, Shape::Observes};
        case OP_REVERT: return {FastOp::revert, Shape::Ends};
        case OP_INVALID: return {FastOp::invalid, Shape::Ends};
        case OP_SELFDESTRUCT: return {FastOp::selfdestruct, Shape::Ends};
        default: return {FastOp::undefined, Shape::Ends};
    }
}

Kind any_kind_of(std::uint8_t opcode) {
    const auto nth = [](FastOp first, int n) {
        return static_cast<FastOp>(static_cast<int>(first) + n);
    };
    if (opcode > OP_PUSH0 && opcode <= OP_PUSH32)
        return {opcode <= OP_PUSH8 ? FastOp::push : FastOp::pushw, Shape::Push};
    if (opcode >= OP_DUP1 && opcode <= OP_DUP16) return {nth(FastOp::dup1, opcode - OP_DUP1), Shape::Dup};
    if (opcode >= OP_SWAP1 && opcode <= OP_SWAP16)
        return {nth(FastOp::swap1, opcode - OP_SWAP1), Shape::Plain};
    return kind_of(opcode);
}

Fusions fusions_of(std::uint8_t opcode) {
    switch (opcode) {
        case OP_ADD: return {FastOp::push_add, FastOp::dup_add};
        case OP_MUL: return {FastOp::push_mul, FastOp::dup_mul};
        case OP_SUB: return {FastOp::push_sub, FastOp::dup_sub};
        case OP_AND: return {FastOp::push_and_, FastOp::dup_and_};
        case OP_OR: return {FastOp::push_or_, FastOp::dup_or_};
        case OP_XOR: return {FastOp::push_xor_, FastOp::dup_xor_};
        case OP_EQ: return {FastOp::push_eq, FastOp::dup_eq};
        case OP_LT: return {FastOp::push_lt, FastOp::dup_lt};
        case OP_GT: return {FastOp::push_gt, FastOp::dup_gt};
        case OP_SLT: return {FastOp::push_slt, FastOp::dup_slt};
        case OP_SGT: return {FastOp::push_sgt, FastOp::dup_sgt};
        case OP_MLOAD: return {FastOp::push_mload, FastOp::dup_mload};
        case OP_MSTORE: return {FastOp::push_mstore, FastOp::dup_mstore};
        case OP_BYTE: return {FastOp::push_byte, FastOp::undefined};
        case OP_SIGNEXTEND: return {FastOp::push_signextend, FastOp::dup_signextend};
        // By how many limbs they shift, the decoder says.
        case OP_SHL: return {FastOp::push_shl0, FastOp::undefined};
        case OP_SHR: return {FastOp::push_shr0, FastOp::undefined};
        case OP_SAR: return {FastOp::push_sar, FastOp::undefined};
        default: return {};
    }
}

AfterPush after_push_of(std::uint8_t opcode, const Decoding& d) {
    switch (opcode) {
        case OP_JUMP: return AfterPush::Jump;
        case OP_JUMPI: return AfterPush::JumpI;
        case OP_MUL:
        case OP_SHL:
        case OP_SHR:
        case OP_NOT:
        case OP_SWAP1: return AfterPush::Other;
        default: break;
    }
    if (d.shape == Shape::Push || d.shape == Shape::Dup) return AfterPush::Other;
    return d.fusions.push == FastOp::undefined ? AfterPush::Alone : AfterPush::Binary;
}

/// Whether decode_join looks for a partner behind the instruction.
bool may_join(std::uint8_t opcode) {
    switch (opcode) {
        case OP_ISZERO:
        case OP_LT:
        case OP_GT:
        case OP_SLT:
        case OP_SGT:
        case OP_EQ:
        case OP_SUB:
        case OP_XOR:
        case OP_POP:
        case OP_MSTORE: return true;
        default: return opcode >= OP_SWAP1 && opcode <= OP_SWAP16;
    }
}

DecodeTable make_decode_table(Revision revision) {
    DecodeTable table;
    const RevisionTable& rules = revision_table(revision);
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto opcode = static_cast<std::uint8_t>(i);
        Decoding& d = table[i];
        if (rules.gas[i] == kUndefined) continue;
        const Kind kind = any_kind_of(opcode);
        d.op = kind.op;
        d.shape = kind.shape;
        d.gas = rules.gas[i];
        d.pops = kOpcodeTraits[i].pops;
        d.pushes = kOpcodeTraits[i].pushes;
        d.immediate = kOpcodeTraits[i].immediate;
        d.fusions = fusions_of(opcode);
        d.after_push = after_push_of(opcode, d);
        if (d.after_push == AfterPush::Binary) d.constant_op = d.fusions.push;
        if (d.shape == Shape::Plain && may_join(opcode)) d.shape = Shape::Joins;
    }
    return table;
}

}  // namespace

const DecodeTable& decode_table(Revision revision) {
    static const auto kTables = [] {
        std::array<DecodeTable, kRevisionCount> tables;
        for (std::size_t i = 0; i < kRevisionCount; ++i)
            tables[i] = make_decode_table(static_cast<Revision>(i));
        return tables;
    }();
    return kTables[static_cast<std::size_t>(revision)];
}

}  // namespace cairn::vm
