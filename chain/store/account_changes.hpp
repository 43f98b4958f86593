// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "chain/store/lmdb.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// The first canonical block from `number` on that changed the account's record: nonce, balance or
/// code. Nothing where none has. One seek in the account history, so that blocks below the horizon
/// are not found.
[[nodiscard]] std::optional<BlockNumber> next_account_change(const Txn& txn,
                                                             const Address& address,
                                                             BlockNumber number);

}  // namespace cairn::chain
