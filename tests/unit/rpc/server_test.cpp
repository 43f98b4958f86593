// SPDX-License-Identifier: MIT
// The doors, asked over loopback as clients ask: HTTP, WebSocket, Unix socket.
#include "rpc/server.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "rpc/bind.hpp"
#include "rpc/client/client.hpp"
#include "rpc/http/asio.hpp"

namespace cairn::rpc {
namespace {

using namespace std::chrono_literals;

/// A few methods, and a topic that tests publish to.
class World {
public:
    explicit World(const Limits& limits = {}) : dispatcher{limits} {
        std::vector<Method> rows;
        rows.push_back(method(
            *this, {"eth_light", "Light.", "number", Cost::Light},
            +[](World&, Call&, JsonWriter& out) -> Reply {
                out.number(std::uint64_t{7});
                return {};
            }));
        rows.push_back(method(
            *this, {"eth_heavy", "Heavy.", "number"},
            +[](World& world, Call&, JsonWriter& out) -> Reply {
                std::unique_lock lock{world.mutex};
                ++world.heavy_runs;
                world.released.wait(lock, [&] { return world.is_released; });
                out.number(std::uint64_t{8});
                return {};
            }));
        rows.push_back(method(
            *this, {"eth_subscribe", "Speaks once.", "string", Cost::Light},
            +[](World&, Call& call, JsonWriter& out) -> Reply {
                if (!call.notifier)
                    return Unexpected{RpcError{kMethodNotFound, "notifications not supported"}};
                out.text("0x1");
                call.after_reply.emplace_back([notifier = call.notifier] {
                    (void)notifier->notify(std::make_shared<const std::string>("\"news\""));
                });
                return {};
            }));
        rows.push_back(method(
            *this, {"eth_large", "Many words.", "string", Cost::Light},
            +[](World&, Call&, JsonWriter& out) -> Reply {
                out.text(std::string(100'000, 'w'));
                return {};
            }));
        rows.push_back(method(
            *this, {"debug_hidden", "Not on this door.", "number", Cost::Light},
            +[](World&, Call&, JsonWriter& out) -> Reply {
                out.number(std::uint64_t{9});
                return {};
            }));
        dispatcher.add(std::move(rows));
    }
    void release() {
        const std::lock_guard lock{mutex};
        is_released = true;
        released.notify_all();
    }

    Dispatcher dispatcher;
    std::mutex mutex;
    std::condition_variable released;
    bool is_released = true;
    int heavy_runs = 0;  // guarded by mutex
};

ServerOptions one_door() {
    EndpointOptions endpoint;
    endpoint.port = 0;
    endpoint.has_websocket = true;
    ServerOptions options;
    options.endpoints.push_back(endpoint);
    return options;
}

/// A server with one door on loopback.
struct Running {
    explicit Running(World& world, ServerOptions options = one_door())
        : server{world.dispatcher, std::move(options)} {
        const auto started = server.start();
        EXPECT_TRUE(started) << started.error();
    }
    [[nodiscard]] std::uint16_t port() const { return server.ports().front(); }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
    [[nodiscard]] Client client() const { return Client::make(url()).value(); }

    Server server;
};

tcp::socket connect(asio::io_context& io, std::uint16_t port) {
    tcp::socket socket{io};
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    return socket;
}

/// Sends raw bytes and reads until the other side closes.
std::string raw(std::uint16_t port, const std::string& text) {
    asio::io_context io;
    auto socket = connect(io, port);
    asio::write(socket, asio::buffer(text));
    std::string out;
    ErrorCode error;
    asio::read(socket, asio::dynamic_buffer(out), error);
    return out;
}

std::string post(const std::string& body,
                 const std::string& fields = "Content-Type: application/json\r\n") {
    return "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

constexpr const char* kLight = R"({"jsonrpc":"2.0","id":1,"method":"eth_light"})";

TEST(Server, light_and_heavy_requests_over_one_connection) {
    World world;
    Running running{world};
    auto client = running.client();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(client.call("eth_light").value(), "7");
        EXPECT_EQ(client.call("eth_heavy").value(), "8");
    }
    EXPECT_EQ(running.server.stats().connections, 1U);
    EXPECT_EQ(running.server.stats().requests, 6U);
}

TEST(Server, door_offers_only_its_namespaces) {
    World world;
    Running running{world};
    EXPECT_EQ(running.client().call("debug_hidden").error().code, -32601);
}

TEST(Server, requests_that_came_together_are_answered_in_order) {
    World world;
    Running running{world};
    const auto one = [](int id) {
        const auto body =
            R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"eth_heavy"})";
        return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
               "application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    const auto answer = raw(running.port(), one(1) + one(2) + post(kLight));
    const auto first = answer.find("\"id\":1,\"result\":8");
    const auto second = answer.find("\"id\":2,\"result\":8");
    ASSERT_NE(first, std::string::npos);
    ASSERT_NE(second, std::string::npos);
    EXPECT_LT(first, second);
}

TEST(Server, refusals_have_geths_statuses) {
    World world;
    Running running{world};
    const auto status = [&](const std::string& request) {
        return raw(running.port(), request).substr(9, 3);
    };
    EXPECT_EQ(status(post(kLight)), "200");
    EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), "200");
    EXPECT_EQ(
        status(
            "PUT / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
        "405");
    EXPECT_EQ(status(post(kLight, "Content-Type: text/plain\r\n")), "415");
    EXPECT_EQ(status(post(kLight, "Content-Type: application/json; charset=utf-8\r\n")), "200");
    EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: evil.example\r\nConnection: "
                     "close\r\nContent-Length: 0\r\n\r\n"),
              "403");
    EXPECT_EQ(status("POST /other HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     "Connection: close\r\nContent-Length: 0\r\n\r\n"),
              "404");
    EXPECT_EQ(status("not http at all\r\n\r\n"), "400");
}

TEST(Server, body_and_header_are_bounded) {
    Limits limits;
    limits.body_bytes_max = 100;
    World world{limits};
    Running running{world};
    EXPECT_EQ(raw(running.port(), post(std::string(101, ' '))).substr(9, 3), "413");
    EXPECT_EQ(raw(running.port(),
                  post(std::string(kLight) + std::string(100 - std::string(kLight).size(), ' ')))
                  .substr(9, 3),
              "200");
    EXPECT_EQ(raw(running.port(), "POST / HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n")
                  .substr(9, 3),
              "431");
}

TEST(Server, refusal_of_a_long_body_reaches_a_client_that_is_still_sending) {
    Limits limits;
    limits.body_bytes_max = 100;
    World world{limits};
    Running running{world};
    // More than both ends' buffers hold, so that much is unread when the answer goes out.
    EXPECT_EQ(raw(running.port(), post(std::string(std::size_t{24} << 20, ' '))).substr(9, 3),
              "413");
}

/// Sends the head of a request that waits for a word before its body, and reads that word: a whole
/// head of an answer.
std::string first_answer(tcp::socket& socket, const std::string& fields,
                         const std::string& start = "POST / HTTP/1.1") {
    asio::write(socket, asio::buffer(start + "\r\nHost: localhost\r\n" + fields + "\r\n"));
    std::string out;
    const auto size = asio::read_until(socket, asio::dynamic_buffer(out), "\r\n\r\n");
    return out.substr(0, size);
}

// RFC 9110, section 10.1.1. curl sends the field with bodies above a mebibyte.
TEST(Server, client_that_waits_for_the_word_to_send_gets_it) {
    Limits limits;
    limits.body_bytes_max = 1000;
    World world{limits};
    Running running{world};
    asio::io_context io;
    const std::string body = kLight;
    const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
    const std::string json = "Content-Type: application/json\r\n";
    auto socket = connect(io, running.port());
    for (const char* expect : {"Expect: 100-continue\r\n", "expect: 100-Continue\r\n"}) {
        EXPECT_EQ(first_answer(socket, json + length + expect), "HTTP/1.1 100 Continue\r\n\r\n");
        asio::write(socket, asio::buffer(body));
        std::string answer;
        asio::read_until(socket, asio::dynamic_buffer(answer), "\"result\":7}");
        EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 200");
    }
    // One that does not wait is not told to go on.
    EXPECT_EQ(raw(running.port(), post(kLight, json + "Expect: 100-continue\r\n")).substr(0, 12),
              "HTTP/1.1 200");
    // To HTTP/1.0 nothing but the answer may be said.
    EXPECT_EQ(raw(running.port(), "POST / HTTP/1.0\r\nHost: localhost\r\nExpect: 100-continue\r\n" +
                                      json + length + "\r\n" + body)
                  .substr(0, 12),
              "HTTP/1.1 200");
}

TEST(Server, client_that_waits_for_the_word_to_send_hears_its_refusal_instead) {
    Limits limits;
    limits.body_bytes_max = 1000;
    World world{limits};
    Running running{world};
    asio::io_context io;
    const auto refusal = [&](const std::string& fields, const std::string& start) {
        auto socket = connect(io, running.port());
        const auto answer = first_answer(socket, fields, start);
        // It ends, so that a body that follows is taken for no request.
        EXPECT_NE(answer.find("Connection: close"), std::string::npos);
        return answer.substr(9, 3);
    };
    const std::string post = "POST / HTTP/1.1";
    const std::string expect = "Expect: 100-continue\r\n";
    const std::string json = "Content-Type: application/json\r\n";
    EXPECT_EQ(refusal(expect + json + "Content-Length: 1001\r\n", post), "413");
    EXPECT_EQ(refusal(expect + "Content-Type: text/plain\r\nContent-Length: 9\r\n", post), "415");
    EXPECT_EQ(refusal(expect + json + "Content-Length: 9\r\n", "PUT / HTTP/1.1"), "405");
    EXPECT_EQ(refusal(expect + json + "Content-Length: 9\r\n", "POST /no HTTP/1.1"), "404");
    EXPECT_EQ(refusal("Expect: applause\r\n" + json + "Content-Length: 9\r\n", post), "417");
    EXPECT_EQ(refusal(expect + "Expect: applause\r\n" + json + "Content-Length: 9\r\n", post), "417");
}

TEST(Server, token_is_asked_for_before_the_body) {
    World world;
    auto options = one_door();
    options.endpoints.front().auth.token = "sesame";
    Running running{world, options};
    asio::io_context io;
    auto socket = connect(io, running.port());
    const std::string fields = "Content-Type: application/json\r\nContent-Length: 9\r\n"
                               "Expect: 100-continue\r\n";
    EXPECT_EQ(first_answer(socket, fields).substr(9, 3), "401");
    auto another = connect(io, running.port());
    EXPECT_EQ(first_answer(another, fields + "Authorization: Bearer sesame\r\n").substr(9, 3), "100");
}

TEST(Server, cross_origin_requests_need_permission) {
    World world;
    auto options = one_door();
    options.endpoints.front().cors_origins = {"https://dapp.example"};
    Running running{world, options};
    const auto with_origin = [&](const std::string& origin) {
        return raw(running.port(),
                   post(kLight, "Content-Type: application/json\r\nOrigin: " + origin + "\r\n"));
    };
    EXPECT_NE(with_origin("https://dapp.example")
                  .find("Access-Control-Allow-Origin: https://dapp.example"),
              std::string::npos);
    EXPECT_EQ(with_origin("https://evil.example").find("Access-Control-Allow-Origin"),
              std::string::npos);
    const auto preflight = raw(running.port(),
                               "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nConnection: "
                               "close\r\nOrigin: https://dapp.example\r\n"
                               "Access-Control-Request-Method: "
                               "POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n");
    EXPECT_EQ(preflight.substr(9, 3), "204");
    EXPECT_NE(preflight.find("Access-Control-Allow-Headers: content-type"), std::string::npos);
    EXPECT_NE(preflight.find("Access-Control-Max-Age: 600"), std::string::npos);
}

TEST(Server, token_is_asked_for) {
    World world;
    auto options = one_door();
    options.endpoints.front().auth.token = "sesame";
    Running running{world, options};
    EXPECT_EQ(running.client().call("eth_light").error().code, 401);
    ClientOptions with_token;
    with_token.bearer_token = "sesame";
    EXPECT_EQ(Client::make(running.url(), with_token).value().call("eth_light").value(), "7");
}

TEST(Server, open_door_to_the_network_is_refused_without_a_token) {
    World world;
    auto options = one_door();
    options.endpoints.front().address = "0.0.0.0";
    Server refused{world.dispatcher, options};
    const auto started = refused.start();
    ASSERT_FALSE(started);
    EXPECT_NE(started.error().find("without a token"), std::string::npos);
}

TEST(Server, taken_port_is_told) {
    World world;
    Running running{world};
    auto options = one_door();
    options.endpoints.front().port = running.port();
    Server second{world.dispatcher, options};
    const auto started = second.start();
    ASSERT_FALSE(started);
    EXPECT_NE(started.error().find(std::to_string(running.port())), std::string::npos);
}

TEST(Server, silent_and_half_sent_connections_are_closed) {
    Limits limits;
    limits.idle_time_max = 100ms;
    limits.read_time_max = 100ms;
    World world{limits};
    Running running{world};
    EXPECT_EQ(raw(running.port(), ""), "");
    EXPECT_EQ(raw(running.port(), "POST / HTTP/1.1\r\nHost: loc"), "");
    EXPECT_EQ(
        raw(running.port(), "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"),
        "");
    EXPECT_EQ(running.server.stats().timed_out, 3U);
}

TEST(Server, connections_are_bounded) {
    Limits limits;
    limits.sockets_max = 2;
    World world{limits};
    Running running{world};
    auto first = running.client();
    auto second = running.client();
    EXPECT_TRUE(first.call("eth_light"));
    EXPECT_TRUE(second.call("eth_light"));
    EXPECT_EQ(running.client().call("eth_light").error().kind, ClientErrorKind::Unreachable);
    EXPECT_EQ(running.server.stats().refused, 1U);
}

TEST(Server, stop_ends_connections_that_wait) {
    World world;
    Running running{world};
    asio::io_context io;
    auto socket = connect(io, running.port());
    while (running.server.stats().open == 0) std::this_thread::yield();
    running.server.stop();
    char byte = 0;
    ErrorCode error;
    socket.read_some(asio::buffer(&byte, 1), error);
    EXPECT_TRUE(error);
    running.server.stop();
}

TEST(Server, stop_drops_requests_that_wait_for_a_worker) {
    World world;
    world.is_released = false;
    auto options = one_door();
    options.worker_threads = 1;
    Running running{world, options};
    asio::io_context io;
    std::vector<tcp::socket> sockets;
    for (int i = 0; i < 20; ++i) {
        sockets.push_back(connect(io, running.port()));
        asio::write(sockets.back(),
                    asio::buffer(post(R"({"jsonrpc":"2.0","id":1,"method":"eth_heavy"})")));
    }
    while (running.server.stats().requests < 20) std::this_thread::yield();
    const auto has_begun = [&] {
        const std::lock_guard lock{world.mutex};
        return world.heavy_runs == 1;
    };
    // Requests are counted before the worker takes the first: it may need its time.
    while (!has_begun()) std::this_thread::yield();
    running.server.stop();
    EXPECT_FALSE(running.server.wait_until_idle(10ms)) << "one still runs";
    world.release();
    EXPECT_TRUE(running.server.wait_until_idle(30s));
    EXPECT_EQ(world.heavy_runs, 1);
}

TEST(Server, path_of_its_own_may_answer_later) {
    World world;
    Server server{world.dispatcher, one_door()};
    std::promise<HttpResponder> waiting;
    HttpRequest seen;
    server.add_path("/mine", [&](HttpRequest request, HttpResponder respond) {
        seen = std::move(request);
        waiting.set_value(std::move(respond));
    });
    ASSERT_TRUE(server.start());
    auto client =
        Client::make("http://miner:x@127.0.0.1:" + std::to_string(server.ports().front())).value();
    auto answer =
        std::async(std::launch::async, [&] { return client.post("/mine?worker=1", "[]"); });
    auto respond = waiting.get_future().get();
    EXPECT_EQ(seen.path, "/mine");
    EXPECT_EQ(seen.query, "worker=1");
    EXPECT_EQ(seen.body, "[]");
    EXPECT_EQ(seen.user, "miner");
    EXPECT_EQ(seen.password, "x");
    respond({200, "work", "application/json", {{"X-Long-Polling", "/lp"}}});
    const auto reply = answer.get();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "work");
}

