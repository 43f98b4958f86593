// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace cairn::node {

/// genesis/testnet.json, as the program was built with it.
[[nodiscard]] std::string_view testnet_genesis_json() noexcept;
/// genesis/dev.json.
[[nodiscard]] std::string_view dev_genesis_json() noexcept;

}  // namespace cairn::node
