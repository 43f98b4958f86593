// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cairn::bench {

/// The whole HTTP/1.1 request, head and body, that posts a JSON text to `/`.
[[nodiscard]] std::string http_post(std::string_view body);

/// The next request of a connection (counted from 0), whole as http_post makes it; null where the
/// connection has no more. The text lives until the load has ended.
using RequestSource = std::function<const std::string*(std::size_t connection)>;

/// What a load was answered.
struct LoadResult {
    std::uint64_t answers = 0;
    /// Answers with another status than 200, or in whose first 64 KiB `"error"` stands.
    std::uint64_t faults = 0;
    std::string fault_text;  ///< the beginning of the first of them
    double seconds = 0;      ///< from the first request to the last answer
    double p50_ms = 0;       ///< median time from a request's first byte to its answer's last
    double p99_ms = 0;

    [[nodiscard]] double per_second() const {
        return seconds > 0 ? static_cast<double>(answers) / seconds : 0;
    }
};

/// A server leaves every connection without an answer for half a minute.
class SilentServer : public std::runtime_error {
public:
    explicit SilentServer(std::uint16_t port);
    std::uint16_t port;
};

/// Asks a server on loopback from one thread over keep-alive connections, each with one request
/// under way at a time, until `time` has passed (the answers still due are awaited) or every
/// connection has run out of requests. Bodies beyond their first 64 KiB are taken from the socket
/// without being copied, so that a generator of one thread keeps up with any server.
/// Throws SilentServer, and std::runtime_error where the server cannot be reached, closes a connection, or answers
/// with something that is not HTTP/1.1 with a Content-Length.
[[nodiscard]] LoadResult run_load(std::uint16_t port, std::size_t connections,
                                  const RequestSource& source, std::chrono::milliseconds time);

}  // namespace cairn::bench
