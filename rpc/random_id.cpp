// SPDX-License-Identifier: MIT
#include "rpc/random_id.hpp"

#include <array>

#include "core/crypto/random.hpp"
#include "core/math/uint256.hpp"

namespace cairn::rpc {

std::string random_id() {
    std::array<std::uint8_t, 16> bytes{};
    random_bytes(bytes);
    return to_quantity(from_be(bytes));
}

}  // namespace cairn::rpc
