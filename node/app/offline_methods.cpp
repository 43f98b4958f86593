// SPDX-License-Identifier: MIT
// admin_* of a node that has no network: a developer's, or one with --maxpeers 0.
#include "node/app/methods.hpp"
#include "rpc/bind.hpp"

namespace cairn::node {
namespace {

using rpc::Call;
using rpc::JsonWriter;
using rpc::Reply;

Reply node_info(NodeContext& context, Call&, JsonWriter& out) {
    const auto view = context.chain.view();
    const auto head = *view.head();
    out.begin_object().null("id").text("name", "cairn/v" CAIRN_VERSION).null("enode").null("ip");
    out.key("ports").begin_object();
    out.key("discovery").number(std::uint64_t{0}).key("listener").number(std::uint64_t{0});
    out.end_object().null("listenAddr");
    out.key("protocols").begin_object().key("eth").begin_object();
    out.key("network").number(context.network_id);
    out.quantity("difficulty",
                 view.total_difficulty(head.hash).value_or(TotalDifficulty{}).value);
    out.data("genesis", context.chain.genesis_block().header.hash());
    out.data("head", head.hash);
    out.end_object().end_object().end_object();
    return {};
}

Reply no_peers(NodeContext&, Call&, JsonWriter& out) {
    out.begin_array().end_array();
    return {};
}

Reply no_network(NodeContext&, Call&, JsonWriter&, std::string) {
    return rpc::server_error("this node has no network: it runs with --dev or --maxpeers 0");
}

}  // namespace

std::vector<rpc::Method> offline_methods(NodeContext& context) {
    using rpc::method;
    std::vector<rpc::Method> rows;
    rows.push_back(
        method(context, {"admin_nodeInfo", "This node; it has no network.", "object"}, node_info));
    rows.push_back(
        method(context, {"admin_peers", "Connected peers: none here.", "array"}, no_peers));
    for (const char* name : {"admin_addPeer", "admin_removePeer", "admin_addTrustedPeer",
                             "admin_removeTrustedPeer"})
        rows.push_back(method(context, {name, "Refused: this node has no network.", "boolean"},
                              {"enode"}, no_network));
    rows.push_back(method(context,
                          {"cairn_staticNodes", "Nodes that are to stay connected: none here.",
                           "array"},
                          no_peers));
    return rows;
}

}  // namespace cairn::node
