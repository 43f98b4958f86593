// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace cairn::rpc {

/// A name that nobody can guess, for a filter or subscription: 128 random bits as a quantity.
/// Throws SystemError when the system has no randomness. Any thread.
[[nodiscard]] std::string random_id();

}  // namespace cairn::rpc
