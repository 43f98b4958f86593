// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace cairn::vm {

/// Instructions of every revision, Frontier to Osaka (Yellow Paper, appendix H, and the EIPs named in gas_table.cpp).
enum Opcode : std::uint8_t {
    OP_STOP = 0x00,
    OP_ADD,
    OP_MUL,
    OP_SUB,
    OP_DIV,
    OP_SDIV,
    OP_MOD,
    OP_SMOD,
    OP_ADDMOD,
    OP_MULMOD,
    OP_EXP,
    OP_SIGNEXTEND,

    OP_LT = 0x10,
    OP_GT,
    OP_SLT,
    OP_SGT,
    OP_EQ,
    OP_ISZERO,
    OP_AND,
    OP_OR,
    OP_XOR,
    OP_NOT,
    OP_BYTE,
    OP_SHL,
    OP_SHR,
    OP_SAR,
    OP_CLZ,

    OP_KECCAK256 = 0x20,

    OP_ADDRESS = 0x30,
    OP_BALANCE,
    OP_ORIGIN,
    OP_CALLER,
    OP_CALLVALUE,
    OP_CALLDATALOAD,
    OP_CALLDATASIZE,
    OP_CALLDATACOPY,
    OP_CODESIZE,
    OP_CODECOPY,
    OP_GASPRICE,
    OP_EXTCODESIZE,
    OP_EXTCODECOPY,
    OP_RETURNDATASIZE,
    OP_RETURNDATACOPY,
    OP_EXTCODEHASH,

    OP_BLOCKHASH = 0x40,
    OP_COINBASE,
    OP_TIMESTAMP,
    OP_NUMBER,
    OP_PREVRANDAO,  ///< DIFFICULTY before the merge
    OP_GASLIMIT,
    OP_CHAINID,
    OP_SELFBALANCE,
    OP_BASEFEE,
    OP_BLOBHASH,
    OP_BLOBBASEFEE,

    OP_POP = 0x50,
    OP_MLOAD,
    OP_MSTORE,
    OP_MSTORE8,
    OP_SLOAD,
    OP_SSTORE,
    OP_JUMP,
    OP_JUMPI,
    OP_PC,
    OP_MSIZE,
    OP_GAS,
    OP_JUMPDEST,
    OP_TLOAD,
    OP_TSTORE,
    OP_MCOPY,
    OP_PUSH0,
    OP_PUSH1,
    OP_PUSH2,
    OP_PUSH4 = 0x63,
    OP_PUSH8 = 0x67,
    OP_PUSH32 = 0x7f,
    OP_DUP1 = 0x80,
    OP_DUP2,
    OP_DUP16 = 0x8f,
    OP_SWAP1 = 0x90,
    OP_SWAP2,
    OP_SWAP16 = 0x9f,
    OP_LOG0 = 0xa0,
    OP_LOG4 = 0xa4,

    OP_CREATE = 0xf0,
    OP_CALL,
    OP_CALLCODE,
    OP_RETURN,
    OP_DELEGATECALL,
    OP_CREATE2,

    OP_STATICCALL = 0xfa,
    OP_REVERT = 0xfd,
    OP_INVALID = 0xfe,
    OP_SELFDESTRUCT = 0xff,
};

/// Stack items an instruction takes and leaves, and bytes of immediate data behind it. Undefined ones: all zero.
struct OpcodeTraits {
    std::uint8_t pops = 0;
    std::uint8_t pushes = 0;
    std::uint8_t immediate = 0;
};

