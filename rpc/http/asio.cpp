// SPDX-License-Identifier: MIT
// What Asio and Beast would otherwise compile into every file that includes them.
#include "rpc/http/asio.hpp"

#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
