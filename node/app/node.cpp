// SPDX-License-Identifier: MIT
#include "node/app/node.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>

#include "chain/build/job_board.hpp"
#include "chain/import/chain_manager.hpp"
#include "chain/import/reorg.hpp"
#include "chain/pool/tx_pool.hpp"
#include "chain/spec/genesis_json.hpp"
#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/base/log.hpp"
#include "node/app/block_maker.hpp"
#include "node/app/builtin_genesis.hpp"
#include "node/app/console.hpp"
#include "node/app/dev_accounts.hpp"
#include "node/app/head_log.hpp"
#include "node/app/methods.hpp"
#include "node/app/metrics.hpp"
#include "node/app/mining_door.hpp"
#include "node/app/network.hpp"
#include "node/app/options.hpp"
#include "node/app/pool_log.hpp"
#include "node/app/signals.hpp"
#include "node/app/unix_clock.hpp"
#include "node/mining/mine_endpoint.hpp"
#include "node/mining/stratum_server.hpp"
#include "rpc/chain_build.hpp"
#include "rpc/chain_pool.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/filters.hpp"
#include "rpc/openrpc.hpp"
#include "rpc/server.hpp"
#include "rpc/subscriptions.hpp"

namespace cairn::node {
namespace {

/// Thousands of miners may be connected at a time, and a system's usual soft limit is 1024.
constexpr rlim_t kOpenFilesWanted = 65536;

/// Raises the limit of open files as far as wanted and allowed.
void raise_file_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kOpenFilesWanted) return;
    limit.rlim_cur = std::min(limit.rlim_max, kOpenFilesWanted);
    static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

using Fault = Unexpected<std::string>;

/// For the requests under way when the node stops; then the process ends under them, so that who
/// pressed Ctrl-C need not wait for somebody's trace.
constexpr std::chrono::milliseconds kRequestPatience{700};

/// Namespaces of a door where none are named. A developer's node is one's own and offers all.
[[nodiscard]] rpc::ApiSet apis_of(const RpcDoor& door, bool is_dev) {
    if (door.apis.empty())
        return is_dev ? rpc::ApiSet::all() : rpc::ApiSet::parse("eth,net,web3,txpool,cairn,rpc");
    std::string names;
    for (const auto& name : door.apis) names += (names.empty() ? "" : ",") + name;
    return rpc::ApiSet::parse(names + ",rpc");
}

/// The network of the data folder; of the program where the folder is new, and then kept there.
[[nodiscard]] Result<chain::Genesis, std::string> open_genesis(const RunCommand& command) {
    if (std::filesystem::exists(command.folder.genesis_file()))
        return load_genesis(command.folder);
    const std::string_view text = command.network == BuiltInNetwork::Dev ? dev_genesis_json()
                                                                         : testnet_genesis_json();
    auto genesis = chain::parse_genesis(text);
    CAIRN_ASSERT(genesis);
    std::error_code failure;
    std::filesystem::create_directories(command.folder.root, failure);
    if (failure)
        return Fault{fmt::format("the data folder {} cannot be made: {}",
                                 command.folder.root.string(), failure.message())};
    if (auto kept = write_file_whole(command.folder.genesis_file(), text); !kept)
        return Fault{kept.error()};
    return *std::move(genesis);
}

[[nodiscard]] Result<Bytes, std::string> read_jwt_secret(const std::filesystem::path& path) {
    auto text = read_file(path);
    if (!text) return Fault{text.error()};
    while (!text->empty() && (text->back() == '\n' || text->back() == ' ')) text->pop_back();
    auto secret = from_hex(*text);
    if (!secret || secret->size() != 32)
        return Fault{path.string() + ": not 32 bytes in hex, as a JWT secret has"};
    return *std::move(secret);
}

/// Chain control as RPC methods see it.
class ControlDoor final : public rpc::ChainControlApi {
public:
    explicit ControlDoor(chain::ChainManager& chain) noexcept : chain_{chain} {}
    [[nodiscard]] bool set_head(BlockNumber number) override {
        const auto hash = chain_.view().canonical_hash(number);
        return hash && chain_.set_head({number, *hash}).get();
    }
    [[nodiscard]] bool invalidate(const BlockHash& block) override {
        return chain_.invalidate(block).get();
    }
    [[nodiscard]] bool reconsider(const BlockHash& block) override {
        return chain_.reconsider(block).get();
    }

private:
    chain::ChainManager& chain_;
};

}  // namespace

