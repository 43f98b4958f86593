// SPDX-License-Identifier: MIT
#include "rpc/openrpc.hpp"

#include <set>

#include "rpc/bind.hpp"

namespace cairn::rpc {
namespace {

void write_method(JsonWriter& out, const Method& method) {
    out.begin_object();
    out.text("name", method.name);
    out.text("summary", method.summary);
    out.text("paramStructure", "either");
    out.key("params").begin_array();
    for (const auto& param : method.params) {
        out.begin_object();
        out.text("name", param.name);
        out.boolean("required", param.is_required);
        out.key("schema").raw(param.schema);
        out.end_object();
    }
    out.end_array();
    out.key("result").begin_object();
    out.text("name", "result");
    out.key("schema").raw(method.result_schema);
    out.end_object();
    out.end_object();
}

}  // namespace

void write_openrpc(JsonWriter& out, const Dispatcher& dispatcher, std::string_view version) {
    out.begin_object();
    out.text("openrpc", "1.2.6");
    out.key("info").begin_object();
    out.text("title", "Cairn JSON-RPC");
    out.text("version", version);
    out.end_object();
    out.key("methods").begin_array();
    for (const auto* method : dispatcher.methods()) write_method(out, *method);
    out.end_array();
    out.end_object();
}

std::vector<Method> rpc_methods(const Dispatcher& dispatcher, std::string_view version) {
    Method modules;
    modules.name = "rpc_modules";
    modules.summary = "The namespaces that are open where this is asked, each with its version.";
    modules.result_schema = result_schema("object");
    modules.cost = Cost::Light;
    modules.handler = [&dispatcher](Call& call, const nlohmann::json&, JsonWriter& out) -> Reply {
        std::set<std::string_view> names;
        for (const auto* method : dispatcher.methods())
            if (call.apis->has(method->api())) names.insert(method->api());
        out.begin_object();
        for (const auto name : names) out.text(name, "1.0");
        out.end_object();
        return {};
    };
    Method discover;
    discover.name = "rpc.discover";
    discover.summary = "This description: an OpenRPC document of every method.";
    discover.result_schema = result_schema("object");
    discover.handler = [&dispatcher, version = std::string{version}](Call&, const nlohmann::json&,
                                                                     JsonWriter& out) -> Reply {
        write_openrpc(out, dispatcher, version);
        return {};
    };
    return {std::move(modules), std::move(discover)};
}

}  // namespace cairn::rpc
