// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace cairn::rpc {

/// The parts of a call that is written as clients write it.
struct PlainCall {
    std::string_view id;      ///< JSON text of a number, string or null; empty in a notification
    std::string_view method;  ///< the name itself
    std::string_view params;  ///< JSON text between brackets, them included; empty where left out
};

/// What of a request's text the fast reader took apart. The views are into the text.
struct PlainRequest {
    std::vector<PlainCall> calls;
    bool is_batch = false;
};

/// Takes a request or batch apart in one pass and without a tree, where it is written plainly:
/// objects with no members but `jsonrpc` ("2.0"), `id`, `method` and `params` (an array), each once
/// at most, names and strings without escapes or control characters, an `id` that is an integer of
/// up to 15 digits, a string or null. Nothing for any other text, also where that is no JSON at
/// all: then the general reader finds out what it is. What stands in `params` is not looked at
/// beyond matching brackets. Pure.
/// @param calls_max  a batch of more is left to the general reader, and so is an empty one
[[nodiscard]] std::optional<PlainRequest> scan_plain_request(std::string_view text,
                                                             std::size_t calls_max);

/// The array that `params` of a PlainCall stands for, where it is a flat list of plain strings and
/// booleans, as most parameters are; nothing for any other text. Pure.
[[nodiscard]] std::optional<nlohmann::json> read_flat_params(std::string_view params);

}  // namespace cairn::rpc
