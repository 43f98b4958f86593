// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

namespace cairn {

/// The machine failed us: no randomness, disk full, a library that refuses to work. Not for bytes or requests from
/// outside (those are values, see expected.hpp) and not for our own mistakes (those assert).
///
/// The message says what was tried and what came back. Never holds a secret.
class SystemError : public std::runtime_error {
  public:
    explicit SystemError(const std::string& what) : std::runtime_error{what} {}
};

}  // namespace cairn
