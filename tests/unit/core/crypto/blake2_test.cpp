// SPDX-License-Identifier: MIT
#include "core/crypto/blake2.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

#include "core/crypto/blake2_kernels.hpp"
#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn {
namespace {

using State = std::array<std::uint64_t, 8>;
using Message = std::array<std::uint64_t, 16>;

constexpr State kIv = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                       0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/// F by the letters of RFC 7693, section 3.2, with the schedule of section 2.7 as hex digits.
void plain_compress(std::uint32_t rounds, State& h, const Message& m, const std::array<std::uint64_t, 2>& t, bool f) {
    static constexpr std::string_view kSchedule[10] = {
        "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d",
        "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0"};
    std::uint64_t v[16];
    for (int i = 0; i < 8; ++i) v[i] = h[static_cast<std::size_t>(i)], v[i + 8] = kIv[static_cast<std::size_t>(i)];
    v[12] ^= t[0];
    v[13] ^= t[1];
    if (f) v[14] = ~v[14];
    const auto digit = [](char c) { return static_cast<std::size_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
    for (std::uint32_t i = 0; i < rounds; ++i) {
        const auto& s = kSchedule[i % 10];
        for (int g = 0; g < 8; ++g) {
            const int column = g % 4;
            const int skew = g / 4;
            const int a = column;
            const int b = 4 + (column + skew) % 4;
            const int c = 8 + (column + 2 * skew) % 4;
            const int d = 12 + (column + 3 * skew) % 4;
            v[a] += v[b] + m[digit(s[static_cast<std::size_t>(2 * g)])];
            v[d] = std::rotr(v[d] ^ v[a], 32);
            v[c] += v[d];
            v[b] = std::rotr(v[b] ^ v[c], 24);
            v[a] += v[b] + m[digit(s[static_cast<std::size_t>(2 * g + 1)])];
            v[d] = std::rotr(v[d] ^ v[a], 16);
            v[c] += v[d];
            v[b] = std::rotr(v[b] ^ v[c], 63);
        }
    }
    for (std::size_t i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
}

/// The message block "abc" and the state of BLAKE2b-512 without a key: RFC 7693, appendix A.
State abc_state() {
    State h = kIv;
    h[0] ^= 0x01010000 ^ 64;
    return h;
}
constexpr Message kAbc = {0x636261};

Bytes bytes_of(const State& h) {
    Bytes out(64);
    for (std::size_t i = 0; i < 8; ++i) store_le64(out.data() + 8 * i, h[i]);
    return out;
}

Bytes compress_abc(std::uint32_t rounds, bool is_final) {
    State h = abc_state();
    blake2b_compress(rounds, h, kAbc, {3, 0}, is_final);
    return bytes_of(h);
}

// RFC 7693, appendix A, which is also vector 5 of EIP-152.
TEST(Blake2b, rfc7693_abc) {
    EXPECT_EQ(compress_abc(12, true), crypto_test::hex("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                                                       "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"));
}

// Vectors 4, 6 and 7 of EIP-152.
TEST(Blake2b, eip152) {
    EXPECT_EQ(compress_abc(0, true), crypto_test::hex("08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
                                                      "d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b"));
    EXPECT_EQ(compress_abc(12, false), crypto_test::hex("75ab69d3190a562c51aef8d88f1c2775876944407270c42c9844252c26d28752"
                                                        "98743e7f6d5ea2f2d3e8d226039cd31b4e426ac4f2d3d666a610c2116fde4735"));
    EXPECT_EQ(compress_abc(1, true), crypto_test::hex("b63a380cb2897d521994a85234ee2c181b5f844d2c624c002677e9703449d2fb"
                                                      "a551b3a8333bcdf5f2f7e08993d53923de3d64fcc68c034e717b9293fed7a421"));
}

// Vector 8 of EIP-152 with its 8,000,000 rounds.
TEST(Blake2b, eip152_eight_million_rounds) {
    EXPECT_EQ(compress_abc(8'000'000, true),
              crypto_test::hex("6d2ce9e534d50e18ff866ae92d70cceba79bbcd14c63819fe48752c8aca87a4b"
                               "b7dcc230d22a4047f0486cfcfb50a17b24b2899eb8fca370f22240adb5170189"));
}

TEST(Blake2b, every_round_count_up_to_40_matches_the_plain_function) {
    crypto_test::Generator generator{31};
    for (std::uint32_t rounds = 0; rounds <= 40; ++rounds) {
        for (const bool is_final : {false, true}) {
            State h;
            Message m;
            for (auto& word : h) word = generator.next();
            for (auto& word : m) word = generator.next();
            const std::array<std::uint64_t, 2> t{generator.next(), generator.next()};
            State expected = h;
            plain_compress(rounds, expected, m, t, is_final);
            blake2b_compress(rounds, h, m, t, is_final);
            EXPECT_EQ(h, expected) << rounds;
        }
    }
}

TEST(Blake2bKernels, each_matches_the_plain_function) {
    std::vector<std::pair<const char*, blake2_kernels::MixRounds>> kernels{
        {"portable", blake2_kernels::mix_rounds_portable}};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"))
        kernels.emplace_back("avx512", blake2_kernels::mix_rounds_avx512);
#endif
    crypto_test::Generator generator{32};
    for (const auto& [name, mix_rounds] : kernels) {
        for (std::uint32_t rounds = 0; rounds <= 45; ++rounds) {
            State h;
            Message m;
            for (auto& word : h) word = generator.next();
            for (auto& word : m) word = generator.next();
            std::uint64_t v[16];
            for (std::size_t i = 0; i < 8; ++i) v[i] = h[i], v[8 + i] = kIv[i];
            State expected = h;
            plain_compress(rounds, expected, m, {0, 0}, false);
            mix_rounds(rounds, v, m.data());
            for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(h[i] ^ v[i] ^ v[8 + i], expected[i]) << name << ' ' << rounds;
        }
    }
}

}  // namespace
}  // namespace cairn
