// SPDX-License-Identifier: MIT
#include "core/crypto/keccak.hpp"

#include <gtest/gtest.h>

#include <bit>

#include "core/crypto/keccak_kernels.hpp"
#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn {
namespace {

using crypto_test::fixed;
using crypto_test::Generator;
using crypto_test::hex;

/// Keccak-f[1600] by the letters of FIPS 202, section 3.2: step by step over A[x][y], with the offsets of rho walked and
/// the constants of iota drawn from the shift register, so that no table is shared with the code under test.
void plain_permute(std::uint64_t* state) {
    std::uint64_t a[5][5];
    for (int y = 0; y < 5; ++y)
        for (int x = 0; x < 5; ++x) a[x][y] = state[x + 5 * y];
    std::uint8_t shift_register = 1;
    const auto next_bit = [&] {
        const bool bit = (shift_register & 1) != 0;
        const bool carry = (shift_register & 0x80) != 0;
        shift_register = static_cast<std::uint8_t>(shift_register << 1);
        if (carry) shift_register ^= 0x71;
        return bit;
    };
    for (int round = 0; round < 24; ++round) {
        std::uint64_t c[5];
        for (int x = 0; x < 5; ++x) c[x] = a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4];
        for (int x = 0; x < 5; ++x)
            for (int y = 0; y < 5; ++y) a[x][y] ^= c[(x + 4) % 5] ^ std::rotl(c[(x + 1) % 5], 1);
        int x = 1;
        int y = 0;
        for (int t = 0; t < 24; ++t) {
            a[x][y] = std::rotl(a[x][y], (t + 1) * (t + 2) / 2 % 64);
            const int next_y = (2 * x + 3 * y) % 5;
            x = y;
            y = next_y;
        }
        std::uint64_t b[5][5];
        for (x = 0; x < 5; ++x)
            for (y = 0; y < 5; ++y) b[x][y] = a[(x + 3 * y) % 5][x];
        for (x = 0; x < 5; ++x)
            for (y = 0; y < 5; ++y) a[x][y] = b[x][y] ^ (~b[(x + 1) % 5][y] & b[(x + 2) % 5][y]);
        for (int j = 0; j <= 6; ++j)
            if (next_bit()) a[0][0] ^= std::uint64_t{1} << ((1 << j) - 1);
    }
    for (int y = 0; y < 5; ++y)
        for (int x = 0; x < 5; ++x) state[x + 5 * y] = a[x][y];
}

/// The sponge with pad10*1, one byte at a time.
Bytes plain_keccak(ByteView message, std::size_t rate, std::size_t output_size) {
    Bytes padded{message.begin(), message.end()};
    padded.push_back(0x01);
    while (padded.size() % rate != 0) padded.push_back(0x00);
    padded.back() = static_cast<std::uint8_t>(padded.back() | 0x80);
    std::uint64_t state[25] = {};
    for (std::size_t i = 0; i < padded.size(); ++i) {
        state[i % rate / 8] ^= std::uint64_t{padded[i]} << (8 * (i % 8));
        if (i % rate == rate - 1) plain_permute(state);
    }
    Bytes out;
    for (std::size_t i = 0; i < output_size; ++i) out.push_back(static_cast<std::uint8_t>(state[i / 8] >> (8 * (i % 8))));
    return out;
}

