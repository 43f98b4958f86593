// SPDX-License-Identifier: MIT
#include "tests/functional/wallet/fake_node.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace cairn::test {
namespace {

constexpr int kPollMs = 50;

/// The length that a request's head states.
std::size_t content_length(std::string head) {
    std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    });
    const auto at = head.find("content-length:");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 15));
}

}  // namespace

FakeNode::FakeNode() : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, generic, length) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, generic, &length) != 0)
        throw std::runtime_error{"no port on loopback"};
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
}

FakeNode::~FakeNode() {
    thread_.request_stop();
    thread_.join();
    ::close(listener_);
}

std::string FakeNode::url() const {
    return "http://127.0.0.1:" + std::to_string(port_);
}

void FakeNode::answer(const std::string& method, Method handler) {
    const std::lock_guard lock{mutex_};
    methods_[method] = std::move(handler);
}

void FakeNode::answer(const std::string& method, Json result) {
    answer(method, Method{[result](const Json&) { return result; }});
}

void FakeNode::fail(const std::string& method, FakeError error) {
    answer(method, Method{[error](const Json&) -> Json { throw error; }});
}

std::vector<nlohmann::json> FakeNode::calls(const std::string& method) const {
    const std::lock_guard lock{mutex_};
    std::vector<Json> out;
    for (const auto& [name, params] : calls_)
        if (name == method) out.push_back(params);
    return out;
}

void FakeNode::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, kPollMs) <= 0) continue;
        const int connection = ::accept(listener_, nullptr, nullptr);
        if (connection < 0) continue;
        serve_connection(connection, stop);
        ::close(connection);
    }
}

void FakeNode::serve_connection(int connection, const std::stop_token& stop) {
    std::string received;
    while (!stop.stop_requested()) {
        const auto head_end = received.find("\r\n\r\n");
        if (head_end != std::string::npos) {
            const auto length = content_length(received.substr(0, head_end));
            if (received.size() >= head_end + 4 + length) {
                const auto body = reply(received.substr(head_end + 4, length));
                received.erase(0, head_end + 4 + length);
                const auto out =
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body;
                if (::send(connection, out.data(), out.size(), MSG_NOSIGNAL) < 0) return;
                continue;
            }
        }
        pollfd waiting{connection, POLLIN, 0};
        if (::poll(&waiting, 1, kPollMs) <= 0) continue;
        char chunk[4096];
        const auto count = ::recv(connection, chunk, sizeof chunk, 0);
        if (count <= 0) return;
        received.append(chunk, static_cast<std::size_t>(count));
    }
}

std::string FakeNode::reply(const std::string& body) {
    const auto request = Json::parse(body);
    const auto method = request.at("method").get<std::string>();
    const auto params = request.value("params", Json::array());
    Json out{{"jsonrpc", "2.0"}, {"id", request.at("id")}};
    Method handler;
    {
        const std::lock_guard lock{mutex_};
        calls_.emplace_back(method, params);
        if (const auto at = methods_.find(method); at != methods_.end()) handler = at->second;
    }
    try {
        if (!handler) throw FakeError{-32601, "the method " + method + " does not exist", nullptr};
        out["result"] = handler(params);
    } catch (const FakeError& error) {
        out["error"] = {{"code", error.code}, {"message", error.message}};
        if (!error.data.is_null()) out["error"]["data"] = error.data;
    }
    return out.dump();
}

}  // namespace cairn::test
