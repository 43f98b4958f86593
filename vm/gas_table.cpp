// SPDX-License-Identifier: MIT
#include "vm/gas_table.hpp"

namespace cairn::vm {
namespace {

using Tables = std::array<RevisionTable, kRevisionCount>;

constexpr std::size_t index(Revision r) { return static_cast<std::size_t>(r); }

// Yellow Paper, appendix G, at its first network.
constexpr RevisionTable frontier() {
    RevisionTable t{};
    t.gas.fill(kUndefined);
    auto set = [&t](int first, int last, std::int16_t gas) {
        for (int op = first; op <= last; ++op) t.gas[static_cast<std::size_t>(op)] = gas;
    };
    set(OP_STOP, OP_STOP, 0);
    set(OP_ADD, OP_ADD, 3);
    set(OP_MUL, OP_MUL, 5);
    set(OP_SUB, OP_SUB, 3);
    set(OP_DIV, OP_SMOD, 5);
    set(OP_ADDMOD, OP_MULMOD, 8);
    set(OP_EXP, OP_EXP, 10);
    set(OP_SIGNEXTEND, OP_SIGNEXTEND, 5);
    set(OP_LT, OP_BYTE, 3);
    set(OP_KECCAK256, OP_KECCAK256, 30);
    set(OP_ADDRESS, OP_ADDRESS, 2);
    set(OP_BALANCE, OP_BALANCE, 20);
    set(OP_ORIGIN, OP_CALLVALUE, 2);
    set(OP_CALLDATALOAD, OP_CALLDATALOAD, 3);
    set(OP_CALLDATASIZE, OP_CALLDATASIZE, 2);
    set(OP_CALLDATACOPY, OP_CALLDATACOPY, 3);
    set(OP_CODESIZE, OP_CODESIZE, 2);
    set(OP_CODECOPY, OP_CODECOPY, 3);
    set(OP_GASPRICE, OP_GASPRICE, 2);
    set(OP_EXTCODESIZE, OP_EXTCODECOPY, 20);
    set(OP_BLOCKHASH, OP_BLOCKHASH, 20);
    set(OP_COINBASE, OP_GASLIMIT, 2);
    set(OP_POP, OP_POP, 2);
    set(OP_MLOAD, OP_MSTORE8, 3);
    set(OP_SLOAD, OP_SLOAD, 50);
    set(OP_SSTORE, OP_SSTORE, 0);
    set(OP_JUMP, OP_JUMP, 8);
    set(OP_JUMPI, OP_JUMPI, 10);
    set(OP_PC, OP_GAS, 2);
    set(OP_JUMPDEST, OP_JUMPDEST, 1);
    set(OP_PUSH1, OP_SWAP16, 3);
    for (int n = 0; n <= 4; ++n) set(OP_LOG0 + n, OP_LOG0 + n, static_cast<std::int16_t>(375 * (n + 1)));
    set(OP_CREATE, OP_CREATE, 32000);
    set(OP_CALL, OP_CALLCODE, 40);
    set(OP_RETURN, OP_RETURN, 0);
    // 0xfe is an instruction by designation (EIP-141); it takes all gas.
    set(OP_INVALID, OP_INVALID, 0);
    set(OP_SELFDESTRUCT, OP_SELFDESTRUCT, 0);
    return t;
}

// Each row is the row before with its fork's changes.
constexpr Tables make_tables() {
    Tables tables{};
    RevisionTable t = frontier();
    tables[index(Revision::Frontier)] = t;

    // Homestead: EIP-2, EIP-7.
    t.gas[OP_DELEGATECALL] = 40;
    t.rules.create_deposit_required = true;
    tables[index(Revision::Homestead)] = t;

    // Tangerine Whistle: EIP-150.
    t.gas[OP_BALANCE] = 400;
    t.gas[OP_EXTCODESIZE] = 700;
    t.gas[OP_EXTCODECOPY] = 700;
    t.gas[OP_SLOAD] = 200;
    t.gas[OP_CALL] = t.gas[OP_CALLCODE] = t.gas[OP_DELEGATECALL] = 700;
    t.gas[OP_SELFDESTRUCT] = 5000;
    t.rules.call_all_but_64th = true;
    t.rules.self_destruct_new_account = true;
    tables[index(Revision::Tangerine)] = t;

    // Spurious Dragon: EIP-160, 161, 170.
    t.rules.exp_byte = 50;
    t.rules.new_account_by_value = true;
    t.rules.code_bytes_max = 0x6000;
    tables[index(Revision::Spurious)] = t;

    // Byzantium: EIP-140, 211, 214.
    t.gas[OP_REVERT] = 0;
    t.gas[OP_RETURNDATASIZE] = 2;
    t.gas[OP_RETURNDATACOPY] = 3;
    t.gas[OP_STATICCALL] = 700;
    tables[index(Revision::Byzantium)] = t;

    // Constantinople: EIP-145, 1014, 1052, 1283.
    t.gas[OP_SHL] = t.gas[OP_SHR] = t.gas[OP_SAR] = 3;
    t.gas[OP_CREATE2] = 32000;
    t.gas[OP_EXTCODEHASH] = 400;
    t.rules.sstore_net = true;
    t.rules.sstore_noop = 200;
    tables[index(Revision::Constantinople)] = t;

    // Petersburg: EIP-1283 taken back (EIP-1716).
    t.rules.sstore_net = false;
    t.rules.sstore_noop = 0;
    tables[index(Revision::Petersburg)] = t;

    // Istanbul: EIP-1344, 1884, 2200.
    t.gas[OP_CHAINID] = 2;
    t.gas[OP_SELFBALANCE] = 5;
    t.gas[OP_SLOAD] = 800;
    t.gas[OP_BALANCE] = 700;
    t.gas[OP_EXTCODEHASH] = 700;
    t.rules.sstore_net = true;
    t.rules.sstore_sentry = true;
    t.rules.sstore_noop = 800;
    tables[index(Revision::Istanbul)] = t;

    // Berlin: EIP-2929. The warm price is the static part, cold_* what a first access adds.
    for (const int op : {OP_BALANCE, OP_EXTCODESIZE, OP_EXTCODECOPY, OP_EXTCODEHASH, OP_SLOAD, OP_CALL,
                         OP_CALLCODE, OP_DELEGATECALL, OP_STATICCALL})
        t.gas[static_cast<std::size_t>(op)] = 100;
    t.rules.cold_account = 2500;
    t.rules.cold_sload = 2000;
    t.rules.cold_sstore = 2100;
    t.rules.sstore_noop = 100;
    t.rules.sstore_reset = 2900;
    tables[index(Revision::Berlin)] = t;

    // London: EIP-3198, 3529, 3541.
    t.gas[OP_BASEFEE] = 2;
    t.rules.sstore_clear_refund = 4800;
    t.rules.self_destruct_refund = 0;
    t.rules.reject_ef_code = true;
    tables[index(Revision::London)] = t;

    // Paris: 0x44 changes its meaning only (EIP-4399).
    tables[index(Revision::Paris)] = t;

    // Shanghai: EIP-3855, 3860.
    t.gas[OP_PUSH0] = 2;
    t.rules.initcode_word = 2;
    t.rules.initcode_bytes_max = 0xc000;
    tables[index(Revision::Shanghai)] = t;

    // Cancun: EIP-1153, 4844, 5656, 7516.
    t.gas[OP_TLOAD] = t.gas[OP_TSTORE] = 100;
    t.gas[OP_BLOBHASH] = 3;
    t.gas[OP_MCOPY] = 3;
    t.gas[OP_BLOBBASEFEE] = 2;
    tables[index(Revision::Cancun)] = t;

    // Prague: EIP-7702.
    t.rules.delegation = true;
    tables[index(Revision::Prague)] = t;

    // Osaka: EIP-7939.
    t.gas[OP_CLZ] = 5;
    tables[index(Revision::Osaka)] = t;
    return tables;
}

constexpr Tables kTables = make_tables();

static_assert(kTables[index(Revision::Homestead)].gas[OP_DELEGATECALL] == 40);
static_assert(kTables[index(Revision::Byzantium)].gas[OP_SHL] == kUndefined);
static_assert(kTables[index(Revision::Petersburg)].rules.sstore_net == false);
static_assert(kTables[index(Revision::Cancun)].gas[OP_CLZ] == kUndefined);

}  // namespace

const RevisionTable& revision_table(Revision revision) noexcept { return kTables[index(revision)]; }

}  // namespace cairn::vm