/// A WebSocket client.
struct WebSocket {
    explicit WebSocket(std::uint16_t port, const std::string& origin = {}) : stream{io} {
        stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
        if (!origin.empty())
            stream.set_option(
                websocket::stream_base::decorator([origin](websocket::request_type& request) {
                    request.set(http::field::origin, origin);
                }));
        stream.handshake("localhost", "/", error);
    }
    void send(const std::string& text) { stream.write(asio::buffer(text)); }
    std::string receive() {
        beast::flat_buffer buffer;
        stream.read(buffer, error);
        return beast::buffers_to_string(buffer.data());
    }
    asio::io_context io;
    websocket::stream<tcp::socket> stream;
    ErrorCode error;
};

TEST(Server, websocket_answers_and_speaks_after_the_answer) {
    World world;
    Running running{world};
    WebSocket socket{running.port()};
    ASSERT_FALSE(socket.error);
    socket.send(R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe"})");
    EXPECT_EQ(socket.receive(), R"({"jsonrpc":"2.0","id":1,"result":"0x1"})");
    EXPECT_EQ(socket.receive(), "\"news\"");
    socket.send(R"({"jsonrpc":"2.0","id":2,"method":"eth_heavy"})");
    EXPECT_EQ(socket.receive(), R"({"jsonrpc":"2.0","id":2,"result":8})");
    EXPECT_EQ(running.client().call("eth_subscribe").error().message,
              "notifications not supported");
}

