// SPDX-License-Identifier: MIT
#pragma once

#include "chain/rules/seal_engine.hpp"
#include "chain/spec/chain_spec.hpp"
#include "node/sync/sync_types.hpp"

namespace cairn::node {

/// Carries CheckHeaders out: for each header the rules on its parent, then its seal, then whether
/// it is too early for `job.now` (chain/rules/header_check.hpp, pow.hpp); the first failure ends
/// it. Costs an Ethash light check or two hashes a header, so it is run off the network's thread.
/// Pure; any thread.
[[nodiscard]] HeadersChecked check_headers(const chain::ChainSpec& spec,
                                           const chain::SealEngine& engine,
                                           const CheckHeaders& job);

/// Whether headers follow one another by hash and number. Empty: yes. Pure.
[[nodiscard]] bool are_linked(const std::vector<HashedHeader>& headers) noexcept;

}  // namespace cairn::node