struct Node::Parts {
    explicit Parts(const RunCommand& the_command) : command{the_command} {}
    ~Parts() { stop(); }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    [[nodiscard]] Result<void, std::string> open_chain();
    void make_blocks_from_pool();
    [[nodiscard]] Result<void, std::string> open_rpc();
    [[nodiscard]] Result<void, std::string> open_mining();
    /// The one clock of all doors for miners, which keep times in one table of workers.
    [[nodiscard]] WorkerTable::Time mining_clock() const {
        return std::chrono::duration_cast<WorkerTable::Time>(std::chrono::steady_clock::now() -
                                                             began);
    }
    [[nodiscard]] Result<rpc::ServerOptions, std::string> server_options() const;
    void import_sealed(Block block);
    void request_stop(ExitCode code);
    [[nodiscard]] bool stop_work();
    void remove_temporary_folder();
    void stop();

    RunCommand command;
    UnixSeconds started_at = system_seconds();

    std::mutex stop_mutex;
    std::condition_variable stop_asked;
    std::optional<ExitCode> exit_code;  // guarded by stop_mutex
    bool is_stopped = false;            // the thread that owns the node

    // In the order in which they need one another; gone the other way round.
    std::optional<chain::Store> store;
    std::unique_ptr<chain::ChainManager> chain;
    std::optional<HeadLog> head_log;
    std::optional<chain::StoreChain> pool_chain;
    std::optional<chain::TxPool> pool;
    chain::EventBus<chain::PoolEvent>::Subscription pool_log;
    std::optional<chain::JobBoard> board;
    std::optional<BlockMaker> maker;
    std::optional<DevAccounts> accounts;
    WorkerTable workers;
    std::optional<MiningDoor> mining;
    std::optional<rpc::ChainPool> rpc_pool;
    std::optional<rpc::ChainBuild> rpc_build;
    std::optional<ControlDoor> control_door;
    const std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
    std::optional<StratumServer> stratum;
    std::optional<MineEndpoint> mine_endpoint;
    std::jthread mine_poller;
    std::unique_ptr<rpc::EthContext> eth;
    std::optional<rpc::Dispatcher> dispatcher;
    std::unique_ptr<NodeContext> context;
    std::unique_ptr<Network> network;
    std::optional<rpc::FilterHub> filters;
    std::optional<rpc::SubscriptionHub> subscriptions;
    std::optional<rpc::Server> server;
    std::optional<MetricsServer> metrics;
};

Result<void, std::string> Node::Parts::open_chain() {
    const auto genesis = open_genesis(command);
    if (!genesis) return Fault{genesis.error()};
    chain::StoreOptions store_options;
    // A chain that goes with the process need not wait for the disk.
    if (command.is_folder_temporary) store_options.durability = chain::Durability::None;
    store.emplace(command.folder.store_folder(), store_options);
    chain::ChainManagerOptions options;
    options.keep_state_blocks = command.is_archive ? 0 : kFullModeStateBlocks;
    options.checks_seals = command.checks_seals;
    // A developer's clock goes where it is told.
    if (command.is_dev) options.clock = [] { return ~UnixSeconds{0}; };
    // So do the base fee and the gas limit of its next block.
    if (command.is_dev) options.gas_policy = chain::GasPolicy::IsMakersChoice;
    options.on_fatal = [this](const std::string& what) {
        log::error("The ledger cannot be written; stopping", {{"reason", what}});
        request_stop(ExitCode::Failed);
    };
    auto opened = chain::ChainManager::open(*store, *genesis, std::move(options));
    if (!opened)
        return Fault{fmt::format(
            "{} holds another network: its genesis block is {}, this one's is {}",
            command.folder.root.string(), to_hex0x(opened.error().stored),
            to_hex0x(opened.error().wanted))};
    chain = *std::move(opened);
    head_log.emplace(*chain, command.is_dev);
    return {};
}

