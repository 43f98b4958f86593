// SPDX-License-Identifier: MIT
// Views of the pool, in geth's forms; each entry of a content view also says why it waits.
#include <array>

#include "rpc/bind.hpp"
#include "rpc/encode.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/raw_tx.hpp"

namespace cairn::rpc {
namespace {

Unexpected<RpcError> no_pool() {
    return server_error("this node has no transaction pool");
}

Reply status(EthContext& context, Call&, JsonWriter& out) {
    if (context.pool == nullptr) return no_pool();
    const auto counts = context.pool->status();
    out.begin_object();
    out.quantity("pending", counts.pending);
    out.quantity("queued", counts.queued);
    out.end_object();
    return {};
}

/// Writes the entries of one kind as {sender: {nonce: …}} by `write`.
template <class Write>
void write_by_sender(JsonWriter& out, const std::vector<PoolEntry>& entries, bool is_pending,
                     Write write) {
    out.begin_object();
    const Address* sender = nullptr;
    for (const auto& entry : entries) {
        if (entry.is_pending != is_pending) continue;
        if (sender == nullptr || *sender != entry.tx.sender()) {
            if (sender != nullptr) out.end_object();
            sender = &entry.tx.sender();
            out.key(checksummed(*sender)).begin_object();
        }
        out.key(std::to_string(entry.tx->nonce));
        write(entry);
    }
    if (sender != nullptr) out.end_object();
    out.end_object();
}

void write_pooled(JsonWriter& out, const PoolEntry& entry) {
    write_tx(out, entry.tx.signed_tx(), entry.tx.sender(), std::nullopt);
}

Reply content(EthContext& context, Call&, JsonWriter& out) {
    if (context.pool == nullptr) return no_pool();
    const auto entries = context.pool->content(std::nullopt);
    out.begin_object();
    out.key("pending");
    write_by_sender(out, entries, true, [&](const PoolEntry& entry) { write_pooled(out, entry); });
    out.key("queued");
    write_by_sender(out, entries, false, [&](const PoolEntry& entry) { write_pooled(out, entry); });
    out.end_object();
    return {};
}

Reply content_from(EthContext& context, Call&, JsonWriter& out, Address sender) {
    if (context.pool == nullptr) return no_pool();
    const auto entries = context.pool->content(sender);
    out.begin_object();
    for (const bool is_pending : {true, false}) {
        out.key(is_pending ? "pending" : "queued").begin_object();
        for (const auto& entry : entries) {
            if (entry.is_pending != is_pending) continue;
            out.key(std::to_string(entry.tx->nonce));
            write_pooled(out, entry);
        }
        out.end_object();
    }
    out.end_object();
    return {};
}

/// One line for people, as geth's inspect has it.
std::string inspect_text(const PoolEntry& entry) {
    const auto& tx = entry.tx.tx();
    const auto to = tx.to ? checksummed(*tx.to) : std::string{"contract creation"};
    return to + ": " + to_decimal(tx.value) + " wei + " + std::to_string(tx.gas_limit) + " gas × " +
           to_decimal(tx.max_fee_per_gas) + " wei";
}

Reply inspect(EthContext& context, Call&, JsonWriter& out) {
    if (context.pool == nullptr) return no_pool();
    const auto entries = context.pool->content(std::nullopt);
    out.begin_object();
    out.key("pending");
    write_by_sender(out, entries, true,
                    [&](const PoolEntry& entry) { out.text(inspect_text(entry)); });
    out.key("queued");
    write_by_sender(out, entries, false,
                    [&](const PoolEntry& entry) { out.text(inspect_text(entry)); });
    out.end_object();
    return {};
}

Reply waiting(EthContext& context, Call&, JsonWriter& out, std::optional<Address> sender) {
    if (context.pool == nullptr) return no_pool();
    out.begin_array();
    for (const auto& entry : context.pool->content(sender)) {
        if (entry.is_pending) continue;
        out.begin_object();
        out.data("hash", entry.tx.hash());
        out.data("from", entry.tx.sender());
        out.quantity("nonce", entry.tx->nonce);
        out.text("reason", entry.reason);
        out.end_object();
    }
    out.end_array();
    return {};
}

Reply test_transaction(EthContext& context, Call&, JsonWriter& out, Bytes raw) {
    if (context.pool == nullptr) return no_pool();
    const auto tx = decode_raw_tx(raw);
    const auto recovered =
        tx ? recover_raw_tx(*tx) : Result<chain::NewTx, RpcError>{Unexpected{tx.error()}};
    const auto verdict =
        recovered ? context.pool->test(*recovered) : Reply{Unexpected{recovered.error()}};
    out.begin_object();
    out.boolean("allowed", verdict.has_value());
    if (tx) out.data("hash", tx->tx.hash());
    if (!verdict) out.text("reason", verdict.error().message);
    out.end_object();
    return {};
}

}  // namespace

std::vector<Method> txpool_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(
        method(context,
               {"txpool_status", "How many transactions are executable and how many wait.",
                "object", Cost::Light},
               status));
    rows.push_back(method(
        context, {"txpool_content", "All pooled transactions, by sender and nonce.", "object"},
        content));
    rows.push_back(method(
        context, {"txpool_contentFrom", "One sender's pooled transactions, by nonce.", "object"},
        {"address"}, content_from));
    rows.push_back(method(
        context, {"txpool_inspect", "All pooled transactions, one line each.", "object"}, inspect));
    rows.push_back(method(context,
                          {"cairn_waitingTransactions",
                           "Pooled transactions that cannot be mined yet, and why.", "array"},
                          {"address"}, waiting));
    rows.push_back(method(context,
                          {"cairn_testTransaction",
                           "Whether the pool would take a transaction, and why not.", "object"},
                          {"transaction"}, test_transaction));
    return rows;
}

}  // namespace cairn::rpc
