// SPDX-License-Identifier: MIT
#include "vm/opcodes.hpp"

#include "vm/result.hpp"

namespace cairn::vm {
namespace {

using Names = std::array<std::string_view, 256>;

constexpr Names make_names() {
    Names n{};
    constexpr std::string_view arithmetic[] = {"STOP", "ADD",  "MUL",    "SUB",    "DIV", "SDIV",
                                               "MOD",  "SMOD", "ADDMOD", "MULMOD", "EXP", "SIGNEXTEND"};
    constexpr std::string_view bits[] = {"LT", "GT",  "SLT", "SGT",  "EQ",  "ISZERO", "AND", "OR",
                                         "XOR", "NOT", "BYTE", "SHL", "SHR", "SAR", "CLZ"};
    constexpr std::string_view environment[] = {
        "ADDRESS",      "BALANCE",  "ORIGIN",   "CALLER",      "CALLVALUE",   "CALLDATALOAD",
        "CALLDATASIZE", "CALLDATACOPY", "CODESIZE", "CODECOPY", "GASPRICE",   "EXTCODESIZE",
        "EXTCODECOPY",  "RETURNDATASIZE", "RETURNDATACOPY", "EXTCODEHASH"};
    constexpr std::string_view block[] = {"BLOCKHASH", "COINBASE", "TIMESTAMP",   "NUMBER",  "PREVRANDAO", "GASLIMIT",
                                          "CHAINID",   "SELFBALANCE", "BASEFEE", "BLOBHASH", "BLOBBASEFEE"};
    constexpr std::string_view flow[] = {"POP", "MLOAD", "MSTORE", "MSTORE8", "SLOAD", "SSTORE", "JUMP", "JUMPI",
                                         "PC",  "MSIZE", "GAS", "JUMPDEST", "TLOAD", "TSTORE", "MCOPY"};
    constexpr std::string_view push[] = {
        "PUSH0",  "PUSH1",  "PUSH2",  "PUSH3",  "PUSH4",  "PUSH5",  "PUSH6",  "PUSH7",  "PUSH8",
        "PUSH9",  "PUSH10", "PUSH11", "PUSH12", "PUSH13", "PUSH14", "PUSH15", "PUSH16", "PUSH17",
        "PUSH18", "PUSH19", "PUSH20", "PUSH21", "PUSH22", "PUSH23", "PUSH24", "PUSH25", "PUSH26",
        "PUSH27", "PUSH28", "PUSH29", "PUSH30", "PUSH31", "PUSH32"};
    constexpr std::string_view dup[] = {"DUP1", "DUP2",  "DUP3",  "DUP4",  "DUP5",  "DUP6",  "DUP7",  "DUP8",
                                        "DUP9", "DUP10", "DUP11", "DUP12", "DUP13", "DUP14", "DUP15", "DUP16"};
    constexpr std::string_view swap[] = {"SWAP1", "SWAP2",  "SWAP3",  "SWAP4",  "SWAP5",  "SWAP6",  "SWAP7",  "SWAP8",
                                         "SWAP9", "SWAP10", "SWAP11", "SWAP12", "SWAP13", "SWAP14", "SWAP15", "SWAP16"};
    constexpr std::string_view log[] = {"LOG0", "LOG1", "LOG2", "LOG3", "LOG4"};
    constexpr std::string_view system[] = {"CREATE", "CALL", "CALLCODE", "RETURN", "DELEGATECALL", "CREATE2"};
    auto put = [&n](std::size_t at, const auto& list) {
        for (const auto name : list) n[at++] = name;
    };
    put(OP_STOP, arithmetic);
    put(OP_LT, bits);
    n[OP_KECCAK256] = "KECCAK256";
    put(OP_ADDRESS, environment);
    put(OP_BLOCKHASH, block);
    put(OP_POP, flow);
    put(OP_PUSH0, push);
    put(OP_DUP1, dup);
    put(OP_SWAP1, swap);
    put(OP_LOG0, log);
    put(OP_CREATE, system);
    n[OP_STATICCALL] = "STATICCALL";
    n[OP_REVERT] = "REVERT";
    n[OP_INVALID] = "INVALID";
    n[OP_SELFDESTRUCT] = "SELFDESTRUCT";
    return n;
}

constexpr Names kNames = make_names();

}  // namespace

std::string_view opcode_name(std::uint8_t opcode, bool after_merge) noexcept {
    if (opcode == OP_PREVRANDAO && !after_merge) return "DIFFICULTY";
    return kNames[opcode];
}

std::string_view to_string(Status status) noexcept {
    switch (status) {
        case Status::Success: return "success";
        case Status::Revert: return "execution reverted";
        case Status::OutOfGas: return "out of gas";
        case Status::InvalidInstruction: return "invalid opcode: INVALID";
        case Status::UndefinedInstruction: return "invalid opcode";
        case Status::StackOverflow: return "stack limit reached 1024";
        case Status::StackUnderflow: return "stack underflow";
        case Status::BadJumpDestination: return "invalid jump destination";
        case Status::InvalidMemoryAccess: return "return data out of bounds";
        case Status::StaticModeViolation: return "write protection";
        case Status::PrecompileFailure: return "precompile failed";
        case Status::ContractCollision: return "contract address collision";
        case Status::CodeSizeExceeded: return "max code size exceeded";
        case Status::InvalidCodePrefix: return "invalid code: must not begin with 0xef";
        case Status::CodeDepositOutOfGas: return "contract creation code storage out of gas";
        case Status::CallDepthExceeded: return "max call depth exceeded";
        case Status::InsufficientBalance: return "insufficient balance for transfer";
        case Status::NonceOverflow: return "nonce uint64 overflow";
    }
    return "unknown";
}

}  // namespace cairn::vm
