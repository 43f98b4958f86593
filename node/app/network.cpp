// SPDX-License-Identifier: MIT
#include "node/app/network.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

#include "core/base/hex.hpp"
#include "core/base/log.hpp"
#include "core/crypto/random.hpp"
#include "node/app/network_parts.hpp"
#include "node/app/unix_clock.hpp"
#include "node/sync/known_work.hpp"
#include "node/sync/limits.hpp"

namespace cairn::node {
namespace {

using Fault = Unexpected<std::string>;

/// Ticks between two lines about the progress of a synchronisation.
constexpr std::uint64_t kTicksPerLine = 8000 / kTickMs;

void write_log(NetLogLevel level, const std::string& line) {
    switch (level) {
        case NetLogLevel::Debug: return log::debug(line);
        case NetLogLevel::Info: return log::info(line);
        case NetLogLevel::Warn: return log::warn(line);
    }
}

/// The key in a file as hex digits; made and kept there where there is none.
[[nodiscard]] Result<NodeKey, std::string> open_key(const std::filesystem::path& path) {
    if (std::filesystem::exists(path)) {
        auto text = read_file(path);
        if (!text) return Fault{text.error()};
        while (!text->empty() && (text->back() == '\n' || text->back() == ' ')) text->pop_back();
        const auto bytes = from_hex(*text);
        if (bytes && bytes->size() == 32)
            if (auto key = NodeKey::from_secret(secp256k1::SecretKey::from(*bytes)))
                return std::move(*key);
        return Fault{path.string() + ": not a node key (32 bytes in hex)"};
    }
    auto key = NodeKey::make([](std::span<std::uint8_t> out) { random_bytes(out); });
    if (auto kept = write_file_whole(path, to_hex(key.secret.reveal()) + "\n"); !kept)
        return Fault{kept.error()};
    std::error_code ignored;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read |
                                           std::filesystem::perms::owner_write,
                                 ignored);
    return key;
}

[[nodiscard]] Result<std::vector<Enode>, std::string> parse_enodes(
    std::string_view flag, const std::vector<std::string>& urls) {
    std::vector<Enode> out;
    for (const auto& url : urls) {
        const auto node = parse_enode(url);
        if (!node) return Fault{fmt::format("{}: `{}` is no enode URL", flag, url)};
        out.push_back(*node);
    }
    return out;
}

/// What --nat asks for. A node that listens on this machine alone needs no gateway.
[[nodiscard]] std::optional<NatChoice> choose_nat(const RunCommand& command) {
    const auto listen = IpAddress::parse(command.listen_address);
    if (command.nat == "any" && listen && listen->is_loopback()) return NatChoice{};
    return parse_nat(command.nat);
}

[[nodiscard]] Result<PeerServerConfig, std::string> make_config(const RunCommand& command) {
    PeerServerConfig config;
    auto key = open_key(command.node_key_file.empty() ? command.folder.root / "nodekey"
                                                      : command.node_key_file);
    if (!key) return Fault{key.error()};
    config.key = std::move(*key);
    config.client = "cairn/v" CAIRN_VERSION "/linux/c++20";
    if (!command.listen_address.empty()) {
        config.listen_ip = IpAddress::parse(command.listen_address);
        if (!config.listen_ip)
            return Fault{fmt::format("--addr: `{}` is no IP address", command.listen_address)};
    }
    config.port = command.port;
    config.is_discovering = command.has_discovery;
    config.peers_max = command.peers_max;
    auto bootnodes = parse_enodes("--bootnodes", command.bootnodes);
    if (!bootnodes) return Fault{bootnodes.error()};
    config.bootnodes = *std::move(bootnodes);
    auto static_nodes = parse_enodes("--staticnodes", command.static_nodes);
    if (!static_nodes) return Fault{static_nodes.error()};
    config.static_nodes = *std::move(static_nodes);
    for (const auto& text : command.net_restrict) {
        const auto network = IpNetwork::parse(text);
        if (!network) return Fault{fmt::format("--netrestrict: `{}` is no network", text)};
        config.allowed.push_back(*network);
    }
    if (const auto nat = choose_nat(command); !nat)
        return Fault{fmt::format("--nat: `{}` is none of none, any, upnp, pmp, pmp:ADDRESS, "
                                 "extip:ADDRESS",
                                 command.nat)};
    else if (nat->kind == NatKind::ExtIp)
        config.external_ip = nat->address;
    config.node_db_file = command.folder.root / "nodes";
    config.log = write_log;
    config.on_failure = [](const std::string& what) {
        log::error("The network has failed", {{"reason", what}});
    };
    return config;
}

}  // namespace

