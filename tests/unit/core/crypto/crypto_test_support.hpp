// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/hex.hpp"

namespace cairn::crypto_test {

/// Bytes of a hex literal; a malformed literal stops the test program.
inline Bytes hex(std::string_view digits) {
    auto bytes = from_hex(digits);
    CAIRN_ASSERT(bytes.has_value());
    return *std::move(bytes);
}

/// Exactly as many bytes as the type holds.
template <class Fixed>
Fixed fixed(std::string_view digits) {
    return Fixed::from(hex(digits));
}

/// A small generator with a fixed seed (xorshift64*): the same cases on every machine.
class Generator {
  public:
    explicit Generator(std::uint64_t seed) : state_{seed * 0x9e3779b97f4a7c15ULL + 1} {}

    std::uint64_t next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return state_ * 0x2545f4914f6cdd1dULL;
    }
    /// In 0 … bound-1.
    std::size_t below(std::size_t bound) { return next() % bound; }
    Bytes bytes(std::size_t size) {
        Bytes out(size);
        for (auto& b : out) b = static_cast<std::uint8_t>(next() >> 56);
        return out;
    }

  private:
    std::uint64_t state_;
};

}  // namespace cairn::crypto_test
