// SPDX-License-Identifier: MIT
#include "node/app/metrics.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "chain/pool/pool_error.hpp"

namespace cairn::node {
namespace {

/// Appends one value in Prometheus' text format 0.0.4.
template <class T>
void append(std::string& out, std::string_view type, std::string_view name, std::string_view help,
            T value) {
    fmt::format_to(std::back_inserter(out), "# HELP {1} {2}\n# TYPE {1} {0}\n{1} {3}\n", type, name,
                   help, value);
}
template <class T>
void counter(std::string& out, std::string_view name, std::string_view help, T value) {
    append(out, "counter", name, help, value);
}
template <class T>
void gauge(std::string& out, std::string_view name, std::string_view help, T value) {
    append(out, "gauge", name, help, value);
}

}  // namespace

MetricsServer::MetricsServer(NodeContext& context, MiningDoor& mining, rpc::Server& rpc_server,
                             const Network* network)
    : context_{context}, mining_{mining}, rpc_server_{rpc_server}, network_{network} {}

Result<void, std::string> MetricsServer::start(const std::string& address, std::uint16_t port) {
    rpc::ServerOptions options;
    rpc::EndpointOptions endpoint;
    endpoint.address = address;
    endpoint.port = port;
    endpoint.http_apis = rpc::ApiSet::parse("");
    options.endpoints.push_back(std::move(endpoint));
    options.io_threads = 1;
    options.worker_threads = 1;
    server_.emplace(no_methods_, std::move(options));
    for (const char* path : {"/metrics", "/debug/metrics/prometheus"})
        server_->add_path(path, [this](const rpc::HttpRequest&, const rpc::HttpResponder& respond) {
            rpc::HttpResponse response;
            response.body = page();
            response.content_type = "text/plain; version=0.0.4";
            respond(std::move(response));
        });
    return server_->start();
}

std::string MetricsServer::page() const {
    std::string out;
    {
        const auto view = context_.chain.view();
        const auto head = *view.head();
        gauge(out, "cairn_head_number", "Number of the head block.", head.number);
        if (const auto header = view.header(head))
            gauge(out, "cairn_head_timestamp", "Timestamp of the head block.", (*header)->timestamp);
    }
    const auto import = context_.chain.stats();
    counter(out, "cairn_import_blocks_total", "Blocks executed.", import.blocks);
    counter(out, "cairn_import_transactions_total", "Transactions executed.", import.transactions);
    counter(out, "cairn_import_gas_total", "Gas executed.", import.gas);
    counter(out, "cairn_import_reorgs_total", "Reorganisations.", import.reorgs);
    gauge(out, "cairn_import_deepest_reorg", "Blocks that the deepest one took back.",
          import.deepest_reorg);
    counter(out, "cairn_import_rejected_total", "Invalid blocks.", import.rejected);
    gauge(out, "cairn_import_queue", "Blocks that wait for the writer.",
          context_.chain.queue_size());
    const auto pool = context_.pool.status();
    gauge(out, "cairn_txpool_pending", "Executable transactions.", pool.pending);
    gauge(out, "cairn_txpool_queued", "Transactions that wait.", pool.queued);
    const auto pool_stats = context_.pool.stats();
    counter(out, "cairn_txpool_added_total", "Transactions taken.", pool_stats.added);
    counter(out, "cairn_txpool_replaced_total", "Transactions replaced.", pool_stats.replaced);
    counter(out, "cairn_txpool_double_spends_total", "Second transactions of a nonce.",
            pool_stats.double_spends);
    gauge(out, "cairn_peers", "Connected peers.", context_.peer_count());
    const auto miner = mining_.miner_stats();
    counter(out, "cairn_miner_hashes_total", "Hashes of the node's own threads.", miner.hashes);
    counter(out, "cairn_miner_solutions_total", "Seals they found.", miner.solutions);
    gauge(out, "cairn_miner_hashrate", "Hashes a second.", miner.hashes_per_second);
    counter(out, "cairn_miner_switches_total",
            "Threads that took up other work, each time for each thread.", miner.switches.count);
    counter(out, "cairn_miner_switch_seconds_total",
            "Seconds in all from a new head, or from other work upon it, to a thread that searches it.",
            miner.switches.seconds);
    gauge(out, "cairn_miner_switch_seconds_last", "The last of these.",
          miner.switches.seconds_last);
    gauge(out, "cairn_miner_switch_seconds_max", "The longest of these.",
          miner.switches.seconds_max);
    const auto rpc_stats = rpc_server_.stats();
    counter(out, "cairn_rpc_requests_total", "Requests, a batch counting once.",
            rpc_stats.requests);
    gauge(out, "cairn_rpc_connections", "Open connections.", rpc_stats.open);
    counter(out, "cairn_rpc_refused_total", "Connections refused.", rpc_stats.refused);
    counter(out, "cairn_rpc_timed_out_total", "Connections closed: idle or slow.",
            rpc_stats.timed_out);
    const auto store = context_.chain.store().stats();
    gauge(out, "cairn_store_bytes", "Bytes of the data file on disk.", store.file_bytes);
    if (network_ != nullptr) out += network_->metrics();
    return out;
}

}  // namespace cairn::node
