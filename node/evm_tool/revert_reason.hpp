// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "core/base/bytes.hpp"

namespace cairn::node {

/// What a contract said when it reverted, in words: the text of Error(string), or Panic(uint256) with its meaning
/// (Solidity documentation, "Panic via assert and Error via require"). Nothing for any other data, or data cut short.
/// The text is as the contract gave it: whoever prints it escapes it.
[[nodiscard]] std::optional<std::string> decode_revert_reason(ByteView data);

}  // namespace cairn::node