TEST(Server, websocket_of_a_foreign_page_is_refused) {
    World world;
    Running running{world};
    EXPECT_TRUE(WebSocket(running.port(), "https://evil.example").error);
    EXPECT_FALSE(WebSocket(running.port(), "http://localhost:3000").error);
}

TEST(Server, websocket_message_is_bounded) {
    Limits limits;
    limits.body_bytes_max = 100;
    World world{limits};
    Running running{world};
    WebSocket socket{running.port()};
    socket.send(std::string(101, ' '));
    (void)socket.receive();
    EXPECT_TRUE(socket.error);
}

/// Asks a thousand times for a large answer without reading one; what the server has done by the
/// time it does no more is told, then all answers are read.
void expect_to_be_waited_for(Server& server,
                             const std::function<void(const std::string&, std::size_t)>& send,
                             const std::function<std::string()>& receive) {
    constexpr std::size_t kQuestions = 1000;
    send(R"({"jsonrpc":"2.0","id":1,"method":"eth_large"})", kQuestions);
    std::size_t served = 0;
    while (served == 0 || server.stats().requests > served) {
        served = server.stats().requests;
        std::this_thread::sleep_for(200ms);
    }
    // The rest of them fit neither the sockets' buffers nor what may wait beside those.
    EXPECT_LT(served, kQuestions / 2);
    for (std::size_t i = 0; i < kQuestions; ++i) ASSERT_GT(receive().size(), 100'000U) << i;
    EXPECT_EQ(server.stats().requests, kQuestions);
}

TEST(Server, websocket_client_that_does_not_read_is_not_served_on) {
    World world;
    Running running{world};
    WebSocket socket{running.port()};
    expect_to_be_waited_for(
        running.server,
        [&](const std::string& text, std::size_t times) {
            for (std::size_t i = 0; i < times; ++i) socket.send(text);
        },
        [&] { return socket.receive(); });
}

TEST(Server, unix_socket_client_that_does_not_read_is_not_served_on) {
    World world;
    auto folder = (std::filesystem::temp_directory_path() / "cairn-ipc-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    ServerOptions options;
    options.ipc_path = std::filesystem::path{folder} / "cairn.ipc";
    Server server{world.dispatcher, options};
    ASSERT_TRUE(server.start());
    asio::io_context io;
    asio::local::stream_protocol::socket socket{io};
    socket.connect(asio::local::stream_protocol::endpoint{options.ipc_path->string()});
    std::string text;
    expect_to_be_waited_for(
        server,
        [&](const std::string& request, std::size_t times) {
            // At once: many small messages would not fit a Unix socket's buffer.
            std::string all;
            for (std::size_t i = 0; i < times; ++i) all += request;
            asio::write(socket, asio::buffer(all));
        },
        [&] {
            const auto end = asio::read_until(socket, asio::dynamic_buffer(text), '\n');
            const auto line = text.substr(0, end);
            text.erase(0, end);
            return line;
        });
    server.stop();
    std::filesystem::remove_all(folder);
}

TEST(Server, unix_socket_is_the_owners_alone) {
    World world;
    auto folder = (std::filesystem::temp_directory_path() / "cairn-ipc-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    const auto path = std::filesystem::path{folder} / "cairn.ipc";
    {
        ServerOptions options;
        options.ipc_path = path;
        Server server{world.dispatcher, options};
        ASSERT_TRUE(server.start());
        struct stat status{};
        ASSERT_EQ(::stat(path.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U);
        asio::io_context io;
        asio::local::stream_protocol::socket socket{io};
        socket.connect(asio::local::stream_protocol::endpoint{path.string()});
        asio::write(socket, asio::buffer(std::string{kLight} +
                                         R"({"jsonrpc":"2.0","id":2,"method":"debug_hidden"})"));
        std::string text;
        for (int lines = 0; lines < 2; ++lines) {
            const auto end = asio::read_until(socket, asio::dynamic_buffer(text), '\n');
            EXPECT_EQ(text.substr(0, end), lines == 0
                                               ? "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}\n"
                                               : "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":9}\n");
            text.erase(0, end);
        }
    }
    EXPECT_FALSE(std::filesystem::exists(path));
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace cairn::rpc
