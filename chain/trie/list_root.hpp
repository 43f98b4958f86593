// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// Root of the trie whose keys are rlp(0), rlp(1), … and whose values are the items: the
/// transactions, receipts or withdrawals root of a header (Yellow Paper, equations 31 to 33;
/// EIP-2718 says what an item is; EIP-4895). An empty list gives kEmptyTrieRoot. No item may be
/// empty (asserted: none of these encodings is). Pure; any thread.
[[nodiscard]] Hash256 list_root(std::span<const Bytes> items);
/// The same over views.
[[nodiscard]] Hash256 list_root(std::span<const ByteView> items);

/// Appends the encoding of item `index` to `out`, which is empty when called.
using EncodeItem = std::function<void(std::size_t index, Bytes& out)>;
/// The same for items that are encoded when their turn comes, each index once, not in order of
/// index.
[[nodiscard]] Hash256 list_root(std::size_t count, const EncodeItem& encode);

}  // namespace cairn::chain
