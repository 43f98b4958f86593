// SPDX-License-Identifier: MIT
#include "core/types/mining_job.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/base/hex.hpp"

namespace cairn {
namespace {

Uint256 number(std::string_view text) {
    return parse_uint256(text).value();
}
template <class Fixed>
Fixed fixed(std::string_view text) {
    return fixed_from_hex<Fixed>(text).value();
}

/// The worked vector of the network's specification (docs: mining).
struct WorkedVector {
    Header header;
    static constexpr const char* kSealHash =
        "21a073a9070379084706beb8fd1e55beffd635428198d4e4b60bb98f2ca0a370";
    static constexpr const char* kTarget =
        "0x0000100000000000000000000000000000000000000000000000000000000000";
    static constexpr const char* kWorkHeader =
        "00a04a2521a073a9070379084706beb8fd1e55beffd635428198d4e4b60bb98f2ca0a3708f02a9f839f3b61cf0"
        "daeed4b76a80cfdde0e631ed2c5afe9360c7f987e1b7be03d2496b0000101ec2740300";

    WorkedVector() {
        header.parent_hash.bytes.fill(0x11);
        header.beneficiary = fixed<Address>("000102030405060708090a0b0c0d0e0f10111213");
        header.state_root.bytes.fill(0x22);
        header.difficulty = {Uint256{1048576}};
        header.number = 7;
        header.gas_limit = 30000000;
        header.timestamp = 1800000000;
        header.extra_data = to_bytes(as_bytes("cairn"));
        header.base_fee = Wei{1000000000};
        header.mix_hash =
            fixed<Hash256>("8f02a9f839f3b61cf0daeed4b76a80cfdde0e631ed2c5afe9360c7f987e1b7be");
        header.nonce = fixed<SealNonce>("2a550003000374c2");
    }
};

TEST(WorkHeader, worked_vector_from_the_header) {
    const WorkedVector v;
    EXPECT_EQ(to_hex(hash_of(v.header)),
              "e94fe8bf9a211008e0294e8fb18815656d4c36caa85729e30ec12597c6a43509");
    const WorkBase base = work_base_of(v.header);
    EXPECT_EQ(to_hex(base.seal_hash), WorkedVector::kSealHash);
    EXPECT_EQ(base.timestamp, 0x6b49d200U);
    EXPECT_EQ(base.target.value, number(WorkedVector::kTarget));
    EXPECT_EQ(compact_of(base.target), 0x1e100000U);
    const WorkHeader work = make_work_header(base, seal_of(v.header));
    EXPECT_EQ(to_hex(work), WorkedVector::kWorkHeader);
    EXPECT_EQ(pow_value(work),
              number("0x00000dde1527c4c263a2277060fd1f0382b4de7f30b339555914f615a6182ad2"));
    EXPECT_LE(pow_value(work), base.target.value);
}

TEST(WorkHeader, worked_vector_back_to_the_seal) {
    const WorkedVector v;
    WorkHeader work;
    std::ranges::copy(from_hex(WorkedVector::kWorkHeader).value(), work.begin());
    const auto seal = find_seal(work_base_of(v.header), work);
    ASSERT_TRUE(seal);
    EXPECT_EQ(*seal, seal_of(v.header));
}

TEST(WorkHeader, what_a_submitted_stratum_share_becomes) {
    // Submitted: version bits 054aa000, time 6b49d203, nonce 000374c2 on version 20000000.
    WorkHeader work;
    std::ranges::copy(from_hex(WorkedVector::kWorkHeader).value(), work.begin());
    EXPECT_EQ(load_le32(work.data()), 0x20000000U | 0x054aa000U);
    EXPECT_EQ(load_le32(work.data() + kWorkTimeOffset), 0x6b49d203U);
    EXPECT_EQ(load_le32(work.data() + kWorkNonceOffset), 0x000374c2U);
}

TEST(WorkHeader, seals_and_work_headers_are_one_to_one) {
    std::mt19937_64 random{73127};
    WorkBase base{.seal_hash = {}, .timestamp = 0, .target = {Uint256::max() >> 20}};
    for (int i = 0; i < 2000; ++i) {
        base.timestamp = random() >> (i % 33);  // some beyond 32 bits, some about to wrap
        Seal seal;
        for (auto& byte : seal.mix_hash.bytes) byte = static_cast<std::uint8_t>(random());
        for (auto& byte : seal.nonce.bytes) byte = static_cast<std::uint8_t>(random());
        const WorkHeader work = make_work_header(base, seal);
        ASSERT_EQ(find_seal(base, work), seal);
        // Any one bit flipped gives another seal or none.
        const auto bit = static_cast<unsigned>(random() % (8 * kWorkHeaderSize));
        WorkHeader flipped = work;
        flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1U << bit % 8);
        const auto other = find_seal(base, flipped);
        ASSERT_NE(other, seal) << bit;
        if (other) {
            ASSERT_EQ(make_work_header(base, *other), flipped);
        }
    }
}

TEST(WorkHeader, foreign_work_has_no_seal) {
    const WorkedVector v;
    const WorkBase base = work_base_of(v.header);
    const WorkHeader work = make_work_header(base, seal_of(v.header));
    const auto with = [&](std::size_t offset, std::uint32_t value) {
        WorkHeader changed = work;
        store_le32(changed.data() + offset, value);
        return find_seal(base, changed).has_value();
    };
    EXPECT_TRUE(with(0, 0x20000000));
    EXPECT_TRUE(with(0, 0x3fffe000));
    EXPECT_FALSE(with(0, 0x20001000));  // a bit below the mask
    EXPECT_FALSE(with(0, 0x00000000));
    EXPECT_FALSE(with(0, 0x60000000));
    EXPECT_FALSE(with(kWorkSealHashOffset, 1));
    EXPECT_TRUE(with(kWorkTimeOffset, 0x6b49d200));
    EXPECT_FALSE(with(kWorkTimeOffset, 0x6b49d200 - 1));
    EXPECT_TRUE(with(kWorkTimeOffset, 0x6b49d200 + 0xffff));
    EXPECT_FALSE(with(kWorkTimeOffset, 0x6b49d200 + 0x10000));
    EXPECT_FALSE(with(kWorkBitsOffset, 0x1e0fffff));
    EXPECT_TRUE(with(kWorkNonceOffset, 0xffffffff));
}

TEST(WorkHeader, time_wraps_with_its_32_bits) {
    const WorkBase base{.seal_hash = {}, .timestamp = 0x1'ffff'fff0, .target = {Uint256{1}}};
    const Seal seal{.mix_hash = {}, .nonce = fixed<SealNonce>("0000002000000000")};
    const WorkHeader work = make_work_header(base, seal);
    EXPECT_EQ(load_le32(work.data() + kWorkTimeOffset), 0x10U);
    EXPECT_EQ(find_seal(base, work), seal);
}

TEST(TargetOf, bounds) {
    EXPECT_EQ(target_of({Uint256{0}}).value, Uint256::max());
    EXPECT_EQ(target_of({Uint256{1}}).value, Uint256::max());
    EXPECT_EQ(target_of({Uint256{2}}).value, Uint256{1} << 255);
    EXPECT_EQ(target_of({Uint256{131072}}).value, Uint256{1} << 239);
    // 2^256 - 1 is divisible by 3, so that 2^256 leaves 1.
    EXPECT_EQ(target_of({Uint256{3}}).value, Uint256::max() / Uint256{3});
    EXPECT_EQ(target_of({Uint256::max()}).value, Uint256{1});
    EXPECT_EQ(target_of({(Uint256{1} << 255) + Uint256{1}}).value, Uint256{1});
}

TEST(DifficultyOf, inverts_targets_of_powers_of_two_and_stays_close_else) {
    for (unsigned bit = 1; bit < 256; ++bit) {
        const Difficulty difficulty{Uint256{1} << bit};
        EXPECT_EQ(difficulty_of(target_of(difficulty)), difficulty);
    }
    EXPECT_EQ(difficulty_of({Uint256{}}).value, Uint256::max());
    // floor(2^256 / floor(2^256 / d)) is d for d below 2^128 up to the rounding of the target.
    std::mt19937_64 random{1};
    for (int i = 0; i < 1000; ++i) {
        const Uint256 d{(random() >> (random() % 50)) | 1};
        const Uint256 back = difficulty_of(target_of({d})).value;
        EXPECT_EQ(back, d);
    }
}

TEST(Compact, values_of_bitcoin) {
    // Bitcoin's genesis, and vectors of its developer reference.
    EXPECT_EQ(
        compact_of({number("0x00000000ffff0000000000000000000000000000000000000000000000000000")}),
        0x1d00ffffU);
    EXPECT_EQ(target_of_compact(0x1b0404cb)->value,
              number("0x00000000000404cb000000000000000000000000000000000000000000000000"));
    EXPECT_EQ(compact_of({Uint256{0x12}}), 0x01120000U);
    EXPECT_EQ(compact_of({Uint256{0x80}}), 0x02008000U);
    EXPECT_EQ(compact_of({Uint256{0x1234}}), 0x02123400U);
    EXPECT_EQ(compact_of({Uint256{0x123456}}), 0x03123456U);
    EXPECT_EQ(compact_of({Uint256{0x92340000}}), 0x05009234U);
    EXPECT_EQ(compact_of({Uint256{}}), 0U);
    EXPECT_EQ(compact_of({Uint256::max()}), 0x2100ffffU);
}

TEST(Compact, of_any_form) {
    EXPECT_EQ(target_of_compact(0)->value, Uint256{});
    EXPECT_EQ(target_of_compact(0x01123456)->value, Uint256{0x12});
    EXPECT_EQ(target_of_compact(0x00123456)->value, Uint256{});
    EXPECT_EQ(target_of_compact(0x04923456), std::nullopt);  // negative
    EXPECT_EQ(target_of_compact(0x04800000)->value, Uint256{});
    EXPECT_EQ(target_of_compact(0x2100ffff)->value, Uint256{0xffff} << 240);
    EXPECT_EQ(target_of_compact(0x21010000), std::nullopt);
    EXPECT_EQ(target_of_compact(0x220000ff)->value, Uint256{0xff} << 248);
    EXPECT_EQ(target_of_compact(0xff123456), std::nullopt);
    EXPECT_EQ(target_of_compact(0xff000000)->value, Uint256{});
}

TEST(Compact, rounds_down_and_by_less_than_the_mantissa_holds) {
    std::mt19937_64 random{2};
    for (int i = 0; i < 2000; ++i) {
        const Uint256 target = Uint256{random(), random(), random(), random()} >> (random() % 256);
        const auto back = target_of_compact(compact_of({target}));
        ASSERT_TRUE(back);
        EXPECT_LE(back->value, target);
        EXPECT_LE(target - back->value, target >> 15);
        EXPECT_EQ(compact_of(*back), compact_of({target}));
    }
}

}  // namespace
}  // namespace cairn
