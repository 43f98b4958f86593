// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "core/base/bytes.hpp"
#include "core/types/receipt.hpp"

namespace cairn::chain {

/// A block's receipts as the store keeps them: RLP list of [type, state_root or status,
/// cumulative_gas_used, logs]. Blooms are left out: they follow from the logs and would be most of
/// the bytes. A bloom that does not follow from the logs is our own mistake and found by the header
/// check.
[[nodiscard]] Bytes encode_stored_receipts(const std::vector<Receipt>& receipts);

/// @throws StoreError Corrupt for anything encode_stored_receipts does not give
[[nodiscard]] std::vector<Receipt> decode_stored_receipts(ByteView bytes);

}  // namespace cairn::chain
