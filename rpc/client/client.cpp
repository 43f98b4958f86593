// SPDX-License-Identifier: MIT
#include "rpc/client/client.hpp"

#include <atomic>
#include <nlohmann/json.hpp>
#include <utility>

#include "rpc/client/base64.hpp"
#include "rpc/client/http_url.hpp"
#include "rpc/http/asio.hpp"

namespace cairn::rpc {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

Unexpected<ClientError> fail(ClientErrorKind kind, std::string message, std::int64_t code = 0) {
    return Unexpected{ClientError{kind, code, std::move(message), {}}};
}

std::string request_text(std::uint64_t id, std::string_view method, std::string_view params) {
    std::string out = R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":)";
    out += Json(method).dump();
    out += R"(,"params":)";
    out += params;
    out += '}';
    return out;
}

/// The result of one JSON-RPC answer, or the error it carries (JSON-RPC 2.0, section 5).
Result<std::string, ClientError> take_answer(const Json& answer) {
    if (!answer.is_object()) return fail(ClientErrorKind::BadReply, "the answer is no JSON object");
    if (const auto error = answer.find("error"); error != answer.end() && !error->is_null()) {
        if (!error->is_object()) return fail(ClientErrorKind::BadReply, "malformed error object");
        ClientError out{ClientErrorKind::Remote, 0, {}, {}};
        if (const auto code = error->find("code");
            code != error->end() && code->is_number_integer())
            out.code = code->get<std::int64_t>();
        if (const auto text = error->find("message"); text != error->end() && text->is_string())
            out.message = text->get<std::string>();
        if (const auto data = error->find("data"); data != error->end()) out.data = data->dump();
        return Unexpected{std::move(out)};
    }
    const auto result = answer.find("result");
    if (result == answer.end()) return fail(ClientErrorKind::BadReply, "the answer has no result");
    return result->dump();
}

Result<Json, ClientError> parse_reply(const HttpReply& reply) {
    if (reply.status != 200) {
        constexpr std::size_t kExcerptBytes = 200;
        return fail(ClientErrorKind::HttpStatus,
                    "HTTP status " + std::to_string(reply.status) + ": " +
                        reply.body.substr(0, kExcerptBytes),
                    reply.status);
    }
    auto json = Json::parse(reply.body, nullptr, false);
    if (json.is_discarded()) return fail(ClientErrorKind::BadReply, "the answer is no JSON");
    return json;
}

}  // namespace

/// One connection and the loop that drives it. Operations are started one at a time and run to
/// their end before the next, within one deadline.
class Client::Impl {
public:
    Impl(HttpUrl url, ClientOptions options) : url_{std::move(url)}, options_{std::move(options)} {
        if (!options_.bearer_token.empty()) {
            authorization_ = "Bearer " + options_.bearer_token;
        } else if (url_.has_credentials()) {
            authorization_ = "Basic " + to_base64(url_.user + ":" + url_.password);
        }
    }

    Result<HttpReply, ClientError> post(std::string_view target, std::string_view body,
                                        std::chrono::milliseconds timeout) {
        deadline_ = Clock::now() + timeout;
        if (auto connected = connect(); !connected) return Unexpected{connected.error()};

        http::request<http::string_body> request{
            http::verb::post, {target.data(), target.size()}, 11};
        request.set(http::field::host, url_.authority());
        request.set(http::field::content_type, "application/json");
        request.set(http::field::accept, "application/json");
        if (!authorization_.empty()) request.set(http::field::authorization, authorization_);
        request.body() = body;
        request.prepare_payload();
        auto written =
            step([&](auto handler) { http::async_write(*socket_, request, std::move(handler)); });
        if (!written) return close_with(written.error());

        http::response_parser<http::string_body> parser;
        parser.body_limit(options_.reply_bytes_max);
        auto read = step(
            [&](auto handler) { http::async_read(*socket_, buffer_, parser, std::move(handler)); });
        if (!read) return close_with(read.error());
        const bool keep_alive = parser.get().keep_alive();
        HttpReply reply{parser.get().result_int(), std::move(parser.get().body())};
        if (!keep_alive) socket_.reset();
        return reply;
    }

    void cancel() noexcept {
        is_cancelled_ = true;
        io_.stop();
    }

    [[nodiscard]] const HttpUrl& url() const noexcept { return url_; }
    [[nodiscard]] const ClientOptions& options() const noexcept { return options_; }
    [[nodiscard]] std::uint64_t next_id() noexcept { return ++last_id_; }

private:
    /// Starts an operation and runs the loop until it ends, by itself or because time is up.
    template <class Start>
    Result<void, ClientError> step(Start start) {
        bool done = false;
        ErrorCode error;
        start([&](ErrorCode e, auto&&...) {
            error = e;
            done = true;
        });
        io_.restart();
        while (!done && !is_cancelled_ && io_.run_one_until(deadline_) > 0) {
        }
        const bool was_late = !done;
        if (was_late) {
            // The handler refers to this frame: it must have run before we leave.
            resolver_.cancel();
            ErrorCode ignored;
            if (socket_) socket_->close(ignored);
            while (!done) {
                io_.restart();
                io_.run_one();
            }
        }
        if (is_cancelled_) return fail(ClientErrorKind::Cancelled, "cancelled");
        if (was_late)
            return fail(ClientErrorKind::TimedOut,
                        "no answer from " + url_.authority() + " in time");
        if (!error) return {};
        const bool is_http = error.category() == ErrorCode{http::error::bad_version}.category() &&
                             error != http::error::end_of_stream &&
                             error != http::error::partial_message;
        return fail(is_http ? ClientErrorKind::BadReply : ClientErrorKind::Unreachable,
                    url_.authority() + ": " + error.message());
    }

