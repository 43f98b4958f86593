// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>

#include "vm/instr_arith.hpp"
#include "vm/instr_bits.hpp"
#include "vm/instr_block.hpp"
#include "vm/instr_call.hpp"
#include "vm/instr_env.hpp"
#include "vm/instr_flow.hpp"
#include "vm/instr_log.hpp"
#include "vm/instr_memory.hpp"
#include "vm/instr_storage.hpp"

namespace cairn::vm {

/// An instruction's two halves (conventions: instr_arith.hpp). `run` is null where the interpreter does it itself.
struct PlainOp {
    using Fn = Status (*)(Frame&, Uint256*);
    Fn charge = nullptr;
    Fn run = nullptr;
    /// That `charge` is there. A pointer that is compared is no constant to GCC under the undefined-behaviour sanitizer.
    bool charges = false;

    constexpr PlainOp() noexcept = default;
    constexpr PlainOp(std::nullptr_t, Fn run_half) noexcept : run{run_half} {}
    constexpr PlainOp(Fn charge_half, Fn run_half) noexcept : charge{charge_half}, run{run_half}, charges{true} {}
};

namespace detail {

consteval std::array<PlainOp, 256> make_plain_ops() {
    namespace op = instr;
    std::array<PlainOp, 256> t{};
    t[OP_ADD] = {nullptr, op::add};
    t[OP_MUL] = {nullptr, op::mul};
    t[OP_SUB] = {nullptr, op::sub};
    t[OP_DIV] = {nullptr, op::div};
    t[OP_SDIV] = {nullptr, op::sdiv};
    t[OP_MOD] = {nullptr, op::mod};
    t[OP_SMOD] = {nullptr, op::smod};
    t[OP_ADDMOD] = {nullptr, op::addmod};
    t[OP_MULMOD] = {nullptr, op::mulmod};
    t[OP_EXP] = {op::charge_exp, op::exp};
    t[OP_SIGNEXTEND] = {nullptr, op::signextend};
    t[OP_LT] = {nullptr, op::lt};
    t[OP_GT] = {nullptr, op::gt};
    t[OP_SLT] = {nullptr, op::slt};
    t[OP_SGT] = {nullptr, op::sgt};
    t[OP_EQ] = {nullptr, op::eq};
    t[OP_ISZERO] = {nullptr, op::iszero};
    t[OP_AND] = {nullptr, op::and_};
    t[OP_OR] = {nullptr, op::or_};
    t[OP_XOR] = {nullptr, op::xor_};
    t[OP_NOT] = {nullptr, op::not_};
    t[OP_BYTE] = {nullptr, op::byte};
    t[OP_SHL] = {nullptr, op::shl};
    t[OP_SHR] = {nullptr, op::shr};
    t[OP_SAR] = {nullptr, op::sar};
    t[OP_CLZ] = {nullptr, op::clz};
    t[OP_KECCAK256] = {op::charge_keccak256, op::keccak256};
    t[OP_ADDRESS] = {nullptr, op::push_address};
    t[OP_BALANCE] = {op::charge_account, op::balance};
    t[OP_ORIGIN] = {nullptr, op::origin};
    t[OP_CALLER] = {nullptr, op::caller};
    t[OP_CALLVALUE] = {nullptr, op::callvalue};
    t[OP_CALLDATALOAD] = {nullptr, op::calldataload};
    t[OP_CALLDATASIZE] = {nullptr, op::calldatasize};
    t[OP_CALLDATACOPY] = {op::charge_copy, op::calldatacopy};
    t[OP_CODESIZE] = {nullptr, op::codesize};
    t[OP_CODECOPY] = {op::charge_copy, op::codecopy};
    t[OP_GASPRICE] = {nullptr, op::gasprice};
    t[OP_EXTCODESIZE] = {op::charge_account, op::extcodesize};
    t[OP_EXTCODECOPY] = {op::charge_extcodecopy, op::extcodecopy};
    t[OP_RETURNDATASIZE] = {nullptr, op::returndatasize};
    t[OP_RETURNDATACOPY] = {op::charge_returndatacopy, op::returndatacopy};
    t[OP_EXTCODEHASH] = {op::charge_account, op::extcodehash};
    t[OP_BLOCKHASH] = {nullptr, op::blockhash};
    t[OP_COINBASE] = {nullptr, op::coinbase};
    t[OP_TIMESTAMP] = {nullptr, op::timestamp};
    t[OP_NUMBER] = {nullptr, op::number};
    t[OP_PREVRANDAO] = {nullptr, op::prevrandao};
    t[OP_GASLIMIT] = {nullptr, op::gaslimit};
    t[OP_CHAINID] = {nullptr, op::chainid};
    t[OP_SELFBALANCE] = {nullptr, op::selfbalance};
    t[OP_BASEFEE] = {nullptr, op::basefee};
    t[OP_BLOBHASH] = {nullptr, op::blobhash};
    t[OP_BLOBBASEFEE] = {nullptr, op::blobbasefee};
    t[OP_MLOAD] = {op::charge_word_access, op::mload};
    t[OP_MSTORE] = {op::charge_word_access, op::mstore};
    t[OP_MSTORE8] = {op::charge_byte_access, op::mstore8};
    t[OP_SLOAD] = {op::charge_sload, op::sload};
    t[OP_SSTORE] = {op::charge_sstore, op::sstore};
    t[OP_MSIZE] = {nullptr, op::msize};
    t[OP_TLOAD] = {nullptr, op::tload};
    t[OP_TSTORE] = {op::charge_tstore, op::tstore};
    t[OP_MCOPY] = {op::charge_mcopy, op::mcopy};
    t[OP_LOG0] = {op::charge_log, op::log<0>};
    t[OP_LOG0 + 1] = {op::charge_log, op::log<1>};
    t[OP_LOG0 + 2] = {op::charge_log, op::log<2>};
    t[OP_LOG0 + 3] = {op::charge_log, op::log<3>};
    t[OP_LOG4] = {op::charge_log, op::log<4>};
    t[OP_CREATE] = {op::charge_create<false>, op::create<false>};
    t[OP_CREATE2] = {op::charge_create<true>, op::create<true>};
    t[OP_CALL] = {op::charge_call<OP_CALL>, op::call<OP_CALL>};
    t[OP_CALLCODE] = {op::charge_call<OP_CALLCODE>, op::call<OP_CALLCODE>};
    t[OP_DELEGATECALL] = {op::charge_call<OP_DELEGATECALL>, op::call<OP_DELEGATECALL>};
    t[OP_STATICCALL] = {op::charge_call<OP_STATICCALL>, op::call<OP_STATICCALL>};
    t[OP_RETURN] = {op::charge_output, nullptr};
    t[OP_REVERT] = {op::charge_output, nullptr};
    t[OP_SELFDESTRUCT] = {op::charge_self_destruct, nullptr};
    return t;
}

}  // namespace detail

inline constexpr std::array<PlainOp, 256> kPlainOps = detail::make_plain_ops();

}  // namespace cairn::vm
