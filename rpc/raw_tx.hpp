// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "chain/pool/pool_tx.hpp"
#include "core/types/transaction_rlp.hpp"
#include "rpc/context.hpp"

namespace cairn::rpc {

/// A transaction as a user sends it, or why the bytes are none (-32000, as geth).
[[nodiscard]] Result<PooledTx, RpcError> decode_raw_tx(ByteView raw);

/// The transaction with its sender, for the pool; an error where nobody can have signed it.
[[nodiscard]] Result<chain::NewTx, RpcError> recover_raw_tx(const PooledTx& tx);

/// The canonical bytes of a mined or pooled transaction.
[[nodiscard]] std::optional<Bytes> find_raw_tx(const EthContext& context, const TxHash& hash);

}  // namespace cairn::rpc
