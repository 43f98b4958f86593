// SPDX-License-Identifier: MIT
#include "rpc/http/tls.hpp"

#include <boost/asio/ssl/impl/src.hpp>