void Node::Parts::make_blocks_from_pool() {
    if (command.is_dev) command.pool.journal.clear();
    pool_chain.emplace(*store);
    pool.emplace(chain->spec(), *pool_chain, command.pool, system_seconds());
    pool_log = log_double_spends(*pool);
    board.emplace(chain->seal_engine(), [this](Block block) { import_sealed(std::move(block)); });
    BlockMakerOptions options;
    options.beneficiary = command.etherbase;
    if (command.is_dev && !options.beneficiary) options.beneficiary = Address{};
    options.extra_data = to_bytes(as_bytes(command.extra_data));
    options.gas_limit_target = command.gas_limit;
    options.tip_min = Wei{command.gas_price};
    options.is_dev = command.is_dev;
    options.dev_period = command.dev_period;
    maker.emplace(*chain, *pool, *board, std::move(options));
    const auto loaded = pool->load_journal(system_seconds());
    if (!loaded.error.empty())
        log::warn("The journal of local transactions cannot be read", {{"reason", loaded.error}});
    if (loaded.loaded + loaded.rejected > 0)
        log::info("Local transactions loaded",
                  {{"count", loaded.loaded}, {"dropped", loaded.rejected}});
    miner::MinerOptions miner_options;
    miner_options.threads = command.miner_threads;
    miner_options.nice = command.miner_nice;
    miner_options.pin = command.miner_pin;
    miner_options.full_ethash = command.ethash_full;
    miner_options.on_data_set = [](std::uint64_t epoch, unsigned percent) {
        if (percent % 10 == 0)
            log::info("Making Ethash's data set", {{"epoch", epoch}, {"percent", percent}});
    };
    mining.emplace(*maker, *board, chain->spec().seal(), miner_options);
}

void Node::Parts::import_sealed(Block block) {
    const chain::BlockRef ref{block.header->number, block.header.hash()};
    log::info("Block found", {{"number", ref.number}, {"hash", to_hex0x(ref.hash)}});
    chain->submit(std::move(block), [](const chain::ImportOutcome& outcome) {
        if (!outcome.is_stored() && outcome.status != chain::ImportStatus::NotProcessed)
            log::error("A block of our own was refused", {{"number", outcome.block.number},
                                                          {"reason", chain::to_string(outcome)}});
    });
}

Result<rpc::ServerOptions, std::string> Node::Parts::server_options() const {
    rpc::ServerOptions options;
    rpc::EndpointOptions http;
    http.address = command.http.address;
    http.port = command.http.port;
    http.vhosts = command.http.vhosts;
    http.cors_origins = command.http.origins;
    http.http_apis = apis_of(command.http, command.is_dev);
    http.auth.token = command.http_token;
    http.is_insecure_allowed = command.is_http_insecure;
    if (!command.jwt_secret_file.empty()) {
        auto secret = read_jwt_secret(command.jwt_secret_file);
        if (!secret) return Fault{secret.error()};
        http.auth.jwt_secret = *std::move(secret);
    }
    if (!command.tls_certificate.empty())
        http.tls = rpc::TlsOptions{command.tls_certificate, command.tls_key};
    rpc::EndpointOptions websocket = http;
    websocket.address = command.websocket.address;
    websocket.port = command.websocket.port;
    websocket.has_http = false;
    websocket.has_websocket = true;
    websocket.websocket_origins = command.websocket.origins;
    websocket.websocket_apis = apis_of(command.websocket, command.is_dev);
    // On a developer's node the HTTP port speaks WebSocket too, as anvil's users expect.
    if (command.is_dev) {
        http.has_websocket = true;
        http.websocket_apis = websocket.websocket_apis;
        http.websocket_origins = websocket.websocket_origins;
    }
    if (command.http.is_open) options.endpoints.push_back(std::move(http));
    if (command.websocket.is_open) options.endpoints.push_back(std::move(websocket));
    if (command.has_ipc)
        options.ipc_path = command.ipc_path.value_or(command.folder.root / "cairn.ipc");
    options.worker_threads = std::max(2U, std::thread::hardware_concurrency());
    return options;
}

