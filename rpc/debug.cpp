// SPDX-License-Identifier: MIT
// Raw bytes of what is stored, and commands over the chain.
#include "core/base/hex.hpp"
#include "rpc/bind.hpp"
#include "rpc/block_source.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/raw_tx.hpp"

namespace cairn::rpc {
namespace {

/// Applies `write` to a stored block; geth's error where there is none.
template <class Write>
Reply with_stored(EthContext& context, const BlockSelector& selector, BlockParts parts,
                  Write write) {
    const chain::ReadView view{context.store};
    const auto ref = resolve(view, selector);
    if (!ref) return Unexpected{ref.error()};
    write(get_block(view, *ref, parts));
    return {};
}

Reply get_raw_header(EthContext& context, Call&, JsonWriter& out, BlockSelector block) {
    return with_stored(context, block, BlockParts::Body, [&](const FoundBlock& found) {
        out.data(encode_header(*found.block.header));
    });
}

Reply get_raw_block(EthContext& context, Call&, JsonWriter& out, BlockSelector block) {
    return with_stored(context, block, BlockParts::Body,
                       [&](const FoundBlock& found) { out.data(encode_block(found.block)); });
}

Reply get_raw_receipts(EthContext& context, Call&, JsonWriter& out, BlockSelector block) {
    return with_stored(context, block, BlockParts::BodyAndReceipts, [&](const FoundBlock& found) {
        out.begin_array();
        for (const auto& receipt : found.receipts) out.data(encode_receipt(receipt));
        out.end_array();
    });
}

Reply get_raw_transaction(EthContext& context, Call&, JsonWriter& out, TxHash hash) {
    const auto raw = find_raw_tx(context, hash);
    out.data(raw ? ByteView{*raw} : ByteView{});
    return {};
}

Reply set_head(EthContext& context, Call&, JsonWriter& out, std::uint64_t number) {
    if (context.control == nullptr) return server_error("this node's chain cannot be moved");
    if (!context.control->set_head(number))
        return server_error("block " + std::to_string(number) +
                            " is not canonical, or its state is pruned");
    out.null();
    return {};
}

Reply invalidate_block(EthContext& context, Call&, JsonWriter& out, BlockHash block) {
    if (context.control == nullptr) return server_error("this node's chain cannot be moved");
    if (!context.control->invalidate(block))
        return server_error("block " + to_hex0x(block) +
                            " is not known, is genesis, or its parent's state is pruned");
    out.boolean(true);
    return {};
}

Reply reconsider_block(EthContext& context, Call&, JsonWriter& out, BlockHash block) {
    if (context.control == nullptr) return server_error("this node's chain cannot be moved");
    if (!context.control->reconsider(block))
        return server_error("block " + to_hex0x(block) + " is not known");
    out.boolean(true);
    return {};
}

}  // namespace

std::vector<Method> debug_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(method(context, {"debug_getRawHeader", "A header's RLP.", "data"}, {"block"},
                          get_raw_header));
    rows.push_back(
        method(context, {"debug_getRawBlock", "A block's RLP.", "data"}, {"block"}, get_raw_block));
    rows.push_back(method(
        context, {"debug_getRawReceipts", "The receipts of a block, encoded (EIP-2718).", "array"},
        {"block"}, get_raw_receipts));
    rows.push_back(method(context,
                          {"debug_getRawTransaction", "A transaction's bytes (EIP-2718).", "data"},
                          {"hash"}, get_raw_transaction));
    rows.push_back(method(context, {"debug_setHead", "Moves the head back to a block.", "any"},
                          {"number"}, set_head));
    rows.push_back(method(context,
                          {"cairn_invalidateBlock",
                           "Takes a block for invalid, with all that stand on it.", "boolean"},
                          {"hash"}, invalidate_block));
    rows.push_back(method(context,
                          {"cairn_reconsiderBlock", "Takes cairn_invalidateBlock back.", "boolean"},
                          {"hash"}, reconsider_block));
    return rows;
}

}  // namespace cairn::rpc
