// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/bytes.hpp"
#include "core/math/uint256.hpp"
#include "core/types/ids.hpp"

namespace cairn::rpc {

/// The low 20 bytes of a word, as the machine reads an address from the stack.
[[nodiscard]] Address address_of_word(const Uint256& word) noexcept;
/// A word as 32 bytes, big-endian.
[[nodiscard]] Hash256 hash_of_word(const Uint256& word) noexcept;
/// Bytes of memory at a stretch that may lie beyond its end, where it reads as 0; nothing for a
/// stretch too long to be paid for.
[[nodiscard]] Bytes memory_at(ByteView memory, const Uint256& offset, const Uint256& size);

}  // namespace cairn::rpc
