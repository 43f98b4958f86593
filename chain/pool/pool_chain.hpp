// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "chain/pool/sender_queue.hpp"
#include "chain/state/state_reader.hpp"
#include "chain/store/store.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/header.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// The head block and some accounts after it, all of one moment.
struct ChainSnapshot {
    HashedHeader head;
    TotalDifficulty total;              ///< of the head
    std::vector<PoolAccount> accounts;  ///< in the order in which they were asked for
};

/// What the pool asks of the chain. Any thread, several at once.
class PoolChain {
public:
    PoolChain() = default;
    PoolChain(const PoolChain&) = delete;
    PoolChain& operator=(const PoolChain&) = delete;
    virtual ~PoolChain() = default;

    /// @throws SystemError where the machine or the file fails
    [[nodiscard]] virtual ChainSnapshot read(std::span<const Address> addresses) const = 0;
};

/// The chain of a store: each question opens a ReadView and closes it. There is a genesis in the
/// store (asserted), and the store outlives this object.
class StoreChain final : public PoolChain {
public:
    explicit StoreChain(const Store& store) noexcept : store_{store} {}
    [[nodiscard]] ChainSnapshot read(std::span<const Address> addresses) const override;

private:
    const Store& store_;
};

/// The account as a state has it.
[[nodiscard]] PoolAccount pool_account_of(const StateReader& state, const Address& address);

}  // namespace cairn::chain
