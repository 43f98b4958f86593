// SPDX-License-Identifier: MIT
#pragma once

#include "rpc/http/server_core.hpp"

namespace cairn::rpc {

/// Serves HTTP/1.1 on a fresh connection, and WebSocket where it asks for that. The socket belongs
/// to the thread's loop; called on its thread.
void start_http_session(const SessionEnv& env, tcp::socket socket);

/// The context of a TLS door, made from its files.
class TlsContext;
[[nodiscard]] Result<std::shared_ptr<TlsContext>, std::string> make_tls_context(
    const TlsOptions& options);

/// The same behind TLS.
void start_https_session(const SessionEnv& env, const std::shared_ptr<TlsContext>& tls,
                         tcp::socket socket);

/// Serves the messages of a Unix socket.
void start_ipc_session(ServerCore& core, IoThread& thread, const ApiSet& apis,
                       asio::local::stream_protocol::socket socket);

}  // namespace cairn::rpc
