// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/bloom.hpp"
#include "core/types/decode_error.hpp"
#include "core/types/ids.hpp"
#include "core/types/transaction.hpp"
#include "core/types/units.hpp"

namespace cairn {

/// What a LOG instruction leaves (Yellow Paper, section 4.3.1).
struct Log {
    Address address;
    std::vector<Hash256> topics;  ///< at most 4
    Bytes data;
    friend bool operator==(const Log&, const Log&) noexcept = default;
};

/// Outcome of one transaction of a block.
struct Receipt {
    TxType type = TxType::Legacy;
    /// Root after the transaction, before Byzantium; then `success` is not encoded.
    std::optional<Hash256> state_root;
    /// From Byzantium on (EIP-658).
    bool success = false;
    /// Gas used in the block up to and with this transaction.
    Gas cumulative_gas_used = 0;
    Bloom bloom;
    std::vector<Log> logs;
    friend bool operator==(const Receipt&, const Receipt&) noexcept = default;
};

/// Topics of one log at most (LOG4).
inline constexpr std::size_t kLogTopicsMax = 4;

/// Canonical EIP-2718 form, as the receipts trie holds it: RLP list of 4 [state_root or status,
/// cumulative_gas_used, bloom, logs], after its type byte unless legacy.
[[nodiscard]] Bytes encode_receipt(const Receipt& receipt);

/// One receipt in that form and nothing after it.
[[nodiscard]] Result<Receipt, DecodeError> decode_receipt(ByteView bytes);

/// Appends the receipt as an element of a devp2p message: legacy as the list itself, typed as an
/// RLP string.
void append_receipt_item(Bytes& out, const Receipt& receipt);

/// One such element, its own prefix included.
[[nodiscard]] Result<Receipt, DecodeError> decode_receipt_item(ByteView item);

/// A block's receipts as one RLP list of such elements: the store's and the eth protocol's form.
[[nodiscard]] Bytes encode_receipts(const std::vector<Receipt>& receipts);
[[nodiscard]] Result<std::vector<Receipt>, DecodeError> decode_receipts(ByteView bytes);

}  // namespace cairn
