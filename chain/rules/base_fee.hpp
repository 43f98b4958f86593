// SPDX-License-Identifier: MIT
#pragma once

#include "chain/spec/rule_set.hpp"
#include "core/types/header.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Base fee of the first block that has one (EIP-1559, INITIAL_BASE_FEE), wei per gas.
inline constexpr std::uint64_t kInitialBaseFee = 1'000'000'000;
/// The gas target is the gas limit divided by this (EIP-1559).
inline constexpr std::uint64_t kElasticityMultiplier = 2;
/// A block off its target by all of it moves the base fee by this fraction (EIP-1559).
inline constexpr std::uint64_t kBaseFeeMaxChangeDenominator = 8;
/// Least blob base fee (EIP-4844, MIN_BASE_FEE_PER_BLOB_GAS), wei per unit of blob gas.
inline constexpr std::uint64_t kMinBlobBaseFee = 1;
/// Gas whose price bounds a blob's price from below (EIP-7918, BLOB_BASE_COST).
inline constexpr Gas kBlobBaseCost = 8192;

/// Base fee that a child of `parent` must carry; kInitialBaseFee when the parent has none.
/// Saturates at 2^256-1. Source: EIP-1559. Pure; any thread.
[[nodiscard]] Wei next_base_fee(const Header& parent) noexcept;

/// Price of a unit of blob gas in a block with this excess: fake_exponential(1, excess, update
/// fraction) (EIP-4844). Saturates at 2^256-1 once a term of the series passes 2^192, far above
/// what there is to pay with. The schedule has an update fraction (asserted). Pure; any thread.
[[nodiscard]] Wei blob_base_fee(const BlobSchedule& blobs, Gas excess_blob_gas) noexcept;

/// Excess blob gas that a child of `parent` must carry, by the child's schedule (EIP-4844,
/// EIP-7691, EIP-7918); a parent without blobs counts as 0 and 0. Saturates at 2^64-1. Pure; any
/// thread.
[[nodiscard]] Gas next_excess_blob_gas(const BlobSchedule& child_blobs,
                                       const Header& parent) noexcept;

/// Blob gas that the transaction buys: kGasPerBlob for each versioned hash.
[[nodiscard]] constexpr Gas blob_gas_of(std::size_t blob_count) noexcept {
    return kGasPerBlob * static_cast<Gas>(blob_count);
}

}  // namespace cairn::chain