namespace detail {

consteval std::array<OpcodeTraits, 256> make_opcode_traits() {
    std::array<OpcodeTraits, 256> t{};
    auto range = [&t](int first, int last, std::uint8_t pops, std::uint8_t pushes) {
        for (int op = first; op <= last; ++op) t[static_cast<std::size_t>(op)] = {pops, pushes, 0};
    };
    range(OP_ADD, OP_SMOD, 2, 1);
    range(OP_ADDMOD, OP_MULMOD, 3, 1);
    range(OP_EXP, OP_SIGNEXTEND, 2, 1);
    range(OP_LT, OP_EQ, 2, 1);
    range(OP_ISZERO, OP_ISZERO, 1, 1);
    range(OP_AND, OP_XOR, 2, 1);
    range(OP_NOT, OP_NOT, 1, 1);
    range(OP_BYTE, OP_SAR, 2, 1);
    range(OP_CLZ, OP_CLZ, 1, 1);
    range(OP_KECCAK256, OP_KECCAK256, 2, 1);
    range(OP_ADDRESS, OP_ADDRESS, 0, 1);
    range(OP_BALANCE, OP_BALANCE, 1, 1);
    range(OP_ORIGIN, OP_CALLVALUE, 0, 1);
    range(OP_CALLDATALOAD, OP_CALLDATALOAD, 1, 1);
    range(OP_CALLDATASIZE, OP_CALLDATASIZE, 0, 1);
    range(OP_CALLDATACOPY, OP_CALLDATACOPY, 3, 0);
    range(OP_CODESIZE, OP_CODESIZE, 0, 1);
    range(OP_CODECOPY, OP_CODECOPY, 3, 0);
    range(OP_GASPRICE, OP_GASPRICE, 0, 1);
    range(OP_EXTCODESIZE, OP_EXTCODESIZE, 1, 1);
    range(OP_EXTCODECOPY, OP_EXTCODECOPY, 4, 0);
    range(OP_RETURNDATASIZE, OP_RETURNDATASIZE, 0, 1);
    range(OP_RETURNDATACOPY, OP_RETURNDATACOPY, 3, 0);
    range(OP_EXTCODEHASH, OP_BLOCKHASH, 1, 1);
    range(OP_COINBASE, OP_BASEFEE, 0, 1);
    range(OP_BLOBHASH, OP_BLOBHASH, 1, 1);
    range(OP_BLOBBASEFEE, OP_BLOBBASEFEE, 0, 1);
    range(OP_POP, OP_POP, 1, 0);
    range(OP_MLOAD, OP_MLOAD, 1, 1);
    range(OP_MSTORE, OP_MSTORE8, 2, 0);
    range(OP_SLOAD, OP_SLOAD, 1, 1);
    range(OP_SSTORE, OP_SSTORE, 2, 0);
    range(OP_JUMP, OP_JUMP, 1, 0);
    range(OP_JUMPI, OP_JUMPI, 2, 0);
    range(OP_PC, OP_GAS, 0, 1);
    range(OP_JUMPDEST, OP_JUMPDEST, 0, 0);
    range(OP_TLOAD, OP_TLOAD, 1, 1);
    range(OP_TSTORE, OP_TSTORE, 2, 0);
    range(OP_MCOPY, OP_MCOPY, 3, 0);
    for (int n = 0; n <= 32; ++n)
        t[static_cast<std::size_t>(OP_PUSH0 + n)] = {0, 1, static_cast<std::uint8_t>(n)};
    for (int n = 1; n <= 16; ++n) {
        const auto k = static_cast<std::uint8_t>(n);
        t[static_cast<std::size_t>(OP_DUP1 + n - 1)] = {k, static_cast<std::uint8_t>(k + 1), 0};
        const auto both = static_cast<std::uint8_t>(k + 1);
        t[static_cast<std::size_t>(OP_SWAP1 + n - 1)] = {both, both, 0};
    }
    for (int n = 0; n <= 4; ++n)
        t[static_cast<std::size_t>(OP_LOG0 + n)] = {static_cast<std::uint8_t>(n + 2), 0, 0};
    range(OP_CREATE, OP_CREATE, 3, 1);
    range(OP_CALL, OP_CALLCODE, 7, 1);
    range(OP_RETURN, OP_RETURN, 2, 0);
    range(OP_DELEGATECALL, OP_DELEGATECALL, 6, 1);
    range(OP_CREATE2, OP_CREATE2, 4, 1);
    range(OP_STATICCALL, OP_STATICCALL, 6, 1);
    range(OP_REVERT, OP_REVERT, 2, 0);
    range(OP_SELFDESTRUCT, OP_SELFDESTRUCT, 1, 0);
    return t;
}

}  // namespace detail

inline constexpr std::array<OpcodeTraits, 256> kOpcodeTraits = detail::make_opcode_traits();

/// geth's and EIP-3155's name, e.g. "PUSH1"; "opcode 0x.. not defined" has no name here: empty.
/// @param after_merge  0x44 is PREVRANDAO instead of DIFFICULTY
[[nodiscard]] std::string_view opcode_name(std::uint8_t opcode, bool after_merge = true) noexcept;

}  // namespace cairn::vm
