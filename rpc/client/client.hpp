// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.hpp"

namespace cairn::rpc {

/// What kept a request from its answer.
enum class ClientErrorKind : std::uint8_t {
    BadUrl,       ///< not `http://[user:password@]host[:port][/path]`
    Unreachable,  ///< no such host, nobody listens, or the connection broke
    TimedOut,     ///< no complete answer in the time given
    Cancelled,    ///< by Client::cancel
    HttpStatus,   ///< answered with another status than 200; it is in `code`
    BadReply,     ///< not HTTP, not JSON-RPC 2.0, or larger than the limit
    Remote,       ///< the server answered with a JSON-RPC error
};

/// Why there is no result.
struct ClientError {
    ClientErrorKind kind = ClientErrorKind::BadReply;
    /// Remote: JSON-RPC's code (-32601, 3, …). HttpStatus: the status. Else 0.
    std::int64_t code = 0;
    std::string message;  ///< for people; Remote: the server's words
    std::string data;     ///< Remote: JSON text of the error's `data`, empty where there is none
};

/// An answer to Client::post, whatever its status.
struct HttpReply {
    unsigned status = 0;
    std::string body;
};

/// One call of a batch.
struct ClientCall {
    std::string method;
    std::string params = "[]";  ///< JSON text of an array or object
};

/// How a Client behaves.
struct ClientOptions {
    /// For a whole request: look-up, connection, sending, answer.
    std::chrono::milliseconds timeout{30'000};
    /// Sent as `Authorization: Bearer`, in place of the URL's user and password.
    std::string bearer_token;
    /// Bytes of an answer's body at most.
    std::size_t reply_bytes_max = std::size_t{256} << 20;
};

/// A JSON-RPC 2.0 client over HTTP/1.1: one connection, kept alive between calls and opened anew
/// where the server has closed it. Every call waits for its answer. A call that was sent is never
/// sent again by itself, since it may have had its effect.
///
/// One thread at a time; only cancel() may come from another.
class Client {
public:
    /// Looks nothing up and connects nowhere yet.
    /// @return BadUrl
    [[nodiscard]] static Result<Client, ClientError> make(std::string_view url,
                                                          ClientOptions options = {});
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    ~Client();

    /// Calls a method.
    /// @param params  JSON text of an array or object; it is sent as it stands
    /// @return        JSON text of the result, or any error but BadUrl
    [[nodiscard]] Result<std::string, ClientError> call(std::string_view method,
                                                        std::string_view params = "[]");

    /// Several calls in one request.
    /// @return one answer for each call, in the calls' order, each a result or a Remote error; or
    /// what
    ///         befell the whole. No calls: no answers, and nothing is sent.
    [[nodiscard]] Result<std::vector<Result<std::string, ClientError>>, ClientError> call_batch(
        std::span<const ClientCall> calls);

    /// Posts a body of any JSON to another path of the same server.
    /// @param target   path and query, beginning with a slash
    /// @param timeout  in place of the options'; long polls ask for more
    /// @return         the answer of any status, or Unreachable, TimedOut, Cancelled, BadReply
    [[nodiscard]] Result<HttpReply, ClientError> post(
        std::string_view target, std::string_view body,
        std::optional<std::chrono::milliseconds> timeout = std::nullopt);

    /// Ends the call under way and every later one with Cancelled. Any thread.
    void cancel() noexcept;

private:
    class Impl;
    explicit Client(std::unique_ptr<Impl> impl) noexcept;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::rpc
