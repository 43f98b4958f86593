// SPDX-License-Identifier: MIT
#pragma once

#include <set>

#include "chain/store/read_view.hpp"

namespace cairn::rpc {

/// The first block from `number` to `last` in which one of the accounts may send a call; last + 1
/// where none does. Found in the account history, without a look at the blocks between.
///
/// An account without code that has a nonce sends nothing but transactions, and each of them changes
/// its record: no creation takes place at it (EIP-684), and a delegation (EIP-7702) raises its nonce.
/// Where one of the accounts is another, or its past is not kept, the answer is `number` itself.
[[nodiscard]] BlockNumber next_active_block(const chain::ReadView& view,
                                            const std::set<Address>& senders, BlockNumber number,
                                            BlockNumber last);

}  // namespace cairn::rpc
