// SPDX-License-Identifier: MIT
// Sender recovery against the bare library's calls in the same run, and the other public-key operations.
#include "core/crypto/secp256k1.hpp"

#include <benchmark/benchmark.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/modexp.hpp"
#include "core/crypto/p256.hpp"

namespace {

using namespace cairn;

struct Case {
    secp256k1::SecretKey secret;
    Hash256 digest;
    secp256k1::Signature signature;
    secp256k1::PublicKey key;
};

Case make_case() {
    Case c{secp256k1::SecretKey::from(Bytes(32, 0x46)), keccak256(as_bytes("message")), {}, {}};
    c.signature = *secp256k1::sign(c.digest, c.secret);
    c.key = *secp256k1::public_key(c.secret);
    return c;
}

void recover_address(benchmark::State& state) {
    const Case c = make_case();
    for (auto _ : state) benchmark::DoNotOptimize(secp256k1::recover_address(c.digest, c.signature));
}
BENCHMARK(recover_address);

/// What recover_address cannot do without: parse, recover, serialise. The hash is left out.
void recover_bare_library(benchmark::State& state) {
    const Case c = make_case();
    unsigned char compact[64];
    std::copy(c.signature.r.begin(), c.signature.r.end(), compact);
    std::copy(c.signature.s.begin(), c.signature.s.end(), compact + 32);
    for (auto _ : state) {
        secp256k1_ecdsa_recoverable_signature signature;
        secp256k1_pubkey point;
        unsigned char out[65];
        std::size_t size = sizeof out;
        secp256k1_ecdsa_recoverable_signature_parse_compact(secp256k1_context_static, &signature, compact,
                                                            c.signature.y_parity);
        if (secp256k1_ecdsa_recover(secp256k1_context_static, &point, &signature, c.digest.data()) != 1)
            state.SkipWithError("the signature does not recover");
        secp256k1_ec_pubkey_serialize(secp256k1_context_static, out, &size, &point, SECP256K1_EC_UNCOMPRESSED);
        benchmark::DoNotOptimize(out);
    }
}
BENCHMARK(recover_bare_library);

void verify(benchmark::State& state) {
    const Case c = make_case();
    for (auto _ : state) benchmark::DoNotOptimize(secp256k1::verify(c.digest, c.signature, c.key));
}
BENCHMARK(verify);

void sign(benchmark::State& state) {
    const Case c = make_case();
    for (auto _ : state) benchmark::DoNotOptimize(secp256k1::sign(c.digest, c.secret));
}
BENCHMARK(sign);

void ecdh_x(benchmark::State& state) {
    const Case c = make_case();
    for (auto _ : state) benchmark::DoNotOptimize(secp256k1::ecdh_x(c.secret, c.key));
}
BENCHMARK(ecdh_x);

/// The sample of RFC 6979, appendix A.2.5.
void p256_verify(benchmark::State& state) {
    const auto claim = [] {
        const auto word = [](std::string_view hex) { return *fixed_from_hex<Hash256>(hex); };
        return p256::Claim{word("af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf"),
                           word("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"),
                           word("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"),
                           word("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"),
                           word("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")};
    }();
    if (!p256::verify(claim)) state.SkipWithError("the sample does not verify");
    for (auto _ : state) benchmark::DoNotOptimize(p256::verify(claim));
}
BENCHMARK(p256_verify);

/// Base, exponent and modulus of range(0) bytes each, all bits set but the lowest of the base.
void modexp_size(benchmark::State& state) {
    const Bytes ones(static_cast<std::size_t>(state.range(0)), 0xff);
    Bytes base = ones;
    base.back() = 0xfe;
    base[0] = 0x7f;
    for (auto _ : state) benchmark::DoNotOptimize(modexp(base, ones, ones));
}
BENCHMARK(modexp_size)->Arg(8)->Arg(32)->Arg(64)->Arg(128)->Arg(256)->Arg(1024);

}  // namespace