    Result<void, ClientError> connect() {
        if (is_cancelled_) return fail(ClientErrorKind::Cancelled, "cancelled");
        if (socket_ && is_idle()) return {};
        socket_.emplace(io_);
        buffer_.clear();
        tcp::resolver::results_type found;
        auto resolved = step([&](auto handler) {
            resolver_.async_resolve(
                url_.host, std::to_string(url_.port),
                [&found, h = std::move(handler)](ErrorCode e, auto results) mutable {
                    found = std::move(results);
                    h(e);
                });
        });
        if (!resolved) return close_with(resolved.error());
        auto connected =
            step([&](auto handler) { asio::async_connect(*socket_, found, std::move(handler)); });
        if (!connected) return close_with(connected.error());
        ErrorCode ignored;
        socket_->set_option(tcp::no_delay{true}, ignored);
        return {};
    }

    /// Whether the kept connection still stands: nothing, not even its end, is waiting to be read.
    bool is_idle() {
        ErrorCode error;
        socket_->non_blocking(true, error);
        char byte = 0;
        socket_->receive(asio::buffer(&byte, 1), tcp::socket::message_peek, error);
        return error == asio::error::would_block && buffer_.size() == 0;
    }

    Unexpected<ClientError> close_with(const ClientError& error) {
        socket_.reset();
        return Unexpected{error};
    }

    HttpUrl url_;
    ClientOptions options_;
    std::string authorization_;
    std::uint64_t last_id_ = 0;
    std::atomic<bool> is_cancelled_{false};
    Clock::time_point deadline_;
    asio::io_context io_{1};
    tcp::resolver resolver_{io_};
    std::optional<tcp::socket> socket_;
    beast::flat_buffer buffer_;
};

Client::Client(std::unique_ptr<Impl> impl) noexcept : impl_{std::move(impl)} {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client, ClientError> Client::make(std::string_view url, ClientOptions options) {
    auto parsed = parse_http_url(url);
    if (!parsed) return fail(ClientErrorKind::BadUrl, "not an http:// URL: " + std::string{url});
    return Client{std::make_unique<Impl>(std::move(*parsed), std::move(options))};
}

Result<std::string, ClientError> Client::call(std::string_view method, std::string_view params) {
    const auto body = request_text(impl_->next_id(), method, params);
    const auto reply = impl_->post(impl_->url().target, body, impl_->options().timeout);
    if (!reply) return Unexpected{reply.error()};
    const auto json = parse_reply(*reply);
    if (!json) return Unexpected{json.error()};
    return take_answer(*json);
}

Result<std::vector<Result<std::string, ClientError>>, ClientError> Client::call_batch(
    std::span<const ClientCall> calls) {
    std::vector<Result<std::string, ClientError>> out;
    if (calls.empty()) return out;
    std::string body;
    const auto first = impl_->next_id();
    auto id = first;
    for (const auto& each : calls) {
        body += body.empty() ? '[' : ',';
        if (&each != calls.data()) id = impl_->next_id();
        body += request_text(id, each.method, each.params);
    }
    body += ']';
    const auto reply = impl_->post(impl_->url().target, body, impl_->options().timeout);
    if (!reply) return Unexpected{reply.error()};
    const auto json = parse_reply(*reply);
    if (!json) return Unexpected{json.error()};
    if (json->is_object()) {
        // A server that refuses the batch as a whole answers with one error.
        const auto refused = take_answer(*json);
        if (!refused) return Unexpected{refused.error()};
    }
    if (!json->is_array())
        return fail(ClientErrorKind::BadReply, "the answer to a batch is no array");
    for (std::size_t i = 0; i < calls.size(); ++i)
        out.emplace_back(fail(ClientErrorKind::BadReply, "no answer to this call of the batch"));
    for (const auto& answer : *json) {
        if (!answer.is_object() || !answer.contains("id") || !answer["id"].is_number_unsigned())
            continue;
        const auto index = answer["id"].get<std::uint64_t>() - first;
        if (index < out.size()) out[index] = take_answer(answer);
    }
    return out;
}

Result<HttpReply, ClientError> Client::post(std::string_view target, std::string_view body,
                                            std::optional<std::chrono::milliseconds> timeout) {
    return impl_->post(target, body, timeout.value_or(impl_->options().timeout));
}

void Client::cancel() noexcept {
    impl_->cancel();
}

}  // namespace cairn::rpc
