// SPDX-License-Identifier: MIT
#include "rpc/http/http_session_impl.hpp"

namespace cairn::rpc {

void start_http_session(const SessionEnv& env, tcp::socket socket) {
    auto session = std::make_shared<HttpSession<tcp::socket>>(env, std::move(socket));
    env.thread.add(session);
    session->start();
}

}  // namespace cairn::rpc
