// SPDX-License-Identifier: MIT
#include "wallet/commands/abi_output.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "wallet/abi_text.hpp"
#include "wallet/commands/failure.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;

bool has_distinct_names(const std::vector<std::string>& names) {
    const std::set<std::string> distinct{names.begin(), names.end()};
    return !names.empty() && distinct.size() == names.size() && distinct.count("") == 0;
}

std::optional<DecodedLog> decode_with(const AbiEvent& event, std::span<const Bytes> topics,
                                      ByteView data) {
    if (!event.is_anonymous) {
        if (topics.empty() || !equal(topics.front(), topic_of(event))) return std::nullopt;
        topics = topics.subspan(1);
    }
    std::vector<AbiParam> in_data;
    std::size_t indexed = 0;
    for (const auto& param : event.inputs) {
        if (param.is_indexed)
            ++indexed;
        else
            in_data.push_back(param);
    }
    if (indexed != topics.size()) return std::nullopt;
    const auto plain = decode_abi(tuple_of(in_data), data);
    if (!plain) return std::nullopt;

    DecodedLog out{event.name, event.inputs, {}};
    std::size_t next_topic = 0;
    std::size_t next_plain = 0;
    for (auto& param : out.params) {
        if (!param.is_indexed) {
            out.values.parts.push_back(plain->parts[next_plain++]);
            continue;
        }
        auto value = decode_abi_topic(param.type, topics[next_topic++]);
        if (!value) return std::nullopt;
        if (is_hashed_topic(param.type)) param.type = *parse_abi_type("bytes32");
        out.values.parts.push_back(std::move(*value));
    }
    return out;
}

}  // namespace

Json abi_to_json(const AbiType& type, const AbiValue& value) {
    switch (type.kind) {
        case AbiKind::Bool:
            return !value.number.is_zero();
        case AbiKind::String:
            return std::string{as_text(value.bytes)};
        case AbiKind::Array:
        case AbiKind::FixedArray: {
            Json out = Json::array();
            for (const auto& part : value.parts) out.push_back(abi_to_json(type.parts[0], part));
            return out;
        }
        case AbiKind::Tuple: {
            const bool is_object = has_distinct_names(type.names);
            Json out = is_object ? Json::object() : Json::array();
            for (std::size_t i = 0; i < value.parts.size(); ++i) {
                auto part = abi_to_json(type.parts[i], value.parts[i]);
                if (is_object)
                    out[type.names[i]] = std::move(part);
                else
                    out.push_back(std::move(part));
            }
            return out;
        }
        default:
            return format_abi_value(type, value);
    }
}

std::string params_to_text(const std::vector<AbiParam>& params, const AbiValue& values) {
    std::size_t width = 0;
    for (const auto& param : params) width = std::max(width, param.name.size());
    std::string out;
    for (std::size_t i = 0; i < params.size(); ++i) {
        const auto value = format_abi_value(params[i].type, values.parts[i]);
        out +=
            width == 0 ? value + '\n' : fmt::format("{:<{}}  {}\n", params[i].name, width, value);
    }
    return out;
}

AbiValue decode_or_fail(const std::vector<AbiParam>& params, ByteView data,
                        const std::string& what) {
    auto value = decode_abi(tuple_of(params), data);
    if (!value)
        throw Failure{ExitCode::Failed,
                      fmt::format("{} is no {}: {}", what, canonical_name(tuple_of(params)),
                                  to_string(value.error())),
                      data.empty() ? "is there a contract at this address, on this network?"
                                   : "check the types"};
    return std::move(*value);
}

std::optional<DecodedLog> decode_log(const std::vector<AbiEvent>& events,
                                     const std::vector<Bytes>& topics, ByteView data) {
    for (const auto& event : events)
        if (auto log = decode_with(event, topics, data)) return log;
    return std::nullopt;
}

}  // namespace cairn::wallet
