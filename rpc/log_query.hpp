// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "chain/import/events.hpp"
#include "chain/store/log_index.hpp"
#include "core/types/receipt.hpp"
#include "rpc/context.hpp"
#include "rpc/json_writer.hpp"
#include "rpc/method.hpp"
#include "rpc/param_codec.hpp"

namespace cairn::rpc {

/// Which logs: of these addresses (none: all), with one of these topics at each position (none:
/// any).
struct LogFilter {
    std::vector<Address> addresses{};
    std::vector<std::vector<Hash256>> topics{};

    [[nodiscard]] bool matches(const Log& log) const noexcept;
    [[nodiscard]] chain::LogQuery index_query() const { return {addresses, topics}; }
};

/// The object that eth_getLogs, eth_newFilter and eth_subscribe take: a block, or a range, and a
/// filter.
struct LogQueryArgs {
    std::optional<BlockHash> block_hash{};
    std::optional<BlockSelector> from{};
    std::optional<BlockSelector> to{};
    LogFilter filter{};

    /// What the limits say to it: too many topics, too many alternatives.
    [[nodiscard]] Reply check(const Limits& limits) const;
};
CAIRN_PARAM_CODEC(LogQueryArgs);

/// Writes an array of the canonical logs that a query asks for. Blocks are found in the address and
/// topic index, so the length of the range hardly matters; a range with more than Limits::logs_max
/// logs is refused with one that has fewer.
[[nodiscard]] Reply write_logs(const EthContext& context, Call& call, JsonWriter& out,
                               const LogQueryArgs& query);

/// Writes those logs of a block that fit, without brackets.
/// @return how many there were
std::size_t write_block_logs(JsonWriter& out, const LogFilter& filter, const Block& block,
                             const std::vector<Receipt>& receipts, bool is_removed);

}  // namespace cairn::rpc
