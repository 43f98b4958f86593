// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/expected.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/http/access.hpp"
#include "rpc/http/http_message.hpp"

namespace cairn::rpc {

/// Certificate and key of a TLS door, in PEM files.
struct TlsOptions {
    std::filesystem::path certificate;  ///< with its chain
    std::filesystem::path key;
};

/// One TCP door. HTTP and WebSocket may share it.
struct EndpointOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8545;  ///< 0: any free one
    bool has_http = true;
    bool has_websocket = false;
    ApiSet http_apis = ApiSet::parse("eth,net,web3");
    ApiSet websocket_apis = ApiSet::parse("eth,net,web3");
    std::vector<std::string> vhosts{"localhost"};  ///< `--http.vhosts`
    std::vector<std::string> cors_origins{};       ///< `--http.corsdomain`
    std::vector<std::string> websocket_origins{};  ///< `--ws.origins`
    AuthOptions auth{};
    std::optional<TlsOptions> tls{};
    /// Open to the network without a token (`--http.insecure`).
    bool is_insecure_allowed = false;
};

/// All doors and the threads behind them.
struct ServerOptions {
    std::vector<EndpointOptions> endpoints{};
    std::optional<std::filesystem::path> ipc_path{};  ///< Unix socket; only its owner may open it
    ApiSet ipc_apis = ApiSet::all();
    unsigned io_threads = 2;
    /// More than processors: some requests wait for a block.
    unsigned worker_threads = 8;
};

/// Counters since the start. Relaxed.
struct ServerStats {
    std::uint64_t connections = 0;  ///< accepted
    std::uint64_t open = 0;         ///< open at this moment
    std::uint64_t refused = 0;      ///< closed at once: too many
    std::uint64_t requests = 0;     ///< messages with calls, a batch counting once
    std::uint64_t timed_out = 0;    ///< closed: idle, slow, or not reading
};

/// Serves a dispatcher over HTTP, WebSocket and a Unix socket.
///
/// Light and brief requests run on the I/O thread that read them, others on workers; where a brief
/// one lasts, another thread takes over the connections (rpc/http/event_loop.hpp). Every connection
/// has one request under way at a time, so slow clients wait for themselves. Limits are the
/// dispatcher's.
class Server {
public:
    /// @param dispatcher  complete; outlives the server
    Server(const Dispatcher& dispatcher, ServerOptions options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Serves `path` on every HTTP door by `handler`, past JSON-RPC's host check and token: work
    /// for miners has its own. Before start().
    void add_path(std::string path, PathHandler handler);

    /// Opens the doors and starts the threads.
    /// @return why a door cannot be opened, for people: the port is taken, the certificate cannot
    /// be read, the
    ///         address can be reached from outside and no token is set
    [[nodiscard]] Result<void, std::string> start();
    /// Closes every connection, drops the requests that wait for a worker, and joins the
    /// connections' threads. Requests at a worker, and brief ones that lasted, end by themselves:
    /// see wait_until_idle. Idempotent.
    void stop();
    /// Waits for those requests, which the destructor does without an end.
    /// @return whether none is left
    [[nodiscard]] bool wait_until_idle(std::chrono::milliseconds patience) const;

    /// The port of each endpoint, in their order; after start().
    [[nodiscard]] std::vector<std::uint16_t> ports() const;
    [[nodiscard]] ServerStats stats() const noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::rpc
