// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "chain/state/state_reader.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// An account before and after; absent where it did not or does not exist. The two differ.
struct AccountChange {
    Address address;
    std::optional<AccountRecord> before;
    std::optional<AccountRecord> after;
    friend bool operator==(const AccountChange&, const AccountChange&) = default;
};

/// A storage slot before and after; the two differ. 0 is absence.
struct StorageChange {
    Address address;
    Uint256 key;
    Uint256 before;
    Uint256 after;
    friend bool operator==(const StorageChange&, const StorageChange&) = default;
};

/// Code that an account has after and did not have before.
struct NewCode {
    CodeHash hash;
    SharedCode code;
};

/// All that a span of execution changed: one entry per changed key, sorted by key. An account that is destroyed has an
/// entry for each of its slots, so the diff can be applied, undone and stored without knowing about destruction.
struct StateDiff {
    std::vector<AccountChange> accounts;  ///< ascending by address
    std::vector<StorageChange> storage;   ///< ascending by address, then key
    std::vector<NewCode> codes;           ///< ascending by hash, each once

    [[nodiscard]] bool is_empty() const noexcept { return accounts.empty() && storage.empty(); }
};

/// What `first` and then `second` change together; `second` starts where `first` ends (asserted key by key). A key
/// whose changes cancel is left out. Pure; any thread.
[[nodiscard]] StateDiff merge(const StateDiff& first, const StateDiff& second);

/// The diff that undoes `diff`; it brings no codes. Pure; any thread.
[[nodiscard]] StateDiff inverse(const StateDiff& diff);

}  // namespace cairn::chain
