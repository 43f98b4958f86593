// SPDX-License-Identifier: MIT
#include "rpc/bind.hpp"

namespace cairn::rpc {

std::string result_schema(std::string_view word) {
    const bool may_be_null = word.ends_with('?');
    const auto plain = may_be_null ? word.substr(0, word.size() - 1) : word;
    std::string schema;
    if (plain == "quantity") {
        schema = ParamCodec<Uint256>::schema();
    } else if (plain == "data") {
        schema = ParamCodec<Bytes>::schema();
    } else if (plain == "hash") {
        schema = ParamCodec<Hash256>::schema();
    } else if (plain == "address") {
        schema = ParamCodec<Address>::schema();
    } else if (plain == "boolean" || plain == "string" || plain == "object" || plain == "array" ||
               plain == "number") {
        schema = R"({"type":")" + std::string{plain} + R"("})";
    } else if (plain == "any") {
        return "{}";
    } else {
        return std::string{word};
    }
    return may_be_null ? R"({"oneOf":[)" + schema + R"(,{"type":"null"}]})" : schema;
}

namespace detail {

const nlohmann::json* param_at(const nlohmann::json& params, std::size_t index,
                               const std::string& name) {
    const nlohmann::json* found = nullptr;
    if (params.is_array()) {
        if (index < params.size()) found = &params[index];
    } else if (params.is_object()) {
        found = find_member(params, name.c_str());
    }
    return found == nullptr || found->is_null() ? nullptr : found;
}

Reply check_count(const nlohmann::json& params, std::size_t count) {
    if (!params.is_array() || params.size() <= count) return {};
    return invalid_params("too many arguments, want at most " + std::to_string(count));
}

RpcError missing_param(std::size_t index) {
    return {kInvalidParams, "missing value for required argument " + std::to_string(index)};
}

RpcError invalid_param(std::size_t index, const std::string& why) {
    return {kInvalidParams, "invalid argument " + std::to_string(index) + ": " + why};
}

}  // namespace detail
}  // namespace cairn::rpc