Result<void, std::string> Node::Parts::open_rpc() {
    rpc_pool.emplace(*pool);
    rpc_build.emplace(*store, chain->spec(), *pool);
    control_door.emplace(*chain);
    eth.reset(new rpc::EthContext{.store = *store, .spec = chain->spec()});
    eth->limits = command.limits;
    if (!command.is_archive) eth->state_blocks_kept = kFullModeStateBlocks;
    eth->client_version = "cairn/v" CAIRN_VERSION "/linux/c++20";
    eth->pending = &*maker;
    eth->build = &*rpc_build;
    eth->pool = &*rpc_pool;
    eth->mining = &*mining;
    eth->control = &*control_door;
    dispatcher.emplace(command.limits);
    dispatcher->on_failure = [](std::string_view method, std::string_view what) {
        log::error("A request failed", {{"method", method}, {"reason", what}});
    };
    if (command.is_dev) {
        accounts.emplace();
        // Whoever was told that his transaction was taken sees it mined in whatever he asks next.
        // Sending waits for nothing, so that many transactions share a block and its commit, unless
        // they come faster than they are mined: better late than refused by a full pool.
        const auto nearly_full = command.pool.slots_max() / 16 * 15;
        dispatcher->before_call = [this, nearly_full](const rpc::Method& method) {
            if (method.name == "eth_sendRawTransaction")
                maker->wait_room(nearly_full);
            else
                maker->wait_mined();
        };
    }
    context.reset(new NodeContext{
        .eth = *eth,
        .dispatcher = *dispatcher,
        .chain = *chain,
        .pool = *pool,
        .maker = *maker,
        .workers = workers,
        .worker_clock = [this] { return mining_clock(); },
        .network_id = command.network_id.value_or(chain->spec().chain_id()),
        .data_folder = command.folder.root.string(),
        .started_at = started_at,
        .peer_count = [this] { return network ? network->peer_count() : 0; },
        .listens = network && network->is_listening(),
        .request_stop = [this] { request_stop(ExitCode::Ok); },
        .accounts = accounts ? &*accounts : nullptr});
    dispatcher->add(rpc::chain_methods(*eth));
    dispatcher->add(status_methods(*context));
    dispatcher->add(account_methods(*context));
    if (command.is_dev) dispatcher->add(dev_methods(*context));
    if (network) {
        eth->sync = network.get();
        dispatcher->add(network->methods());
    } else {
        dispatcher->add(offline_methods(*context));
    }
    filters.emplace(*eth, &chain->head_events());
    subscriptions.emplace(*eth, &chain->head_events());
    dispatcher->add(filters->methods());
    dispatcher->add(subscriptions->methods());
    dispatcher->add(rpc::rpc_methods(*dispatcher, CAIRN_VERSION));
    const auto options = server_options();
    if (!options) return Fault{options.error()};
    server.emplace(*dispatcher, *options);
    if (mine_endpoint) {
        for (const char* path : MineEndpoint::kPaths)
            server->add_path(path, [this](rpc::HttpRequest request, rpc::HttpResponder respond) {
                mine_endpoint->handle(request, std::move(respond), mining_clock());
            });
    }
    return server->start();
}

Result<void, std::string> Node::Parts::open_mining() {
    if (chain->spec().seal() != chain::SealKind::Sha256d) {
        if (command.has_stratum)
            return Fault{std::string{
                "--stratum serves networks sealed by SHA-256d, and this one is not"}};
    } else {
        std::string stratum_url;
        if (command.has_stratum) {
            if (!maker->beneficiary())
                return Fault{std::string{"--stratum needs --miner.etherbase ADDRESS: nobody would "
                                         "be paid for the blocks"}};
            StratumServerOptions options;
            options.address = command.stratum_address;
            options.port = command.stratum_port;
            options.clock = [this] { return mining_clock(); };
            stratum.emplace(*board, workers, options);
            if (auto started = stratum->start(); !started) return started;
            stratum_url = fmt::format("{}:{}", command.stratum_address, stratum->port());
            if (auto ready = maker->ensure_work(); !ready) return ready;
        }
        mine_endpoint.emplace(*board, workers, std::move(stratum_url));
    }
    if (!command.mines) return {};
    if (const auto started = mining->start({}); !started)
        return Fault{fmt::format("--mine: {}{}", started.error().message,
                                 maker->beneficiary() ? "" : " (--miner.etherbase ADDRESS)")};
    return {};
}

void Node::Parts::request_stop(ExitCode code) {
    const std::lock_guard lock{stop_mutex};
    if (!exit_code || code != ExitCode::Ok) exit_code = code;
    stop_asked.notify_all();
}

bool Node::Parts::stop_work() {
    if (!std::exchange(is_stopped, true)) {
        metrics.reset();
        if (server) server->stop();
        if (network) network->stop();
        if (mine_poller.joinable()) {
            mine_poller.request_stop();
            mine_poller.join();
        }
        if (stratum) stratum->stop();
        if (mining) mining->stop();
        if (maker) maker->stop();
        if (head_log) head_log->stop();
        if (chain) chain->stop();
    }
    return !server || server->wait_until_idle(kRequestPatience);
}

void Node::Parts::remove_temporary_folder() {
    if (!command.is_folder_temporary) return;
    std::error_code ignored;
    std::filesystem::remove_all(command.folder.root, ignored);
}

