// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "vm/code_analysis.hpp"

// Every handler of the fast interpreter, once: the enumeration, the table of addresses and the decoder are made from
// this list. Names are EVM instructions; `a_b` is the instruction a followed at once by b. `pushw_` takes a constant of
// more than 8 bytes from the two slots behind it.
#define CAIRN_FAST_OPS(X)                                                                          \
    X(stop) X(undefined) X(invalid) X(bad_jump)                                                                \
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
    X(push) X(pushw)                                                                               \
    X(dup1) X(dup2) X(dup3) X(dup4) X(dup5) X(dup6) X(dup7) X(dup8) X(dup9) X(dup10) X(dup11)       \
    X(dup12) X(dup13) X(dup14) X(dup15) X(dup16)                                                   \
    X(swap1) X(swap2) X(swap3) X(swap4) X(swap5) X(swap6) X(swap7) X(swap8) X(swap9) X(swap10)      \
    X(swap11) X(swap12) X(swap13) X(swap14) X(swap15) X(swap16)                                    \
    X(log0) X(log1) X(log2) X(log3) X(log4)                                                        \
    X(create) X(call) X(callcode) X(return_) X(delegatecall) X(create2) X(staticcall) X(revert)    \
    X(selfdestruct)                                                                                \
    X(push_jump) X(push_jumpi)

namespace cairn::vm {

enum class FastOp : std::uint16_t {
#define CAIRN_FAST_OP_NAME(name) name,
    CAIRN_FAST_OPS(CAIRN_FAST_OP_NAME)
#undef CAIRN_FAST_OP_NAME
};

/// The address that an Inst of this kind carries.
[[nodiscard]] Handler fast_handler(FastOp op) noexcept;

}  // namespace cairn::vm
