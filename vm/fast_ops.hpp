// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "vm/code_analysis.hpp"

// Every handler of the fast interpreter, once: the enumeration, the table of addresses and the decoder are made from
// these lists. Names are EVM instructions; `a_b` is the instruction a followed at once by b. A `push` in a name is a constant
// of at most 64 bits in the operand, `pushw` a wider one in the operand and the two slots behind, `dup` and `swap`
// without a number take their depth from the operand, in bytes. In conditional jumps, `n` before a comparison negates it.
#define CAIRN_SINGLE_OPS(X)                                                                        \
    X(stop) X(undefined) X(invalid) X(bad_jump)                                                    \
    X(add) X(mul) X(sub) X(div) X(sdiv) X(mod) X(smod) X(addmod) X(mulmod) X(exp) X(signextend)     \
    X(lt) X(gt) X(slt) X(sgt) X(eq) X(iszero) X(and_) X(or_) X(xor_) X(not_) X(byte) X(shl) X(shr)  \
    X(sar) X(clz) X(keccak256)                                                                     \
    X(address) X(balance) X(origin) X(caller) X(callvalue) X(calldataload) X(calldatasize)         \
    X(calldatacopy) X(codesize) X(codecopy) X(gasprice) X(extcodesize) X(extcodecopy)              \
    X(returndatasize) X(returndatacopy) X(extcodehash)                                             \
    X(blockhash) X(coinbase) X(timestamp) X(number) X(prevrandao) X(gaslimit) X(chainid)           \
    X(selfbalance) X(basefee) X(blobhash) X(blobbasefee)                                           \
    X(pop) X(mload) X(mload_slow) X(mstore) X(mstore_slow) X(mstore8) X(sload) X(sstore) X(jump)    \
    X(jumpi) X(msize) X(gas) X(tload) X(tstore) X(mcopy)                                           \
    X(div_slow) X(mod_slow) X(sdiv_slow) X(smod_slow)                                              \
    X(push) X(pushw)                                                                               \
    X(dup1) X(dup2) X(dup3) X(dup4) X(dup5) X(dup6) X(dup7) X(dup8) X(dup9) X(dup10) X(dup11)       \
    X(dup12) X(dup13) X(dup14) X(dup15) X(dup16)                                                   \
    X(swap1) X(swap2) X(swap3) X(swap4) X(swap5) X(swap6) X(swap7) X(swap8) X(swap9) X(swap10)      \
    X(swap11) X(swap12) X(swap13) X(swap14) X(swap15) X(swap16)                                    \
    X(log0) X(log1) X(log2) X(log3) X(log4)                                                        \
    X(create) X(call) X(callcode) X(return_) X(delegatecall) X(create2) X(staticcall) X(revert)    \
    X(selfdestruct)

#define CAIRN_FUSED_OPS(X)                                                                         \
    X(push_jump) X(push_jumpi) X(pop_jump)                                                         \
    X(iszero_jumpi) X(lt_jumpi) X(nlt_jumpi) X(gt_jumpi) X(ngt_jumpi) X(slt_jumpi) X(nslt_jumpi)    \
    X(sgt_jumpi) X(nsgt_jumpi) X(eq_jumpi) X(neq_jumpi) X(dup1_iszero_jumpi) X(dup1_push_eq_jumpi)  \
    X(dup1_push_gt_jumpi)                                                                          \
    X(push_add) X(push_mul) X(push_sub) X(push_and_) X(push_or_) X(push_xor_) X(push_eq) X(push_lt)    \
    X(push_gt) X(push_slt) X(push_sgt) X(push_rsub) X(push_byte) X(push_signextend)                \
    X(push_shl0) X(push_shl1) X(push_shl2) X(push_shl3) X(push_shr0) X(push_shr1) X(push_shr2)      \
    X(push_shr3) X(push_sar) X(push_mload) X(push_mstore)                                          \
    X(push_push) X(push_dup1) X(push_dup2) X(push_dup) X(push_swap1) X(push_dup2_mstore)           \
    X(pushw_and)                                                                                   \
    X(dup_add) X(dup_mul) X(dup_sub) X(dup_and_) X(dup_or_) X(dup_xor_) X(dup_lt) X(dup_gt) X(dup_slt) \
    X(dup_sgt) X(dup_eq) X(dup_signextend) X(dup_mload) X(dup_mstore) X(dup_push) X(dup_dup)                         \
    X(swap1_sub) X(swap1_div) X(swap1_pop) X(swap_pop) X(popn) X(iszero_iszero) X(mstore_push_add)

#define CAIRN_FAST_OPS(X) CAIRN_SINGLE_OPS(X) CAIRN_FUSED_OPS(X)

namespace cairn::vm {

enum class FastOp : std::uint16_t {
#define CAIRN_FAST_OP_NAME(name) name,
    CAIRN_FAST_OPS(CAIRN_FAST_OP_NAME)
#undef CAIRN_FAST_OP_NAME
};

/// The addresses that Insts carry, by FastOp.
[[nodiscard]] const Handler* fast_handlers() noexcept;

}  // namespace cairn::vm
