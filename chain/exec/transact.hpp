// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "chain/exec/block_env.hpp"
#include "chain/rules/errors.hpp"
#include "chain/spec/rule_set.hpp"
#include "chain/state/state.hpp"
#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/receipt.hpp"
#include "core/types/transaction.hpp"
#include "vm/result.hpp"
#include "vm/vm.hpp"

namespace cairn::chain {

/// What a transaction leaves beside the changed state.
struct TxOutcome {
    /// How its outermost frame ended; anything but Success undid the frame, not the fees.
    vm::Status status = vm::Status::Success;
    /// Charged in the end, refund deducted and floor applied.
    Gas gas_used = 0;
    /// What the refund counter gave back, capped by the rules (EIP-3529).
    Gas gas_refunded = 0;
    /// Return or revert data of the outermost frame.
    Bytes output;
    /// In order of emission; none after a failure.
    std::vector<Log> logs;
    /// The contract of a successful creation.
    std::optional<Address> created;

    [[nodiscard]] bool success() const noexcept { return status == vm::Status::Success; }
};

/// Executes a transaction on the state (Yellow Paper, section 6): checks it against the sender and the block, takes the
/// fees, runs it, refunds, pays the coinbase, and finalises the state.
///
/// @param tx       has passed check_tx_fields under `rules`
/// @param sender   recovered, or as a test says
/// @param budget   what the block has left before this transaction
/// @param tracer   may be null
/// @return         the outcome; or why the transaction may not be in the block, the state unchanged
[[nodiscard]] Result<TxOutcome, TxError> transact(vm::Vm& vm, State& state, const RuleSet& rules,
                                                  const BlockEnv& block, const BlockBudget& budget,
                                                  const Transaction& tx, const Address& sender,
                                                  vm::Tracer* tracer = nullptr);

/// The part of transact() after the checks, for a transaction that has passed those or is let off some (call.hpp).
/// The sender has cost_max(tx), the gas limit covers the intrinsic gas and the fee caps the block's prices (asserted
/// where arithmetic rests on it); begin_transaction was called.
[[nodiscard]] TxOutcome execute_checked(vm::Vm& vm, State& state, const RuleSet& rules, const BlockEnv& block,
                                        const Transaction& tx, const Address& sender,
                                        vm::Tracer* tracer = nullptr);

}  // namespace cairn::chain
