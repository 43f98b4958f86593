// SPDX-License-Identifier: MIT
#pragma once

// One WebSocket connection over any stream; included by the files that make one. RFC 6455.

#include <atomic>
#include <deque>
#include <memory>
#include <string>

#include "rpc/http/http_rules.hpp"
#include "rpc/http/server_core.hpp"

namespace cairn::rpc {

/// The client end of subscriptions over any connection that can be spoken to unasked. Outlives the
/// session, so that whoever notifies needs not know whether it still is.
template <class SessionType, class Executor>
class SessionNotifier final : public Notifier {
public:
    SessionNotifier(std::weak_ptr<SessionType> session, Executor executor, std::size_t bytes_max)
        : session_{std::move(session)}, executor_{std::move(executor)}, bytes_max_{bytes_max} {}

    bool notify(std::shared_ptr<const std::string> message) override {
        const auto session = session_.lock();
        if (!session || is_over_.load(std::memory_order_relaxed)) return false;
        const auto size = message->size();
        if (waiting_.fetch_add(size, std::memory_order_relaxed) + size > bytes_max_) {
            // The client does not read: better to lose it than the memory.
            if (!is_over_.exchange(true)) asio::post(executor_, [session] { session->close(); });
            return false;
        }
        asio::post(executor_, [session, message = std::move(message)]() mutable {
            session->send(std::move(message));
        });
        return true;
    }

    /// A message of so many bytes was written.
    void written(std::size_t bytes) noexcept {
        waiting_.fetch_sub(bytes, std::memory_order_relaxed);
    }
    /// A message goes to the session without notify.
    void enqueued(std::size_t bytes) noexcept {
        waiting_.fetch_add(bytes, std::memory_order_relaxed);
    }
    void end() noexcept { is_over_ = true; }

private:
    std::weak_ptr<SessionType> session_;
    Executor executor_;
    std::size_t bytes_max_;
    std::atomic<std::size_t> waiting_{0};
    std::atomic<bool> is_over_{false};
};

/// See file comment. Messages are answered one after the other.
template <class Stream>
class WsSession final : public Session {
public:
    using Executor = asio::io_context::executor_type;

    WsSession(const SessionEnv& env, Stream stream)
        : env_{env}, executor_{env.thread.io().get_executor()}, socket_{std::move(stream)} {}

    /// Answers the request that asked for the upgrade, and serves.
    void start(HttpMessage request) {
        notifier_ = std::make_shared<SessionNotifier<WsSession, Executor>>(
            me(), executor_, env_.core.limits.notify_bytes_max);
        websocket::stream_base::timeout timeout{};
        timeout.handshake_timeout = env_.core.limits.read_time_max;
        timeout.idle_timeout = env_.core.limits.idle_time_max;
        timeout.keep_alive_pings = true;
        socket_.set_option(timeout);
        socket_.read_message_max(env_.core.limits.body_bytes_max);
        socket_.auto_fragment(false);
        request_ = std::move(request);
        socket_.async_accept(request_, [self = me()](ErrorCode error) {
            self->request_ = {};
            error ? self->end() : self->read();
        });
    }

    void close() noexcept override {
        notifier_->end();
        ErrorCode ignored;
        beast::get_lowest_layer(socket_).close(ignored);
    }

    /// Queues a message; its bytes are counted already.
    void send(std::shared_ptr<const std::string> message) {
        queue_.push_back(std::move(message));
        if (queue_.size() == 1) write();
    }

private:
    std::shared_ptr<WsSession> me() {
        return std::static_pointer_cast<WsSession>(shared_from_this());
    }

    void read() {
        socket_.async_read(buffer_, [self = me()](ErrorCode error, std::size_t) {
            if (error) return self->end();
            self->answer();
        });
    }

    void answer() {
        const auto text = beast::buffers_to_string(buffer_.data());
        buffer_.consume(buffer_.size());
        env_.core.run(env_.core.dispatcher.read(text), env_.endpoint->websocket_apis, notifier_,
                      executor_, [self = me()](std::string reply, std::shared_ptr<Call> call) {
                          if (!reply.empty()) {
                              self->notifier_->enqueued(reply.size());
                              self->send(std::make_shared<const std::string>(std::move(reply)));
                          }
                          for (const auto& after : call->after_reply) after();
                          self->read();
                      });
    }

    void write() {
        wait_for(env_.core.limits.idle_time_max);
        socket_.text(true);
        socket_.async_write(asio::buffer(*queue_.front()),
                            [self = me()](ErrorCode error, std::size_t) {
                                if (error) return self->end();
                                self->wait_forever();
                                self->notifier_->written(self->queue_.front()->size());
                                self->queue_.pop_front();
                                if (!self->queue_.empty()) self->write();
                            });
    }

    void end() noexcept {
        close();
        env_.thread.remove(shared_from_this());
    }

    SessionEnv env_;
    Executor executor_;
    websocket::stream<Stream> socket_;
    beast::flat_buffer buffer_;
    HttpMessage request_;
    std::deque<std::shared_ptr<const std::string>> queue_;
    std::shared_ptr<SessionNotifier<WsSession, Executor>> notifier_;
};

}  // namespace cairn::rpc
