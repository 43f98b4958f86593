// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "chain/exec/block_env.hpp"
#include "chain/spec/rule_set.hpp"
#include "chain/state/state.hpp"
#include "core/base/bytes.hpp"
#include "vm/result.hpp"
#include "vm/vm.hpp"

namespace cairn::chain {

// Calls that a block makes by itself, outside its transactions: they cost none of its gas, leave no
// receipt, and their sender has no account.

/// 0xfffffffffffffffffffffffffffffffffffffffe, who makes the calls (EIP-4788, SYSTEM_ADDRESS).
[[nodiscard]] const Address& system_address() noexcept;
/// 0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02 (EIP-4788).
[[nodiscard]] const Address& beacon_roots_contract() noexcept;
/// 0x0000F90827F1C53a10cb7A02335B175320002935 (EIP-2935).
[[nodiscard]] const Address& block_hash_history_contract() noexcept;
/// 0x00000961Ef480Eb55e80D19ad83579A64c007002 (EIP-7002).
[[nodiscard]] const Address& withdrawal_requests_contract() noexcept;
/// 0x0000BBdDc7CE488642fb579F8B00f3a590007251 (EIP-7251).
[[nodiscard]] const Address& consolidation_requests_contract() noexcept;
/// 0xbf4ed7b27f1d666546e30d74d50d173d20bca754 (EIP-779).
[[nodiscard]] const Address& dao_refund_contract() noexcept;

/// Gas of each call (EIP-4788).
inline constexpr std::int64_t kSystemCallGas = 30'000'000;

/// Calls the contract with the input, as a transaction of its own on the state.
/// @return how it ended; nothing where there is no code, and then nothing happened
std::optional<vm::ExecutionResult> system_call(vm::Vm& vm, State& state, const RuleSet& rules,
                                               const BlockEnv& block, const Address& contract,
                                               ByteView input);

/// Moves the balances of the DAO's accounts to the refund contract (EIP-779).
void move_dao_balances(State& state);

}  // namespace cairn::chain
