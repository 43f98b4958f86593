// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/bytes.hpp"
#include "core/types/transaction.hpp"

namespace cairn {

/// Appends the RLP list of the type's fields: with the signature when there is one, else as it is
/// signed (legacy with (chain_id, 0, 0) in its place when protected, EIP-155). The envelope's type
/// byte is not written. What transaction.cpp signs and transaction_rlp.cpp sends come from here.
void append_tx_payload(Bytes& out, const Transaction& tx, const TxSignature* signature);

}  // namespace cairn
