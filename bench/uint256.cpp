// SPDX-License-Identifier: MIT
// 256-bit arithmetic as the virtual machine uses it. `chained` feeds each result into the next call
// (latency, as in a loop over one accumulator); `independent` does not (throughput).
#include "core/math/uint256.hpp"

#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "core/math/modulus.hpp"

namespace cairn {
namespace {

constexpr std::size_t kCount = 256;

Uint256 number(const char* text) {
    return *parse_uint256(text);
}

const Uint256 kBn254 = number("0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47");
const Uint256 kSecp256k1 =
    number("0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");

/// Random numbers of exactly `bits` bits.
std::vector<Uint256> numbers(unsigned bits, unsigned seed) {
    std::mt19937_64 random{seed};
    std::vector<Uint256> out(kCount);
    for (auto& x : out) {
        x = Uint256{random(), random(), random(), random() | 1ULL << 63} >> (256 - bits);
    }
    return out;
}

template <class F>
void independent(benchmark::State& state, unsigned bits_a, unsigned bits_b, F f) {
    const auto a = numbers(bits_a, 1);
    const auto b = numbers(bits_b, 2);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(f(a[i], b[i]));
        i = (i + 1) % kCount;
    }
}

template <class F>
void chained(benchmark::State& state, unsigned bits_a, unsigned bits_b, F f) {
    Uint256 x = numbers(bits_a, 1)[0];
    const auto b = numbers(bits_b, 2);
    std::size_t i = 0;
    for (auto _ : state) {
        x = f(x, b[i]);
        i = (i + 1) % kCount;
    }
    benchmark::DoNotOptimize(x);
}

const auto kAdd = [](const Uint256& a, const Uint256& b) { return a + b; };
const auto kMul = [](const Uint256& a, const Uint256& b) { return a * b; };
const auto kLess = [](const Uint256& a, const Uint256& b) { return Uint256{a < b ? 1ULL : 0ULL}; };
const auto kShift = [](const Uint256& a, const Uint256& b) { return a << (b.limb[0] & 255); };
const auto kDiv = [](const Uint256& a, const Uint256& b) { return a / b; };
const auto kSdiv = [](const Uint256& a, const Uint256& b) { return sdivmod(a, b).quotient; };

BENCHMARK_CAPTURE(independent, add, 256, 256, kAdd);
BENCHMARK_CAPTURE(chained, add, 256, 256, kAdd);
BENCHMARK_CAPTURE(independent, mul, 256, 256, kMul);
BENCHMARK_CAPTURE(chained, mul, 256, 256, kMul);
BENCHMARK_CAPTURE(independent, less, 256, 256, kLess);
BENCHMARK_CAPTURE(independent, shift_left, 256, 256, kShift);
BENCHMARK_CAPTURE(independent, div_64_by_32, 64, 32, kDiv);
BENCHMARK_CAPTURE(independent, div_128_by_64, 128, 64, kDiv);
BENCHMARK_CAPTURE(independent, div_128_by_100, 128, 100, kDiv);
BENCHMARK_CAPTURE(independent, div_256_by_64, 256, 64, kDiv);
BENCHMARK_CAPTURE(independent, div_256_by_128, 256, 128, kDiv);
BENCHMARK_CAPTURE(independent, div_256_by_192, 256, 192, kDiv);
BENCHMARK_CAPTURE(independent, div_256_by_256, 256, 256, kDiv);
BENCHMARK_CAPTURE(independent, div_256_by_250, 256, 250, kDiv);
BENCHMARK_CAPTURE(independent, sdiv_256_by_128, 256, 128, kSdiv);

/// The four ways to reduce a product, by one modulus.
void mulmod_plain(benchmark::State& state, const Uint256& m) {
    const auto a = numbers(253, 3);
    Uint256 x = a[0];
    std::size_t i = 0;
    for (auto _ : state) {
        x = mulmod(x, a[i], m);
        i = (i + 1) % kCount;
    }
    benchmark::DoNotOptimize(x);
}
void mulmod_cached_chained(benchmark::State& state, const Uint256& m) {
    const Modulus modulus{m};
    const auto a = numbers(253, 3);
    Uint256 x = a[0];
    std::size_t i = 0;
    for (auto _ : state) {
        x = modulus.mulmod(x, a[i]);
        i = (i + 1) % kCount;
    }
    benchmark::DoNotOptimize(x);
}
void mulmod_cached_independent(benchmark::State& state, const Uint256& m, unsigned bits) {
    const Modulus modulus{m};
    const auto a = numbers(bits, 3);
    const auto b = numbers(bits, 4);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(modulus.mulmod(a[i], b[i]));
        i = (i + 1) % kCount;
    }
}
BENCHMARK_CAPTURE(mulmod_plain, bn254, kBn254);
BENCHMARK_CAPTURE(mulmod_plain, secp256k1, kSecp256k1);
BENCHMARK_CAPTURE(mulmod_cached_chained, bn254, kBn254);
BENCHMARK_CAPTURE(mulmod_cached_chained, secp256k1, kSecp256k1);
BENCHMARK_CAPTURE(mulmod_cached_independent, bn254, kBn254, 253);
BENCHMARK_CAPTURE(mulmod_cached_independent, bn254_operands_above, kBn254, 256);
BENCHMARK_CAPTURE(mulmod_cached_independent, secp256k1, kSecp256k1, 255);
BENCHMARK_CAPTURE(mulmod_cached_independent, modulus_of_64_bits, Uint256{0x9e3779b97f4a7c15}, 256);
BENCHMARK_CAPTURE(mulmod_cached_independent, modulus_of_128_bits, (Uint256{7, 1ULL << 63, 0, 0}),
                  256);

