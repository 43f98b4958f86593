// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "chain/state/state_diff.hpp"
#include "chain/state/state_reader.hpp"
#include "chain/trie/state_root.hpp"

namespace cairn::chain {

/// A diff as the tries take it. Movable; the edits look into `slots`.
struct AccountEdits {
    std::vector<SlotEdit> slots;
    std::vector<AccountEdit> edits;  ///< ascending by address
};

/// An account of a state; nothing where there is none.
using AccountLookup = std::function<std::optional<AccountRecord>(const Address& address)>;

/// What update_state_root needs to carry out a diff.
///
/// @param before  the state that the diff was made against: an account of which only storage
///                changes needs its fields in the trie
/// @throws StoreError Corrupt where `before` has no such account, and what the reader throws
[[nodiscard]] AccountEdits account_edits(const StateDiff& diff, const AccountLookup& before);
[[nodiscard]] AccountEdits account_edits(const StateDiff& diff, const StateReader& before);

}  // namespace cairn::chain
