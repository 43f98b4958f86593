// SPDX-License-Identifier: MIT
#include "node/app/run_options.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "core/base/hex.hpp"

namespace cairn::node {

struct RunWords {
    RunCommand command;
    bool no_http = false;
    std::string http_api;
    std::string http_cors;
    std::string http_vhosts = "localhost";
    std::string ws_api;
    std::string ws_origins;
    std::string ipc_path;
    bool no_ipc = false;
    std::string gcmode = "archive";
    std::uint64_t dev_period = 0;
    std::string etherbase;
    std::string bootnodes;
    std::string static_nodes;
    std::string net_restrict;
    std::string minimum_work;
    bool no_discovery = false;
    int verbosity = static_cast<int>(log::Level::Info);
    bool has_old_http_flag = false;
    std::uint64_t evm_timeout_ms = 5000;
    std::uint64_t pool_price_limit = 1;
    std::string pool_journal = "transactions.rlp";
    bool fake_pow = false;
    std::uint64_t network_id = 0;
};

void RunWordsDeleter::operator()(RunWords* words) const noexcept {
    delete words;
}

namespace {

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> out;
    std::string item;
    for (const char c : text + ",") {
        if (c != ',') {
            if (c != ' ') item += c;
        } else if (!item.empty()) {
            out.push_back(std::exchange(item, {}));
        }
    }
    return out;
}

void add_chain_options(CLI::App& app, RunWords& words) {
    RunCommand& command = words.command;
    app.add_flag("--dev", command.is_dev,
                 "A chain for developing: ten funded accounts, a block for each transaction")
        ->group("Network");
    app.add_option("--dev.period", words.dev_period,
                   "Seconds between blocks of --dev instead (0: a block for each transaction)")
        ->group("Network");
    app.add_option("--networkid", words.network_id,
                   "Number that peers must agree on (default: the chain id)")
        ->group("Network");
    app.add_option("--gcmode", words.gcmode, "archive: keep every state; full: of the last 90000 blocks")
        ->check(CLI::IsMember({"archive", "full"}))
        ->capture_default_str()
        ->group("Network");
    app.add_flag("--fakepow", words.fake_pow, "Take proofs of work on trust")->group("Network");
}

void add_rpc_options(CLI::App& app, RunWords& words) {
    RunCommand& command = words.command;
    const auto group = [](CLI::Option* option) { option->group("RPC"); };
    group(app.add_flag("--http", words.has_old_http_flag, "JSON-RPC over HTTP; on unless --no-http"));
    group(app.add_flag("--no-http", words.no_http, "No JSON-RPC over HTTP"));
    group(app.add_option("--http.addr", command.http.address, "Address to listen on")
              ->capture_default_str());
    group(app.add_option("--http.port", command.http.port, "Port to listen on")
              ->capture_default_str());
    group(app.add_option("--http.api", words.http_api,
                         "Namespaces offered (default: eth,net,web3,txpool,cairn; all with --dev)"));
    group(app.add_option("--http.corsdomain", words.http_cors,
                         "Origins of pages that may ask, or * (default: none; * with --dev)"));
    group(app.add_option("--http.vhosts", words.http_vhosts, "Host names that are ours, or *")
              ->capture_default_str());
    group(app.add_option("--http.jwtsecret", command.jwt_secret_file,
                         "File with a 32-byte hex key; requests need a token signed by it"));
    group(app.add_option("--http.token", command.http_token,
                         "Requests need this as bearer token or basic password")
              ->envname("CAIRN_HTTP_TOKEN"));
    group(app.add_option("--http.tls.cert", command.tls_certificate, "Certificate (PEM): serve TLS"));
    group(app.add_option("--http.tls.key", command.tls_key, "Its key (PEM)"));
    group(app.add_flag("--http.insecure", command.is_http_insecure,
                       "Allow an address that others reach, without a token"));
    group(app.add_flag("--ws", command.websocket.is_open, "JSON-RPC over WebSocket"));
    group(app.add_option("--ws.addr", command.websocket.address, "Address to listen on")
              ->capture_default_str());
    group(app.add_option("--ws.port", command.websocket.port, "Port to listen on")
              ->capture_default_str());
    group(app.add_option("--ws.api", words.ws_api, "Namespaces offered (default: as over HTTP)"));
    group(app.add_option("--ws.origins", words.ws_origins, "Origins of pages that may connect, or *"));
    group(app.add_flag("--ipcdisable", words.no_ipc, "No Unix socket"));
    group(app.add_option("--ipcpath", words.ipc_path, "Unix socket (default: DATADIR/cairn.ipc)"));
    group(app.add_option("--rpc.gascap", command.limits.gas_cap, "Gas of an eth_call; 0: no cap")
              ->capture_default_str());
    group(app.add_option("--rpc.evmtimeout", words.evm_timeout_ms, "Milliseconds of an eth_call")
              ->capture_default_str());
    group(app.add_option("--rpc.batch-request-limit", command.limits.batch_calls_max,
                         "Calls in a batch")
              ->capture_default_str());
    group(app.add_option("--rpc.batch-response-max-size", command.limits.batch_reply_bytes_max,
                         "Bytes of the answers to a batch")
              ->capture_default_str());
    group(app.add_option("--rpc.http-body-limit", command.limits.body_bytes_max,
                         "Bytes of a request")
              ->capture_default_str());
    group(app.add_option("--rpc.logquerylimit", command.limits.log_alternatives_max,
                         "Alternatives at a position of a log query")
              ->capture_default_str());
    group(app.add_flag("--rpc.allow-unprotected-txs", command.pool.allow_unprotected,
                       "Take transactions without replay protection over RPC"));
}

void add_mining_options(CLI::App& app, RunWords& words) {
    RunCommand& command = words.command;
    const auto group = [](CLI::Option* option) { option->group("Mining"); };
    group(app.add_flag("--mine", command.mines, "Mine with this node's own threads"));
    group(app.add_option("--miner.threads", command.miner_threads,
                         "Threads that search (0: one for each processor)")
              ->capture_default_str());
    group(app.add_option("--miner.etherbase", words.etherbase, "Address that is paid for our blocks"));
    group(app.add_option("--miner.gaslimit", command.gas_limit, "Gas limit that our blocks move to")
              ->capture_default_str());
    group(app.add_option("--miner.gasprice", command.gas_price, "Least tip in our blocks, wei per gas")
              ->capture_default_str());
    group(app.add_option("--miner.extradata", command.extra_data, "Text in our blocks, 32 bytes at most"));
    group(app.add_flag("--miner.pin", command.miner_pin, "Bind each of the threads to a processor"));
    group(app.add_option("--miner.nice", command.miner_nice, "Priority of the threads, as nice(1)")
              ->capture_default_str()
              ->check(CLI::Range(-20, 19)));
    group(app.add_flag("--ethash.dag", command.ethash_full,
                       "Keep Ethash's whole data set in memory while mining"));
    group(app.add_flag("--stratum", command.has_stratum, "Serve Stratum v1 to other miners"));
    group(app.add_option("--stratum.addr", command.stratum_address, "Address to listen on")
              ->capture_default_str());
    group(app.add_option("--stratum.port", command.stratum_port, "Port to listen on")
              ->capture_default_str());
}

void add_pool_options(CLI::App& app, RunWords& words) {
    chain::PoolOptions& pool = words.command.pool;
    const auto group = [](CLI::Option* option) { option->group("Transaction pool"); };
    group(app.add_option("--txpool.pricelimit", words.pool_price_limit,
                         "Least tip of a peer's transaction, wei per gas")
              ->capture_default_str());
    group(app.add_option("--txpool.pricebump", pool.price_bump, "Percent more that a replacement offers")
              ->capture_default_str());
    group(app.add_option("--txpool.accountslots", pool.account_slots,
                         "Executable transactions that each account may always have")
              ->capture_default_str());
    group(app.add_option("--txpool.globalslots", pool.global_slots, "Executable transactions in all")
              ->capture_default_str());
    group(app.add_option("--txpool.accountqueue", pool.account_queue, "Waiting transactions of an account")
              ->capture_default_str());
    group(app.add_option("--txpool.globalqueue", pool.global_queue, "Waiting transactions in all")
              ->capture_default_str());
    group(app.add_option("--txpool.lifetime", pool.lifetime, "Seconds that a transaction may wait")
              ->capture_default_str());
    group(app.add_flag("--txpool.nolocals", pool.no_locals, "Treat transactions over RPC like peers'"));
    group(app.add_option("--txpool.journal", words.pool_journal,
                         "File for local transactions, below the data folder; empty: none")
              ->capture_default_str());
    group(app.add_option("--txpool.rejournal", pool.rejournal, "Seconds between rewritings of it")
              ->capture_default_str());
}

void add_network_options(CLI::App& app, RunWords& words) {
    RunCommand& command = words.command;
    const auto group = [](CLI::Option* option) { option->group("Peers"); };
    group(app.add_option("--port", command.port, "Port for peers, TCP and UDP")->capture_default_str());
    group(app.add_option("--addr", command.listen_address, "Address to listen on for peers (default: all)"));
    group(app.add_option("--bootnodes", words.bootnodes, "enode URLs to begin with, by commas"));
    group(app.add_option("--staticnodes", words.static_nodes, "enode URLs to stay connected to, by commas"));
    group(app.add_option("--maxpeers", command.peers_max, "Peers at most; 0: no network")
              ->capture_default_str());
    group(app.add_flag("--nodiscover", words.no_discovery, "Do not look for peers"));
    group(app.add_option("--nodekey", command.node_key_file, "File with the node's key (hex)"));
    group(app.add_option("--nat", command.nat, "any, none, upnp, pmp or extip:ADDRESS: how others reach this node")
              ->capture_default_str());
    group(app.add_option("--netrestrict", words.net_restrict, "Only peers in these networks (CIDR, by commas)"));
    group(app.add_option("--sync.minimumwork", words.minimum_work,
                         "Total difficulty below which a chain is not followed (default: what this program "
                         "knows its network to have)"));
}

void add_operator_options(CLI::App& app, RunWords& words) {
    RunCommand& command = words.command;
    const auto group = [](CLI::Option* option) { option->group("Log and metrics"); };
    group(app.add_option("--verbosity", words.verbosity, "1 errors, 2 warnings, 3 events, 4 details, 5 all")
              ->check(CLI::Range(1, 5))
              ->capture_default_str());
    group(app.add_flag("--log.json", command.log.is_json, "One JSON object a line"));
    group(app.add_option("--log.file", command.log.file, "Also write the log to this file"));
    group(app.add_flag("--metrics", command.has_metrics, "Serve metrics in Prometheus' format"));
    group(app.add_option("--metrics.addr", command.metrics_address, "Address to listen on")
              ->capture_default_str());
    group(app.add_option("--metrics.port", command.metrics_port, "Port to listen on")
              ->capture_default_str());
}

/// Longest time for the code of an eth_call, in milliseconds: a day.
constexpr std::uint64_t kEvmTimeoutMax = 86'400'000;
/// Longest pause between a development network's blocks, in seconds: some 31 years.
constexpr std::uint64_t kDevPeriodMax = 1'000'000'000;

/// A folder of its own for a run whose chain nobody asked to keep.
Result<DataFolder, std::string> make_temporary_folder() {
    std::error_code failure;
    std::string pattern =
        (std::filesystem::temp_directory_path(failure) / "cairn-dev-XXXXXX").string();
    if (failure || ::mkdtemp(pattern.data()) == nullptr)
        return Unexpected{std::string{"no temporary folder can be made; give one with --datadir"}};
    return DataFolder{pattern};
}

void apply_dev_defaults(RunCommand& command, const RunWords& words) {
    command.network = BuiltInNetwork::Dev;
    command.has_network = false;
    if (words.http_cors.empty()) command.http.origins = {"*"};
    if (words.ws_origins.empty()) command.websocket.origins = {"*"};
    if (words.dev_period != 0) command.dev_period = words.dev_period;
}

}  // namespace