void Node::Parts::stop() {
    (void)stop_work();
    if (!command.is_folder_temporary) return;
    server.reset();
    subscriptions.reset();
    filters.reset();
    network.reset();
    context.reset();
    dispatcher.reset();
    eth.reset();
    mine_endpoint.reset();
    stratum.reset();
    control_door.reset();
    rpc_build.reset();
    rpc_pool.reset();
    mining.reset();
    maker.reset();
    board.reset();
    pool.reset();
    pool_chain.reset();
    head_log.reset();
    chain.reset();
    store.reset();
    remove_temporary_folder();
}

Node::Node(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Node::~Node() = default;

Result<std::unique_ptr<Node>, std::string> Node::start(const RunCommand& command) {
    auto parts = std::make_unique<Parts>(command);
    if (auto opened = parts->open_chain(); !opened) return Fault{opened.error()};
    parts->make_blocks_from_pool();
    if (auto opened = parts->open_mining(); !opened) return Fault{opened.error()};
    if (command.has_network) {
        auto network = Network::start(command, *parts->chain, *parts->pool);
        if (!network) return Fault{network.error()};
        parts->network = *std::move(network);
    }
    if (auto opened = parts->open_rpc(); !opened) return Fault{opened.error()};
    Parts* const raw = parts.get();
    if (parts->mine_endpoint)
        parts->mine_poller = std::jthread{[raw](const std::stop_token& stop) {
            raw->mine_endpoint->run(stop, [raw] { return raw->mining_clock(); });
        }};
    if (command.has_metrics) {
        parts->metrics.emplace(*parts->context, *parts->mining, *parts->server,
                               parts->network.get());
        if (auto started = parts->metrics->start(command.metrics_address, command.metrics_port);
            !started)
            return Fault{started.error()};
    }
    return std::unique_ptr<Node>{new Node{std::move(parts)}};
}

ExitCode Node::wait() {
    // Signals only set a flag; a tenth of a second is soon enough to see it.
    constexpr std::chrono::milliseconds kLook{100};
    std::unique_lock lock{parts_->stop_mutex};
    while (!parts_->exit_code && !stop_requested()) parts_->stop_asked.wait_for(lock, kLook);
    return parts_->exit_code.value_or(ExitCode::Ok);
}

bool Node::stop() {
    if (parts_->stop_work()) return true;
    parts_->remove_temporary_folder();
    return false;
}

std::string Node::banner() const {
    const Parts& parts = *parts_;
    std::string out;
    if (parts.accounts) out += parts.accounts->banner() + "\n";
    std::size_t index = 0;
    const auto ports = parts.server->ports();
    const char* scheme = parts.command.tls_certificate.empty() ? "" : "s";
    if (parts.command.http.is_open) {
        const auto port = ports.at(index++);
        out += fmt::format("RPC         http{}://{}:{}\n", scheme, parts.command.http.address, port);
        if (parts.command.is_dev)
            out += fmt::format("WebSocket   ws{}://{}:{}\n", scheme, parts.command.http.address,
                               port);
    }
    if (parts.command.websocket.is_open)
        out += fmt::format("WebSocket   ws{}://{}:{}\n", scheme, parts.command.websocket.address,
                           ports.at(index++));
    if (parts.stratum)
        out += fmt::format("Stratum     stratum+tcp://{}:{}\n", parts.command.stratum_address,
                           parts.stratum->port());
    if (parts.network) out += fmt::format("Peers       {}\n", parts.network->enode());
    out += fmt::format("Chain id    {}\n", parts.chain->spec().chain_id());
    out += fmt::format("Data        {}{}\n", parts.command.folder.root.string(),
                       parts.command.is_folder_temporary ? " (temporary)" : "");
    return out;
}

ExitCode run(const RunCommand& command) {
    log::configure(command.log);
    raise_file_limit();
    auto node = Node::start(command);
    if (!node) return failed(node.error());
    std::fputs((*node)->banner().c_str(), stdout);
    std::fflush(stdout);
    const ExitCode code = (*node)->wait();
    log::info("Stopping");
    if (!(*node)->stop()) {
        log::warn("Requests are still running; they end with the process");
        log::flush();
        std::_Exit(static_cast<int>(code));
    }
    node->reset();
    log::info("Stopped");
    log::flush();
    return code;
}

}  // namespace cairn::node
