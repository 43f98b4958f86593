// SPDX-License-Identifier: MIT
#include "rpc/fees.hpp"

#include <algorithm>
#include <utility>

#include "chain/rules/base_fee.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/block_source.hpp"
#include "rpc/encode.hpp"

namespace cairn::rpc {
namespace {

/// Wei per gas that a transaction leaves to the beneficiary.
Wei tip_of(const Transaction& tx, const std::optional<Wei>& base_fee) {
    return price_paid(tx, base_fee) - base_fee.value_or(Wei{});
}

/// Tip and gas of a block's transactions, ascending by tip.
struct TipUse {
    Wei tip;
    Gas gas = 0;
};

std::vector<TipUse> tips_of(const FoundBlock& block) {
    std::vector<TipUse> out;
    const auto& transactions = block.block.body.transactions;
    Gas before = 0;
    for (std::size_t i = 0; i < transactions.size() && i < block.receipts.size(); ++i) {
        const auto until = block.receipts[i].cumulative_gas_used;
        out.push_back({tip_of(transactions[i].tx(), block.block.header->base_fee), until - before});
        before = until;
    }
    std::sort(out.begin(), out.end(),
              [](const TipUse& a, const TipUse& b) { return a.tip < b.tip; });
    return out;
}

/// The tip at each percentile of the block's gas (geth's reward rows).
void write_rewards(JsonWriter& out, const FoundBlock& block,
                   const std::vector<double>& percentiles) {
    const auto tips = tips_of(block);
    out.begin_array();
    std::size_t at = 0;
    Gas sum = tips.empty() ? 0 : tips.front().gas;
    for (const auto percentile : percentiles) {
        if (tips.empty()) {
            out.quantity(0U);
            continue;
        }
        const auto threshold =
            static_cast<Gas>(static_cast<double>(block.block.header->gas_used) * percentile / 100);
        while (sum < threshold && at + 1 < tips.size()) sum += tips[++at].gas;
        out.quantity(tips[at].tip);
    }
    out.end_array();
}

/// What is told of one block.
struct HistoryRow {
    FoundBlock block;
    Wei base_fee;
    Wei blob_base_fee;
    double gas_ratio = 0;
    double blob_ratio = 0;
};

HistoryRow row_of(const EthContext& context, FoundBlock block) {
    const auto& header = *block.block.header;
    const auto& rules = rules_of(context.spec, header);
    HistoryRow row{std::move(block), header.base_fee.value_or(Wei{}), {}, 0, 0};
    if (header.gas_limit != 0)
        row.gas_ratio =
            static_cast<double>(header.gas_used) / static_cast<double>(header.gas_limit);
    if (header.excess_blob_gas && rules.has_blobs) {
        row.blob_base_fee = chain::blob_base_fee(rules.blobs, *header.excess_blob_gas);
        const auto blob_gas_max = rules.blobs.max * chain::kGasPerBlob;
        if (blob_gas_max != 0)
            row.blob_ratio = static_cast<double>(header.blob_gas_used.value_or(0)) /
                             static_cast<double>(blob_gas_max);
    }
    return row;
}

Reply check_percentiles(const std::vector<double>& percentiles) {
    if (percentiles.size() > kPercentilesMax)
        return server_error("invalid reward percentile: over the query limit " +
                            std::to_string(kPercentilesMax));
    for (std::size_t i = 0; i < percentiles.size(); ++i) {
        const auto text = std::to_string(percentiles[i]);
        if (percentiles[i] < 0 || percentiles[i] > 100)
            return server_error("invalid reward percentile: " + text);
        if (i > 0 && percentiles[i] <= percentiles[i - 1])
            return server_error("invalid reward percentile: #" + std::to_string(i - 1) + ":" +
                                std::to_string(percentiles[i - 1]) + " >= #" + std::to_string(i) +
                                ":" + text);
    }
    return {};
}

}  // namespace

NextFees next_fees(const chain::ChainSpec& spec, const Header& parent) {
    // A second later is the soonest that a child can come.
    const auto& rules = rules_of(spec, parent, parent.number + 1, parent.timestamp + 1);
    NextFees fees;
    if (rules.has_base_fee) fees.base_fee = chain::next_base_fee(parent);
    if (rules.has_blobs)
        fees.blob_base_fee =
            chain::blob_base_fee(rules.blobs, chain::next_excess_blob_gas(rules.blobs, parent));
    return fees;
}

Wei suggest_tip(EthContext& context, const chain::ReadView& view) {
    constexpr std::size_t kPerBlock = 3;
    const auto head = view.head();
    if (head)
        if (const auto known = context.tips.find(head->hash)) return *known;
    std::vector<Wei> tips;
    for (BlockNumber i = 0; head && i < kTipBlocks && i <= head->number; ++i) {
        const auto number = head->number - i;
        const auto hash = view.canonical_hash(number);
        if (!hash) break;
        const auto block = view.block({number, *hash});
        if (!block) break;
        std::vector<Wei> own;
        for (const auto& tx : block->body.transactions)
            own.push_back(tip_of(tx.tx(), block->header->base_fee));
        std::sort(own.begin(), own.end());
        own.resize(std::min(own.size(), kPerBlock));
        tips.insert(tips.end(), own.begin(), own.end());
    }
    std::sort(tips.begin(), tips.end());
    const auto tip = tips.empty() ? Wei{kTipMin} : tips[(tips.size() - 1) * kTipPercentile / 100];
    const auto suggested = std::clamp(tip, Wei{kTipMin}, Wei{kTipMax});
    if (head) context.tips.put(head->hash, suggested);
    return suggested;
}

Reply write_fee_history(const EthContext& context, JsonWriter& out, std::uint64_t count,
                        const BlockSelector& newest, const std::vector<double>& percentiles) {
    if (auto checked = check_percentiles(percentiles); !checked) return checked;
    const chain::ReadView view{context.store};
    auto last = find_block(context, view, newest, BlockParts::BodyAndReceipts);
    if (!last) return Unexpected{last.error()};
    if (!*last) return server_error("request beyond head block");
    const auto last_number = (*last)->block.header->number;
    count = std::min({count, kFeeHistoryMax, last_number + 1});
    std::vector<HistoryRow> rows;
    for (auto i = count; i-- > 1;) {
        const auto number = last_number - i;
        const auto hash = view.canonical_hash(number);
        if (!hash) return server_error("header not found");
        rows.push_back(row_of(
            context,
            get_block(view, {number, *hash},
                      percentiles.empty() ? BlockParts::Body : BlockParts::BodyAndReceipts)));
    }
    if (count > 0) rows.push_back(row_of(context, std::move(**last)));

    out.begin_object();
    out.quantity("oldestBlock", count == 0 ? 0 : last_number + 1 - count);
    if (rows.empty()) {
        out.key("gasUsedRatio").begin_array().end_array();
        out.end_object();
        return {};
    }
    const auto next = next_fees(context.spec, *rows.back().block.block.header);
    if (!percentiles.empty()) {
        out.key("reward").begin_array();
        for (const auto& row : rows) write_rewards(out, row.block, percentiles);
        out.end_array();
    }
    out.key("baseFeePerGas").begin_array();
    for (const auto& row : rows) out.quantity(row.base_fee);
    out.quantity(next.base_fee.value_or(Wei{}));
    out.end_array();
    out.key("gasUsedRatio").begin_array();
    for (const auto& row : rows) out.number(row.gas_ratio);
    out.end_array();
    out.key("baseFeePerBlobGas").begin_array();
    for (const auto& row : rows) out.quantity(row.blob_base_fee);
    out.quantity(next.blob_base_fee.value_or(Wei{}));
    out.end_array();
    out.key("blobGasUsedRatio").begin_array();
    for (const auto& row : rows) out.number(row.blob_ratio);
    out.end_array();
    out.end_object();
    return {};
}

}  // namespace cairn::rpc
