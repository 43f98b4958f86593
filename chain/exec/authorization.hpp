// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "chain/spec/rule_set.hpp"
#include "chain/state/state.hpp"
#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"
#include "core/types/transaction.hpp"

namespace cairn::chain {

/// What a delegation designator begins with; the delegate's 20 bytes follow and end it (EIP-7702).
inline constexpr std::array<std::uint8_t, 3> kDelegationPrefix{0xef, 0x01, 0x00};
inline constexpr std::size_t kDelegationSize = kDelegationPrefix.size() + Address::kSize;

/// The account that this code delegates to; nothing when the code is no designator (EIP-7702).
[[nodiscard]] std::optional<Address> find_delegate(ByteView code) noexcept;

/// The code of an account that delegates to `delegate`.
[[nodiscard]] std::array<std::uint8_t, kDelegationSize> make_delegation(const Address& delegate) noexcept;

/// Carries out the transaction's authorizations in order: each valid one warms its authority, writes or clears the
/// designator and raises the authority's nonce; invalid ones are skipped (EIP-7702, "Behavior").
/// @return  gas to add to the refund counter, for authorities that existed
[[nodiscard]] Gas apply_authorizations(State& state, const RuleSet& rules, const Uint256& chain_id,
                                       const Transaction& tx);

}  // namespace cairn::chain
