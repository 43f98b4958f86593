// SPDX-License-Identifier: MIT
#pragma once

// One WebSocket connection over any stream; included by the files that make one. RFC 6455.

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "rpc/http/http_rules.hpp"
#include "rpc/http/server_core.hpp"

namespace cairn::rpc {

/// Bytes that may wait for a client to read them before its further requests wait too: one that
/// asks and never reads costs no more.
inline constexpr std::int64_t kUnreadBytesMax = std::int64_t{1} << 20;
/// What all clients together may leave unread before those that leave the most are cut off. Each
/// may have as much as is still free (Choudhury and Hahne's dynamic threshold), so that one alone
/// has room enough, and a thousand together cannot fill the memory.
inline constexpr std::int64_t kUnreadTotalMax = std::int64_t{64} << 20;

/// The client end of subscriptions over any connection that can be spoken to unasked. Outlives the
/// session, so that whoever notifies needs not know whether it still is.
template <class SessionType, class Executor>
class SessionNotifier final : public Notifier {
public:
    /// @param core  of the server, for its limit and for what all clients leave unread
    SessionNotifier(std::weak_ptr<SessionType> session, Executor executor, const ServerCore& core)
        : session_{std::move(session)},
          executor_{std::move(executor)},
          bytes_max_{static_cast<std::int64_t>(core.limits.notify_bytes_max)},
          unread_total_{core.unread_total} {}
    ~SessionNotifier() override { written(waiting_.load(std::memory_order_relaxed)); }
    SessionNotifier(const SessionNotifier&) = delete;
    SessionNotifier& operator=(const SessionNotifier&) = delete;

    bool notify(std::shared_ptr<const std::string> message) override {
        const auto session = session_.lock();
        if (!session || is_over_.load(std::memory_order_relaxed)) return false;
        const auto size = static_cast<std::int64_t>(message->size());
        const auto waiting = enqueued(size);
        const auto share = kUnreadTotalMax - unread_total_->load(std::memory_order_relaxed);
        // A message for a client that has read all others is welcome whatever the rest do.
        if (waiting > bytes_max_ || (waiting > size && waiting > share)) {
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
    void written(std::int64_t bytes) noexcept {
        waiting_.fetch_sub(bytes, std::memory_order_relaxed);
        unread_total_->fetch_sub(bytes, std::memory_order_relaxed);
    }
    /// A message goes to the session; also for one that goes there without notify.
    /// @return bytes that wait with it
    std::int64_t enqueued(std::int64_t bytes) noexcept {
        unread_total_->fetch_add(bytes, std::memory_order_relaxed);
        return waiting_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    }
    /// Whether the client has left so much unread that its next request waits.
    [[nodiscard]] bool is_behind() const noexcept {
        return waiting_.load(std::memory_order_relaxed) > kUnreadBytesMax;
    }
    /// The session is over. What it did not send is nobody's burden, however long a publisher
    /// keeps this object.
    void end() noexcept {
        is_over_ = true;
        unread_total_->fetch_sub(waiting_.exchange(0, std::memory_order_relaxed),
                                 std::memory_order_relaxed);
    }

private:
    std::weak_ptr<SessionType> session_;
    Executor executor_;
    std::int64_t bytes_max_;
    /// Signed, as its total: the last message may be reported as written after the end.
    std::atomic<std::int64_t> waiting_{0};
    std::shared_ptr<std::atomic<std::int64_t>> unread_total_;
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
            me(), executor_, env_.core);
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
                      env_.thread.loop(), [self = me()](std::string reply, std::shared_ptr<Call> call) {
                          if (!reply.empty()) {
                              self->notifier_->enqueued(static_cast<std::int64_t>(reply.size()));
                              self->send(std::make_shared<const std::string>(std::move(reply)));
                          }
                          for (const auto& after : call->after_reply) after();
                          self->read_on();
                      });
    }

    /// The next request, once the client has read of the answers before.
    void read_on() {
        is_held_ = notifier_->is_behind();
        if (!is_held_) read();
    }

    void write() {
        wait_for(env_.core.limits.idle_time_max);
        socket_.text(true);
        socket_.async_write(asio::buffer(*queue_.front()),
                            [self = me()](ErrorCode error, std::size_t) {
                                if (error) return self->end();
                                self->wait_forever();
                                self->notifier_->written(
                                    static_cast<std::int64_t>(self->queue_.front()->size()));
                                self->queue_.pop_front();
                                if (!self->queue_.empty()) self->write();
                                if (self->is_held_) self->read_on();
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
    bool is_held_ = false;  ///< the next request waits for its client to read
    std::shared_ptr<SessionNotifier<WsSession, Executor>> notifier_;
};

}  // namespace cairn::rpc
