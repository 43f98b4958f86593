// SPDX-License-Identifier: MIT
#pragma once

// What every kind of connection shares. Inside rpc/http and rpc/server.cpp only.

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "core/base/thread_pool.hpp"
#include "rpc/http/event_loop.hpp"
#include "rpc/server.hpp"

namespace cairn::rpc {

using SteadyClock = std::chrono::steady_clock;

/// A connection of any kind. Lives on one I/O thread and is touched by it only.
class Session : public std::enable_shared_from_this<Session> {
public:
    virtual ~Session() = default;
    /// Closes the socket; whatever waits on it ends.
    virtual void close() noexcept = 0;
    /// When the connection has waited long enough for what it waits for.
    [[nodiscard]] SteadyClock::time_point deadline() const noexcept { return deadline_; }

protected:
    void wait_until(SteadyClock::time_point deadline) noexcept { deadline_ = deadline; }
    void wait_for(std::chrono::milliseconds time) noexcept {
        deadline_ = SteadyClock::now() + time;
    }
    /// While a request runs: that has a deadline of its own.
    void wait_forever() noexcept { deadline_ = SteadyClock::time_point::max(); }

private:
    SteadyClock::time_point deadline_ = SteadyClock::time_point::max();
};

/// State of the whole server.
struct ServerCore {
    ServerCore(const Dispatcher& d, const ServerOptions& options)
        : dispatcher{d},
          limits{d.limits()},
          workers{options.worker_threads, d.limits().sockets_max + 1} {}

    const Dispatcher& dispatcher;
    const Limits limits;
    std::map<std::string, PathHandler, std::less<>> paths{};
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> open{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> timed_out{0};
    /// Requests that wait for a worker are dropped from here on.
    std::atomic<bool> is_stopping{false};
    /// Requests that are no light ones: at a worker, waiting for one, or on a connection's thread.
    std::atomic<std::uint64_t> under_way{0};
    /// Bytes that wait for clients to read them, WebSocket and IPC. Shared with notifiers, which
    /// may outlive the server.
    const std::shared_ptr<std::atomic<std::int64_t>> unread_total =
        std::make_shared<std::atomic<std::int64_t>>(0);
    /// Last, so that it goes first: its tasks look at the rest.
    ThreadPool workers;

    /// Runs a request and hands the answer to `done` on the loop, whose thread calls: at once for a
    /// light one and, mostly, a brief one, else when a worker is done.
    template <class Done>
    void run(Dispatcher::Request request, const ApiSet& apis, std::shared_ptr<Notifier> notifier,
             EventLoop& loop, Done done);

private:
    /// The same for a brief one, on the thread that calls.
    template <class Done>
    void run_brief(const Dispatcher::Request& request, const ApiSet& apis,
                   std::shared_ptr<Call> call, EventLoop& loop, Done done);
    /// Has `done` called on the loop.
    template <class Done>
    void post_done(EventLoop& loop, Done done, std::string answer, std::shared_ptr<Call> call);
};

/// One thread with its loop and the connections on it.
class IoThread {
public:
    explicit IoThread(ServerCore& core) : core_{core} {}

    [[nodiscard]] asio::io_context& io() noexcept { return loop_.io(); }
    [[nodiscard]] EventLoop& loop() noexcept { return loop_; }
    void start();
    /// Closes all connections and ends the loop; then join().
    void stop();
    /// Waits for the loop, but not for requests that lasted so long that they lost it.
    void join();
    /// Waits for those too; after stop().
    void finish();

    /// From its own thread.
    void add(const std::shared_ptr<Session>& session) {
        sessions_.insert(session);
        core_.open.fetch_add(1, std::memory_order_relaxed);
    }
    void remove(const std::shared_ptr<Session>& session) noexcept {
        if (sessions_.erase(session) != 0) core_.open.fetch_sub(1, std::memory_order_relaxed);
    }
    /// One connection became one of another kind.
    void replace(const std::shared_ptr<Session>& before, const std::shared_ptr<Session>& after) {
        add(after);
        remove(before);
    }

private:
    void sweep();

    ServerCore& core_;
    EventLoop loop_;
    std::optional<asio::steady_timer> timer_;
    std::set<std::shared_ptr<Session>> sessions_;
    bool is_stopping_ = false;  // its own thread
};

/// What a connection is told of its door and thread.
struct SessionEnv {
    ServerCore& core;
    IoThread& thread;
    std::shared_ptr<const EndpointOptions> endpoint;
    std::string remote;
};

template <class Done>
void ServerCore::run(Dispatcher::Request request, const ApiSet& apis,
                     std::shared_ptr<Notifier> notifier, EventLoop& loop, Done done) {
    requests.fetch_add(1, std::memory_order_relaxed);
    auto call = std::make_shared<Call>();
    call->notifier = std::move(notifier);
    call->deadline = SteadyClock::now() + limits.request_time_max;
    if (request.cost() == Cost::Light) {
        auto answer = dispatcher.run(request, apis, *call);
        done(std::move(answer), std::move(call));
        return;
    }
    under_way.fetch_add(1);
    if (request.cost() == Cost::Brief && loop.may_run_brief())
        return run_brief(request, apis, std::move(call), loop, std::move(done));
    call->helpers = &workers;
    auto shared = std::make_shared<Dispatcher::Request>(std::move(request));
    (void)workers.submit([this, shared, &apis, call, &loop, done = std::move(done)]() mutable {
        if (!is_stopping) {
            auto answer = dispatcher.run(*shared, apis, *call);
            post_done(loop, std::move(done), std::move(answer), std::move(call));
        }
        under_way.fetch_sub(1);
    });
}

template <class Done>
void ServerCore::run_brief(const Dispatcher::Request& request, const ApiSet& apis,
                           std::shared_ptr<Call> call, EventLoop& loop, Done done) {
    std::string answer;
    if (loop.run_brief([&] { answer = dispatcher.run(request, apis, *call); })) {
        under_way.fetch_sub(1);
        return done(std::move(answer), std::move(call));
    }
    post_done(loop, std::move(done), std::move(answer), std::move(call));
    under_way.fetch_sub(1);
}

template <class Done>
void ServerCore::post_done(EventLoop& loop, Done done, std::string answer,
                           std::shared_ptr<Call> call) {
    asio::post(loop.io(), [done = std::move(done), answer = std::move(answer),
                           call = std::move(call)]() mutable {
        done(std::move(answer), std::move(call));
    });
}

}  // namespace cairn::rpc
