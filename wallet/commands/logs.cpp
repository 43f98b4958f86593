// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "wallet/commands/abi_output.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/artifact.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/node_client.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;

/// The events that are asked for by line; without any, all of the interface.
std::vector<AbiEvent> events_of(const LogsOptions& request) {
    std::vector<AbiEvent> out;
    for (const auto& line : request.events) {
        auto event = parse_event(line);
        if (!event)
            throw Failure{ExitCode::BadRequest,
                          fmt::format("{}: {}", line, to_string(event.error())),
                          "write it like \"Transfer(address indexed from, address indexed to, "
                          "uint256 value)\""};
        out.push_back(std::move(*event));
    }
    if (!out.empty()) return out;
    if (const auto abi = interface_of(request.interface)) return abi->events;
    return {};
}

Json filter_of(const LogsOptions& request) {
    Json filter{{"fromBlock", block_argument(request.from_block)},
                {"toBlock", block_argument(request.to_block)}};
    if (!request.address.empty()) filter["address"] = to_hex0x(address_argument(request.address));
    if (request.events.empty()) return filter;
    // Any of the named events; an anonymous one has no topic to ask for.
    Json topics = Json::array();
    for (const auto& event : events_of(request)) {
        if (event.is_anonymous) return filter;
        topics.push_back(to_hex0x(topic_of(event)));
    }
    filter["topics"] = Json::array({topics});
    return filter;
}

Bytes hex_member(const Json& object, const char* name) {
    const auto at = object.find(name);
    const auto* text = at != object.end() ? at->get_ptr<const std::string*>() : nullptr;
    return text != nullptr ? from_hex(*text).value_or(Bytes{}) : Bytes{};
}

std::vector<Bytes> topics_of(const Json& log) {
    std::vector<Bytes> out;
    if (!log.contains("topics") || !log["topics"].is_array()) return out;
    for (const auto& topic : log["topics"])
        if (topic.is_string())
            out.push_back(from_hex(topic.get_ref<const std::string&>()).value_or(Bytes{}));
    return out;
}

}  // namespace

void run_logs(const GlobalOptions& options, const LogsOptions& request) {
    const auto events = events_of(request);
    NodeClient node{options};
    (void)node.chain_id();
    const auto logs = node.ask("eth_getLogs", Json::array({filter_of(request)}));
    std::string text;
    Json list = Json::array();
    for (const auto& log : logs) {
        if (!log.is_object()) continue;
        const auto data = hex_member(log, "data");
        const auto decoded = decode_log(events, topics_of(log), data);
        Json entry{{"log", log}};
        const auto block = quantity_of(log.value("blockNumber", Json{}), "a log's block");
        text += fmt::format("block {}  {}", to_decimal(block), log.value("address", ""));
        if (decoded) {
            entry["event"] = decoded->name;
            entry["values"] = abi_to_json(tuple_of(decoded->params), decoded->values);
            text += fmt::format("  {}\n{}", decoded->name,
                                params_to_text(decoded->params, decoded->values));
        } else {
            text += "\n";
            for (const auto& topic : topics_of(log)) text += "  topic " + to_hex0x(topic) + "\n";
            if (!data.empty()) text += "  data  " + to_hex0x(data) + "\n";
        }
        list.push_back(std::move(entry));
    }
    if (list.empty()) text = "no logs\n";
    print_answer(options, text, {{"logs", list}});
}

}  // namespace cairn::wallet
