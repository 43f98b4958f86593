// SPDX-License-Identifier: MIT
#include "wallet/json_text.hpp"

#include <nlohmann/json.hpp>

namespace cairn::wallet {

using Json = nlohmann::json;

std::optional<Json> parse_json(std::string_view text, int depth_max) {
    bool too_deep = false;
    const auto watch = [&too_deep, depth_max](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > depth_max;
        return !too_deep;
    };
    Json out = Json::parse(text, watch, false);
    if (too_deep || out.is_discarded()) return std::nullopt;
    return out;
}

std::string to_json_text(const Json& json, bool indented) {
    return json.dump(indented ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cairn::wallet
