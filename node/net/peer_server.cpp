// SPDX-License-Identifier: MIT
#include "node/net/peer_server.hpp"

#include <chrono>
#include <future>
#include <thread>

#include "core/base/assert.hpp"
#include "node/net/asio.hpp"
#include "node/net/peer_hub.hpp"

namespace cairn::node {

class PeerServer::Impl {
public:
    explicit Impl(PeerServerConfig config)
        : on_failure_{config.on_failure}, work_{io_.get_executor()}, hub_{io_, std::move(config)} {}

    void start(EthHandler& handler) {
        CAIRN_ASSERT(!thread_.joinable());
        asio::post(io_, [this, &handler] { hub_.start(handler); });
        thread_ = std::thread{[this] { run(); }};
    }

    void stop() {
        if (!thread_.joinable()) return;
        asio::post(io_, [this] { hub_.stop([this] { io_.stop(); }); });
        thread_.join();
    }

    void post(std::function<void()> task) { asio::post(io_, std::move(task)); }
    void post_after(std::uint64_t delay_ms, std::function<void()> task) {
        const auto timer = std::make_shared<asio::steady_timer>(io_);
        timer->expires_after(std::chrono::milliseconds{delay_ms});
        timer->async_wait([timer, task = std::move(task)](const ErrorCode& error) {
            if (!error) task();
        });
    }

    /// What `ask` answers on the network's thread; a default where that does not run.
    template <class Ask>
    auto ask(Ask ask) -> decltype(ask(std::declval<PeerHub&>())) {
        using Answer = decltype(ask(hub_));
        if (!thread_.joinable() || std::this_thread::get_id() == thread_.get_id()) return ask(hub_);
        // The promise lives in the handler: dropped with it where the thread ends first, which
        // breaks it and wakes us.
        auto promise = std::make_shared<std::promise<Answer>>();
        auto future = promise->get_future();
        asio::post(io_, [this, ask, promise] { promise->set_value(ask(hub_)); });
        promise.reset();
        while (future.wait_for(std::chrono::milliseconds{50}) != std::future_status::ready)
            if (io_.stopped()) return Answer{};
        return future.get();
    }

    [[nodiscard]] PeerHub& hub() noexcept { return hub_; }

private:
    void run() {
        try {
            io_.run();
        } catch (const std::exception& error) {
            // The top of the thread: whatever the machine failed at, the node ends in good order.
            if (!on_failure_) throw;
            io_.stop();
            on_failure_(error.what());
        }
    }

    std::function<void(const std::string&)> on_failure_;
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    PeerHub hub_;
    std::thread thread_;
};

PeerServer::PeerServer(PeerServerConfig config)
    : impl_{std::make_unique<Impl>(std::move(config))} {}
PeerServer::~PeerServer() {
    stop();
}

void PeerServer::start(EthHandler& handler) {
    impl_->start(handler);
}
void PeerServer::stop() {
    impl_->stop();
}
PeerDoor& PeerServer::door() {
    return impl_->hub();
}
void PeerServer::post(std::function<void()> task) {
    impl_->post(std::move(task));
}
void PeerServer::post_after(std::uint64_t delay_ms, std::function<void()> task) {
    impl_->post_after(delay_ms, std::move(task));
}
MonotonicMs PeerServer::now() const {
    return impl_->hub().now();
}

bool PeerServer::add_static(const Enode& node) {
    return impl_->ask([node](PeerHub& hub) { return hub.add_static(node); });
}
std::optional<StaticNodeReport> PeerServer::find_static(const NodeId& id) const {
    return impl_->ask([id](PeerHub& hub) { return hub.find_static(id); });
}
void PeerServer::remove_static(const NodeId& id) {
    impl_->ask([id](PeerHub& hub) { return hub.remove_static(id), true; });
}
void PeerServer::set_trusted(const NodeId& id, bool is_trusted) {
    impl_->ask([=](PeerHub& hub) { return hub.set_trusted(id, is_trusted), true; });
}
void PeerServer::set_external_ip(const IpAddress& ip) {
    impl_->ask([=](PeerHub& hub) { return hub.set_external_ip(ip), true; });
}
void PeerServer::set_fork_id(const chain::ForkId& fork_id) {
    impl_->ask([=](PeerHub& hub) { return hub.set_fork_id(fork_id), true; });
}
std::vector<PeerSnapshot> PeerServer::peers() const {
    return impl_->ask([](PeerHub& hub) { return hub.peers(); });
}
std::vector<StaticNodeReport> PeerServer::static_nodes() const {
    return impl_->ask([](PeerHub& hub) { return hub.static_nodes(); });
}
std::size_t PeerServer::peer_count() const {
    return impl_->ask([](PeerHub& hub) { return hub.peer_count(); });
}
Enode PeerServer::self() const {
    return impl_->ask([](PeerHub& hub) { return hub.self(); });
}
std::string PeerServer::record() const {
    return impl_->ask([](PeerHub& hub) { return hub.record(); });
}
bool PeerServer::is_listening() const {
    return impl_->ask([](PeerHub& hub) { return hub.is_listening(); });
}
const NetMetrics& PeerServer::metrics() const {
    return impl_->hub().counted();
}

}  // namespace cairn::node
