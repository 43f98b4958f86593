// SPDX-License-Identifier: MIT
#include "rpc/dispatcher.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/thread_pool.hpp"
#include "rpc/big_numerals.hpp"
#include "rpc/plain_request.hpp"

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

/// A batch of more light calls than this goes to a worker: it would hold up the connection's
/// neighbours.
constexpr std::size_t kLightBatchMax = 64;
/// Calls of a batch from which on other threads are asked to help to prepare them.
constexpr std::size_t kPreparedTogetherMin = 4;

void append_error(std::string& out, std::string_view id, const RpcError& error) {
    out += R"({"jsonrpc":"2.0","id":)";
    out += id;
    out += R"(,"error":{"code":)";
    out += std::to_string(error.code);
    out += R"(,"message":)";
    append_json_text(out, error.message);
    if (!error.data.empty()) {
        out += R"(,"data":)";
        out += error.data;
    }
    out += "}}";
}

std::string error_text(const RpcError& error) {
    std::string out;
    append_error(out, "null", error);
    return out;
}

/// The parts of one call that were found well-formed, or why it is no call.
struct OneCall {
    Json params;  ///< null: none
    const Method* method = nullptr;
    std::string name;
    std::string id;  ///< JSON text; empty in a notification
    std::optional<RpcError> fault{};
};

/// Takes one call apart (JSON-RPC 2.0, section 4); its parameters are moved out.
/// @param has_marks  whether numerals beyond a double are marked in it (big_numerals.hpp)
OneCall take_call(Json& in, bool has_marks) {
    OneCall call;
    const auto invalid = [&call](const char* why) {
        call.fault = RpcError{kInvalidRequest, why};
        return call;
    };
    if (!in.is_object()) {
        call.id = "null";
        return invalid("invalid request");
    }
    if (const auto id = in.find("id"); id != in.end()) {
        const bool is_id = id->is_string() || id->is_number() || id->is_null();
        const auto numeral = has_marks ? marked_numeral(*id) : std::nullopt;
        call.id = numeral ? std::string{*numeral} : is_id ? id->dump() : "null";
        if (!is_id) return invalid("invalid request");
    }
    if (has_marks) settle_marks(in);
    const auto refuse = [&] {
        // What is no request cannot be a notification either.
        if (call.id.empty()) call.id = "null";
        return invalid("invalid request");
    };
    const auto version = in.find("jsonrpc");
    if (version == in.end() || *version != "2.0") return refuse();
    const auto method = in.find("method");
    if (method == in.end() || !method->is_string()) return refuse();
    call.name = method->get<std::string>();
    if (const auto params = in.find("params"); params != in.end() && !params->is_null()) {
        if (!params->is_array() && !params->is_object()) {
            if (call.id.empty()) call.id = "null";
            call.fault = RpcError{kInvalidParams, "non-array args"};
        }
        call.params = std::move(*params);
    }
    return call;
}

}  // namespace

struct Dispatcher::Request::Parsed {
    std::vector<OneCall> calls;
    bool is_batch = false;
    /// Set where the text as a whole is refused.
    std::optional<RpcError> fault{};

    /// Any text, by way of a tree.
    void read_in_full(std::string_view body, const Limits& limits);
};

Dispatcher::Request::Request(std::unique_ptr<Parsed> parsed, Cost cost) noexcept
    : parsed_{std::move(parsed)}, cost_{cost} {}
Dispatcher::Request::Request(Request&&) noexcept = default;
Dispatcher::Request& Dispatcher::Request::operator=(Request&&) noexcept = default;
Dispatcher::Request::~Request() = default;

ApiSet ApiSet::all() {
    ApiSet set;
    set.has_all_ = true;
    return set;
}

ApiSet ApiSet::parse(std::string_view names) {
    ApiSet set;
    while (!names.empty()) {
        auto name = names.substr(0, names.find(','));
        names.remove_prefix(std::min(names.size(), name.size() + 1));
        while (name.starts_with(' ')) name.remove_prefix(1);
        while (name.ends_with(' ')) name.remove_suffix(1);
        if (!name.empty()) set.names_.emplace(name);
    }
    return set;
}

bool ApiSet::has(std::string_view api) const {
    if (names_.contains(api)) return true;
    // `rpc` describes what there is and is everywhere, as in geth.
    if (api == "rpc") return true;
    const bool is_named_only =
        std::find(std::begin(kNamedOnly), std::end(kNamedOnly), api) != std::end(kNamedOnly);
    return has_all_ && !is_named_only;
}

