// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/expected.hpp"
#include "core/types/transaction.hpp"
#include "rpc/call_args.hpp"
#include "rpc/context.hpp"
#include "rpc/errors.hpp"
#include "rpc/json_writer.hpp"
#include "rpc/method.hpp"

namespace cairn::rpc {

/// The transaction that an object of eth_sendTransaction or eth_fillTransaction asks for, with what
/// it leaves out filled in as geth does: nonce from the pool, gas by estimate on the pending block,
/// the suggested tip, a fee cap of the tip and twice the head's base fee, this chain's id.
///
/// Errors: those of the estimate; in geth's words two kinds of price at once, a fee cap of zero or
/// below the tip, prices that the head's rules do not know, a creation without data.
[[nodiscard]] Result<Transaction, RpcError> fill_tx(EthContext& context, const Call& call,
                                                   CallArgs args);

/// eth_fillTransaction's answer: {raw, tx}, with a signature of zeros (geth).
void write_filled(JsonWriter& out, const Transaction& tx);

}  // namespace cairn::rpc
