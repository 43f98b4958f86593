// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

namespace cairn::wallet {

/// Nesting that is read from a user's JSON file.
inline constexpr int kJsonDepthMax = 64;

/// Parses JSON from outside: no exceptions, nesting at most `depth_max`. Nothing for anything else.
[[nodiscard]] std::optional<nlohmann::json> parse_json(std::string_view text,
                                                       int depth_max = kJsonDepthMax);

/// JSON in one line, or indented; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string to_json_text(const nlohmann::json& json, bool indented = false);

}  // namespace cairn::wallet
