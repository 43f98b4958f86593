// SPDX-License-Identifier: MIT
#include "rpc/tracers/active_blocks.hpp"

#include <algorithm>

#include "chain/store/account_changes.hpp"

namespace cairn::rpc {

BlockNumber next_active_block(const chain::ReadView& view, const std::set<Address>& senders,
                              BlockNumber number, BlockNumber last) {
    if (number == 0) return 0;
    const auto before = view.state_at(number - 1);
    if (!before) return number;
    BlockNumber next = last + 1;
    for (const auto& address : senders) {
        const auto account = (*before)->account(address);
        const bool has_only_a_key =
            account && account->nonce > 0 && account->code_hash == kEmptyCodeHash;
        if (!has_only_a_key) return number;
        if (const auto change = chain::next_account_change(view.txn(), address, number))
            next = std::min(next, *change);
    }
    return next;
}

}  // namespace cairn::rpc
