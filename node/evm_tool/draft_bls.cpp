// SPDX-License-Identifier: MIT
#include "node/evm_tool/draft_bls.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/crypto/bls12_381.hpp"

namespace cairn::node {
namespace {

namespace bls = cairn::bls12_381;

// The draft's prices.
constexpr std::int64_t kG1AddGas = 500;
constexpr std::int64_t kG1MulGas = 12'000;
constexpr std::int64_t kG2AddGas = 800;
constexpr std::int64_t kG2MulGas = 45'000;
constexpr std::int64_t kPairingBaseGas = 65'000;
constexpr std::int64_t kPairingPairGas = 43'000;
constexpr std::int64_t kMapFpGas = 5'500;
constexpr std::int64_t kMapFp2Gas = 75'000;

/// Thousandths of the full price per term, by number of terms from 1; the last entry holds for more terms.
constexpr std::array<std::int16_t, 128> kDiscount = {
    1200, 888, 764, 641, 594, 547, 500, 453, 438, 423, 408, 394, 379, 364, 349, 334, 330, 326, 322, 318, 314, 310,
    306,  302, 298, 294, 289, 285, 281, 277, 273, 269, 268, 266, 265, 263, 262, 260, 259, 257, 256, 254, 253, 251,
    250,  248, 247, 245, 244, 242, 241, 239, 238, 236, 235, 233, 232, 231, 229, 228, 226, 225, 223, 222, 221, 220,
    219,  219, 218, 217, 216, 216, 215, 214, 213, 213, 212, 211, 211, 210, 209, 208, 208, 207, 206, 205, 205, 204,
    203,  202, 202, 201, 200, 199, 199, 198, 197, 196, 196, 195, 194, 193, 193, 192, 191, 191, 190, 189, 188, 188,
    187,  186, 185, 185, 184, 183, 182, 182, 181, 180, 179, 179, 178, 177, 176, 176, 175, 174};

/// Before this day a "Prague" was the draft's: the final contracts and prices came with later releases.
constexpr unsigned kFinalFrom = 20240901;

std::int64_t msm_gas(std::size_t terms, std::int64_t mul_gas) noexcept {
    if (terms == 0) return 0;
    // An input's size bounds the terms, so this cannot overflow.
    return static_cast<std::int64_t>(terms) * mul_gas * kDiscount[std::min(terms, kDiscount.size()) - 1] / 1000;
}

template <std::int64_t kGas>
std::int64_t fixed_gas(ByteView, Revision) noexcept {
    return kGas;
}
std::int64_t g1_msm_gas(ByteView input, Revision) noexcept {
    return msm_gas(input.size() / bls::kG1TermBytes, kG1MulGas);
}
std::int64_t g2_msm_gas(ByteView input, Revision) noexcept {
    return msm_gas(input.size() / bls::kG2TermBytes, kG2MulGas);
}
std::int64_t pairing_gas(ByteView input, Revision) noexcept {
    return kPairingBaseGas + kPairingPairGas * static_cast<std::int64_t>(input.size() / bls::kPairBytes);
}

template <auto kFunction>
bool run(ByteView input, Revision, Bytes& output) {
    output.clear();
    const auto result = kFunction(input);
    if (!result) return false;
    append(output, *result);
    return true;
}
/// One multiplication is a sum of one term.
template <auto kFunction, std::size_t kTermBytes>
bool run_mul(ByteView input, Revision revision, Bytes& output) {
    return input.size() == kTermBytes && run<kFunction>(input, revision, output);
}
bool run_pairing(ByteView input, Revision, Bytes& output) {
    output.clear();
    const auto result = bls::pairing_check(input);
    if (!result) return false;
    output.resize(32);
    output[31] = *result ? 1 : 0;
    return true;
}

constexpr std::uint8_t kFirstAddress = 0x0b;
constexpr std::array<vm::Precompile, 9> kContracts = {{
    {"BLS12_G1ADD", fixed_gas<kG1AddGas>, run<bls::g1_add>},
    {"BLS12_G1MUL", fixed_gas<kG1MulGas>, run_mul<bls::g1_msm, bls::kG1TermBytes>},
    {"BLS12_G1MULTIEXP", g1_msm_gas, run<bls::g1_msm>},
    {"BLS12_G2ADD", fixed_gas<kG2AddGas>, run<bls::g2_add>},
    {"BLS12_G2MUL", fixed_gas<kG2MulGas>, run_mul<bls::g2_msm, bls::kG2TermBytes>},
    {"BLS12_G2MULTIEXP", g2_msm_gas, run<bls::g2_msm>},
    {"BLS12_PAIRING", pairing_gas, run_pairing},
    {"BLS12_MAP_FP_TO_G1", fixed_gas<kMapFpGas>, run<bls::map_fp_to_g1>},
    {"BLS12_MAP_FP2_TO_G2", fixed_gas<kMapFp2Gas>, run<bls::map_fp2_to_g2>},
}};

}  // namespace

bool means_draft_bls(std::string_view filler) noexcept {
    const auto dash = filler.rfind('-');
    if (dash == std::string_view::npos) return false;
    const std::string_view date = filler.substr(dash + 1);
    unsigned day = 0;
    const auto [end, error] = std::from_chars(date.data(), date.data() + date.size(), day);
    return error == std::errc{} && end == date.data() + date.size() && date.size() == 8 && day < kFinalFrom;
}

const vm::Precompile* find_draft_bls_precompile(Revision revision, const Address& address) noexcept {
    const auto zeros = std::all_of(address.begin(), address.end() - 1, [](std::uint8_t b) { return b == 0; });
    const int index = address.bytes[19] - kFirstAddress;
    if (zeros && index >= 0 && index < static_cast<int>(kContracts.size()))
        return &kContracts[static_cast<std::size_t>(index)];
    return vm::find_precompile(revision, address);
}

}  // namespace cairn::node
