// SPDX-License-Identifier: MIT
#include "vm/precompiles/registry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace cairn::vm {
namespace {

Address address_of(std::uint16_t low) {
    Address out;
    out.bytes[18] = static_cast<std::uint8_t>(low >> 8);
    out.bytes[19] = static_cast<std::uint8_t>(low & 0xff);
    return out;
}

Revision revision_of(std::size_t i) { return static_cast<Revision>(i); }

/// First revision of each contract (EIP-196, 197, 198; 152; 4844; 2537; 7951) and its name (EIP-7910).
struct Expected {
    std::uint16_t address;
    Revision since;
    std::string_view name;
};
constexpr Expected kExpected[] = {
    {0x01, Revision::Frontier, "ECREC"},
    {0x02, Revision::Frontier, "SHA256"},
    {0x03, Revision::Frontier, "RIPEMD160"},
    {0x04, Revision::Frontier, "ID"},
    {0x05, Revision::Byzantium, "MODEXP"},
    {0x06, Revision::Byzantium, "BN254_ADD"},
    {0x07, Revision::Byzantium, "BN254_MUL"},
    {0x08, Revision::Byzantium, "BN254_PAIRING"},
    {0x09, Revision::Istanbul, "BLAKE2F"},
    {0x0a, Revision::Cancun, "KZG_POINT_EVALUATION"},
    {0x0b, Revision::Prague, "BLS12_G1ADD"},
    {0x0c, Revision::Prague, "BLS12_G1MSM"},
    {0x0d, Revision::Prague, "BLS12_G2ADD"},
    {0x0e, Revision::Prague, "BLS12_G2MSM"},
    {0x0f, Revision::Prague, "BLS12_PAIRING_CHECK"},
    {0x10, Revision::Prague, "BLS12_MAP_FP_TO_G1"},
    {0x11, Revision::Prague, "BLS12_MAP_FP2_TO_G2"},
    {0x100, Revision::Osaka, "P256VERIFY"},
};

TEST(PrecompileRegistry, each_revision_has_its_contracts_and_no_other) {
    for (std::size_t r = 0; r < kRevisionCount; ++r)
        for (std::uint32_t low = 0; low <= 0xffff; ++low) {
            const auto* const expected =
                std::find_if(std::begin(kExpected), std::end(kExpected), [&](const Expected& e) { return e.address == low; });
            const auto* contract = find_precompile(revision_of(r), address_of(static_cast<std::uint16_t>(low)));
            if (expected == std::end(kExpected) || expected->since > revision_of(r)) {
                ASSERT_EQ(contract, nullptr) << r << " " << low;
            } else {
                ASSERT_NE(contract, nullptr) << r << " " << low;
                ASSERT_EQ(contract->name, expected->name);
            }
        }
}

TEST(PrecompileRegistry, a_byte_above_makes_another_address) {
    for (const auto& e : kExpected)
        for (std::size_t i = 0; i < 18; ++i) {
            Address address = address_of(e.address);
            address.bytes[i] = 0x80;
            EXPECT_EQ(find_precompile(Revision::Osaka, address), nullptr);
        }
}

TEST(PrecompileRegistry, addresses_ascend_and_are_those_found) {
    for (std::size_t r = 0; r < kRevisionCount; ++r) {
        const auto addresses = precompile_addresses(revision_of(r));
        EXPECT_TRUE(std::is_sorted(addresses.begin(), addresses.end()));
        std::vector<Address> expected;
        for (const auto& e : kExpected)
            if (e.since <= revision_of(r)) expected.push_back(address_of(e.address));
        EXPECT_TRUE(std::equal(addresses.begin(), addresses.end(), expected.begin(), expected.end())) << r;
    }
}

TEST(PrecompileRegistry, run_clears_what_the_output_held) {
    const auto* identity = find_precompile(Revision::Frontier, address_of(4));
    ASSERT_NE(identity, nullptr);
    Bytes output = {9, 9, 9};
    ASSERT_TRUE(identity->run(Bytes{1, 2}, Revision::Frontier, output));
    EXPECT_EQ(output, (Bytes{1, 2}));
    ASSERT_TRUE(identity->run({}, Revision::Frontier, output));
    EXPECT_EQ(output, Bytes{});
}

}  // namespace
}  // namespace cairn::vm
