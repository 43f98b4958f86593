// SPDX-License-Identifier: MIT
#include "rpc/fill_tx.hpp"

#include <string>

#include "core/codec/rlp_encode.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/transaction_rlp.hpp"
#include "rpc/block_source.hpp"
#include "rpc/encode.hpp"
#include "rpc/fees.hpp"
#include "rpc/gas_estimate.hpp"

namespace cairn::rpc {
namespace {

std::string quantity_text(const Uint256& value) {
    std::string quoted;
    JsonWriter{quoted}.quantity(value);
    return quoted.substr(1, quoted.size() - 2);
}

Reply check_caps(const CallArgs& args) {
    if (args.max_fee_per_gas->is_zero()) return server_error("maxFeePerGas must be non-zero");
    if (*args.max_fee_per_gas < *args.max_priority_fee_per_gas)
        return server_error("maxFeePerGas (" + quantity_text(*args.max_fee_per_gas) +
                            ") < maxPriorityFeePerGas (" +
                            quantity_text(*args.max_priority_fee_per_gas) + ")");
    return {};
}

/// Completes the price per gas.
Reply fill_price(EthContext& context, const chain::ReadView& view, const Header& head,
                 CallArgs& args) {
    const bool has_caps = args.max_fee_per_gas && args.max_priority_fee_per_gas;
    if (args.gas_price) {
        if (args.gas_price->is_zero() && head.base_fee)
            return server_error("gasPrice must be non-zero after london fork");
        return {};
    }
    if (has_caps) return check_caps(args);
    if (!head.base_fee) {
        if (args.max_fee_per_gas || args.max_priority_fee_per_gas)
            return server_error(
                "maxFeePerGas and maxPriorityFeePerGas are not valid before London is active");
        args.gas_price = suggest_tip(context, view);
        return {};
    }
    if (!args.max_priority_fee_per_gas) args.max_priority_fee_per_gas = suggest_tip(context, view);
    // Twice the base fee lets the transaction outlast a rise of several blocks.
    if (!args.max_fee_per_gas)
        args.max_fee_per_gas = *args.max_priority_fee_per_gas + *head.base_fee + *head.base_fee;
    return check_caps(args);
}

/// Completes what blob transactions have beside the others.
Reply fill_blobs(EthContext& context, const Header& head, CallArgs& args) {
    if (args.type() != TxType::Blob) return {};
    if (args.blob_hashes && args.blob_hashes->empty())
        return server_error("need at least 1 blob for a blob transaction");
    if (!args.to) return server_error("missing \"to\" in blob transaction");
    if (args.max_fee_per_blob_gas) {
        if (args.max_fee_per_blob_gas->is_zero())
            return server_error("maxFeePerBlobGas, if specified, must be non-zero");
        return {};
    }
    const auto price = next_fees(context.spec, head).blob_base_fee.value_or(Wei{});
    args.max_fee_per_blob_gas = price + price;
    return {};
}

/// The bytes with zeros for a signature. A legacy transaction's v is zero too, which no signed one
/// has, so that its list is made here.
Bytes unsigned_bytes(const Transaction& tx) {
    if (tx.type != TxType::Legacy) return encode_tx(tx, TxSignature{});
    Bytes out;
    RlpWriter w{out};
    w.begin_list();
    w.add(tx.nonce);
    w.add(tx.max_fee_per_gas);
    w.add(tx.gas_limit);
    w.add(tx.to ? ByteView{*tx.to} : ByteView{});
    w.add(tx.value);
    w.add(ByteView{tx.data});
    for (int i = 0; i < 3; ++i) w.add(std::uint64_t{0});
    w.end_list();
    return out;
}

}  // namespace

Result<Transaction, RpcError> fill_tx(EthContext& context, const Call& call, CallArgs args) {
    if (const auto checked = args.check(context.spec.chain_id()); !checked)
        return Unexpected{checked.error()};
    {
        const chain::ReadView view{context.store};
        const auto head = view.header(*view.head());
        if (auto filled = fill_price(context, view, **head, args); !filled)
            return Unexpected{filled.error()};
        if (auto filled = fill_blobs(context, **head, args); !filled)
            return Unexpected{filled.error()};
        if (!args.nonce && context.pool != nullptr)
            args.nonce = context.pool->next_nonce(args.sender());
        if (!args.nonce) {
            const auto state = StateAt::open(context, chain::BlockTag::Latest);
            if (!state) return Unexpected{state.error()};
            args.nonce = (*state)->state().account(args.sender()).value_or(chain::AccountRecord{}).nonce;
        }
    }
    if (!args.to && (!args.input || args.input->empty()))
        return server_error("contract creation without any data provided");
    if (!args.gas) {
        const auto gas = estimate_gas_of(context, call, args, PendingTag{});
        if (!gas) return Unexpected{gas.error()};
        args.gas = *gas;
    }
    Transaction tx = args.to_tx(*args.gas);
    tx.chain_id = context.spec.chain_id();
    return tx;
}

void write_filled(JsonWriter& out, const Transaction& tx) {
    const Bytes raw = unsigned_bytes(tx);
    out.begin_object().data("raw", raw).key("tx");
    write_unsigned_tx(out, tx, keccak256(raw).as<TxHash>());
    out.end_object();
}

}  // namespace cairn::rpc