RunWordsPtr add_run_options(CLI::App& app) {
    RunWordsPtr words{new RunWords};
    add_chain_options(app, *words);
    add_rpc_options(app, *words);
    add_mining_options(app, *words);
    add_pool_options(app, *words);
    add_network_options(app, *words);
    add_operator_options(app, *words);
    return words;
}

Result<RunCommand, std::string> make_run_command(const RunWords& words,
                                                 const std::optional<DataFolder>& folder) {
    RunCommand command = words.command;
    if (words.no_http && words.has_old_http_flag)
        return Unexpected{std::string{"--http and --no-http exclude each other"}};
    command.http.is_open = !words.no_http;
    command.http.apis = split(words.http_api);
    command.http.origins = split(words.http_cors);
    command.http.vhosts = split(words.http_vhosts);
    command.websocket.apis = words.ws_api.empty() ? command.http.apis : split(words.ws_api);
    command.websocket.origins = split(words.ws_origins);
    command.has_ipc = !words.no_ipc;
    if (!words.ipc_path.empty()) command.ipc_path = words.ipc_path;
    command.is_archive = words.gcmode == "archive";
    command.checks_seals = !words.fake_pow;
    if (words.network_id != 0) command.network_id = words.network_id;
    command.bootnodes = split(words.bootnodes);
    command.static_nodes = split(words.static_nodes);
    command.net_restrict = split(words.net_restrict);
    command.has_discovery = !words.no_discovery;
    command.has_network = command.peers_max != 0;
    command.log.verbosity = static_cast<log::Level>(words.verbosity);
    command.limits.evm_time_max = std::chrono::milliseconds{words.evm_timeout_ms};
    command.pool.price_limit = Wei{words.pool_price_limit};
    if (words.evm_timeout_ms > kEvmTimeoutMax)
        return Unexpected{
            fmt::format("--rpc.evmtimeout: more than {} milliseconds", kEvmTimeoutMax)};
    if (!words.etherbase.empty()) {
        command.etherbase = fixed_from_hex<Address>(words.etherbase);
        if (!command.etherbase)
            return Unexpected{fmt::format("--miner.etherbase: `{}` is no address", words.etherbase)};
    }
    if (!words.minimum_work.empty()) {
        const auto total = parse_uint256(words.minimum_work);
        if (!total)
            return Unexpected{
                fmt::format("--sync.minimumwork: `{}` is no number", words.minimum_work)};
        command.minimum_total = TotalDifficulty{*total};
    }
    if (command.extra_data.size() > 32)
        return Unexpected{std::string{"--miner.extradata: more than 32 bytes"}};
    if (command.tls_certificate.empty() != command.tls_key.empty())
        return Unexpected{std::string{"--http.tls.cert and --http.tls.key belong together"}};
    if (words.dev_period != 0 && !command.is_dev)
        return Unexpected{std::string{"--dev.period needs --dev"}};
    if (words.dev_period > kDevPeriodMax)
        return Unexpected{fmt::format("--dev.period: more than {} seconds", kDevPeriodMax)};
    if (command.is_dev) apply_dev_defaults(command, words);
    if (folder) {
        command.folder = *folder;
    } else if (command.is_dev) {
        auto made = make_temporary_folder();
        if (!made) return Unexpected{made.error()};
        command.folder = *made;
        command.is_folder_temporary = true;
    } else {
        auto standard = default_data_folder("testnet");
        if (!standard) return Unexpected{standard.error()};
        command.folder.root = *standard;
    }
    if (!words.pool_journal.empty())
        command.pool.journal = command.folder.root / words.pool_journal;
    return command;
}

}  // namespace cairn::node
