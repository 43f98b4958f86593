// SPDX-License-Identifier: MIT
#include "rpc/client/client.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "rpc/http/asio.hpp"
#include "tests/support/reserved_port.hpp"

namespace cairn::rpc {
namespace {

using namespace std::chrono_literals;

/// Takes connections one after the other and plays a script: each step reads one request, keeps it,
/// and sends the given bytes; an empty step closes the connection without an answer.
class ScriptedServer {
public:
    explicit ScriptedServer(std::vector<std::string> answers)
        : thread_{[this, answers = std::move(answers)] { play(answers); }} {}
    ~ScriptedServer() { thread_.join(); }

    [[nodiscard]] std::string url(const std::string& credentials = {}) const {
        return "http://" + credentials +
               "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/rpc";
    }
    /// After the script is over.
    [[nodiscard]] const std::vector<http::request<http::string_body>>& requests() const {
        return requests_;
    }
    [[nodiscard]] std::size_t connections() const { return connections_; }

private:
    void play(const std::vector<std::string>& answers) {
        std::optional<tcp::socket> socket;
        beast::flat_buffer buffer;
        for (const auto& answer : answers) {
            ErrorCode error;
            for (;;) {
                if (!socket) {
                    socket.emplace(io_);
                    acceptor_.accept(*socket);
                    ++connections_;
                    buffer.clear();
                }
                http::request<http::string_body> request;
                http::read(*socket, buffer, request, error);
                if (!error) {
                    requests_.push_back(request);
                    break;
                }
                socket.reset();
            }
            if (!answer.empty()) asio::write(*socket, asio::buffer(answer), error);
            if (answer.empty() || answer.find("Connection: close") != std::string::npos)
                socket.reset();
        }
    }

    asio::io_context io_;
    tcp::acceptor acceptor_{io_, {asio::ip::make_address("127.0.0.1"), 0}};
    std::vector<http::request<http::string_body>> requests_;
    std::size_t connections_ = 0;
    std::thread thread_;
};

std::string ok(const std::string& body, const std::string& more = {}) {
    return "HTTP/1.1 200 OK\r\n" + more + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

Client client_of(const std::string& url, ClientOptions options = {}) {
    auto client = Client::make(url, std::move(options));
    return std::move(client).value();
}

template <class Change>
ClientOptions with(Change change) {
    ClientOptions options;
    change(options);
    return options;
}

TEST(Client, result_is_handed_out_as_text_over_one_connection) {
    std::optional<Result<std::string, ClientError>> first;
    std::optional<Result<std::string, ClientError>> second;
    ScriptedServer server{{ok(R"({"jsonrpc":"2.0","id":1,"result":"0x10"})"),
                           ok(R"({"jsonrpc":"2.0","id":2,"result":null})")}};
    {
        auto client = client_of(server.url());
        first = client.call("eth_blockNumber");
        second = client.call("eth_getBlockByNumber", R"(["0x5",false])");
    }
    ASSERT_TRUE(first->has_value());
    EXPECT_EQ(**first, R"("0x10")");
    ASSERT_TRUE(second->has_value());
    EXPECT_EQ(**second, "null");
    EXPECT_EQ(server.connections(), 1U);
    EXPECT_EQ(server.requests().at(0).target(), "/rpc");
    EXPECT_EQ(server.requests().at(0)[http::field::content_type], "application/json");
    EXPECT_EQ(server.requests().at(1).body(),
              R"({"jsonrpc":"2.0","id":2,"method":"eth_getBlockByNumber","params":["0x5",false]})");
}

TEST(Client, server_error_keeps_code_message_and_data) {
    ScriptedServer server{{ok(
        R"({"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","data":"0x08c3"}})")}};
    auto client = client_of(server.url());
    const auto result = client.call("eth_call");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ClientErrorKind::Remote);
    EXPECT_EQ(result.error().code, 3);
    EXPECT_EQ(result.error().message, "execution reverted");
    EXPECT_EQ(result.error().data, R"("0x08c3")");
}

TEST(Client, closed_connection_is_opened_anew) {
    const auto body = R"({"jsonrpc":"2.0","id":1,"result":true})";
    ScriptedServer server{{ok(body, "Connection: close\r\n"), ok(body)}};
    auto client = client_of(server.url());
    EXPECT_TRUE(client.call("a"));
    EXPECT_TRUE(client.call("b"));
    EXPECT_EQ(server.connections(), 2U);
}

TEST(Client, connection_lost_before_the_answer_is_unreachable_and_not_sent_again) {
    ScriptedServer server{{"", ok(R"({"jsonrpc":"2.0","id":2,"result":1})")}};
    auto client = client_of(server.url());
    const auto lost = client.call("a");
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().kind, ClientErrorKind::Unreachable);
    EXPECT_TRUE(client.call("b"));
    EXPECT_EQ(server.requests().size(), 2U);
}

TEST(Client, nobody_listening_is_unreachable) {
    const test::ReservedPort closed;
    auto client = client_of("http://127.0.0.1:" + std::to_string(closed.port()));
    const auto result = client.call("a");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ClientErrorKind::Unreachable);
}

