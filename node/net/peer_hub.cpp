// SPDX-License-Identifier: MIT
#include "node/net/peer_hub.hpp"

#include <algorithm>
#include <chrono>

#include "core/base/system_error.hpp"
#include "core/crypto/random.hpp"
#include "node/net/asio_address.hpp"

namespace cairn::node {
namespace {

using std::chrono::milliseconds;

/// Milliseconds between looks at what to dial.
constexpr MonotonicMs kMaintainMs = 500;
/// Milliseconds that a dial may take.
constexpr MonotonicMs kDialTimeoutMs = 10'000;
/// Milliseconds between writes of the node database, and between walks while candidates lack.
constexpr MonotonicMs kSaveMs = 10 * 60'000;
constexpr MonotonicMs kLookupMs = 4'000;
/// Milliseconds that goodbyes have when everything ends.
constexpr MonotonicMs kGoodbyeMs = 250;
/// Milliseconds before accepting again when the system is out of descriptors.
constexpr MonotonicMs kAcceptRetryMs = 1'000;
/// Nodes of the database that discovery asks at the start.
constexpr std::size_t kSeedsMax = 30;

DialScheduler::Config dialer_config(const PeerServerConfig& config) {
    DialScheduler::Config out;
    out.self = config.key.id;
    // Without discovery nobody is dialled but who is named, and who was a peer before.
    out.dialled_max =
        config.peers_max == 0 ? 0 : std::max<std::size_t>(1, config.peers_max / kDialRatio);
    out.allowed = config.allowed;
    return out;
}

}  // namespace

PeerHub::PeerHub(asio::io_context& io, PeerServerConfig config)
    : io_{io},
      config_{std::move(config)},
      acceptor_{io},
      maintain_timer_{io},
      accept_timer_{io},
      dialer_{dialer_config(config_)} {
    bind();
    session_config_.key = &config_.key;
    session_config_.client = config_.client;
    session_config_.listen_port = config_.is_listening ? port_ : std::uint16_t{0};
    session_config_.capabilities = eth_capabilities();
    for (const NodeId& id : config_.trusted_nodes) trusted_.insert(id);
}

MonotonicMs PeerHub::now() const {
    if (config_.clock) return config_.clock();
    return static_cast<MonotonicMs>(std::chrono::duration_cast<milliseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

Moment PeerHub::moment() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {now(), static_cast<UnixSeconds>(
                       std::chrono::duration_cast<std::chrono::seconds>(since).count())};
}

void PeerHub::log(NetLogLevel level, const std::string& text) const {
    if (config_.log) config_.log(level, text);
}

bool PeerHub::is_allowed(const IpAddress& ip) const {
    return config_.allowed.empty() ||
           std::ranges::any_of(config_.allowed,
                               [&ip](const IpNetwork& network) { return network.contains(ip); });
}

// --- Start and stop ----------------------------------------------------------------------------

void PeerHub::start(EthHandler& handler) {
    handler_ = &handler;
    const Moment at = moment();
    if (!config_.node_db_file.empty()) nodes_ = NodeDb::load(config_.node_db_file, at.seconds);
    for (const Enode& node : config_.static_nodes) add_static(node);
    if (udp_) start_discovery(std::move(*udp_));
    std::vector<Enode> seeds;
    for (const KnownNode& known : nodes_.nodes()) {
        dialer_.add_candidate(known.node, known.connected != 0);
        if (seeds.size() < kSeedsMax) seeds.push_back(known.node);
    }
    if (discovery_) discovery_->add_nodes(seeds);
    next_save_ = at.ms + kSaveMs;
    if (config_.is_listening) accept();
    maintain();
}

void PeerHub::start_discovery(udp::socket socket) {
    Discovery::Config config;
    config.key = &config_.key;
    config.endpoint = {config_.external_ip.value_or(config_.listen_ip.value_or(IpAddress{})), port_,
                       config_.is_listening ? port_ : std::uint16_t{0}};
    config.is_endpoint_fixed = config_.external_ip.has_value();
    config.bootnodes = config_.bootnodes;
    config.allowed = config_.allowed;
    const LocalChain chain = handler_->local_chain();
    config.fork_id = chain.forks->id_at(chain.head_number, chain.head_timestamp);
    // Larger at each start without being kept: seconds, in thousandths.
    config.record_seq = moment().seconds * 1000;
    discovery_ = std::make_unique<DiscoveryService>(
        std::move(socket), std::move(config), random_bytes, [this] { return moment(); },
        [this](const DiscoveryEvent& event) { on_discovery(event); }, metrics_);
    discovery_->start();
}

void PeerHub::stop(std::function<void()> done) {
    is_stopping_ = true;
    ErrorCode ignored;
    acceptor_.close(ignored);
    accept_timer_.cancel();
    if (discovery_) discovery_->stop();
    save_nodes();
    std::vector<std::shared_ptr<PeerConnection>> open;
    for (const auto& [id, held] : connections_) open.push_back(held.connection);
    for (const auto& connection : open)
        connection->close(DisconnectReason::ClientQuitting, "we stop");
    maintain_timer_.expires_after(milliseconds{kGoodbyeMs});
    maintain_timer_.async_wait([done = std::move(done)](const ErrorCode&) { done(); });
}

void PeerHub::save_nodes() {
    if (config_.node_db_file.empty()) return;
    if (!nodes_.save(config_.node_db_file))
        log(NetLogLevel::Warn, "cannot write the node database " + config_.node_db_file.string());
}

// --- Dialling ----------------------------------------------------------------------------------

void PeerHub::dial_due() {
    for (const DialTask& task : dialer_.next(moment().seconds)) dial(task);
}

void PeerHub::maintain() {
    if (is_stopping_) return;
    const Moment at = moment();
    dial_due();
    if (discovery_ && dialer_.wants_candidates() && at.ms >= next_lookup_) {
        next_lookup_ = at.ms + kLookupMs;
        discovery_->start_random_lookup();
    }
    if (at.ms >= next_save_) {
        next_save_ = at.ms + kSaveMs;
        save_nodes();
    }
    maintain_timer_.expires_after(milliseconds{kMaintainMs});
    maintain_timer_.async_wait([this](const ErrorCode& error) {
        if (!error) maintain();
    });
}

void PeerHub::dial(const DialTask& task) {
    struct Attempt {
        explicit Attempt(asio::io_context& io) : socket{io}, timer{io} {}
        tcp::socket socket;
        asio::steady_timer timer;
    };
    metrics_.dials.add();
    if (scores_.is_banned(task.node.id, moment().seconds)) {
        dialer_.on_failed(task.node.id, moment().seconds, true);
        return note_failure(task.node.id, "banned for misbehaviour");
    }
    const auto attempt = std::make_shared<Attempt>(io_);
    attempt->timer.expires_after(milliseconds{kDialTimeoutMs});
    attempt->timer.async_wait([attempt](const ErrorCode& error) {
        ErrorCode ignored;
        if (!error) attempt->socket.close(ignored);
    });
    const tcp::endpoint to{to_asio(task.node.endpoint.ip), task.node.endpoint.tcp_port};
    attempt->socket.async_connect(to, [this, attempt, task](const ErrorCode& error) {
        attempt->timer.cancel();
        on_dialled(task, std::move(attempt->socket), error);
    });
}

void PeerHub::on_dialled(const DialTask& task, tcp::socket socket, const ErrorCode& error) {
    if (is_stopping_) return;
    if (error) {
        metrics_.dials_failed.add();
        dialer_.on_failed(task.node.id, moment().seconds, false);
        // An aborted connect is one that our timer closed.
        return note_failure(task.node.id, error == asio::error::operation_aborted
                                              ? "no answer to the connection"
                                              : "cannot connect: " + error.message());
    }
    add_connection(std::move(socket),
                   {next_id_++, task.node.endpoint.ip, task.node.endpoint.tcp_port, task});
}

void PeerHub::note_failure(const NodeId& id, const std::string& reason) {
    const auto it = statics_.find(id);
    if (it == statics_.end()) return;
    std::string& last = failures_[id];
    if (last == reason) return;  // once is enough for the log, whatever the number of attempts
    last = reason;
    log(NetLogLevel::Warn, "peer " + to_string(it->second) + " did not stick: " + reason);
}

// --- Being dialled -----------------------------------------------------------------------------

void PeerHub::accept() {
    acceptor_.async_accept([this](const ErrorCode& error, tcp::socket socket) {
        if (is_stopping_ || error == asio::error::operation_aborted) return;
        if (!error) {
            on_accepted(std::move(socket));
            return accept();
        }
        // Out of descriptors, mostly: asking again at once would spin.
        accept_timer_.expires_after(milliseconds{kAcceptRetryMs});
        accept_timer_.async_wait([this](const ErrorCode& waited) {
            if (!waited) accept();
        });
    });
}

void PeerHub::on_accepted(tcp::socket socket) {
    ErrorCode error;
    const auto from = socket.remote_endpoint(error);
    if (error) return;
    const IpAddress ip = from_asio(from.address());
    if (!is_allowed(ip) || scores_.is_banned(ip, moment().seconds) ||
        inbound_.accept(ip, now()) != InboundLimit::Verdict::Accepted) {
        metrics_.inbound_refused.add();
        return;
    }
    metrics_.inbound_accepted.add();
    add_connection(std::move(socket), {next_id_++, ip, from.port(), std::nullopt});
}

void PeerHub::add_connection(tcp::socket socket, PeerConnection::Origin origin) {
    const PeerId id = origin.id;
    auto connection = std::make_shared<PeerConnection>(std::move(socket), std::move(origin),
                                                       session_config_, random_bytes, *this);
    connections_.emplace(id, Held{connection, false, now(), {}});
    connection->start();
}

void PeerHub::settle(PeerConnection& connection) {
    const auto it = connections_.find(connection.origin().id);
    if (it == connections_.end() || it->second.is_settled) return;
    it->second.is_settled = true;
    if (connection.is_inbound()) inbound_.on_settled();
}

// --- Discovery ---------------------------------------------------------------------------------

void PeerHub::on_discovery(const DiscoveryEvent& event) {
    if (const auto* found = std::get_if<NodeFound>(&event)) {
        nodes_.on_seen(found->node, moment().seconds);
        const LocalChain chain = handler_->local_chain();
        // Whoever says that it follows another chain need not be asked over a stream.
        if (found->fork_id &&
            !chain.forks->check(*found->fork_id, chain.head_number, chain.head_timestamp))
            return;
        dialer_.add_candidate(found->node, false);
    } else if (const auto* changed = std::get_if<EndpointChanged>(&event)) {
        log(NetLogLevel::Info, "others see us at " + changed->endpoint.ip.to_string());
    }
}

void PeerHub::set_external_ip(const IpAddress& ip) {
    config_.external_ip = ip;
    if (discovery_) discovery_->set_external_ip(ip);
}

void PeerHub::set_fork_id(const chain::ForkId& fork_id) {
    if (discovery_) discovery_->set_fork_id(fork_id);
}

}  // namespace cairn::node