Dispatcher::Dispatcher(const Limits& limits) : limits_{limits} {}
Dispatcher::~Dispatcher() = default;

void Dispatcher::add(std::vector<Method> methods) {
    for (auto& method : methods) {
        auto name = method.name;
        const auto added = methods_.emplace(std::move(name), std::move(method)).second;
        CAIRN_ASSERT(added);
    }
}

std::vector<const Method*> Dispatcher::methods() const {
    std::vector<const Method*> out;
    out.reserve(methods_.size());
    for (const auto& [name, method] : methods_) out.push_back(&method);
    std::sort(out.begin(), out.end(),
              [](const Method* a, const Method* b) { return a->name < b->name; });
    return out;
}

const Method* Dispatcher::find(std::string_view name) const {
    const auto found = methods_.find(name);
    return found == methods_.end() ? nullptr : &found->second;
}

void Dispatcher::Request::Parsed::read_in_full(std::string_view body, const Limits& limits) {
    if (nests_deeper_than(body, limits.json_depth_max)) {
        fault = RpcError{kInvalidRequest,
                         "nested deeper than " + std::to_string(limits.json_depth_max)};
        return;
    }
    auto json = Json::parse(body, nullptr, false);
    bool has_marks = false;
    if (json.is_discarded()) {
        if (const auto marked = mark_big_numerals(body)) {
            json = Json::parse(*marked, nullptr, false);
            has_marks = true;
        }
    }
    if (json.is_discarded()) {
        fault = RpcError{kParseError, "parse error"};
        return;
    }
    is_batch = json.is_array();
    if (!is_batch) {
        calls.push_back(take_call(json, has_marks));
    } else if (json.empty()) {
        fault = RpcError{kInvalidRequest, "empty batch"};
    } else if (json.size() > limits.batch_calls_max) {
        fault = RpcError{kInvalidRequest, "batch too large"};
    } else {
        calls.reserve(json.size());
        for (auto& each : json) calls.push_back(take_call(each, has_marks));
    }
}

std::unique_ptr<Dispatcher::Request::Parsed> Dispatcher::read_plain(std::string_view body) const {
    // A batch, a call and flat parameters nest three deep.
    constexpr std::size_t kPlainDepth = 3;
    if (limits_.json_depth_max < kPlainDepth) return nullptr;
    const auto plain = scan_plain_request(body, limits_.batch_calls_max);
    if (!plain) return nullptr;
    auto parsed = std::make_unique<Request::Parsed>();
    parsed->is_batch = plain->is_batch;
    parsed->calls.reserve(plain->calls.size());
    for (const auto& each : plain->calls) {
        OneCall call;
        if (auto flat = read_flat_params(each.params)) {
            call.params = *std::move(flat);
        } else if (!each.params.empty()) {
            // The call's own bracket and a batch's come on top; the general reader counts those.
            if (nests_deeper_than(each.params, limits_.json_depth_max - 2)) return nullptr;
            call.params = Json::parse(each.params, nullptr, false);
            if (!call.params.is_array()) return nullptr;  // discarded, mostly
        }
        call.name = each.method;
        call.id = each.id;
        parsed->calls.push_back(std::move(call));
    }
    return parsed;
}

Dispatcher::Request Dispatcher::read(std::string_view body) const {
    auto parsed = read_plain(body);
    if (parsed == nullptr) {
        parsed = std::make_unique<Request::Parsed>();
        parsed->read_in_full(body, limits_);
    }
    if (parsed->fault) return Request{std::move(parsed), Cost::Light};
    auto cost = parsed->calls.size() > kLightBatchMax ? Cost::Heavy : Cost::Light;
    for (auto& call : parsed->calls) {
        call.method = find(call.name);
        if (call.method != nullptr) cost = std::max(cost, call.method->cost);
    }
    return Request{std::move(parsed), cost};
}

std::string Dispatcher::run(const Request& request, const ApiSet& apis, Call& call) const {
    const auto& parsed = *request.parsed_;
    call.apis = &apis;
    if (parsed.fault) return error_text(*parsed.fault);
    std::string out;
    if (parsed.is_batch) {
        out = run_batch(parsed, apis, call);
    } else {
        run_one(parsed, 0, apis, call, out);
    }
    call.head_state.reset();  // the answer may be long on its way
    return out;
}

