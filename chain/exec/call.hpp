// SPDX-License-Identifier: MIT
#pragma once

#include "chain/exec/block_env.hpp"
#include "chain/exec/transact.hpp"
#include "chain/rules/errors.hpp"
#include "chain/spec/rule_set.hpp"
#include "chain/state/state.hpp"
#include "core/base/expected.hpp"
#include "core/types/transaction.hpp"
#include "vm/vm.hpp"

namespace cairn::chain {

/// Tries a transaction out that nobody signed (eth_call, eth_estimateGas): executed as a real one would be, but its
/// nonce is taken to be right, its sender may have code, and neither the block's gas nor EIP-7825's cap bounds it.
///
/// With a fee cap of 0 gas is free, and the code then sees a gas price and a base fee of 0, as clients answer; the same
/// for blobs and their fee cap. The state is changed and finalised: the caller throws it away or builds on it.
///
/// @param tx      `nonce` is not looked at
/// @param tracer  may be null
/// @return        the outcome, or the first of: TypeNotSupported, TipAboveFeeCap, FeeCapBelowBaseFee,
///                BlobFeeCapBelowBlobBaseFee, GasLimitAboveCap (2^63 or more), InitcodeTooLarge, IntrinsicGasTooLow,
///                GasLimitBelowFloor, InsufficientFunds
[[nodiscard]] Result<TxOutcome, TxError> call(vm::Vm& vm, State& state, const RuleSet& rules, const BlockEnv& block,
                                              const Transaction& tx, const Address& sender,
                                              vm::Tracer* tracer = nullptr);

}  // namespace cairn::chain
