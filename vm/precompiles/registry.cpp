// SPDX-License-Identifier: MIT
#include "vm/precompiles/registry.hpp"

#include <array>

#include "vm/precompiles/contracts.hpp"

namespace cairn::vm {
namespace {

namespace pc = precompiles;

/// Forgets the reason of a refusal, which the machine has no use for.
template <auto Run>
bool run(ByteView input, Revision revision, Bytes& output) {
    output.clear();
    return Run(input, revision, output).has_value();
}

struct Row {
    std::uint16_t address;
    Revision since;
    Precompile contract;
};

/// Ascending by address and by revision, so that each revision's contracts are a prefix.
constexpr std::array kRows = {
    Row{0x01, Revision::Frontier, {"ECREC", pc::gas_ecrecover, run<pc::run_ecrecover>}},
    Row{0x02, Revision::Frontier, {"SHA256", pc::gas_sha256, run<pc::run_sha256>}},
    Row{0x03, Revision::Frontier, {"RIPEMD160", pc::gas_ripemd160, run<pc::run_ripemd160>}},
    Row{0x04, Revision::Frontier, {"ID", pc::gas_identity, run<pc::run_identity>}},
    Row{0x05, Revision::Byzantium, {"MODEXP", pc::gas_modexp, run<pc::run_modexp>}},
    Row{0x06, Revision::Byzantium, {"BN254_ADD", pc::gas_bn254_add, run<pc::run_bn254_add>}},
    Row{0x07, Revision::Byzantium, {"BN254_MUL", pc::gas_bn254_mul, run<pc::run_bn254_mul>}},
    Row{0x08, Revision::Byzantium, {"BN254_PAIRING", pc::gas_bn254_pairing, run<pc::run_bn254_pairing>}},
    Row{0x09, Revision::Istanbul, {"BLAKE2F", pc::gas_blake2f, run<pc::run_blake2f>}},
    Row{0x0a,
        Revision::Cancun,
        {"KZG_POINT_EVALUATION", pc::gas_point_evaluation, run<pc::run_point_evaluation>}},
    Row{0x0b, Revision::Prague, {"BLS12_G1ADD", pc::gas_bls12_g1add, run<pc::run_bls12_g1add>}},
    Row{0x0c, Revision::Prague, {"BLS12_G1MSM", pc::gas_bls12_g1msm, run<pc::run_bls12_g1msm>}},
    Row{0x0d, Revision::Prague, {"BLS12_G2ADD", pc::gas_bls12_g2add, run<pc::run_bls12_g2add>}},
    Row{0x0e, Revision::Prague, {"BLS12_G2MSM", pc::gas_bls12_g2msm, run<pc::run_bls12_g2msm>}},
    Row{0x0f,
        Revision::Prague,
        {"BLS12_PAIRING_CHECK", pc::gas_bls12_pairing_check, run<pc::run_bls12_pairing_check>}},
    Row{0x10,
        Revision::Prague,
        {"BLS12_MAP_FP_TO_G1", pc::gas_bls12_map_fp_to_g1, run<pc::run_bls12_map_fp_to_g1>}},
    Row{0x11,
        Revision::Prague,
        {"BLS12_MAP_FP2_TO_G2", pc::gas_bls12_map_fp2_to_g2, run<pc::run_bls12_map_fp2_to_g2>}},
    Row{0x100, Revision::Osaka, {"P256VERIFY", pc::gas_p256verify, run<pc::run_p256verify>}},
};

constexpr bool rows_ascend() {
    for (std::size_t i = 1; i < kRows.size(); ++i)
        if (kRows[i].address <= kRows[i - 1].address || kRows[i].since < kRows[i - 1].since) return false;
    return true;
}
static_assert(rows_ascend());

/// How many rows each revision has.
constexpr auto kRowCounts = [] {
    std::array<std::uint8_t, kRevisionCount> counts{};
    for (std::size_t r = 0; r < kRevisionCount; ++r)
        for (const Row& row : kRows)
            if (row.since <= static_cast<Revision>(r)) ++counts[r];
    return counts;
}();

constexpr auto kAddresses = [] {
    std::array<Address, kRows.size()> addresses{};
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        addresses[i].bytes[18] = static_cast<std::uint8_t>(kRows[i].address >> 8);
        addresses[i].bytes[19] = static_cast<std::uint8_t>(kRows[i].address & 0xff);
    }
    return addresses;
}();

/// Row of each address up to the highest but one; all addresses below 0x12 but zero are taken.
constexpr std::uint16_t kDenseEnd = 0x12;
constexpr std::uint16_t kP256Address = 0x100;
static_assert(kRows.size() == kDenseEnd && kRows.back().address == kP256Address);

}  // namespace

const Precompile* find_precompile(Revision revision, const Address& address) noexcept {
    // Asked at every call of a contract: almost all addresses end at the first comparison.
    const std::uint8_t* p = address.data();
    if ((load_be64(p) | load_be64(p + 8) | (load_be32(p + 16) >> 16)) != 0) return nullptr;
    const std::uint32_t low = load_be32(p + 16);
    std::size_t row = 0;
    if (low == kP256Address) {
        row = kRows.size() - 1;
    } else if (low != 0 && low < kDenseEnd) {
        row = low - 1;
    } else {
        return nullptr;
    }
    return kRows[row].since <= revision ? &kRows[row].contract : nullptr;
}

std::span<const Address> precompile_addresses(Revision revision) noexcept {
    return std::span<const Address>{kAddresses}.first(kRowCounts[static_cast<std::size_t>(revision)]);
}

}  // namespace cairn::vm
