// SPDX-License-Identifier: MIT
#include "core/crypto/keccak.hpp"

#include <atomic>

#include "core/base/assert.hpp"
#include "core/crypto/keccak_kernels.hpp"

namespace cairn {
namespace {

using keccak_kernels::Permute;

Permute choose_permute() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) return keccak_kernels::permute_bmi;
#endif
    return keccak_kernels::permute_portable;
}

void permute_first(std::uint64_t* state) noexcept;

/// The version for this processor. Starts as a function that puts the right one here on the first call, so that
/// hashing works while other files' constants are still being initialised. Every thread would store the same value.
constinit std::atomic<Permute> g_permute{&permute_first};

void permute_first(std::uint64_t* state) noexcept {
    const Permute chosen = choose_permute();
    g_permute.store(chosen, std::memory_order_relaxed);
    chosen(state);
}

inline void permute(std::uint64_t* state) noexcept { g_permute.load(std::memory_order_relaxed)(state); }

/// XORs fewer than eight bytes and the first padding byte 0x01 behind them into one lane.
inline std::uint64_t padded_tail(const std::uint8_t* p, std::size_t size) noexcept {
    std::uint64_t word = std::uint64_t{1} << (8 * size);
    for (std::size_t i = 0; i < size; ++i) word |= std::uint64_t{p[i]} << (8 * i);
    return word;
}

/// The sponge over a whole message: absorbs blocks of `Rate` bytes and leaves the state from which to squeeze.
template <std::size_t Rate>
inline void absorb_all(std::uint64_t* state, ByteView data) noexcept {
    const std::uint8_t* p = data.data();
    std::size_t left = data.size();
    for (; left >= Rate; p += Rate, left -= Rate) {
        for (std::size_t i = 0; i < Rate / 8; ++i) state[i] ^= load_le64(p + 8 * i);
        permute(state);
    }
    std::size_t i = 0;
    for (; left >= 8; p += 8, left -= 8) state[i++] ^= load_le64(p);
    state[i] ^= padded_tail(p, left);
    state[Rate / 8 - 1] ^= std::uint64_t{1} << 63;
    permute(state);
}

}  // namespace

Hash256 keccak256(ByteView data) noexcept {
    std::uint64_t state[25] = {};
    absorb_all<kKeccak256Rate>(state, data);
    Hash256 out;
    std::memcpy(out.data(), state, out.size());
    return out;
}

Hash512 keccak512(ByteView data) noexcept {
    std::uint64_t state[25] = {};
    absorb_all<72>(state, data);
    Hash512 out;
    std::memcpy(out.data(), state, out.size());
    return out;
}

void keccak256_batch(std::span<const ByteView> inputs, std::span<Hash256> out) noexcept {
    CAIRN_ASSERT(inputs.size() == out.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) out[i] = keccak256(inputs[i]);
}

Keccak256& Keccak256::update(ByteView data) noexcept {
    auto* const block = reinterpret_cast<std::uint8_t*>(state_.data());
    const std::uint8_t* p = data.data();
    std::size_t left = data.size();
    while (left != 0) {
        if (filled_ == 0 && left >= kKeccak256Rate) {
            for (std::size_t i = 0; i < kKeccak256Rate / 8; ++i) state_[i] ^= load_le64(p + 8 * i);
            permute(state_.data());
            p += kKeccak256Rate;
            left -= kKeccak256Rate;
            continue;
        }
        const std::size_t take = std::min(left, kKeccak256Rate - filled_);
        for (std::size_t i = 0; i < take; ++i) block[filled_ + i] ^= p[i];
        p += take;
        left -= take;
        filled_ += take;
        if (filled_ == kKeccak256Rate) {
            permute(state_.data());
            filled_ = 0;
        }
    }
    return *this;
}

Hash256 Keccak256::finish() noexcept {
    auto* const block = reinterpret_cast<std::uint8_t*>(state_.data());
    block[filled_] ^= 0x01;
    block[kKeccak256Rate - 1] ^= 0x80;
    permute(state_.data());
    Hash256 out;
    std::memcpy(out.data(), state_.data(), out.size());
    *this = Keccak256{};
    return out;
}

}  // namespace cairn
