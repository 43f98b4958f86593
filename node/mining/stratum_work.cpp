// SPDX-License-Identifier: MIT
#include "node/mining/stratum_work.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::node {
namespace {

/// Expected hashes of a share of difficulty 1, nearly: 2^256 / (0xffff << 208), rounded to a power of two.
constexpr double kHashesOfDifficulty1 = 4294967296.0;
constexpr int kTargetBitsOfDifficulty1 = 224;

/// A positive number from its leading 64 bits; for rates and bounds, not for rules.
double to_double(const Uint256& x) noexcept {
    double sum = 0;
    for (std::size_t i = 4; i-- > 0;) sum = sum * 18446744073709551616.0 + static_cast<double>(x.limb[i]);
    return sum;
}

Hash256 hash_pair(const Hash256& left, const Hash256& right) noexcept {
    std::array<std::uint8_t, 64> both;
    std::ranges::copy(left.bytes, both.begin());
    std::ranges::copy(right.bytes, both.begin() + 32);
    return sha256d(both);
}

}  // namespace

CoinbaseParts make_coinbase(BlockNumber number) {
    // A script number's top bit is its sign, so a fourth byte is needed from 2^23 on.
    const auto height = static_cast<std::uint32_t>(number & 0x7fffffff);
    const std::size_t push = height < 1U << 23 ? 3 : 4;
    static constexpr std::string_view kTag = "Cairn/";

    CoinbaseParts parts;
    Bytes& head = parts.head;
    head = {0x01, 0x00, 0x00, 0x00, 0x01};                        // version 1, one input
    head.resize(head.size() + 32);                                // that spends no output,
    head.insert(head.end(), 4, 0xff);                             // as index 2^32 - 1 says
    const std::size_t script =
        1 + push + 1 + kTag.size() + 1 + kExtranonce1Bytes + kExtranonce2Bytes;
    head.push_back(static_cast<std::uint8_t>(script));
    head.push_back(static_cast<std::uint8_t>(push));
    for (std::size_t i = 0; i < push; ++i) head.push_back(static_cast<std::uint8_t>(height >> (8 * i)));
    head.push_back(static_cast<std::uint8_t>(kTag.size()));
    append(head, as_bytes(kTag));
    head.push_back(static_cast<std::uint8_t>(kExtranonce1Bytes + kExtranonce2Bytes));

    Bytes& tail = parts.tail;
    tail.insert(tail.end(), 4, 0xff);                             // sequence
    tail.push_back(0x01);                                         // one output
    tail.resize(tail.size() + 8);                                 // of nothing
    tail.insert(tail.end(), {0x01, 0x6a});                        // script: OP_RETURN
    tail.resize(tail.size() + 4);                                 // no lock time
    return parts;
}

MerkleBranches make_branches(const Hash256& seal_hash, std::uint64_t issue) {
    std::array<std::uint8_t, 40> seed;
    std::ranges::copy(seal_hash.bytes, seed.begin());
    store_be64(seed.data() + 32, issue);
    const Hash256 first = sha256d(seed);
    return {first, sha256d(first)};
}

Hash256 merkle_root_of(const CoinbaseParts& coinbase, const Extranonce1& first, const Extranonce2& second,
                       const MerkleBranches& branches) {
    Bytes whole;
    whole.reserve(coinbase.head.size() + first.size() + second.size() + coinbase.tail.size());
    append(whole, coinbase.head);
    append(whole, first);
    append(whole, second);
    append(whole, coinbase.tail);
    Hash256 root = sha256d(whole);
    for (const Hash256& branch : branches) root = hash_pair(root, branch);
    return root;
}

std::string make_notify(std::string_view id, const MiningJob& job, const CoinbaseParts& coinbase,
                        const MerkleBranches& branches, bool is_clean) {
    return fmt::format(
        R"({{"id":null,"method":"mining.notify","params":["{}","{}","{}","{}",["{}","{}"],"{:08x}","{:08x}","{:08x}",{}]}})"
        "\n",
        id, to_hex(swap_words(job.base.seal_hash)), to_hex(coinbase.head), to_hex(coinbase.tail), to_hex(branches[0]),
        to_hex(branches[1]), kWorkVersion, compact_of(job.base.target), static_cast<std::uint32_t>(job.base.timestamp),
        is_clean);
}

WorkHeader make_share_header(const MiningJob& job, const Hash256& merkle_root, const ShareFields& fields) noexcept {
    WorkHeader header = make_work_header(job.base, {.mix_hash = merkle_root, .nonce = {}});
    store_le32(header.data(), fields.version);
    store_le32(header.data() + kWorkTimeOffset, fields.time);
    store_le32(header.data() + kWorkNonceOffset, fields.nonce);
    return header;
}

std::optional<std::uint64_t> parse_hex_number(std::string_view text, std::size_t digits) noexcept {
    CAIRN_ASSERT(digits <= 16);
    if (text.size() != digits) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : text) {
        unsigned digit = 0;
        if (c >= '0' && c <= '9') {
            digit = static_cast<unsigned>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = static_cast<unsigned>(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = static_cast<unsigned>(c - 'A') + 10;
        } else {
            return std::nullopt;
        }
        number = number << 4 | digit;
    }
    return number;
}

Bytes swap_words(ByteView bytes) {
    CAIRN_ASSERT(bytes.size() % 4 == 0);
    Bytes out(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); i += 4) store_be32(out.data() + i, load_le32(bytes.data() + i));
    return out;
}

std::string make_getwork_data(const WorkHeader& header) {
    std::array<std::uint8_t, kGetworkBytes> data{};
    std::ranges::copy(header, data.begin());
    data[kWorkHeaderSize] = 0x80;
    store_be64(data.data() + kGetworkBytes - 8, 8 * kWorkHeaderSize);
    return to_hex(swap_words(data));
}

std::optional<WorkHeader> parse_getwork_data(std::string_view hex) {
    if (hex.size() != 2 * kGetworkBytes && hex.size() != 2 * kWorkHeaderSize) return std::nullopt;
    const auto bytes = from_hex(hex);
    if (!bytes || bytes->size() != hex.size() / 2) return std::nullopt;
    const Bytes swapped = swap_words(ByteView{*bytes}.first(kWorkHeaderSize));
    WorkHeader header;
    std::ranges::copy(swapped, header.begin());
    return header;
}

std::string make_getwork_target(const Target& target) {
    std::array<std::uint8_t, 32> bytes;
    store_be256(bytes.data(), target.value);
    std::ranges::reverse(bytes);
    return to_hex(bytes);
}

Target share_target_of(double difficulty) noexcept {
    int exponent = 0;
    const double fraction = std::frexp(1 / std::max(difficulty, kShareDifficultyMin), &exponent);
    // 53 bits are all that a double has; one more in the last place makes up for its rounding.
    const auto mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53)) + 1;
    const int shift = kTargetBitsOfDifficulty1 + exponent - 53;
    if (shift < 0) return {Uint256{mantissa} >> static_cast<unsigned>(-shift)};
    return {Uint256{mantissa} << static_cast<unsigned>(shift)};
}

double share_difficulty_max(const Target& block_target) noexcept {
    // minerd's bound is 65535/65536 of the plain one; the last factor covers the clients' rounding.
    const double hashes = to_double(difficulty_of(block_target).value);
    return hashes / kHashesOfDifficulty1 * (65535.0 / 65536.0) * (1 - 1.0 / (1 << 20));
}

}  // namespace cairn::node
