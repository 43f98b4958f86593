// SPDX-License-Identifier: MIT
#pragma once

// The one door to Boost.Asio for node. It is compiled once, in the target cairn_asio, whose macros
// must be the same everywhere.
#if !defined(BOOST_ASIO_SEPARATE_COMPILATION)
#error "link cairn_asio, which carries the macros and the compiled parts of Asio"
#endif

#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace cairn::node {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using boost::asio::ip::tcp;
using boost::asio::ip::udp;

}  // namespace cairn::node
