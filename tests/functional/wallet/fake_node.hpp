// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace cairn::test {

/// A JSON-RPC error that a fake method answers with.
struct FakeError {
    int code = -32000;
    std::string message;
    nlohmann::json data;
};

/// A node of canned answers: HTTP on a port of loopback that the system chooses, one connection at
/// a time. Methods without an answer are unknown to it (-32601). Answers may be changed while it
/// runs.
class FakeNode {
public:
    using Json = nlohmann::json;
    /// Params to result; throws FakeError for an error.
    using Method = std::function<Json(const Json&)>;

    FakeNode();
    ~FakeNode();
    FakeNode(const FakeNode&) = delete;
    FakeNode& operator=(const FakeNode&) = delete;

    [[nodiscard]] std::string url() const;

    void answer(const std::string& method, Method handler);
    void answer(const std::string& method, Json result);
    void fail(const std::string& method, FakeError error);

    /// Params of every call of the method so far.
    [[nodiscard]] std::vector<Json> calls(const std::string& method) const;

private:
    void serve(const std::stop_token& stop);
    void serve_connection(int connection, const std::stop_token& stop);
    [[nodiscard]] std::string reply(const std::string& body);

    int listener_ = -1;
    unsigned port_ = 0;
    mutable std::mutex mutex_;
    std::map<std::string, Method> methods_;
    std::vector<std::pair<std::string, Json>> calls_;
    std::jthread thread_;
};

}  // namespace cairn::test
