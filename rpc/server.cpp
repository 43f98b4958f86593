// SPDX-License-Identifier: MIT
#include "rpc/server.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "rpc/http/http_session.hpp"
#include "rpc/http/server_core.hpp"

namespace cairn::rpc {
namespace {

/// How often connections past their time are looked for.
constexpr std::chrono::milliseconds kSweepInterval{500};
/// How long a door stays shut after a connection could not be accepted.
constexpr std::chrono::milliseconds kAcceptPause{100};
/// How often requests under way are counted by who waits for their end.
constexpr std::chrono::milliseconds kIdleLook{5};

std::string text_of(const tcp::endpoint& endpoint) {
    const auto address = endpoint.address();
    const auto host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
    return host + ":" + std::to_string(endpoint.port());
}

}  // namespace

void IoThread::start() {
    timer_.emplace(io());
    sweep();
    loop_.start();
}

void IoThread::sweep() {
    const auto now = SteadyClock::now();
    for (const auto& session : sessions_) {
        if (session->deadline() > now) continue;
        core_.timed_out.fetch_add(1, std::memory_order_relaxed);
        session->close();
    }
    timer_->expires_after(kSweepInterval);
    timer_->async_wait([this](ErrorCode error) {
        // A wait that had ended when it was cancelled still comes without an error.
        if (!error && !is_stopping_) sweep();
    });
}

void IoThread::stop() {
    asio::post(io(), [this] {
        is_stopping_ = true;
        timer_->cancel();
        const auto sessions = sessions_;
        for (const auto& session : sessions) session->close();
        loop_.release();
    });
}

void IoThread::finish() {
    loop_.finish();
}

void IoThread::join() {
    loop_.join();
    sessions_.clear();
}

/// Acceptors and threads. Acceptors run on the first thread and hand sockets round.
class Server::Impl {
public:
    Impl(const Dispatcher& dispatcher, ServerOptions options)
        : options_{std::move(options)}, core_{dispatcher, options_} {}
    ~Impl() {
        // Requests that hold no loop any more still look at the rest.
        for (auto& thread : threads_) thread->finish();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<void, std::string> start() {
        for (unsigned i = 0; i < std::max(1U, options_.io_threads); ++i)
            threads_.push_back(std::make_unique<IoThread>(core_));
        for (const auto& endpoint : options_.endpoints)
            if (auto opened = open(endpoint); !opened) return opened;
        if (options_.ipc_path)
            if (auto opened = open_ipc(*options_.ipc_path); !opened) return opened;
        for (auto& door : doors_) accept(*door);
        if (ipc_) accept_ipc();
        for (auto& thread : threads_) thread->start();
        is_running_ = true;
        return {};
    }

    void stop() {
        if (!is_running_) return;
        is_running_ = false;
        core_.is_stopping = true;
        asio::post(threads_.front()->io(), [this] {
            ErrorCode ignored;
            for (auto& door : doors_) {
                door->acceptor.close(ignored);
                door->pause.cancel();
            }
            if (ipc_) {
                ipc_->close(ignored);
                ipc_pause_->cancel();
            }
        });
        for (auto& thread : threads_) thread->stop();
        for (auto& thread : threads_) thread->join();
        if (options_.ipc_path) std::filesystem::remove(*options_.ipc_path, ignored_error_);
    }

    ServerCore& core() noexcept { return core_; }
    [[nodiscard]] const ServerCore& core() const noexcept { return core_; }
    [[nodiscard]] std::vector<std::uint16_t> ports() const {
        std::vector<std::uint16_t> out;
        for (const auto& door : doors_) out.push_back(door->port);
        return out;
    }

private:
    struct Door {
        std::shared_ptr<const EndpointOptions> options;
        std::shared_ptr<TlsContext> tls;
        tcp::acceptor acceptor;
        std::uint16_t port = 0;
        asio::steady_timer pause;
    };

    Result<void, std::string> open(const EndpointOptions& endpoint) {
        const auto address =
            endpoint.address == "localhost" ? std::string{"127.0.0.1"} : endpoint.address;
        const auto name = address + ":" + std::to_string(endpoint.port);
        if (!is_loopback(address) && !endpoint.auth.is_required() && !endpoint.is_insecure_allowed)
            return Unexpected{"refusing to listen on " + name +
                              " without a token: anybody who reaches it could use the node (set a "
                              "JWT secret or a "
                              "token, or allow it with --http.insecure)"};
        ErrorCode error;
        const auto parsed = asio::ip::make_address(address, error);
        if (error) return Unexpected{"not an IP address to listen on: " + address};
        auto door = std::make_unique<Door>(Door{std::make_shared<const EndpointOptions>(endpoint),
                                                nullptr, tcp::acceptor{threads_.front()->io()}, 0,
                                                asio::steady_timer{threads_.front()->io()}});
        if (endpoint.tls) {
            auto tls = make_tls_context(*endpoint.tls);
            if (!tls) return Unexpected{tls.error()};
            door->tls = std::move(*tls);
        }
        const tcp::endpoint at{parsed, endpoint.port};
        door->acceptor.open(at.protocol(), error);
        if (!error) door->acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
        if (!error) door->acceptor.bind(at, error);
        if (!error) door->acceptor.listen(asio::socket_base::max_listen_connections, error);
        if (error) return Unexpected{"cannot listen on " + name + ": " + error.message()};
        door->port = door->acceptor.local_endpoint().port();
        doors_.push_back(std::move(door));
        return {};
    }

    Result<void, std::string> open_ipc(const std::filesystem::path& path) {
        // A socket that an earlier process left would keep us from binding.
        std::filesystem::remove(path, ignored_error_);
        using Protocol = asio::local::stream_protocol;
        ErrorCode error;
        if (path.string().size() > 100)
            return Unexpected{"the IPC path is too long for a Unix socket: " + path.string()};
        ipc_.emplace(threads_.front()->io());
        ipc_pause_.emplace(threads_.front()->io());
        ipc_->open(Protocol{}, error);
        // The file must not be open to others for the moment between bind and chmod.
        const auto mask = ::umask(0177);
        if (!error) ipc_->bind(Protocol::endpoint{path.string()}, error);
        ::umask(mask);
        if (!error) ipc_->listen(asio::socket_base::max_listen_connections, error);
        if (error)
            return Unexpected{"cannot open the IPC socket " + path.string() + ": " +
                              error.message()};
        return {};
    }

    IoThread& next_thread() noexcept { return *threads_[++last_thread_ % threads_.size()]; }

    bool has_room() noexcept {
        core_.connections.fetch_add(1, std::memory_order_relaxed);
        if (core_.open.load(std::memory_order_relaxed) < core_.limits.sockets_max) return true;
        core_.refused.fetch_add(1, std::memory_order_relaxed);
        return false;
    }

    void accept(Door& door) {
        auto& thread = next_thread();
        door.acceptor.async_accept(
            thread.io(), [this, &door, &thread](ErrorCode error, tcp::socket socket) {
                if (error == asio::error::operation_aborted || !door.acceptor.is_open()) return;
                if (!error && has_room()) {
                    ErrorCode ignored;
                    socket.set_option(tcp::no_delay{true}, ignored);
                    const auto peer = socket.remote_endpoint(ignored);
                    SessionEnv env{core_, thread, door.options, text_of(peer)};
                    asio::post(thread.io(), [env, tls = door.tls, s = std::move(socket)]() mutable {
                        if (tls) {
                            start_https_session(env, tls, std::move(s));
                        } else {
                            start_http_session(env, std::move(s));
                        }
                    });
                }
                if (!error) return accept(door);
                // Out of descriptors, most likely: wait for some to come back.
                door.pause.expires_after(kAcceptPause);
                door.pause.async_wait([this, &door](ErrorCode aborted) {
                    if (!aborted) accept(door);
                });
            });
    }

    void accept_ipc() {
        auto& thread = next_thread();
        ipc_->async_accept(
            thread.io(),
            [this, &thread](ErrorCode error, asio::local::stream_protocol::socket socket) {
                if (error == asio::error::operation_aborted || !ipc_->is_open()) return;
                if (!error && has_room()) {
                    asio::post(thread.io(), [this, &thread, s = std::move(socket)]() mutable {
                        start_ipc_session(core_, thread, options_.ipc_apis, std::move(s));
                    });
                }
                if (!error) return accept_ipc();
                ipc_pause_->expires_after(kAcceptPause);
                ipc_pause_->async_wait([this](ErrorCode aborted) {
                    if (!aborted) accept_ipc();
                });
            });
    }

    ServerOptions options_;
    std::vector<std::unique_ptr<IoThread>> threads_;
    /// After the threads, so that its workers are joined before the loops they post to go.
    ServerCore core_;
    std::vector<std::unique_ptr<Door>> doors_;
    std::optional<asio::local::stream_protocol::acceptor> ipc_;
    std::optional<asio::steady_timer> ipc_pause_;
    std::size_t last_thread_ = 0;
    bool is_running_ = false;
    std::error_code ignored_error_;
};

Server::Server(const Dispatcher& dispatcher, ServerOptions options)
    : impl_{std::make_unique<Impl>(dispatcher, std::move(options))} {}
Server::~Server() {
    stop();
}

void Server::add_path(std::string path, PathHandler handler) {
    impl_->core().paths.emplace(std::move(path), std::move(handler));
}
Result<void, std::string> Server::start() {
    return impl_->start();
}
void Server::stop() {
    impl_->stop();
}
bool Server::wait_until_idle(std::chrono::milliseconds patience) const {
    const auto until = SteadyClock::now() + patience;
    while (impl_->core().under_way != 0) {
        if (SteadyClock::now() > until) return false;
        std::this_thread::sleep_for(kIdleLook);
    }
    return true;
}
std::vector<std::uint16_t> Server::ports() const {
    return impl_->ports();
}

ServerStats Server::stats() const noexcept {
    const auto& core = impl_->core();
    return {core.connections.load(), core.open.load(), core.refused.load(), core.requests.load(),
            core.timed_out.load()};
}

}  // namespace cairn::rpc
