// SPDX-License-Identifier: MIT
// Blocks, headers, ommers and what the chain is: read from one snapshot, or the pending block.
#include "chain/rules/base_fee.hpp"
#include "rpc/bind.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/block_source.hpp"
#include "rpc/encode.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/fees.hpp"

namespace cairn::rpc {
namespace {

Reply chain_id(EthContext& context, Call&, JsonWriter& out) {
    out.quantity(context.spec.chain_id());
    return {};
}

Reply block_number(EthContext& context, Call&, JsonWriter& out) {
    const chain::ReadView view{context.store};
    const auto head = view.head();
    out.quantity(head ? head->number : 0);
    return {};
}

Reply syncing(EthContext& context, Call&, JsonWriter& out) {
    const auto progress = context.sync == nullptr ? std::nullopt : context.sync->progress();
    if (!progress) {
        out.boolean(false);
        return {};
    }
    out.begin_object();
    out.quantity("startingBlock", progress->starting);
    out.quantity("currentBlock", progress->current);
    out.quantity("highestBlock", progress->highest);
    out.end_object();
    return {};
}

/// A block, or null where there is none.
Reply write_block_of(EthContext& context, JsonWriter& out, const BlockSelector& selector,
                     bool is_full) {
    const chain::ReadView view{context.store};
    if (is_full && !std::holds_alternative<PendingTag>(selector)) {
        const auto ref = find_stored(view, selector);
        if (!ref) return Unexpected{ref.error()};
        if (*ref) {
            out.raw(context.rendered.block(view, **ref)->text);
        } else {
            out.null();
        }
        return {};
    }
    const auto found = find_block(context, view, selector, BlockParts::Body);
    if (!found) return Unexpected{found.error()};
    if (!*found) {
        out.null();
        return {};
    }
    const auto& block = **found;
    write_block(out, block.block, block.senders, is_full ? TxDetail::Full : TxDetail::Hashes,
                block.is_pending);
    return {};
}

Reply get_block_by_number(EthContext& context, Call&, JsonWriter& out, BlockNumberSelector number,
                          bool is_full) {
    return write_block_of(context, out, number.block, is_full);
}

Reply get_block_by_hash(EthContext& context, Call&, JsonWriter& out, BlockHash hash, bool is_full) {
    return write_block_of(context, out, chain::BlockByHash{hash, false}, is_full);
}

Reply write_header_of(EthContext& context, JsonWriter& out, const BlockSelector& selector) {
    const chain::ReadView view{context.store};
    const auto header = find_header(context, view, selector);
    if (header) {
        write_header(out, *header);
    } else {
        out.null();
    }
    return {};
}

Reply get_header_by_number(EthContext& context, Call&, JsonWriter& out,
                           BlockNumberSelector number) {
    return write_header_of(context, out, number.block);
}

Reply get_header_by_hash(EthContext& context, Call&, JsonWriter& out, BlockHash hash) {
    return write_header_of(context, out, chain::BlockByHash{hash, false});
}

/// Applies `write` to a block; null where there is none.
template <class Write>
Reply with_block(EthContext& context, JsonWriter& out, const BlockSelector& selector, Write write) {
    const chain::ReadView view{context.store};
    const auto found = find_block(context, view, selector, BlockParts::Body);
    if (!found) return Unexpected{found.error()};
    if (*found) {
        write((*found)->block);
    } else {
        out.null();
    }
    return {};
}

Reply write_tx_count(EthContext& context, JsonWriter& out, const BlockSelector& selector) {
    return with_block(context, out, selector,
                      [&](const Block& block) { out.quantity(block.body.transactions.size()); });
}

Reply tx_count_by_hash(EthContext& context, Call&, JsonWriter& out, BlockHash hash) {
    return write_tx_count(context, out, chain::BlockByHash{hash, false});
}

Reply tx_count_by_number(EthContext& context, Call&, JsonWriter& out, BlockNumberSelector number) {
    return write_tx_count(context, out, number.block);
}

Reply write_ommer_count(EthContext& context, JsonWriter& out, const BlockSelector& selector) {
    return with_block(context, out, selector,
                      [&](const Block& block) { out.quantity(block.body.ommers.size()); });
}

Reply ommer_count_by_hash(EthContext& context, Call&, JsonWriter& out, BlockHash hash) {
    return write_ommer_count(context, out, chain::BlockByHash{hash, false});
}

Reply ommer_count_by_number(EthContext& context, Call&, JsonWriter& out,
                            BlockNumberSelector number) {
    return write_ommer_count(context, out, number.block);
}

Reply write_ommer_at(EthContext& context, JsonWriter& out, const BlockSelector& selector,
                     std::uint64_t index) {
    return with_block(context, out, selector, [&](const Block& block) {
        if (index < block.body.ommers.size()) {
            write_ommer(out, block.body.ommers[index]);
        } else {
            out.null();
        }
    });
}

Reply ommer_by_hash(EthContext& context, Call&, JsonWriter& out, BlockHash hash,
                    std::uint64_t index) {
    return write_ommer_at(context, out, chain::BlockByHash{hash, false}, index);
}

Reply ommer_by_number(EthContext& context, Call&, JsonWriter& out, BlockNumberSelector number,
                      std::uint64_t index) {
    return write_ommer_at(context, out, number.block, index);
}

Reply get_block_receipts(EthContext& context, Call&, JsonWriter& out, BlockSelector selector) {
    const chain::ReadView view{context.store};
    const auto found = find_block(context, view, selector, BlockParts::BodyAndReceipts);
    if (!found) return Unexpected{found.error()};
    if (!*found) {
        out.null();
        return {};
    }
    const auto& block = **found;
    const auto& header = *block.block.header;
    if (block.receipts.size() != block.block.body.transactions.size())
        return Unexpected{
            RpcError{kServerError, "receipts of this block are not known: it was never executed"}};
    write_receipts(out, block.block, block.senders, block.receipts,
                   rules_of(context.spec, header));
    return {};
}

Reply gas_price(EthContext& context, Call&, JsonWriter& out) {
    const chain::ReadView view{context.store};
    const auto head = view.head();
    const auto header = head ? view.header(*head) : std::nullopt;
    auto price = suggest_tip(context, view);
    if (header && (*header)->base_fee) price = price + *(*header)->base_fee;
    out.quantity(price);
    return {};
}

Reply max_priority_fee(EthContext& context, Call&, JsonWriter& out) {
    const chain::ReadView view{context.store};
    out.quantity(suggest_tip(context, view));
    return {};
}

Reply base_fee(EthContext& context, Call&, JsonWriter& out) {
    const chain::ReadView view{context.store};
    const auto header = find_header(context, view, chain::BlockTag::Latest);
    if (!header) return Unexpected{header.error()};
    const auto fees = next_fees(context.spec, **header);
    if (fees.base_fee) {
        out.quantity(*fees.base_fee);
    } else {
        out.null();
    }
    return {};
}

Reply blob_base_fee(EthContext& context, Call&, JsonWriter& out) {
    const chain::ReadView view{context.store};
    const auto header = find_header(context, view, chain::BlockTag::Latest);
    if (!header) return Unexpected{header.error()};
    const auto fees = next_fees(context.spec, **header);
    if (fees.blob_base_fee) {
        out.quantity(*fees.blob_base_fee);
    } else {
        out.null();
    }
    return {};
}

Reply fee_history(EthContext& context, Call&, JsonWriter& out, std::uint64_t count,
                  BlockNumberSelector newest, std::optional<std::vector<double>> percentiles) {
    return write_fee_history(context, out, count, newest.block,
                             percentiles.value_or(std::vector<double>{}));
}

}  // namespace

std::vector<Method> eth_chain_methods(EthContext& context) {
    const auto light = Cost::Light;
    std::vector<Method> rows;
    rows.push_back(
        method(context, {"eth_chainId", "The chain's id (EIP-155).", "quantity", light}, chain_id));
    rows.push_back(method(context,
                          {"eth_blockNumber", "The number of the head block.", "quantity", light},
                          block_number));
    rows.push_back(method(context,
                          {"eth_syncing", "How far a synchronisation is, or false.", "any", light},
                          syncing));
    rows.push_back(method(context,
                          {"eth_getBlockByNumber", "A block by number or tag.", "object?", light},
                          {"block", "full"}, get_block_by_number));
    rows.push_back(method(context, {"eth_getBlockByHash", "A block by its hash.", "object?", light},
                          {"hash", "full"}, get_block_by_hash));
    rows.push_back(method(context,
                          {"eth_getHeaderByNumber", "A header by number or tag.", "object?", light},
                          {"block"}, get_header_by_number));
    // Otterscan asks for this one to learn whether a node is of any use to it.
    rows.push_back(method(context,
                          {"erigon_getHeaderByNumber", "A header by number or tag.", "object?",
                           light},
                          {"block"}, get_header_by_number));
    rows.push_back(method(context,
                          {"eth_getHeaderByHash", "A header by its hash.", "object?", light},
                          {"hash"}, get_header_by_hash));
    rows.push_back(method(
        context,
        {"eth_getBlockTransactionCountByHash", "Transactions in a block.", "quantity?", light},
        {"hash"}, tx_count_by_hash));
    rows.push_back(method(
        context,
        {"eth_getBlockTransactionCountByNumber", "Transactions in a block.", "quantity?", light},
        {"block"}, tx_count_by_number));
    rows.push_back(
        method(context, {"eth_getUncleCountByBlockHash", "Ommers of a block.", "quantity?", light},
               {"hash"}, ommer_count_by_hash));
    rows.push_back(method(
        context, {"eth_getUncleCountByBlockNumber", "Ommers of a block.", "quantity?", light},
        {"block"}, ommer_count_by_number));
    rows.push_back(method(
        context, {"eth_getUncleByBlockHashAndIndex", "One ommer of a block.", "object?", light},
        {"hash", "index"}, ommer_by_hash));
    rows.push_back(method(
        context, {"eth_getUncleByBlockNumberAndIndex", "One ommer of a block.", "object?", light},
        {"block", "index"}, ommer_by_number));
    rows.push_back(method(context, {"eth_getBlockReceipts", "All receipts of a block.", "array?"},
                          {"block"}, get_block_receipts));
    rows.push_back(method(
        context,
        {"eth_gasPrice", "A price per gas that gets a transaction mined soon, in wei.", "quantity"},
        gas_price));
    rows.push_back(method(context,
                          {"eth_maxPriorityFeePerGas",
                           "A tip that gets a transaction mined soon, in wei.", "quantity"},
                          max_priority_fee));
    rows.push_back(
        method(context, {"eth_baseFee", "Base fee of the next block, in wei.", "quantity?", light},
               base_fee));
    rows.push_back(method(
        context,
        {"eth_blobBaseFee", "Price of blob gas in the next block, in wei.", "quantity?", light},
        blob_base_fee));
    rows.push_back(method(
        context,
        {"eth_feeHistory", "Base fees, fullness and tips of past blocks (EIP-1559).", "object"},
        {"blockCount", "newestBlock", "rewardPercentiles"}, fee_history));
    return rows;
}

}  // namespace cairn::rpc