TEST(Client, silent_server_times_out) {
    asio::io_context io;
    tcp::acceptor acceptor{io, {asio::ip::make_address("127.0.0.1"), 0}};
    auto client = client_of("http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()),
                            with([](auto& o) { o.timeout = 50ms; }));
    const auto result = client.call("a");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ClientErrorKind::TimedOut);
}

TEST(Client, cancel_ends_the_call_under_way_and_those_after_it) {
    asio::io_context io;
    tcp::acceptor acceptor{io, {asio::ip::make_address("127.0.0.1"), 0}};
    auto client = client_of("http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()));
    auto waiting = std::async(std::launch::async, [&] { return client.call("a"); });
    tcp::socket peer{io};
    acceptor.accept(peer);
    client.cancel();
    const auto result = waiting.get();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ClientErrorKind::Cancelled);
    EXPECT_EQ(client.call("b").error().kind, ClientErrorKind::Cancelled);
}

TEST(Client, other_status_is_told_with_its_number) {
    ScriptedServer server{{"HTTP/1.1 401 Unauthorized\r\nContent-Length: 13\r\n\r\nmissing token"}};
    auto client = client_of(server.url());
    const auto result = client.call("a");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ClientErrorKind::HttpStatus);
    EXPECT_EQ(result.error().code, 401);
    EXPECT_NE(result.error().message.find("missing token"), std::string::npos);
}

TEST(Client, what_is_no_json_rpc_is_a_bad_reply) {
    for (const auto* body :
         {"<html>", "[]", "7", R"({"jsonrpc":"2.0","id":1})", R"({"error":5})"}) {
        ScriptedServer server{{ok(body)}};
        auto client = client_of(server.url());
        const auto result = client.call("a");
        ASSERT_FALSE(result) << body;
        EXPECT_EQ(result.error().kind, ClientErrorKind::BadReply) << body;
    }
}

TEST(Client, what_is_no_http_is_a_bad_reply) {
    ScriptedServer server{{"SSH-2.0-OpenSSH\r\nConnection: close\r\n\r\n"}};
    auto client = client_of(server.url());
    const auto result = client.call("a");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ClientErrorKind::BadReply);
}

TEST(Client, answer_is_bounded) {
    const std::string body = R"({"jsonrpc":"2.0","id":1,"result":"0x1234"})";
    for (const auto limit : {body.size(), body.size() - 1}) {
        ScriptedServer server{{ok(body, "Connection: close\r\n")}};
        auto client = client_of(server.url(), with([&](auto& o) { o.reply_bytes_max = limit; }));
        const auto result = client.call("a");
        EXPECT_EQ(result.has_value(), limit == body.size());
        if (!result) {
            EXPECT_EQ(result.error().kind, ClientErrorKind::BadReply);
        }
    }
}

TEST(Client, credentials_of_the_url_and_token) {
    const auto body = R"({"jsonrpc":"2.0","id":1,"result":1})";
    {
        ScriptedServer server{{ok(body)}};
        auto client = client_of(server.url("Aladdin:open%20sesame@"));
        EXPECT_TRUE(client.call("a"));
        // RFC 7617, section 2.
        EXPECT_EQ(server.requests().at(0)[http::field::authorization],
                  "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }
    ScriptedServer server{{ok(body)}};
    auto client =
        client_of(server.url("user:secret@"), with([](auto& o) { o.bearer_token = "abc"; }));
    EXPECT_TRUE(client.call("a"));
    EXPECT_EQ(server.requests().at(0)[http::field::authorization], "Bearer abc");
}

TEST(Client, batch_answers_are_put_in_order) {
    ScriptedServer server{
        {ok(R"([{"jsonrpc":"2.0","id":3,"result":"c"},{"jsonrpc":"2.0","id":1,"result":"a"},
        {"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"no"}}])")}};
    auto client = client_of(server.url());
    const std::vector<ClientCall> calls{{"a"}, {"b"}, {"c", "[1]"}, {"d"}};
    const auto answers = client.call_batch(calls);
    ASSERT_TRUE(answers);
    ASSERT_EQ(answers->size(), 4U);
    EXPECT_EQ(*answers->at(0), R"("a")");
    EXPECT_EQ(answers->at(1).error().code, -32601);
    EXPECT_EQ(*answers->at(2), R"("c")");
    EXPECT_EQ(answers->at(3).error().kind, ClientErrorKind::BadReply);
}

TEST(Client, refused_batch_is_one_error) {
    ScriptedServer server{
        {ok(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}})")}};
    auto client = client_of(server.url());
    const auto answers = client.call_batch(std::vector<ClientCall>{{"a"}});
    ASSERT_FALSE(answers);
    EXPECT_EQ(answers.error().message, "batch too large");
}

TEST(Client, post_to_another_path_gives_any_status) {
    ScriptedServer server{{"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}"}};
    auto client = client_of(server.url());
    const auto reply = client.post("/mine?worker=a", R"({"a":1})", 300s);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 503U);
    EXPECT_EQ(reply->body, "{}");
    EXPECT_EQ(server.requests().at(0).target(), "/mine?worker=a");
}

TEST(Client, url_is_checked_at_once) {
    const auto client = Client::make("ws://h");
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().kind, ClientErrorKind::BadUrl);
}

}  // namespace
}  // namespace cairn::rpc