Network::Network(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

Network::~Network() {
    stop();
}

Result<std::unique_ptr<Network>, std::string> Network::start(const RunCommand& command,
                                                             chain::ChainManager& chain,
                                                             chain::TxPool& pool) {
    auto config = make_config(command);
    if (!config) return Fault{config.error()};
    auto parts =
        std::make_unique<Parts>(chain, command.network_id.value_or(chain.spec().chain_id()));
    const Block& genesis = chain.genesis_block();
    parts->forks = std::make_shared<const chain::ForkSchedule>(
        chain.spec(), genesis.header.hash(), genesis.header->timestamp);
    try {
        parts->server.emplace(*std::move(config));
    } catch (const SystemError& error) {
        return Fault{error.what()};
    }
    Parts* const raw = parts.get();
    SyncServiceParts sync;
    sync.chain = &chain;
    sync.pool = &pool;
    sync.verify_pool = &parts->verify_pool;
    sync.peers = &parts->server->door();
    sync.post = [raw](std::function<void()> task) { raw->server->post(std::move(task)); };
    sync.clock = [raw] { return SyncTime{raw->server->now(), system_seconds()}; };
    sync.checks_seals = command.checks_seals;
    sync.network = {parts->network_id, genesis.header.hash(), parts->forks};
    sync.options.minimum_total =
        command.minimum_total.value_or(known_total(genesis.header.hash()));
    std::array<std::uint8_t, 8> seed{};
    random_bytes(seed);
    sync.options.seed = std::bit_cast<std::uint64_t>(seed);
    sync.log = [](const std::string& line) { log::info(line); };
    parts->sync.emplace(std::move(sync));
    parts->server->start(*parts->sync);
    if (const auto nat = choose_nat(command);
        nat && nat->kind != NatKind::None && nat->kind != NatKind::ExtIp)
        parts->nat.emplace(*nat, command.port, [raw](const NatMapping& mapping) {
            raw->server->set_external_ip(mapping.external_ip);
            log::info("The gateway passes our port on",
                      {{"address", mapping.external_ip.to_string()}, {"port", mapping.port}});
        });
    // Ticks re-arm themselves on the network's thread until it ends.
    struct Ticker {
        static void tick(Parts* at) {
            if (at->is_stopped) return;
            at->sync->tick();
            if (++at->ticks % kTicksPerLine == 0 && at->sync->manager().progress().is_syncing)
                log::info(at->sync->progress_line());
            at->server->post_after(kTickMs, [at] { tick(at); });
        }
    };
    parts->server->post([raw] { Ticker::tick(raw); });
    return std::unique_ptr<Network>{new Network{std::move(parts)}};
}

void Network::stop() {
    if (!parts_ || parts_->is_stopped.exchange(true)) return;
    parts_->nat.reset();
    parts_->server->post([raw = parts_.get()] { raw->sync->stop(); });
    parts_->server->stop();
    parts_->sync->stop();
}

std::optional<rpc::SyncProgress> Network::progress() {
    const SyncProgress progress = parts_->sync->progress();
    if (!progress.is_syncing) return std::nullopt;
    return rpc::SyncProgress{progress.starting_block, progress.current_block,
                             progress.highest_block};
}

std::size_t Network::peer_count() const {
    return parts_->server->peer_count();
}
bool Network::is_listening() const {
    return parts_->server->is_listening();
}
std::string Network::enode() const {
    return to_string(parts_->server->self());
}

}  // namespace cairn::node
