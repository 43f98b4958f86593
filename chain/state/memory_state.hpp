// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <unordered_map>

#include "chain/state/state_diff.hpp"
#include "chain/state/state_reader.hpp"

namespace cairn::chain {

/// An account as a map holds it.
struct MemoryAccount {
    AccountRecord record;
    std::map<Uint256, Uint256> storage;  ///< non-zero values only
};

/// A whole state in memory: genesis allocations, tests, and the model that faster state is checked against.
class MemoryState final : public StateReader {
  public:
    [[nodiscard]] std::optional<AccountRecord> account(const Address& address) const override;
    [[nodiscard]] Uint256 storage(const Address& address, const Uint256& key) const override;
    [[nodiscard]] SharedCode code(const CodeHash& hash) const override;
    void visit_storage(const Address& address, const StorageVisitor& visitor) const override;

    /// Makes or replaces the account with this nonce, balance and code; keeps its storage.
    void set_account(const Address& address, std::uint64_t nonce, const Wei& balance, Bytes code = {});
    /// Writes a slot; 0 removes it. The account must exist (asserted).
    void set_storage(const Address& address, const Uint256& key, const Uint256& value);
    /// Carries the diff out. Each `before` must be what is there (asserted); so a diff that was made against another
    /// state is found out.
    void apply(const StateDiff& diff);

    /// All accounts, ascending by address.
    [[nodiscard]] const std::map<Address, MemoryAccount>& accounts() const noexcept { return accounts_; }

  private:
    std::map<Address, MemoryAccount> accounts_;
    std::unordered_map<CodeHash, SharedCode> codes_;
};

}  // namespace cairn::chain
