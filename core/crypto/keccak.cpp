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

/// Whether the versions for four and eight states at once can run: they take about as long as one state alone.
bool has_wide_kernels() noexcept {
#if defined(__x86_64__)
    static const bool has = [] {
        __builtin_cpu_init();
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
    }();
    return has;
#else
    return false;
#endif
}

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

/// Blocks before the one that carries the padding.
std::size_t full_blocks(ByteView data) noexcept { return data.size() / kKeccak256Rate; }

#if defined(__x86_64__)
/// Hashes at most `Width` messages of equal block counts in interleaved states; states without a message run empty.
template <std::size_t Width>
void hash_interleaved(std::span<const ByteView> inputs, std::span<Hash256> out, Permute permute_all) noexcept {
    constexpr std::size_t kWords = kKeccak256Rate / 8;
    alignas(64) std::uint64_t states[25 * Width] = {};
    const std::size_t blocks = full_blocks(inputs[0]);
    for (std::size_t block = 0; block < blocks; ++block) {
        for (std::size_t j = 0; j < inputs.size(); ++j) {
            const std::uint8_t* const p = inputs[j].data() + block * kKeccak256Rate;
            for (std::size_t i = 0; i < kWords; ++i) states[Width * i + j] ^= load_le64(p + 8 * i);
        }
        permute_all(states);
    }
    for (std::size_t j = 0; j < inputs.size(); ++j) {
        const ByteView rest = inputs[j].subspan(blocks * kKeccak256Rate);
        const std::size_t words = rest.size() / 8;
        for (std::size_t i = 0; i < words; ++i) states[Width * i + j] ^= load_le64(rest.data() + 8 * i);
        states[Width * words + j] ^= padded_tail(rest.data() + 8 * words, rest.size() % 8);
        states[Width * (kWords - 1) + j] ^= std::uint64_t{1} << 63;
    }
    permute_all(states);
    for (std::size_t j = 0; j < inputs.size(); ++j)
        for (std::size_t i = 0; i < 4; ++i) store_le64(out[j].data() + 8 * i, states[Width * i + j]);
}
#endif

/// Hashes one to eight messages of equal block counts; more than one only where has_wide_kernels().
void hash_group(std::span<const ByteView> inputs, std::span<Hash256> out) noexcept {
    if (inputs.size() == 1) {
        out[0] = keccak256(inputs[0]);
        return;
    }
#if defined(__x86_64__)
    if (inputs.size() <= 4)
        hash_interleaved<4>(inputs, out, keccak_kernels::permute_x4_avx512);
    else
        hash_interleaved<8>(inputs, out, keccak_kernels::permute_x8_avx512);
#endif
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
    const std::size_t group_max = has_wide_kernels() ? 8 : 1;
    for (std::size_t i = 0; i < inputs.size();) {
        std::size_t size = 1;
        while (size < group_max && i + size < inputs.size() &&
               full_blocks(inputs[i + size]) == full_blocks(inputs[i]))
            ++size;
        hash_group(inputs.subspan(i, size), out.subspan(i, size));
        i += size;
    }
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
