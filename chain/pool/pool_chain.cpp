// SPDX-License-Identifier: MIT
#include "chain/pool/pool_chain.hpp"

#include "chain/exec/authorization.hpp"
#include "chain/store/read_view.hpp"
#include "core/base/assert.hpp"

namespace cairn::chain {

PoolAccount pool_account_of(const StateReader& state, const Address& address) {
    const auto record = state.account(address);
    if (!record) return {};
    PoolAccount out;
    out.nonce = record->nonce;
    out.balance = record->balance;
    if (record->code_hash != kEmptyCodeHash) {
        out.is_delegated = find_delegate(*state.code(record->code_hash)).has_value();
        out.has_code = !out.is_delegated;
    }
    return out;
}

ChainSnapshot StoreChain::read(std::span<const Address> addresses) const {
    const ReadView view{store_};
    const auto head = view.head();
    CAIRN_ASSERT(head.has_value());
    auto header = view.header(*head);
    const auto total = view.total_difficulty(head->hash);
    CAIRN_ASSERT(header && total);
    ChainSnapshot out{std::move(*header), *total, {}};
    out.accounts.reserve(addresses.size());
    const HeadState state = view.head_state();
    for (const Address& address : addresses)
        out.accounts.push_back(pool_account_of(state, address));
    return out;
}

}  // namespace cairn::chain
