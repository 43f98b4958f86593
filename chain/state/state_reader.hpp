// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/types/account.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Immutable code bytes shared by everyone who looks at them; never null where a code is promised.
using SharedCode = std::shared_ptr<const Bytes>;

/// What the flat state holds of an account beside its storage. An account without code has kEmptyCodeHash.
struct AccountRecord {
    std::uint64_t nonce = 0;
    Wei balance;
    CodeHash code_hash = kEmptyCodeHash;

    /// Nonce 0, balance 0, no code (EIP-161).
    [[nodiscard]] bool is_empty() const noexcept {
        return nonce == 0 && balance.is_zero() && code_hash == kEmptyCodeHash;
    }
    friend bool operator==(const AccountRecord&, const AccountRecord&) noexcept = default;
};

/// Told of one storage slot; returns false to end the walk.
using StorageVisitor = std::function<bool(const Uint256& key, const Uint256& value)>;

/// The door to a frozen state: the head on disk, any height, a map in tests, an overlay for a call.
///
/// What a reader says does not change while somebody reads through it. Absence is a value, never an error; a reader
/// that cannot read (a broken disk) throws SystemError. One thread at a time unless the implementation says more.
class StateReader {
  public:
    StateReader() = default;
    StateReader(const StateReader&) = default;
    StateReader& operator=(const StateReader&) = default;
    virtual ~StateReader() = default;

    /// The account's record, or nothing where there is no such account.
    [[nodiscard]] virtual std::optional<AccountRecord> account(const Address& address) const = 0;
    /// The slot's value; 0 for a slot or an account that does not exist.
    [[nodiscard]] virtual Uint256 storage(const Address& address, const Uint256& key) const = 0;
    /// The code of a hash that an account of this state has. Not asked for kEmptyCodeHash.
    [[nodiscard]] virtual SharedCode code(const CodeHash& hash) const = 0;
    /// Visits the account's non-zero slots, each once, in any order. Needed where storage is judged or dropped as a
    /// whole: EIP-7610's collision rule, and SELFDESTRUCT before EIP-6780.
    virtual void visit_storage(const Address& address, const StorageVisitor& visitor) const = 0;
};

}  // namespace cairn::chain
