// SPDX-License-Identifier: MIT
#include "chain/rules/base_fee.hpp"

#include <algorithm>
#include <limits>

#include "core/base/assert.hpp"
#include "core/math/uint256.hpp"

namespace cairn::chain {
namespace {

/// base · part / whole, rounded down, for part ≤ 2 · whole or a base that leaves room: taken apart
/// so that no product is wider than base itself or 128 bits.
Wei scaled(const Wei& base, Gas part, Gas whole) noexcept {
    const DivMod256 split = divmod(base, Uint256{whole});
    return split.quotient * Uint256{part} + split.remainder * Uint256{part} / Uint256{whole};
}

Wei saturating_add(const Wei& a, const Wei& b) noexcept {
    const Wei sum = a + b;
    return sum < a ? Uint256::max() : sum;
}

}  // namespace

Wei next_base_fee(const Header& parent) noexcept {
    if (!parent.base_fee) return Wei{kInitialBaseFee};
    const Wei& base = *parent.base_fee;
    const Gas target = parent.gas_limit / kElasticityMultiplier;
    // A gas limit below 2 is in no valid block; there is no target to be off from.
    if (parent.gas_used == target || target == 0) return base;
    const Uint256 denominator{kBaseFeeMaxChangeDenominator};
    if (parent.gas_used > target) {
        const Wei delta = scaled(base, parent.gas_used - target, target) / denominator;
        return saturating_add(base, std::max(delta, Wei{1}));
    }
    return base - scaled(base, target - parent.gas_used, target) / denominator;
}

Wei blob_base_fee(const BlobSchedule& blobs, Gas excess_blob_gas) noexcept {
    CAIRN_ASSERT(blobs.base_fee_update_fraction != 0);
    // Taylor series of kMinBlobBaseFee · e^(excess / fraction), every term scaled by the fraction
    // (EIP-4844).
    const Uint256 numerator{excess_blob_gas};
    const Uint256 denominator{blobs.base_fee_update_fraction};
    Uint256 sum;
    Uint256 term = Uint256{kMinBlobBaseFee} * denominator;
    for (std::uint64_t i = 1; !term.is_zero(); ++i) {
        if (term.bit_width() > 192) return Uint256::max();
        sum += term;
        term = term * numerator / (denominator * Uint256{i});
    }
    return sum / denominator;
}

Gas next_excess_blob_gas(const BlobSchedule& child_blobs, const Header& parent) noexcept {
    const Gas parent_excess = parent.excess_blob_gas.value_or(0);
    const Gas parent_used = parent.blob_gas_used.value_or(0);
    const Gas target = blob_gas_of(child_blobs.target);
    const Uint128 sum = static_cast<Uint128>(parent_excess) + parent_used;
    if (sum < target) return 0;
    Uint128 excess = sum - target;
    if (child_blobs.has_reserve_price) {
        // EIP-7918: kBlobBaseCost · base fee above kGasPerBlob · blob base fee. Divided by the
        // smaller factor, and the right side brought down to where it cannot wrap.
        static_assert(kGasPerBlob % kBlobBaseCost == 0);
        constexpr std::uint64_t kRatio = kGasPerBlob / kBlobBaseCost;
        const Wei blob_fee = blob_base_fee(child_blobs, parent_excess);
        const bool is_comparable = blob_fee <= Uint256::max() / Uint256{kRatio};
        if (is_comparable && parent.base_fee.value_or(Wei{}) > blob_fee * Uint256{kRatio})
            excess = static_cast<Uint128>(parent_excess) +
                     static_cast<Uint128>(parent_used) * (child_blobs.max - child_blobs.target) /
                         child_blobs.max;
    }
    constexpr Gas kMost = std::numeric_limits<Gas>::max();
    return excess > kMost ? kMost : static_cast<Gas>(excess);
}

}  // namespace cairn::chain
