// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace cairn {

/// The compression function F of BLAKE2b (RFC 7693, section 3.2) with a free number of rounds (EIP-152).
///
/// @param rounds    any number; BLAKE2b itself has 12. Round i mixes with row i mod 10 of the message schedule.
/// @param h         the eight state words, changed in place
/// @param m         the sixteen message words, each read little-endian from the 128-byte block
/// @param t         the byte counter, low word first
/// @param is_final  the final block indicator f
/// Pure; any thread; time proportional to `rounds`.
void blake2b_compress(std::uint32_t rounds, std::array<std::uint64_t, 8>& h, const std::array<std::uint64_t, 16>& m,
                      const std::array<std::uint64_t, 2>& t, bool is_final) noexcept;

}  // namespace cairn
