// SPDX-License-Identifier: MIT
// Time and gas per second of every precompiled contract, each on an input that takes its full path.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string_view>

#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/bls12_381.hpp"
#include "core/crypto/bn254.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn {
namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

/// A valid signature (go-ethereum's vector "ValidKey").
const Bytes kEcrecover = hex(
    "18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c00000000000000000000000000000000"
    "0000000000000000000000000000001c73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f"
    "eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549");
/// A valid signature (first vector of go-ethereum's p256Verify).
const Bytes kP256 = hex(
    "4cee90eb86eaa050036147a12d49004b6b9c72bd725d39d4785011fe190f0b4da73bd4903f0ce3b639bbbf6e8e80d169"
    "31ff4bcf5993d58468e8fb19086e8cac36dbcd03009df8c59286b162af3bd7fcc0450c9aa81be5d10d312af6c66b1d60"
    "4aebd3099c618202fcfe16ae7770b0c49ab5eadf74b754204a3bb6060e44eff37618b065f9832de4ca6ca971a7a1adc8"
    "26d0f7c00181a5fb2ddf79ae00b4e10e");
/// A valid opening (go-ethereum's vector "pointEvaluation1").
const Bytes kPointEvaluation = hex(
    "01e798154708fe7789429634053cbf9f99b619f9f084048927333fce637f549b564c0a11a0f704f4fc3e8acfe0f8245f"
    "0ad1347b378fbf96e206da11a5d3630624d25032e67a7e6a4910df5834b8fe70e6bcfeeac0352434196bdf4b2485d5a1"
    "8f59a8d2a1a625a17f3fea0fe5eb8c896db3764f3185481bc22f91b4aaffcca25f26936857bc3a7c2539ea8ec3a952b7"
    "873033e038326e87ed3e1276fd140253fa08e9fc25fb2d9a98527fc22a2c9612fbeafdad446cbc7bcdbdcd780af2c16a");
/// The generator of BN254's G2 (EIP-197), imaginary parts first.
constexpr std::string_view kBn254G2 =
    "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
    "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
    "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
    "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";
/// A scalar of full length, so that no window is spared.
constexpr std::string_view kScalar = "2a31f5b3c7d8e9fa0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f506172";

/// The point (1, 2) times a small number.
Bytes bn254_point(std::uint8_t k) {
    Bytes input(96);
    input[31] = 1;
    input[63] = 2;
    input[95] = k;
    return to_bytes(*bn254::mul(input));
}

Bytes bn254_add_input() {
    Bytes input = bn254_point(7);
    append(input, bn254_point(9));
    return input;
}

Bytes bn254_mul_input() {
    Bytes input = bn254_point(7);
    append(input, hex(kScalar));
    return input;
}

/// (k + 1)·G with G2's generator for k = 1 …; the value of the product does not change the work.
Bytes bn254_pairs(std::size_t count) {
    Bytes input;
    for (std::size_t i = 0; i < count; ++i) {
        append(input, bn254_point(static_cast<std::uint8_t>(i + 2)));
        append(input, hex(kBn254G2));
    }
    return input;
}

/// Distinct points of the subgroups, by mapping small field elements.
Bytes bls_g1(std::size_t k) {
    Bytes input(64);
    input.back() = static_cast<std::uint8_t>(k);
    return to_bytes(*bls12_381::map_fp_to_g1(input));
}
Bytes bls_g2(std::size_t k) {
    Bytes input(128);
    input.back() = static_cast<std::uint8_t>(k);
    return to_bytes(*bls12_381::map_fp2_to_g2(input));
}

using MakePoint = Bytes (*)(std::size_t);

Bytes bls_two(MakePoint point) {
    Bytes input = point(1);
    append(input, point(2));
    return input;
}

Bytes bls_terms(MakePoint point, std::size_t count) {
    Bytes input;
    for (std::size_t i = 0; i < count; ++i) {
        append(input, point(i + 1));
        append(input, hex(kScalar));
    }
    return input;
}

Bytes bls_pairs(std::size_t count) {
    Bytes input;
    for (std::size_t i = 0; i < count; ++i) {
        append(input, bls_g1(i + 1));
        append(input, bls_g2(i + 1));
    }
    return input;
}

/// Base and modulus of `length` bytes, exponent of `exponent` bytes, all ones but an odd modulus.
Bytes modexp_input(std::size_t length, std::size_t exponent) {
    Bytes input(96 + 2 * length + exponent, 0xff);
    std::fill_n(input.begin(), 96, std::uint8_t{0});
    for (const std::size_t at : {std::size_t{30}, std::size_t{94}}) {
        input[at] = static_cast<std::uint8_t>(length >> 8);
        input[at + 1] = static_cast<std::uint8_t>(length & 0xff);
    }
    input[62] = static_cast<std::uint8_t>(exponent >> 8);
    input[63] = static_cast<std::uint8_t>(exponent & 0xff);
    input[96] = 0x7f;
    return input;
}

Bytes blake2f_input(std::uint32_t rounds) {
    Bytes input(213);
    store_be32(input.data(), rounds);
    return input;
}

void run(benchmark::State& state, std::uint16_t address, const Bytes& input) {
    Address where;
    where.bytes[18] = static_cast<std::uint8_t>(address >> 8);
    where.bytes[19] = static_cast<std::uint8_t>(address & 0xff);
    const auto* contract = vm::find_precompile(kLatestRevision, where);
    CAIRN_ASSERT(contract != nullptr);
    Bytes output;
    CAIRN_ASSERT(contract->run(input, kLatestRevision, output));
    for (auto _ : state) benchmark::DoNotOptimize(contract->run(input, kLatestRevision, output));
    state.counters["gas/s"] = benchmark::Counter(static_cast<double>(contract->gas(input, kLatestRevision)),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK_CAPTURE(run, ecrecover, 0x01, kEcrecover)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, sha256_1024, 0x02, Bytes(1024))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, ripemd160_1024, 0x03, Bytes(1024))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, identity_1024, 0x04, Bytes(1024))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, modexp_32_32, 0x05, modexp_input(32, 32))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, modexp_256_3, 0x05, modexp_input(256, 3))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, modexp_1024_32, 0x05, modexp_input(1024, 32))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bn254_add, 0x06, bn254_add_input())->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bn254_mul, 0x07, bn254_mul_input())->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bn254_pairing_1, 0x08, bn254_pairs(1))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bn254_pairing_2, 0x08, bn254_pairs(2))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bn254_pairing_4, 0x08, bn254_pairs(4))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, blake2f_12, 0x09, blake2f_input(12))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, blake2f_12000, 0x09, blake2f_input(12'000))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, point_evaluation, 0x0a, kPointEvaluation)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bls12_g1add, 0x0b, bls_two(bls_g1))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bls12_g1msm_1, 0x0c, bls_terms(bls_g1, 1))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bls12_g1msm_16, 0x0c, bls_terms(bls_g1, 16))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bls12_g1msm_128, 0x0c, bls_terms(bls_g1, 128))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bls12_g2add, 0x0d, bls_two(bls_g2))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bls12_g2msm_1, 0x0e, bls_terms(bls_g2, 1))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bls12_g2msm_16, 0x0e, bls_terms(bls_g2, 16))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bls12_pairing_2, 0x0f, bls_pairs(2))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bls12_map_fp_to_g1, 0x10, Bytes(64))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, bls12_map_fp2_to_g2, 0x11, Bytes(128))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(run, p256verify, 0x100, kP256)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace cairn