// Known answers of the Keccak submission (ShortMsgKAT_256, _512) and widely published ones.
TEST(Keccak256, of_nothing_is_the_empty_code_hash) {
    const auto expected = fixed<Hash256>("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    EXPECT_EQ(keccak256({}), expected);
    EXPECT_EQ(kEmptyKeccak, expected);
}

TEST(Keccak256, known_answers) {
    EXPECT_EQ(keccak256(as_bytes("abc")),
              fixed<Hash256>("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"));
    EXPECT_EQ(keccak256(hex("cc")), fixed<Hash256>("eead6dbfc7340a56caedc044696a168870549a6a7f6f56961e84a54bd9970b8a"));
    EXPECT_EQ(keccak256(as_bytes("The quick brown fox jumps over the lazy dog")),
              fixed<Hash256>("4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15"));
    EXPECT_EQ(keccak256(hex("c0")), fixed<Hash256>("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"));
    EXPECT_EQ(keccak256(hex("80")), fixed<Hash256>("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"));
}

TEST(Keccak512, known_answers) {
    EXPECT_EQ(keccak512({}), fixed<Hash512>("0eab42de4c3ceb9235fc91acffe746b29c29a8c366b7c60e4e67c466f36a4304"
                                            "c00fa9caf9d87976ba469bcbe06713b435f091ef2769fb160cdab33d3670680e"));
    EXPECT_EQ(keccak512(as_bytes("abc")), fixed<Hash512>("18587dc2ea106b9a1563e32b3312421ca164c7f1f07bc922a9c83d77cea3a1e5"
                                                         "d0c69910739025372dc14ac9642629379540c17e2a65b19d77aa511a9d00bb96"));
}

TEST(Keccak256, every_length_over_three_blocks_matches_the_plain_sponge) {
    Generator generator{1};
    for (std::size_t size = 0; size <= 3 * kKeccak256Rate + 1; ++size) {
        const Bytes message = generator.bytes(size);
        EXPECT_EQ(to_bytes(keccak256(message)), plain_keccak(message, 136, 32)) << size;
    }
}

TEST(Keccak512, every_length_over_three_blocks_matches_the_plain_sponge) {
    Generator generator{2};
    for (std::size_t size = 0; size <= 3 * 72 + 1; ++size) {
        const Bytes message = generator.bytes(size);
        EXPECT_EQ(to_bytes(keccak512(message)), plain_keccak(message, 72, 64)) << size;
    }
}

TEST(Keccak256, unaligned_input_hashes_alike) {
    Generator generator{3};
    const Bytes message = generator.bytes(300);
    for (std::size_t offset = 1; offset < 8; ++offset) {
        Bytes shifted(offset);
        append(shifted, message);
        EXPECT_EQ(keccak256(ByteView{shifted}.subspan(offset)), keccak256(message));
    }
}

TEST(Keccak256, pieces_hash_as_the_whole) {
    Generator generator{4};
    Keccak256 hasher;
    for (int round = 0; round < 300; ++round) {
        const Bytes message = generator.bytes(generator.below(700));
        ByteView rest{message};
        while (!rest.empty()) {
            const std::size_t take = 1 + generator.below(rest.size());
            hasher.update(rest.first(take)).update({});
            rest = rest.subspan(take);
        }
        EXPECT_EQ(hasher.finish(), keccak256(message));
    }
    EXPECT_EQ(hasher.finish(), kEmptyKeccak);
}

TEST(Keccak256, peek_leaves_the_message_open) {
    Keccak256 hasher;
    hasher.update(as_bytes("ab"));
    EXPECT_EQ(hasher.peek(), keccak256(as_bytes("ab")));
    hasher.update(as_bytes("c"));
    EXPECT_EQ(hasher.peek(), keccak256(as_bytes("abc")));
    EXPECT_EQ(hasher.finish(), keccak256(as_bytes("abc")));
}

TEST(Keccak256Batch, mixed_lengths_match_single_hashes) {
    Generator generator{5};
    for (std::size_t count = 0; count < 40; ++count) {
        std::vector<Bytes> messages;
        for (std::size_t i = 0; i < count; ++i) messages.push_back(generator.bytes(generator.below(600)));
        const std::vector<ByteView> views{messages.begin(), messages.end()};
        std::vector<Hash256> out(count);
        keccak256_batch(views, out);
        for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(out[i], keccak256(messages[i])) << count << ' ' << i;
    }
}

TEST(Keccak256Batch, equal_lengths_match_the_plain_sponge) {
    Generator generator{6};
    for (const std::size_t size : {0u, 1u, 7u, 8u, 32u, 64u, 127u, 128u, 135u, 136u, 137u, 271u, 272u, 532u}) {
        std::vector<Bytes> messages;
        for (int i = 0; i < 19; ++i) messages.push_back(generator.bytes(size));
        const std::vector<ByteView> views{messages.begin(), messages.end()};
        std::vector<Hash256> out(views.size());
        keccak256_batch(views, out);
        for (std::size_t i = 0; i < views.size(); ++i)
            EXPECT_EQ(to_bytes(out[i]), plain_keccak(views[i], 136, 32)) << size << ' ' << i;
    }
}

struct Kernel {
    const char* name;
    keccak_kernels::Permute permute;
};

std::vector<Kernel> kernels_of_this_machine() {
    std::vector<Kernel> out{{"portable", keccak_kernels::permute_portable}};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
        out.push_back({"bmi", keccak_kernels::permute_bmi});
#endif
    return out;
}

TEST(KeccakKernels, each_matches_the_plain_permutation) {
    Generator generator{7};
    for (const auto& kernel : kernels_of_this_machine()) {
        for (int round = 0; round < 200; ++round) {
            std::uint64_t expected[25];
            std::uint64_t actual[25];
            for (int i = 0; i < 25; ++i) expected[i] = actual[i] = round == 0 ? 0 : generator.next();
            plain_permute(expected);
            kernel.permute(actual);
            for (int i = 0; i < 25; ++i) ASSERT_EQ(actual[i], expected[i]) << kernel.name << ' ' << i;
        }
    }
}

#if defined(__x86_64__)
TEST(KeccakKernels, interleaved_states_permute_as_single_ones) {
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl"))
        GTEST_SKIP() << "this processor has no AVX-512F and VL";
    Generator generator{8};
    const std::pair<std::size_t, keccak_kernels::Permute> kernels[] = {{4, keccak_kernels::permute_x4_avx512},
                                                                       {8, keccak_kernels::permute_x8_avx512}};
    for (const auto& [width, permute] : kernels) {
        for (int round = 0; round < 50; ++round) {
            std::vector<std::uint64_t> states(25 * width);
            for (auto& word : states) word = generator.next();
            auto expected = states;
            for (std::size_t j = 0; j < width; ++j) {
                std::uint64_t one[25];
                for (std::size_t i = 0; i < 25; ++i) one[i] = states[width * i + j];
                plain_permute(one);
                for (std::size_t i = 0; i < 25; ++i) expected[width * i + j] = one[i];
            }
            permute(states.data());
            EXPECT_EQ(states, expected) << width;
        }
    }
}
#endif

}  // namespace
}  // namespace cairn
