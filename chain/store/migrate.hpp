// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "chain/store/lmdb.hpp"

namespace cairn::chain {

/// One step of the schema: brings a store from version `from` to `from + 1` within the transaction.
struct Migration {
    std::uint32_t from = 0;
    void (*run)(Txn& txn) = nullptr;
};

/// The steps this program knows, ascending by `from`, without gaps, up to kSchemaVersion. Version 1
/// is the first, so there are none.
inline constexpr std::span<const Migration> kMigrations{};

/// Brings the store to `version`: writes the version into an empty one, runs the steps on an older
/// one, all in one transaction. One that cannot be written is only looked at.
/// @throws StoreError VersionMismatch for a store that is newer, older than the first step, not to
///         be written and older, or not ours
void migrate(Env& env, std::span<const Migration> steps = kMigrations,
             std::uint32_t version = kSchemaVersion);

}  // namespace cairn::chain
