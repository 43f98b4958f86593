// SPDX-License-Identifier: MIT
#pragma once

// The one door to Boost.Asio for mining. It is compiled once, in the target cairn_asio, which sets the macros.
#if !defined(BOOST_ASIO_SEPARATE_COMPILATION)
#error "link cairn_asio, which carries the macros and the compiled parts of Asio"
#endif

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace cairn::node {

namespace asio = boost::asio;
using boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;

}  // namespace cairn::node
