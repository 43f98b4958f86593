// SPDX-License-Identifier: MIT
// The node's health and what is its own: net_*, cairn_*, miner_workers.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "chain/import/reorg.hpp"
#include "chain/pool/confirmation_risk.hpp"
#include "core/base/hex.hpp"
#include "node/app/methods.hpp"
#include "node/app/unix_clock.hpp"
#include "rpc/bind.hpp"
#include "rpc/double_spend_json.hpp"

namespace cairn::node {
namespace {

using rpc::Call;
using rpc::JsonWriter;
using rpc::Reply;

Reply net_version(NodeContext& context, Call&, JsonWriter& out) {
    out.text(std::to_string(context.network_id));
    return {};
}
Reply net_listening(NodeContext& context, Call&, JsonWriter& out) {
    out.boolean(context.listens);
    return {};
}
Reply net_peer_count(NodeContext& context, Call&, JsonWriter& out) {
    out.quantity(context.peer_count());
    return {};
}

Reply datadir(NodeContext& context, Call&, JsonWriter& out) {
    out.text(context.data_folder);
    return {};
}

void write_ref(JsonWriter& out, const chain::BlockRef& block) {
    out.begin_object().quantity("number", block.number).data("hash", block.hash).end_object();
}

Reply status(NodeContext& context, Call&, JsonWriter& out) {
    const auto view = context.chain.view();
    const auto head = *view.head();
    const auto header = *view.header(head);
    const auto import = context.chain.stats();
    const auto pool = context.pool.status();
    const auto pool_stats = context.pool.stats();
    const auto now = system_seconds();
    out.begin_object();
    out.text("client", context.eth.client_version);
    out.quantity("chainId", context.chain.spec().chain_id());
    out.quantity("networkId", context.network_id);
    out.data("genesis", context.chain.genesis_block().header.hash());
    out.key("head");
    write_ref(out, head);
    out.quantity("headAgeSeconds", now > header->timestamp ? now - header->timestamp : 0);
    out.quantity("difficulty", header->difficulty.value);
    out.quantity("totalDifficulty",
                 view.total_difficulty(head.hash).value_or(TotalDifficulty{}).value);
    out.quantity("oldestState", view.horizon());
    const auto progress =
        context.eth.sync != nullptr ? context.eth.sync->progress() : std::nullopt;
    out.boolean("syncing", progress.has_value());
    if (progress) out.quantity("highestBlock", progress->highest);
    out.quantity("peers", context.peer_count());
    out.key("import").begin_object();
    out.quantity("blocks", import.blocks).quantity("transactions", import.transactions);
    out.quantity("gas", import.gas).quantity("reorgs", import.reorgs);
    out.quantity("deepestReorg", import.deepest_reorg).quantity("rejected", import.rejected);
    out.quantity("waiting", context.chain.queue_size());
    out.end_object();
    out.key("pool").begin_object();
    out.quantity("pending", pool.pending).quantity("queued", pool.queued);
    out.quantity("local", pool.local).quantity("doubleSpends", pool_stats.double_spends);
    out.end_object();
    auto* mining = context.eth.mining;
    out.boolean("mining", mining != nullptr && mining->is_mining());
    out.quantity("hashrate", mining != nullptr ? mining->hashrate() : 0);
    const auto store = context.chain.store().stats();
    out.quantity("diskBytes", store.file_bytes);
    out.quantity("uptimeSeconds", now > context.started_at ? now - context.started_at : 0);
    out.end_object();
    return {};
}

/// Stored blocks without a child, highest first, as far down as side chains are of interest.
Reply chain_tips(NodeContext& context, Call&, JsonWriter& out) {
    // Older side chains stay in the store but could only win by an attack.
    constexpr BlockNumber kDepth = 4096;
    const auto view = context.chain.view();
    const auto head = *view.head();
    const BlockNumber first = head.number > kDepth ? head.number - kDepth : 0;
    std::vector<chain::BlockRef> tips;
    std::unordered_set<BlockHash> parents;
    BlockNumber last = head.number;
    while (!view.hashes_at(last + 1).empty()) ++last;
    for (BlockNumber number = last + 1; number-- > first;) {
        for (const BlockHash& hash : view.hashes_at(number)) {
            const chain::BlockRef block{number, hash};
            if (!parents.contains(hash)) tips.push_back(block);
            if (const auto header = view.header(block)) parents.insert((*header)->parent_hash);
        }
    }
    out.begin_array();
    for (const auto& tip : tips) {
        const auto plan = chain::plan_reorg(view, head, tip);
        out.begin_object().quantity("number", tip.number).data("hash", tip.hash);
        out.quantity("totalDifficulty",
                     view.total_difficulty(tip.hash).value_or(TotalDifficulty{}).value);
        out.quantity("branchLength", plan.apply.size());
        const auto bad = view.bad_block(tip.hash);
        out.text("status", tip == head ? "active" : bad ? "invalid" : "side chain");
        if (bad) out.text("reason", bad->reason);
        out.end_object();
    }
    out.end_array();
    return {};
}

Reply confirmation_risk(NodeContext& context, Call&, JsonWriter& out, TxHash hash, double share) {
    if (!(share >= 0.0 && share <= 1.0))
        return rpc::invalid_params("invalid argument 1: attackerShare must be from 0 to 1");
    const auto view = context.chain.view();
    const auto place = view.find_tx(hash);
    if (!place && !context.pool.contains(hash)) return rpc::server_error("transaction not found");
    const std::uint64_t confirmations = place ? view.head()->number - place->number + 1 : 0;
    out.begin_object();
    out.quantity("confirmations", confirmations);
    out.key("risk").number(chain::confirmation_risk(share, confirmations));
    out.quantity("confirmationsForOnePerMille", chain::confirmations_for(share, 0.001));
    out.end_object();
    return {};
}

Reply double_spends(NodeContext& context, Call&, JsonWriter& out,
                    std::optional<std::uint64_t> count) {
    out.begin_array();
    for (const auto& record : context.pool.double_spends(count.value_or(100)))
        rpc::write_double_spend(out, record);
    out.end_array();
    return {};
}

Reply workers(NodeContext& context, Call&, JsonWriter& out) {
    out.begin_array();
    for (const auto& one : context.workers.snapshot(context.worker_clock())) {
        out.begin_object().text("worker", to_text(one.worker));
        out.quantity("accepted", one.accepted).quantity("stale", one.stale);
        out.quantity("rejected", one.rejected).quantity("blocks", one.blocks);
        out.key("difficultySum").number(one.difficulty_sum);
        out.quantity("hashrate", static_cast<std::uint64_t>(one.hashes_per_second));
        out.end_object();
    }
    out.end_array();
    return {};
}

Reply stop(NodeContext& context, Call& call, JsonWriter& out) {
    call.after_reply.push_back(context.request_stop);
    out.text("stopping");
    return {};
}

}  // namespace

std::vector<rpc::Method> status_methods(NodeContext& context) {
    using rpc::Cost;
    using rpc::method;
    std::vector<rpc::Method> rows;
    rows.push_back(method(context, {"net_version", "The network id.", "string", Cost::Light},
                          net_version));
    rows.push_back(method(context, {"net_listening", "Whether peers may connect.", "boolean",
                                    Cost::Light},
                          net_listening));
    rows.push_back(method(context, {"net_peerCount", "Connected peers.", "quantity", Cost::Light},
                          net_peer_count));
    rows.push_back(method(context, {"admin_datadir", "The data folder.", "string", Cost::Light},
                          datadir));
    rows.push_back(method(context, {"cairn_status", "The whole health of the node.", "object"},
                          status));
    rows.push_back(method(context,
                          {"cairn_chainTips", "Ends of all chains known near the head.", "array"},
                          chain_tips));
    rows.push_back(method(context,
                          {"cairn_confirmationRisk",
                           "Probability that an attacker with this share of the hash rate takes a "
                           "transaction back.",
                           "object"},
                          {"transactionHash", "attackerShare"}, confirmation_risk));
    rows.push_back(method(context,
                          {"cairn_doubleSpends",
                           "Transactions seen that spend the same nonce, and what settled them.",
                           "array"},
                          {"count"}, double_spends));
    rows.push_back(method(context, {"miner_workers", "Accounts of the miners outside.", "array"},
                          workers));
    rows.push_back(method(context, {"cairn_stop", "Ends the node.", "string"}, stop));
    return rows;
}

}  // namespace cairn::node
