// SPDX-License-Identifier: MIT
#pragma once

#include "chain/spec/rule_set.hpp"
#include "core/types/transaction.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// What a transaction costs before its first instruction.
struct IntrinsicGas {
    /// g0 of the Yellow Paper's equation 64: taken before execution; data at its revision's price
    /// (EIP-2028), access list (EIP-2930), init code words (EIP-3860), authorizations (EIP-7702).
    Gas intrinsic = 0;
    /// Least gas that the transaction is charged in the end (EIP-7623); 0 where there is no floor.
    Gas floor = 0;

    friend bool operator==(const IntrinsicGas&, const IntrinsicGas&) noexcept = default;
};

/// Pure; any thread. Cannot overflow: every summand is bought with bytes of the transaction.
[[nodiscard]] IntrinsicGas intrinsic_gas(const RuleSet& rules, const Transaction& tx) noexcept;

}  // namespace cairn::chain
