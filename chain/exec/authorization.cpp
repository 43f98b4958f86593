// SPDX-License-Identifier: MIT
#include "chain/exec/authorization.hpp"

#include <algorithm>
#include <limits>

namespace cairn::chain {
namespace {

/// One tuple, steps 1 to 9 of EIP-7702; what it refunds.
Gas apply_authorization(State& state, const RuleSet& rules, const Uint256& chain_id,
                        const Authorization& authorization) {
    if (!authorization.chain_id.is_zero() && authorization.chain_id != chain_id) return 0;
    if (authorization.nonce == std::numeric_limits<std::uint64_t>::max()) return 0;
    const auto authority = recover_authority(authorization);
    if (!authority) return 0;

    state.access_account(*authority);
    const auto code = state.code(*authority);
    if (!code.empty() && !find_delegate(code)) return 0;
    if (state.nonce(*authority) != authorization.nonce) return 0;

    const Gas refund = !state.is_empty(*authority) ? rules.authorization_refund : 0;
    if (authorization.address.is_zero())
        state.set_code(*authority, {});
    else
        state.set_code(*authority, make_delegation(authorization.address));
    state.set_nonce(*authority, authorization.nonce + 1);
    return refund;
}

}  // namespace

std::optional<Address> find_delegate(ByteView code) noexcept {
    if (code.size() != kDelegationSize ||
        !std::equal(kDelegationPrefix.begin(), kDelegationPrefix.end(), code.begin()))
        return std::nullopt;
    return Address::from(code.subspan(kDelegationPrefix.size()));
}

std::array<std::uint8_t, kDelegationSize> make_delegation(const Address& delegate) noexcept {
    std::array<std::uint8_t, kDelegationSize> code{};
    const auto end = std::copy(kDelegationPrefix.begin(), kDelegationPrefix.end(), code.begin());
    std::copy(delegate.begin(), delegate.end(), end);
    return code;
}

Gas apply_authorizations(State& state, const RuleSet& rules, const Uint256& chain_id, const Transaction& tx) {
    Gas refund = 0;
    for (const auto& authorization : tx.authorization_list)
        refund += apply_authorization(state, rules, chain_id, authorization);
    return refund;
}

}  // namespace cairn::chain
