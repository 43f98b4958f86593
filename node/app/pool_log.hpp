// SPDX-License-Identifier: MIT
#pragma once

#include "chain/pool/tx_pool.hpp"

namespace cairn::node {

/// Tells the log of every second transaction with the same sender and nonce, and of the block that
/// settles it, for as long as the subscription lives.
[[nodiscard]] chain::EventBus<chain::PoolEvent>::Subscription log_double_spends(
    chain::TxPool& pool);

}  // namespace cairn::node
