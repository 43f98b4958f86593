// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rpc/http/asio.hpp"
#include "rpc/http/http_message.hpp"
#include "rpc/server.hpp"

namespace cairn::rpc {

using HttpMessage = http::request<http::string_body>;

/// What a client wants to hear before it sends the body (RFC 9110, section 10.1.1).
enum class Expectation : std::uint8_t {
    None,      ///< nothing, or it speaks HTTP/1.0, where the field is to be ignored
    Continue,  ///< that the body is wanted
    Unknown,   ///< something that nobody has defined
};
[[nodiscard]] Expectation expectation_of(const HttpMessage& request);

/// The answer to a request that is not to be dispatched, as geth gives it: a wrong host (403), no
/// token (401), a foreign method (405) or content type (415), an empty GET (200), a CORS preflight
/// (204); nothing where it is JSON-RPC to run.
[[nodiscard]] std::optional<HttpResponse> refuse_or_answer(const EndpointOptions& endpoint,
                                                           const HttpMessage& request,
                                                           std::int64_t now);

/// The same for a request to become a WebSocket; nothing where it may.
[[nodiscard]] std::optional<HttpResponse> refuse_websocket(const EndpointOptions& endpoint,
                                                           const HttpMessage& request,
                                                           std::int64_t now);

/// The CORS fields that go with an answer to this request.
void add_cors_fields(const EndpointOptions& endpoint, const HttpMessage& request,
                     HttpResponse& response);

/// The request as a path's handler takes it.
[[nodiscard]] HttpRequest to_path_request(HttpMessage&& request, const std::string& remote);

/// Status line and header fields of an answer whose body follows.
[[nodiscard]] std::string response_head(const HttpResponse& response, std::size_t body_bytes,
                                        bool keep_alive);

}  // namespace cairn::rpc
