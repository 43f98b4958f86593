// SPDX-License-Identifier: MIT
#include <array>

#include "core/crypto/blake2.hpp"
#include "vm/precompiles/contracts.hpp"

namespace cairn::vm::precompiles {
namespace {

// EIP-152: rounds (4 bytes, big-endian) ‖ h (8 words) ‖ m (16 words) ‖ t (2 words) ‖ final (1 byte); words little-endian.
constexpr std::size_t kStateOffset = 4;
constexpr std::size_t kMessageOffset = kStateOffset + 8 * 8;
constexpr std::size_t kCounterOffset = kMessageOffset + 16 * 8;
constexpr std::size_t kFinalOffset = kCounterOffset + 2 * 8;
constexpr std::size_t kInputBytes = kFinalOffset + 1;
static_assert(kInputBytes == 213);

template <std::size_t N>
std::array<std::uint64_t, N> read_words(const std::uint8_t* in) noexcept {
    std::array<std::uint64_t, N> words;
    for (std::size_t i = 0; i < N; ++i) words[i] = load_le64(in + 8 * i);
    return words;
}

}  // namespace

/// One gas per round; an input of another length is refused whatever it costs.
std::int64_t gas_blake2f(ByteView input, Revision) noexcept {
    return input.size() == kInputBytes ? std::int64_t{load_be32(input.data())} : 0;
}

RunResult run_blake2f(ByteView input, Revision, Bytes& output) {
    if (input.size() != kInputBytes) return Unexpected{Error::InputLength};
    const std::uint8_t final_flag = input[kFinalOffset];
    if (final_flag > 1) return Unexpected{Error::Blake2FinalFlag};
    auto h = read_words<8>(input.data() + kStateOffset);
    const auto m = read_words<16>(input.data() + kMessageOffset);
    const auto t = read_words<2>(input.data() + kCounterOffset);
    blake2b_compress(load_be32(input.data()), h, m, t, final_flag == 1);
    output.resize(h.size() * 8);
    for (std::size_t i = 0; i < h.size(); ++i) store_le64(output.data() + 8 * i, h[i]);
    return {};
}

}  // namespace cairn::vm::precompiles
