// SPDX-License-Identifier: MIT
#include "tests/sim/real_network.hpp"

#include <cstdlib>

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "chain/pool/pool_chain.hpp"
#include "chain/rules/genesis.hpp"
#include "chain/store/store.hpp"
#include "core/base/assert.hpp"

namespace cairn::sim {

/// What one node may do to its peers.
class RealNetwork::Door final : public node::PeerDoor {
public:
    Door(RealNetwork& network, std::size_t self) : network_{network}, self_{self} {}

    node::SendOutcome send(node::PeerId peer, const node::EthMessage& message, bool) override {
        return forward(peer, node::code_of(message),
                       node::encode_eth_message(node::EthVersion::Eth68, message));
    }
    node::SendOutcome send_encoded(node::PeerId peer, node::EthCode code, ByteView payload,
                                   bool) override {
        return forward(peer, code, to_bytes(payload));
    }
    void disconnect(node::PeerId, node::DisconnectReason, std::string detail) override {
        network_.penalties_.push_back("disconnected: " + detail);
    }
    void penalise(node::PeerId, std::uint32_t, std::string detail) override {
        network_.penalties_.push_back(std::move(detail));
    }

private:
    node::SendOutcome forward(node::PeerId peer, node::EthCode code, Bytes payload) {
        const Link& link = network_.links_.at(peer - 1);
        const std::size_t to = link.a == self_ ? link.b : link.a;
        network_.bytes_ += payload.size();
        network_.post([&network = network_, peer, to, code, bytes = std::move(payload)] {
            network.deliver(peer, to, code, bytes);
        });
        return node::SendOutcome::Queued;
    }

    RealNetwork& network_;
    std::size_t self_;
};

struct RealNetwork::Node {
    Node() {
        std::string name = (std::filesystem::temp_directory_path() / "cairn-sim-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
        folder = name;
    }
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    ~Node() {
        // Import and verification stop before what they report to goes.
        if (manager) manager->stop();
        verify_pool.reset();
        if (service) service->stop();
        service.reset();
        pool.reset();
        manager.reset();
        store.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }

    std::filesystem::path folder;
    std::unique_ptr<chain::Store> store;
    std::unique_ptr<chain::ChainManager> manager;
    std::unique_ptr<chain::StoreChain> pool_chain;
    std::unique_ptr<chain::TxPool> pool;
    std::unique_ptr<Door> door;
    std::unique_ptr<node::SyncService> service;
    std::unique_ptr<ThreadPool> verify_pool;
};

RealNetwork::RealNetwork(chain::Genesis genesis, UnixSeconds now)
    : genesis_{std::move(genesis)}, now_{now} {}

RealNetwork::~RealNetwork() {
    nodes_.clear();
    const std::lock_guard lock{mutex_};
    tasks_.clear();
}

void RealNetwork::post(std::function<void()> task) {
    {
        const std::lock_guard lock{mutex_};
        tasks_.push_back(std::move(task));
    }
    has_task_.notify_one();
}

node::SyncTime RealNetwork::time() const {
    return {.ms = ticks_ * node::kTickMs, .unix_seconds = now_};
}

std::size_t RealNetwork::add_node() {
    auto node = std::make_unique<Node>();
    node->store = std::make_unique<chain::Store>(node->folder);
    chain::ChainManagerOptions options;
    options.clock = [now = now_] { return now; };
    auto opened = chain::ChainManager::open(*node->store, genesis_, std::move(options));
    CAIRN_ASSERT(opened);
    node->manager = *std::move(opened);
    node->pool_chain = std::make_unique<chain::StoreChain>(*node->store);
    node->pool = std::make_unique<chain::TxPool>(node->manager->spec(), *node->pool_chain,
                                                 chain::PoolOptions{}, now_);
    node->verify_pool = std::make_unique<ThreadPool>(1);
    node->door = std::make_unique<Door>(*this, nodes_.size());
    const Block genesis = chain::make_genesis_block(genesis_);
    node::SyncServiceParts parts;
    parts.chain = node->manager.get();
    parts.pool = node->pool.get();
    parts.verify_pool = node->verify_pool.get();
    parts.peers = node->door.get();
    parts.post = [this](std::function<void()> task) { post(std::move(task)); };
    parts.clock = [this] { return time(); };
    parts.network = {.network_id = 1,
                     .genesis = genesis.header.hash(),
                     .forks = std::make_shared<const chain::ForkSchedule>(
                         node->manager->spec(), genesis.header.hash(), genesis.header->timestamp)};
    node->service = std::make_unique<node::SyncService>(std::move(parts));
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
}

void RealNetwork::connect(std::size_t a, std::size_t b) {
    links_.push_back({a, b});
    const node::PeerId id = links_.size();
    const auto greet = [&](std::size_t self, std::size_t other) {
        node::PeerInfo info;
        info.id = id;
        info.version = node::EthVersion::Eth68;
        sync(self).on_peer_ready(
            info, node::make_status(sync(other).local_chain(), node::EthVersion::Eth68));
    };
    greet(a, b);
    greet(b, a);
}

void RealNetwork::deliver(node::PeerId link, std::size_t to, node::EthCode code, Bytes payload) {
    auto message = node::decode_eth_message(node::EthVersion::Eth68,
                                            static_cast<std::uint32_t>(code), payload);
    CAIRN_ASSERT(message);
    sync(to).on_message(link, *std::move(message));
}

bool RealNetwork::run_until(const std::function<bool()>& condition, std::chrono::seconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    auto next_tick = std::chrono::steady_clock::now();
    while (!condition()) {
        const auto now = std::chrono::steady_clock::now();
        if (now >= end) return false;
        if (now >= next_tick) {
            ++ticks_;
            for (const auto& node : nodes_) node->service->tick();
            next_tick = now + std::chrono::milliseconds{node::kTickMs};
        }
        std::deque<std::function<void()>> tasks;
        {
            std::unique_lock lock{mutex_};
            has_task_.wait_until(lock, next_tick, [this] { return !tasks_.empty(); });
            tasks.swap(tasks_);
        }
        for (auto& task : tasks) task();
    }
    return true;
}

chain::ChainManager& RealNetwork::chain(std::size_t node) {
    return *nodes_.at(node)->manager;
}
chain::TxPool& RealNetwork::pool(std::size_t node) {
    return *nodes_.at(node)->pool;
}
node::SyncService& RealNetwork::sync(std::size_t node) {
    return *nodes_.at(node)->service;
}
chain::BlockRef RealNetwork::head(std::size_t node) {
    return *chain(node).view().head();
}

}  // namespace cairn::sim
