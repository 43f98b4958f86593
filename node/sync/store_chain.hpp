// SPDX-License-Identifier: MIT
#pragma once

#include "chain/store/store.hpp"
#include "node/sync/doors.hpp"

namespace cairn::node {

/// The ledger on disk behind ChainDoor: every snapshot is one ReadView. Any thread. The store
/// outlives it and holds genesis. @throws StoreError where the machine or the file fails.
class StoreChain final : public ChainDoor {
public:
    explicit StoreChain(const chain::Store& store) noexcept : store_{store} {}
    [[nodiscard]] std::unique_ptr<ChainSnapshot> snapshot() const override;

private:
    const chain::Store& store_;
};

}  // namespace cairn::node
