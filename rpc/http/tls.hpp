// SPDX-License-Identifier: MIT
#pragma once

// Asio's TLS stream and Beast's WebSocket over it; compiled once, in tls.cpp, and included by
// https_session.cpp alone.

#include "rpc/http/asio.hpp"

#include <boost/asio/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
