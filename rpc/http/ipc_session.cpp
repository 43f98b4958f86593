// SPDX-License-Identifier: MIT
#include <array>
#include <deque>

#include "rpc/http/http_session.hpp"
#include "rpc/http/json_framer.hpp"
#include "rpc/http/ws_session.hpp"

namespace cairn::rpc {
namespace {

/// A Unix socket: JSON in, JSON out, one line an answer (as geth's IPC).
class IpcSession final : public Session {
public:
    using Socket = asio::local::stream_protocol::socket;
    using Executor = asio::io_context::executor_type;

    IpcSession(ServerCore& core, IoThread& thread, const ApiSet& apis, Socket socket)
        : core_{core},
          thread_{thread},
          apis_{apis},
          executor_{thread.io().get_executor()},
          socket_{std::move(socket)},
          framer_{core.limits.body_bytes_max} {}

    void start() {
        notifier_ = std::make_shared<SessionNotifier<IpcSession, Executor>>(
            me(), executor_, core_);
        next();
    }

    void close() noexcept override {
        notifier_->end();
        ErrorCode ignored;
        socket_.close(ignored);
    }

    void send(std::shared_ptr<const std::string> message) {
        queue_.push_back(std::move(message));
        if (queue_.size() == 1) write();
    }

private:
    std::shared_ptr<IpcSession> me() {
        return std::static_pointer_cast<IpcSession>(shared_from_this());
    }

    /// Answers the next message that is there, or reads on.
    void next() {
        if (auto message = framer_.next()) return answer(*message);
        if (framer_.is_broken()) return end();
        socket_.async_read_some(asio::buffer(chunk_),
                                [self = me()](ErrorCode error, std::size_t bytes) {
                                    if (error) return self->end();
                                    self->framer_.append({self->chunk_.data(), bytes});
                                    self->next();
                                });
    }

    void answer(const std::string& message) {
        core_.run(core_.dispatcher.read(message), apis_, notifier_, thread_.loop(),
                  [self = me()](std::string reply, std::shared_ptr<Call> call) {
                      if (!reply.empty()) {
                          self->notifier_->enqueued(static_cast<std::int64_t>(reply.size()));
                          self->send(std::make_shared<const std::string>(std::move(reply)));
                      }
                      for (const auto& after : call->after_reply) after();
                      // By way of the loop: a long run of light requests must not nest.
                      asio::post(self->executor_, [self] { self->next_on(); });
                  });
    }

    /// The next request, once the client has read of the answers before.
    void next_on() {
        is_held_ = notifier_->is_behind();
        if (!is_held_) next();
    }

    void write() {
        wait_for(core_.limits.idle_time_max);
        static constexpr char kNewLine = '\n';
        const std::array<asio::const_buffer, 2> parts{asio::buffer(*queue_.front()),
                                                      asio::buffer(&kNewLine, 1)};
        asio::async_write(socket_, parts, [self = me()](ErrorCode error, std::size_t) {
            if (error) return self->end();
            self->wait_forever();
            self->notifier_->written(static_cast<std::int64_t>(self->queue_.front()->size()));
            self->queue_.pop_front();
            if (!self->queue_.empty()) self->write();
            if (self->is_held_) self->next_on();
        });
    }

    void end() noexcept {
        close();
        thread_.remove(shared_from_this());
    }

    ServerCore& core_;
    IoThread& thread_;
    const ApiSet& apis_;
    Executor executor_;
    Socket socket_;
    JsonFramer framer_;
    std::array<char, 16 * 1024> chunk_{};
    std::deque<std::shared_ptr<const std::string>> queue_;
    bool is_held_ = false;  ///< the next request waits for its client to read
    std::shared_ptr<SessionNotifier<IpcSession, Executor>> notifier_;
};

}  // namespace

void start_ipc_session(ServerCore& core, IoThread& thread, const ApiSet& apis,
                       asio::local::stream_protocol::socket socket) {
    auto session = std::make_shared<IpcSession>(core, thread, apis, std::move(socket));
    thread.add(session);
    session->start();
}

}  // namespace cairn::rpc
