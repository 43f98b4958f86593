// SPDX-License-Identifier: MIT
#include "chain/exec/system_calls.hpp"

#include <string_view>

#include "chain/exec/dao_accounts.hpp"
#include "chain/exec/evm_host.hpp"
#include "core/base/assert.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

[[nodiscard]] Address parse(std::string_view hex) {
    const auto address = fixed_from_hex<Address>(hex);
    CAIRN_ASSERT(address);
    return *address;
}

}  // namespace

const Address& system_address() noexcept {
    static const Address kAddress = parse("fffffffffffffffffffffffffffffffffffffffe");
    return kAddress;
}
const Address& beacon_roots_contract() noexcept {
    static const Address kAddress = parse("000f3df6d732807ef1319fb7b8bb8522d0beac02");
    return kAddress;
}
const Address& block_hash_history_contract() noexcept {
    static const Address kAddress = parse("0000f90827f1c53a10cb7a02335b175320002935");
    return kAddress;
}
const Address& withdrawal_requests_contract() noexcept {
    static const Address kAddress = parse("00000961ef480eb55e80d19ad83579a64c007002");
    return kAddress;
}
const Address& consolidation_requests_contract() noexcept {
    static const Address kAddress = parse("0000bbddc7ce488642fb579f8b00f3a590007251");
    return kAddress;
}
const Address& dao_refund_contract() noexcept {
    static const Address kAddress = parse("bf4ed7b27f1d666546e30d74d50d173d20bca754");
    return kAddress;
}

std::optional<vm::ExecutionResult> system_call(vm::Vm& vm, State& state, const RuleSet& rules,
                                               const BlockEnv& block, const Address& contract,
                                               ByteView input) {
    state.begin_transaction();
    if (state.code_hash(contract) == kEmptyCodeHash) return std::nullopt;

    const vm::TxContext context{.origin = system_address(),
                                .gas_price = {},
                                .chain_id = block.chain_id,
                                .coinbase = block.coinbase,
                                .number = block.number,
                                .timestamp = block.timestamp,
                                .gas_limit = block.gas_limit,
                                .prev_randao = block.prev_randao,
                                .base_fee = block.base_fee,
                                .blob_base_fee = block.blob_base_fee,
                                .blob_hashes = {}};
    EvmHost host{state, rules, context, block.block_hash, vm.warm_precompiles()};
    vm::Message message;
    message.kind = vm::CallKind::Call;
    message.gas = kSystemCallGas;
    message.recipient = contract;
    message.sender = system_address();
    message.code_address = contract;
    message.input = input;
    auto result = vm.execute(host, rules.revision, message);
    state.finalise_transaction(EmptyAccounts::Delete);
    return result;
}

void move_dao_balances(State& state) {
    state.begin_transaction();
    for (const std::string_view hex : kDaoAccounts) {
        const Address account = parse(hex);
        const Wei balance = state.balance(account);
        state.add_balance(dao_refund_contract(), balance);
        state.subtract_balance(account, balance);
    }
    state.finalise_transaction(EmptyAccounts::Keep);
}

}  // namespace cairn::chain
