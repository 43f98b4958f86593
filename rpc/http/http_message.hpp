// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::rpc {

/// A request to a path of its own (not JSON-RPC's).
struct HttpRequest {
    std::string method;  ///< "GET", "POST"
    std::string path;    ///< without the query
    std::string query;   ///< without the question mark
    std::string body;
    std::string user;      ///< of HTTP Basic, empty where none was sent
    std::string password;  ///< likewise
    std::string remote;    ///< the client's address, for logs
};

/// Its answer.
struct HttpResponse {
    unsigned status = 200;
    std::string body{};
    std::string content_type = "application/json";
    /// More header fields: name, value.
    std::vector<std::pair<std::string, std::string>> fields{};
};

/// Sends the answer. Called at most once, from any thread, at any later time: a long poll keeps it.
/// Where the client has gone, nothing happens.
using HttpResponder = std::function<void(HttpResponse)>;

/// Serves a path. Runs on an I/O thread and returns at once; what takes long goes elsewhere.
using PathHandler = std::function<void(HttpRequest request, HttpResponder respond)>;

/// The words behind a status ("Not Found").
[[nodiscard]] std::string_view status_text(unsigned status) noexcept;

}  // namespace cairn::rpc
