// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "core/base/assert.hpp"
#include "core/base/hex.hpp"

namespace cairn::curves_test {

/// Bytes of a hex literal; a malformed literal stops the test program.
inline Bytes hex(std::string_view digits) {
    auto bytes = from_hex(digits);
    CAIRN_ASSERT(bytes.has_value());
    return *std::move(bytes);
}

/// All parts, one after the other.
template <class... Parts>
Bytes join(const Parts&... parts) {
    Bytes out;
    (append(out, parts), ...);
    return out;
}

}  // namespace cairn::curves_test
