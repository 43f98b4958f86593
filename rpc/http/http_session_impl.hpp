// SPDX-License-Identifier: MIT
#pragma once

// One HTTP connection over any stream; included by the files that make one. RFC 9112.

#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "rpc/http/http_rules.hpp"
#include "rpc/http/http_session.hpp"
#include "rpc/http/ws_session.hpp"

namespace cairn::rpc {

/// Bytes of a request's header at most.
inline constexpr std::uint32_t kHeaderBytesMax = 16 * 1024;
/// What a client may still send after it was refused in the middle of a request, bytes and time:
/// enough to come to its refusal.
inline constexpr std::size_t kLingerBytesMax = std::size_t{64} << 20;
inline constexpr std::chrono::milliseconds kLingerTimeMax{5'000};

template <class Stream>
class HttpSession final : public Session {
public:
    HttpSession(const SessionEnv& env, Stream stream)
        : env_{env}, executor_{env.thread.io().get_executor()}, stream_{std::move(stream)} {}

    void start() { wait_for_request(); }

    /// The stream, for a handshake before start().
    [[nodiscard]] Stream& stream() noexcept { return stream_; }
    /// Time for that handshake.
    void allow(std::chrono::milliseconds time) noexcept { wait_for(time); }

    void close() noexcept override {
        ErrorCode ignored;
        beast::get_lowest_layer(stream_).close(ignored);
    }
    void end() noexcept {
        close();
        env_.thread.remove(shared_from_this());
    }

private:
    std::shared_ptr<HttpSession> me() {
        return std::static_pointer_cast<HttpSession>(shared_from_this());
    }

    /// Two clocks: one for a client that has nothing to ask, a shorter one from its first byte on.
    void wait_for_request() {
        parser_.emplace();
        parser_->header_limit(kHeaderBytesMax);
        parser_->body_limit(env_.core.limits.body_bytes_max);
        const auto& limits = env_.core.limits;
        if (buffer_.size() > 0) return read(limits.read_time_max);
        // Of TLS a record may be decrypted already and the socket stay silent: only reading tells.
        if constexpr (!std::is_same_v<Stream, tcp::socket>) return read(limits.idle_time_max);
        wait_for(limits.idle_time_max);
        beast::get_lowest_layer(stream_).async_wait(
            tcp::socket::wait_read, [self = me()](ErrorCode error) {
                error ? self->end() : self->read(self->env_.core.limits.read_time_max);
            });
    }

    void read(std::chrono::milliseconds time) {
        wait_for(time);
        http::async_read(stream_, buffer_, *parser_, [self = me()](ErrorCode error, std::size_t) {
            if (error) return self->refuse_unread(error);
            self->wait_forever();
            self->serve();
        });
    }

    /// What could not be read whole is answered where there is an answer, and the connection ends.
    void refuse_unread(ErrorCode error) {
        keep_alive_ = false;
        is_unread_ = true;
        if (error == http::error::body_limit) {
            const auto length = parser_->get()[http::field::content_length];
            return write({413,
                          "content length too large (" + std::string{length.data(), length.size()} +
                              ">" + std::to_string(env_.core.limits.body_bytes_max) + ")\n",
                          "text/plain; charset=utf-8"});
        }
        if (error == http::error::header_limit) return write({431, {}, ""});
        const bool is_foreign =
            error.category() == ErrorCode{http::error::bad_version}.category() &&
            error != http::error::end_of_stream && error != http::error::partial_message;
        if (is_foreign) return write({400, {}, ""});
        end();
    }

    void serve() {
        auto request = parser_->release();
        keep_alive_ = request.keep_alive();
        const auto& endpoint = *env_.endpoint;
        const auto now = static_cast<std::int64_t>(std::time(nullptr));
        if (endpoint.has_websocket && websocket::is_upgrade(request)) {
            if (auto refused = refuse_websocket(endpoint, request, now))
                return write(std::move(*refused));
            return upgrade(std::move(request));
        }
        if (!endpoint.has_http)
            return write({400, "this door takes WebSockets only\n", "text/plain"});
        const auto target = std::string_view{request.target().data(), request.target().size()};
        const auto path = env_.core.paths.find(target.substr(0, target.find('?')));
        if (path != env_.core.paths.end()) return serve_path(path->second, std::move(request));
        if (auto answered = refuse_or_answer(endpoint, request, now)) {
            if (request.method() != http::verb::options)
                add_cors_fields(endpoint, request, *answered);
            return write(std::move(*answered));
        }
        response_ = {};
        add_cors_fields(endpoint, request, response_);
        env_.core.run(env_.core.dispatcher.read(request.body()), endpoint.http_apis, nullptr,
                      executor_, [self = me()](std::string reply, std::shared_ptr<Call> call) {
                          self->response_.body = std::move(reply);
                          self->write(std::move(self->response_));
                          for (const auto& after : call->after_reply) after();
                      });
    }

    void serve_path(const PathHandler& handler, HttpMessage request) {
        // The responder may outlive the connection, and be called from any thread.
        handler(
            to_path_request(std::move(request), env_.remote),
            [weak = std::weak_ptr<HttpSession>{me()}, executor = executor_](HttpResponse response) {
                asio::post(executor, [weak, response = std::move(response)]() mutable {
                    if (const auto self = weak.lock()) self->write(std::move(response));
                });
            });
    }

    void upgrade(HttpMessage request) {
        auto session = std::make_shared<WsSession<Stream>>(env_, std::move(stream_));
        env_.thread.replace(shared_from_this(), session);
        session->start(std::move(request));
    }

    void write(HttpResponse response) {
        wait_for(env_.core.limits.idle_time_max);
        response_ = std::move(response);
        head_ = response_head(response_, response_.body.size(), keep_alive_);
        const std::array<asio::const_buffer, 2> parts{asio::buffer(head_),
                                                      asio::buffer(response_.body)};
        asio::async_write(stream_, parts, [self = me()](ErrorCode error, std::size_t) {
            if (error) return self->end();
            if (self->is_unread_) return self->linger();
            if (!self->keep_alive_) return self->end();
            self->response_ = {};
            self->wait_for_request();
        });
    }

    /// Ends our side and lets the other finish. Closing with bytes unread would reset the
    /// connection, and a client that is still sending would never see its refusal (RFC 9112,
    /// section 9.6).
    void linger() {
        ErrorCode ignored;
        beast::get_lowest_layer(stream_).shutdown(tcp::socket::shutdown_send, ignored);
        wait_for(kLingerTimeMax);
        head_.resize(std::size_t{64} << 10);
        discard();
    }
    void discard() {
        beast::get_lowest_layer(stream_).async_read_some(
            asio::buffer(head_), [self = me()](ErrorCode error, std::size_t bytes) {
                self->discarded_ += bytes;
                if (error || self->discarded_ > kLingerBytesMax) return self->end();
                self->discard();
            });
    }

    SessionEnv env_;
    asio::io_context::executor_type executor_;
    Stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    bool keep_alive_ = false;
    bool is_unread_ = false;     ///< the request did not come whole
    std::size_t discarded_ = 0;  ///< bytes thrown away since
    HttpResponse response_;
    std::string head_;
};

}  // namespace cairn::rpc
