// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::rpc {

/// A JSON-RPC request over HTTP as programs send it. The views are into the bytes that were read.
struct PlainPost {
    std::string_view host;
    std::string_view body;
    std::size_t bytes = 0;  ///< of the whole request; what follows is the next one's
};

/// Takes a request apart that has come whole, and that needs no rules but the host check: `POST /`
/// in HTTP/1.1, a body of JSON with its length, and otherwise only header fields that change
/// nothing for a JSON-RPC server (RFC 9110). Nothing for any other bytes, be they a request that is
/// still coming, one with credentials, an origin or a preflight, or no HTTP at all: then the general
/// parser, which knows all of HTTP, reads them from their beginning. Pure.
/// @param body_max  bytes; a longer body is left to the general parser
[[nodiscard]] std::optional<PlainPost> scan_plain_post(std::string_view bytes,
                                                       std::size_t body_max) noexcept;

/// Status line and header fields of a JSON answer with status 200 to such a request.
/// @param varies  whether pages of some origins may ask, so that caches must tell them apart
[[nodiscard]] std::string plain_response_head(std::size_t body_bytes, bool varies);

}  // namespace cairn::rpc
