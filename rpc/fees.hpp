// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "chain/spec/chain_spec.hpp"
#include "chain/store/read_view.hpp"
#include "core/types/header.hpp"
#include "rpc/context.hpp"
#include "rpc/json_writer.hpp"
#include "rpc/param_codec.hpp"

namespace cairn::rpc {

/// Prices of the block that follows a header, assumed to come right after it.
struct NextFees {
    std::optional<Wei> base_fee{};       ///< EIP-1559; nothing before London
    std::optional<Wei> blob_base_fee{};  ///< EIP-4844; nothing before Cancun
};
[[nodiscard]] NextFees next_fees(const chain::ChainSpec& spec, const Header& parent);

/// Wei per gas that lately got a transaction into a block beside the base fee: the
/// kTipPercentile-th of the three lowest tips of each of the last kTipBlocks blocks, at least
/// kTipMin (as geth's oracle).
[[nodiscard]] Wei suggest_tip(EthContext& context, const chain::ReadView& view);
inline constexpr BlockNumber kTipBlocks = 20;
inline constexpr std::size_t kTipPercentile = 60;
inline constexpr std::uint64_t kTipMin = 1'000'000;        ///< wei per gas, where blocks are empty
inline constexpr std::uint64_t kTipMax = 500'000'000'000;  ///< wei per gas (geth: 500 gwei)

/// Blocks of one eth_feeHistory at most; more are cut down to this (geth).
inline constexpr std::uint64_t kFeeHistoryMax = 1024;
/// Percentiles of one eth_feeHistory at most.
inline constexpr std::size_t kPercentilesMax = 100;

/// eth_feeHistory's answer.
[[nodiscard]] Reply write_fee_history(const EthContext& context, JsonWriter& out,
                                      std::uint64_t count, const BlockSelector& newest,
                                      const std::vector<double>& percentiles);

}  // namespace cairn::rpc