std::string Dispatcher::handle(std::string_view body, const ApiSet& apis, Call& call) const {
    return run(read(body), apis, call);
}

Reply Dispatcher::invoke(const Method& method, Call& call, const Json& params,
                         JsonWriter& out) const {
    if (call.is_late()) return Unexpected{RpcError{kTimedOut, "request timed out"}};
    // A snapshot is not kept across what may last.
    if (method.cost == Cost::Heavy) call.head_state.reset();
    try {
        if (before_call) before_call(method);
        return method.handler(call, params, out);
    } catch (const std::exception& failure) {
        // The top of a request's thread: a disk that fails one reader must not take the node down.
        if (on_failure) on_failure(method.name, failure.what());
        return Unexpected{
            RpcError{kInternalError, std::string{"internal error: "} + failure.what()}};
    }
}

void Dispatcher::run_one(const Request::Parsed& parsed, std::size_t index, const ApiSet& apis,
                         Call& call, std::string& out) const {
    const auto& one = parsed.calls[index];
    const bool is_notification = one.id.empty();
    const auto start = out.size();
    const auto fail = [&](const RpcError& error) {
        out.resize(start);
        if (!is_notification) append_error(out, one.id, error);
    };
    if (one.fault) return fail(*one.fault);
    if (one.method == nullptr || !apis.has(one.method->api()))
        return fail(
            {kMethodNotFound, "the method " + one.name + " does not exist/is not available"});
    out += R"({"jsonrpc":"2.0","id":)";
    out += one.id;
    out += R"(,"result":)";
    JsonWriter writer{out};
    const auto reply =
        invoke(*one.method, call, one.params, writer);
    if (!reply) return fail(reply.error());
    if (out.size() - start > limits_.reply_bytes_max)
        return fail({kResponseTooLarge, "response too large"});
    if (is_notification) {
        out.resize(start);
    } else {
        out += '}';
    }
}

std::vector<std::shared_ptr<const void>> Dispatcher::prepare(const Request::Parsed& parsed,
                                                             const ApiSet& apis,
                                                             const Call& call) const {
    if (call.helpers == nullptr) return {};
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < parsed.calls.size(); ++i) {
        const auto& one = parsed.calls[i];
        if (!one.fault && one.method != nullptr && one.method->prepare &&
            apis.has(one.method->api()))
            which.push_back(i);
    }
    if (which.size() < kPreparedTogetherMin) return {};
    std::vector<std::shared_ptr<const void>> out(parsed.calls.size());
    try {
        call.helpers->parallel_for(which.size(), [&](std::size_t i) {
            const auto& one = parsed.calls[which[i]];
            if (!call.is_late()) out[which[i]] = one.method->prepare(one.params);
        });
    } catch (const std::exception&) {
        return {};  // each call will meet it again, and answer for it
    }
    return out;
}

std::string Dispatcher::run_batch(const Request::Parsed& parsed, const ApiSet& apis,
                                  Call& call) const {
    auto prepared = prepare(parsed, apis, call);
    std::string out = "[";
    for (std::size_t i = 0; i < parsed.calls.size(); ++i) {
        if (out.size() > limits_.batch_reply_bytes_max) {
            // As geth: the calls that are left are answered, but not run.
            for (; i < parsed.calls.size(); ++i) {
                if (parsed.calls[i].id.empty()) continue;
                out += ',';
                append_error(out, parsed.calls[i].id, {kResponseTooLarge, "response too large"});
            }
            break;
        }
        const auto before = out.size();
        if (before > 1) out += ',';
        const auto start = out.size();
        if (!prepared.empty()) call.prepared = std::move(prepared[i]);
        run_one(parsed, i, apis, call, out);
        if (out.size() == start) out.resize(before);
    }
    if (out.size() == 1) return {};
    out += ']';
    return out;
}

bool nests_deeper_than(std::string_view text, std::size_t depth_max) noexcept {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (text[i]) {
            case '"':
                for (++i; i < text.size() && text[i] != '"'; ++i)
                    if (text[i] == '\\') ++i;
                break;
            case '[':
            case '{':
                if (++depth > depth_max) return true;
                break;
            case ']':
            case '}':
                if (depth > 0) --depth;
                break;
            default:
                break;
        }
    }
    return false;
}

}  // namespace cairn::rpc
