// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/types/transaction.hpp"
#include "wallet/signer.hpp"

namespace cairn::node {

/// The phrase that developers' networks share with anvil and Hardhat. Its keys are public.
inline constexpr const char* kDevMnemonic =
    "test test test test test test test test test test test junk";
inline constexpr std::size_t kDevAccounts = 10;

/// The ten accounts that a developer's node signs for, and those that it pretends to be. Any
/// thread.
class DevAccounts {
public:
    DevAccounts();

    /// Addresses of the ten, in order.
    [[nodiscard]] std::vector<Address> addresses() const;
    /// A table of addresses, amounts and private keys, with a warning: what is printed at start.
    [[nodiscard]] std::string banner() const;

    /// Null where the address is none of the ten.
    [[nodiscard]] const wallet::Signer* find(const Address& address) const;

    /// From here on transactions are sent for this address, too, though nobody has its key.
    void impersonate(const Address& address);
    void stop_impersonating(const Address& address);
    /// For every address.
    void impersonate_all(bool is_on);
    [[nodiscard]] bool is_impersonated(const Address& address) const;

    /// The transaction as the address would have signed it: with its key where we have it, else,
    /// for one that is impersonated, with a signature that stands for nothing but tells senders
    /// apart. Nothing for any other address.
    [[nodiscard]] std::optional<RecoveredTx> sign(Transaction tx, const Address& from) const;

private:
    std::vector<wallet::Signer> signers_;
    mutable std::mutex mutex_;
    std::set<Address> impersonated_;  // guarded by mutex_
    bool impersonates_all_ = false;   // guarded by mutex_
};

}  // namespace cairn::node