void addmod_plain(benchmark::State& state) {
    independent(state, 253, 253,
                [](const Uint256& a, const Uint256& b) { return addmod(a, b, kBn254); });
}
void addmod_cached(benchmark::State& state) {
    const Modulus modulus{kBn254};
    independent(state, 253, 253,
                [&](const Uint256& a, const Uint256& b) { return modulus.addmod(a, b); });
}
void addmod_cached_above(benchmark::State& state) {
    const Modulus modulus{kBn254};
    independent(state, 256, 256,
                [&](const Uint256& a, const Uint256& b) { return modulus.addmod(a, b); });
}
BENCHMARK(addmod_plain);
BENCHMARK(addmod_cached);
BENCHMARK(addmod_cached_above);

void make_modulus(benchmark::State& state) {
    const auto a = numbers(254, 5);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(Modulus{a[i]});
        i = (i + 1) % kCount;
    }
}
BENCHMARK(make_modulus);

void exp_full(benchmark::State& state) {
    independent(state, 256, 256, [](const Uint256& a, const Uint256& b) { return exp(a, b); });
}
void exp_ten_to_eighteen(benchmark::State& state) {
    Uint256 ten{10};
    Uint256 eighteen{18};
    for (auto _ : state) {
        benchmark::DoNotOptimize(ten);
        benchmark::DoNotOptimize(eighteen);
        benchmark::DoNotOptimize(exp(ten, eighteen));
    }
}
void exp_power_of_256(benchmark::State& state) {
    Uint256 base{256};
    Uint256 exponent{31};
    for (auto _ : state) {
        benchmark::DoNotOptimize(base);
        benchmark::DoNotOptimize(exponent);
        benchmark::DoNotOptimize(exp(base, exponent));
    }
}
BENCHMARK(exp_full);
BENCHMARK(exp_ten_to_eighteen);
BENCHMARK(exp_power_of_256);

void to_decimal_256(benchmark::State& state) {
    const auto a = numbers(256, 6);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(to_decimal(a[i]));
        i = (i + 1) % kCount;
    }
}
BENCHMARK(to_decimal_256);

}  // namespace
}  // namespace cairn
