// SPDX-License-Identifier: MIT
#include "core/crypto/bls12_381.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "vm/precompiles/contracts.hpp"

namespace cairn::vm::precompiles {
namespace {

namespace bls = cairn::bls12_381;

// EIP-2537, "Gas schedule".
constexpr std::int64_t kG1AddGas = 375;
constexpr std::int64_t kG1MulGas = 12'000;
constexpr std::int64_t kG2AddGas = 600;
constexpr std::int64_t kG2MulGas = 22'500;
constexpr std::int64_t kPairingBaseGas = 37'700;
constexpr std::int64_t kPairingPairGas = 32'600;
constexpr std::int64_t kMapFpGas = 5'500;
constexpr std::int64_t kMapFp2Gas = 23'800;

constexpr std::int64_t kDiscountDivisor = 1'000;
using DiscountTable = std::array<std::int16_t, 128>;

/// Thousandths of the full price per term, by number of terms from 1; the last entry holds for more terms.
constexpr DiscountTable kG1Discount = {
    1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665, 661, 658, 654,
    651,  648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615, 613, 611, 609, 608, 606, 604,
    603,  601, 599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577, 576, 575, 574,
    573,  572, 570, 569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 551,
    550,  549, 548, 547, 547, 546, 545, 544, 543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532,
    532,  531, 530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519};
constexpr DiscountTable kG2Discount = {
    1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699, 693, 688, 683,
    679,  674,  670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629, 627, 624, 622, 620, 618, 615,
    613,  611,  609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583, 582, 580, 579,
    578,  576,  575, 574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554,
    553,  552,  552, 551, 550, 549, 548, 547, 546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536,
    535,  535,  534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524};

/// (terms · price · discount) / 1000; an input holds no incomplete term, so that run refuses what rounds down here.
std::int64_t msm_gas(std::size_t terms, std::int64_t mul_gas, const DiscountTable& discount) noexcept {
    if (terms == 0) return 0;
    const std::int64_t each = mul_gas * discount[std::min(terms, discount.size()) - 1];
    const auto count = static_cast<std::int64_t>(terms);
    if (count > std::numeric_limits<std::int64_t>::max() / each) return std::numeric_limits<std::int64_t>::max();
    return count * each / kDiscountDivisor;
}

Error contract_error(bls::Error e) noexcept {
    switch (e) {
        case bls::Error::InputLength: return Error::InputLength;
        case bls::Error::FieldTopBytes: return Error::BlsFieldTopBytes;
        case bls::Error::FieldElement: return Error::BlsFieldElement;
        case bls::Error::NotOnCurve: return Error::BlsNotOnCurve;
        case bls::Error::G1Subgroup: return Error::BlsG1Subgroup;
        case bls::Error::G2Subgroup: return Error::BlsG2Subgroup;
    }
    CAIRN_ASSERT(false && "unknown BLS12-381 error");
    __builtin_unreachable();
}

template <class Encoding>
RunResult deliver(const Result<Encoding, bls::Error>& result, Bytes& output) {
    if (!result) return Unexpected{contract_error(result.error())};
    append(output, *result);
    return {};
}

}  // namespace

std::int64_t gas_bls12_g1add(ByteView, Revision) noexcept { return kG1AddGas; }
RunResult run_bls12_g1add(ByteView input, Revision, Bytes& output) { return deliver(bls::g1_add(input), output); }

std::int64_t gas_bls12_g1msm(ByteView input, Revision) noexcept {
    return msm_gas(input.size() / bls::kG1TermBytes, kG1MulGas, kG1Discount);
}
RunResult run_bls12_g1msm(ByteView input, Revision, Bytes& output) { return deliver(bls::g1_msm(input), output); }

std::int64_t gas_bls12_g2add(ByteView, Revision) noexcept { return kG2AddGas; }
RunResult run_bls12_g2add(ByteView input, Revision, Bytes& output) { return deliver(bls::g2_add(input), output); }

std::int64_t gas_bls12_g2msm(ByteView input, Revision) noexcept {
    return msm_gas(input.size() / bls::kG2TermBytes, kG2MulGas, kG2Discount);
}
RunResult run_bls12_g2msm(ByteView input, Revision, Bytes& output) { return deliver(bls::g2_msm(input), output); }

std::int64_t gas_bls12_pairing_check(ByteView input, Revision) noexcept {
    return kPairingBaseGas + static_cast<std::int64_t>(input.size() / bls::kPairBytes) * kPairingPairGas;
}
RunResult run_bls12_pairing_check(ByteView input, Revision, Bytes& output) {
    const auto holds = bls::pairing_check(input);
    if (!holds) return Unexpected{contract_error(holds.error())};
    append_flag(output, *holds);
    return {};
}

std::int64_t gas_bls12_map_fp_to_g1(ByteView, Revision) noexcept { return kMapFpGas; }
RunResult run_bls12_map_fp_to_g1(ByteView input, Revision, Bytes& output) {
    return deliver(bls::map_fp_to_g1(input), output);
}

std::int64_t gas_bls12_map_fp2_to_g2(ByteView, Revision) noexcept { return kMapFp2Gas; }
RunResult run_bls12_map_fp2_to_g2(ByteView input, Revision, Bytes& output) {
    return deliver(bls::map_fp2_to_g2(input), output);
}

}  // namespace cairn::vm::precompiles
