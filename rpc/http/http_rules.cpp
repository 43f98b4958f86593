// SPDX-License-Identifier: MIT
#include "rpc/http/http_rules.hpp"

#include <algorithm>
#include <array>

namespace cairn::rpc {
namespace {

std::string_view view(beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

HttpResponse plain(unsigned status, std::string text) {
    return {status, std::move(text) + "\n", "text/plain; charset=utf-8"};
}

/// Whether the content type is one that JSON-RPC comes in; parameters behind a semicolon do not
/// count.
bool is_json_type(std::string_view type) {
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    constexpr std::array<std::string_view, 3> kTypes{"application/json", "application/json-rpc",
                                                     "application/jsonrequest"};
    return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

std::optional<HttpResponse> refuse_by_identity(const EndpointOptions& endpoint,
                                               const HttpMessage& request, std::int64_t now) {
    if (!is_host_allowed(endpoint.vhosts, view(request[http::field::host])))
        return plain(403, "invalid host specified");
    if (request.method() == http::verb::options) return std::nullopt;
    const auto authorized =
        check_authorization(endpoint.auth, view(request[http::field::authorization]), now);
    if (authorized) return std::nullopt;
    auto response = plain(401, authorized.error());
    response.fields.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

/// The answer to a browser that asks whether it may (Fetch standard, CORS-preflight request).
HttpResponse preflight(const EndpointOptions& endpoint, const HttpMessage& request) {
    HttpResponse response{204};
    response.content_type.clear();
    add_cors_fields(endpoint, request, response);
    const bool is_allowed =
        std::any_of(response.fields.begin(), response.fields.end(),
                    [](const auto& field) { return field.first == "Access-Control-Allow-Origin"; });
    if (!is_allowed) return response;
    response.fields.emplace_back("Access-Control-Allow-Methods", "GET, POST");
    const auto wanted = view(request[http::field::access_control_request_headers]);
    if (!wanted.empty())
        response.fields.emplace_back("Access-Control-Allow-Headers", std::string{wanted});
    response.fields.emplace_back("Access-Control-Max-Age", "600");
    return response;
}

}  // namespace

std::string_view status_text(unsigned status) noexcept {
    return view(http::obsolete_reason(http::int_to_status(status)));
}

Expectation expectation_of(const HttpMessage& request) {
    constexpr unsigned kHttp11 = 11;
    const auto [begin, end] = request.equal_range(http::field::expect);
    if (begin == end || request.version() < kHttp11) return Expectation::None;
    const bool is_known = std::all_of(begin, end, [](const auto& field) {
        return beast::iequals(field.value(), "100-continue");
    });
    return is_known ? Expectation::Continue : Expectation::Unknown;
}

void add_cors_fields(const EndpointOptions& endpoint, const HttpMessage& request,
                     HttpResponse& response) {
    if (endpoint.cors_origins.empty()) return;
    response.fields.emplace_back("Vary", "Origin");
    if (auto origin = allowed_origin(endpoint.cors_origins, view(request[http::field::origin])))
        response.fields.emplace_back("Access-Control-Allow-Origin", std::move(*origin));
}

std::optional<HttpResponse> refuse_or_answer(const EndpointOptions& endpoint,
                                             const HttpMessage& request, std::int64_t now) {
    if (auto refused = refuse_by_identity(endpoint, request, now)) return refused;
    if (request.method() == http::verb::options) return preflight(endpoint, request);
    // A bare GET asks whether anybody is there, as load balancers do.
    if (request.method() == http::verb::get && request.body().empty() && request.target() == "/")
        return HttpResponse{200, {}, ""};
    if (request.method() != http::verb::post) return plain(405, "method not allowed");
    if (!is_json_type(view(request[http::field::content_type])))
        return plain(415, "invalid content type, only application/json is supported");
    const auto path = view(request.target()).substr(0, view(request.target()).find('?'));
    if (path != "/") return plain(404, "404 page not found");
    return std::nullopt;
}

std::optional<HttpResponse> refuse_websocket(const EndpointOptions& endpoint,
                                             const HttpMessage& request, std::int64_t now) {
    if (auto refused = refuse_by_identity(endpoint, request, now)) return refused;
    if (!is_websocket_origin_allowed(endpoint.websocket_origins,
                                     view(request[http::field::origin])))
        return plain(403, "origin not allowed");
    return std::nullopt;
}

HttpRequest to_path_request(HttpMessage&& request, const std::string& remote) {
    HttpRequest out;
    out.method = view(request.method_string());
    const auto target = view(request.target());
    const auto question = target.find('?');
    out.path = target.substr(0, question);
    if (question != std::string_view::npos) out.query = target.substr(question + 1);
    if (auto basic = parse_basic(view(request[http::field::authorization]))) {
        out.user = std::move(basic->user);
        out.password = std::move(basic->password);
    }
    out.body = std::move(request.body());
    out.remote = remote;
    return out;
}

std::string response_head(const HttpResponse& response, std::size_t body_bytes, bool keep_alive) {
    std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
    out += status_text(response.status);
    if (!response.content_type.empty()) {
        out += "\r\nContent-Type: ";
        out += response.content_type;
    }
    for (const auto& [name, value] : response.fields) {
        out += "\r\n";
        out += name;
        out += ": ";
        out += value;
    }
    // 204 has no body and must not tell a length (RFC 9110, section 8.6).
    if (response.status != 204) {
        out += "\r\nContent-Length: ";
        out += std::to_string(body_bytes);
    }
    if (!keep_alive) out += "\r\nConnection: close";
    out += "\r\n\r\n";
    return out;
}

}  // namespace cairn::rpc
