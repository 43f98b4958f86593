// SPDX-License-Identifier: MIT
// SHA-256 as FIPS 180-4 writes it, in place of OpenSSL's, which is not there for a foreign processor: what the kernels
// are held against.
#include <array>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn {
namespace {

/// The fractional part of a square or cube root, its first 32 bits, by integer search (FIPS 180-4, sections 4.2.2 and
/// 5.3.3): the constants are derived here so that no table is shared with the code under test.
std::uint32_t root_bits(std::uint64_t prime, unsigned power) {
    // Largest r with r^power <= prime * 2^(32 * power).
    __extension__ using Wide = unsigned __int128;
    std::uint64_t root = 0;
    for (unsigned bit = 36; bit-- > 0;) {
        const std::uint64_t tried = root | std::uint64_t{1} << bit;
        // A cube of 36 bits has up to 108 bits; the primes below 312 shifted by 96 have up to 105.
        const Wide value = power == 2 ? Wide{tried} * tried : Wide{tried} * tried * tried;
        if (value <= Wide{prime} << (32 * power)) root = tried;
    }
    return static_cast<std::uint32_t>(root);
}

bool is_prime(std::uint64_t n) {
    for (std::uint64_t d = 2; d * d <= n; ++d)
        if (n % d == 0) return false;
    return true;
}

struct Constants {
    std::array<std::uint32_t, 64> k{};
    std::array<std::uint32_t, 8> h{};
    Constants() {
        unsigned count = 0;
        for (std::uint64_t n = 2; count < 64; ++n) {
            if (!is_prime(n)) continue;
            k[count] = root_bits(n, 3);
            if (count < 8) h[count] = root_bits(n, 2);
            ++count;
        }
    }
};

std::uint32_t turn(std::uint32_t x, unsigned n) { return x >> n | x << (32 - n); }

}  // namespace

Hash256 sha256(ByteView data) noexcept {
    static const Constants c;
    Bytes padded = to_bytes(data);
    padded.push_back(0x80);
    while (padded.size() % 64 != 56) padded.push_back(0);
    padded.resize(padded.size() + 8);
    store_be64(padded.data() + padded.size() - 8, 8 * data.size());
    std::array<std::uint32_t, 8> state = c.h;
    for (std::size_t block = 0; block < padded.size(); block += 64) {
        std::array<std::uint32_t, 64> w;
        for (std::size_t t = 0; t < 64; ++t)
            w[t] = t < 16 ? load_be32(padded.data() + block + 4 * t)
                          : (turn(w[t - 2], 17) ^ turn(w[t - 2], 19) ^ w[t - 2] >> 10) + w[t - 7] +
                                (turn(w[t - 15], 7) ^ turn(w[t - 15], 18) ^ w[t - 15] >> 3) + w[t - 16];
        auto [a, b, cc, d, e, f, g, h] = state;
        for (std::size_t t = 0; t < 64; ++t) {
            const std::uint32_t t1 =
                h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + c.k[t] + w[t];
            const std::uint32_t t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & cc) ^ (b & cc));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = cc;
            cc = b;
            b = a;
            a = t1 + t2;
        }
        const std::array<std::uint32_t, 8> added{a, b, cc, d, e, f, g, h};
        for (std::size_t i = 0; i < 8; ++i) state[i] += added[i];
    }
    Hash256 hash;
    for (std::size_t i = 0; i < 8; ++i) store_be32(hash.data() + 4 * i, state[i]);
    return hash;
}

Hash256 sha256d(ByteView data) noexcept { return sha256(sha256(data)); }

}  // namespace cairn
