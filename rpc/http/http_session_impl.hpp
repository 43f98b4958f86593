// SPDX-License-Identifier: MIT
#pragma once

// One HTTP connection over any stream; included by the files that make one. RFC 9112.

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "rpc/http/http_rules.hpp"
#include "rpc/http/http_session.hpp"
#include "rpc/http/plain_post.hpp"
#include "rpc/http/ws_session.hpp"

namespace cairn::rpc {

/// Bytes read at a time; most requests come in one piece.
inline constexpr std::size_t kReadBytes = 4096;
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

    void start() {
        if constexpr (std::is_same_v<Stream, tcp::socket>) {
            ErrorCode ignored;
            stream_.non_blocking(true, ignored);
        }
        wait_for_request();
    }

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
        if (buffer_.size() > 0) return take_request();
        wait_for(env_.core.limits.idle_time_max);
        stream_.async_read_some(buffer_.prepare(kReadBytes),
                                [self = me()](ErrorCode error, std::size_t bytes) {
                                    if (error) return self->end();
                                    self->buffer_.commit(bytes);
                                    self->take_request();
                                });
    }

    /// The request at the front of the buffer: at once where it has come whole and is written as
    /// programs write it, else by the general parser.
    void take_request() {
        const auto& endpoint = *env_.endpoint;
        if (endpoint.has_http && !endpoint.auth.is_required()) {
            const auto in = buffer_.cdata();
            const auto post =
                scan_plain_post({static_cast<const char*>(in.data()), in.size()},
                                env_.core.limits.body_bytes_max);
            if (post && is_host_allowed(endpoint.vhosts, post->host)) return serve_plain(*post);
        }
        read(env_.core.limits.read_time_max);
    }

    void serve_plain(const PlainPost& post) {
        keep_alive_ = true;
        wait_forever();
        auto request = env_.core.dispatcher.read(post.body);
        buffer_.consume(post.bytes);
        env_.core.run(std::move(request), env_.endpoint->http_apis, nullptr, env_.thread.loop(),
                      [self = me()](std::string reply, std::shared_ptr<Call> call) {
                          self->response_.body = std::move(reply);
                          self->head_ = plain_response_head(self->response_.body.size(),
                                                            !self->env_.endpoint->cors_origins.empty());
                          self->send();
                          for (const auto& after : call->after_reply) after();
                      });
    }

    void read(std::chrono::milliseconds time) {
        wait_for(time);
        parser_.emplace();
        parser_->header_limit(kHeaderBytesMax);
        parser_->body_limit(env_.core.limits.body_bytes_max);
        http::async_read_header(stream_, buffer_, *parser_,
                                [self = me()](ErrorCode error, std::size_t) {
                                    if (error) return self->refuse_unread(error);
                                    self->take_header();
                                });
    }

    /// A client that waits for a word before it sends the body gets one: its refusal, where the
    /// header alone brings that about, else 100 (RFC 9110, section 10.1.1).
    void take_header() {
        const auto& request = parser_->get();
        const auto expectation = expectation_of(request);
        if (expectation == Expectation::None) return read_body();
        auto refused = expectation == Expectation::Unknown
                           ? std::optional{HttpResponse{417, "only 100-continue can be expected\n",
                                                        "text/plain; charset=utf-8"}}
                           : refuse(request);
        if (refused) {
            // The body may follow or not, so that no other request can be told from it.
            keep_alive_ = false;
            is_unread_ = true;
            return write(std::move(*refused));
        }
        // It did not wait, or has no body.
        if (buffer_.size() > 0 || parser_->is_done()) return read_body();
        static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        asio::async_write(stream_, asio::buffer(kContinue),
                          [self = me()](ErrorCode error, std::size_t) {
                              error ? self->end() : self->read_body();
                          });
    }

    void read_body() {
        const auto serve_it = [self = me()](ErrorCode error, std::size_t) {
            if (error) return self->refuse_unread(error);
            self->wait_forever();
            self->serve();
        };
        if (parser_->is_done()) return serve_it({}, 0);
        http::async_read(stream_, buffer_, *parser_, serve_it);
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

    [[nodiscard]] bool is_upgrade(const HttpMessage& request) const {
        return env_.endpoint->has_websocket && websocket::is_upgrade(request);
    }
    /// Who serves the request's path; null where it is JSON-RPC's.
    [[nodiscard]] const PathHandler* path_of(const HttpMessage& request) const {
        const auto target = std::string_view{request.target().data(), request.target().size()};
        const auto path = env_.core.paths.find(target.substr(0, target.find('?')));
        return path == env_.core.paths.end() ? nullptr : &path->second;
    }

    /// The answer to a request that is neither an upgrade, nor a path's, nor a call. But for a GET's
    /// it follows from the header.
    [[nodiscard]] std::optional<HttpResponse> refuse(const HttpMessage& request) const {
        const auto& endpoint = *env_.endpoint;
        const auto now = static_cast<std::int64_t>(std::time(nullptr));
        if (is_upgrade(request)) return refuse_websocket(endpoint, request, now);
        if (!endpoint.has_http)
            return HttpResponse{400, "this door takes WebSockets only\n", "text/plain"};
        if (path_of(request) != nullptr) return std::nullopt;
        auto answered = refuse_or_answer(endpoint, request, now);
        if (answered && request.method() != http::verb::options)
            add_cors_fields(endpoint, request, *answered);
        return answered;
    }

    void serve() {
        auto request = parser_->release();
        keep_alive_ = request.keep_alive();
        const auto& endpoint = *env_.endpoint;
        if (auto answered = refuse(request)) return write(std::move(*answered));
        if (is_upgrade(request)) return upgrade(std::move(request));
        if (const auto* path = path_of(request)) return serve_path(*path, std::move(request));
        response_ = {};
        add_cors_fields(endpoint, request, response_);
        env_.core.run(env_.core.dispatcher.read(request.body()), endpoint.http_apis, nullptr,
                      env_.thread.loop(), [self = me()](std::string reply, std::shared_ptr<Call> call) {
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
        response_ = std::move(response);
        head_ = response_head(response_, response_.body.size(), keep_alive_);
        send();
    }

    /// Sends head_ and response_.body, then goes on with the next request.
    void send() {
        std::array<asio::const_buffer, 2> parts{asio::buffer(head_), asio::buffer(response_.body)};
        // Most answers fit into the socket's buffer: then nothing has to be waited for.
        if constexpr (std::is_same_v<Stream, tcp::socket>) {
            ErrorCode error;
            const auto sent = stream_.write_some(parts, error);
            if (error && error != asio::error::would_block) return end();
            if (!error && sent == head_.size() + response_.body.size()) return sent_whole();
            if (!error) {
                const auto of_head = std::min(sent, head_.size());
                parts[0] += of_head;
                parts[1] += sent - of_head;
            }
        }
        wait_for(env_.core.limits.idle_time_max);
        asio::async_write(stream_, parts, [self = me()](ErrorCode error, std::size_t) {
            error ? self->end() : self->sent_whole();
        });
    }

    void sent_whole() {
        if (is_unread_) return linger();
        if (!keep_alive_) return end();
        response_ = {};
        // By way of the loop: a client that sends many requests at once must not make calls nest.
        if (buffer_.size() > 0)
            return asio::post(executor_, [self = me()] { self->wait_for_request(); });
        wait_for_request();
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
