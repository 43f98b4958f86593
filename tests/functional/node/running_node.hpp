// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "rpc/client/client.hpp"
#include "tests/functional/program.hpp"

namespace cairn::test {

/// cairn-node at work with JSON-RPC on a free port of loopback; killed with the object, unless it
/// was ended before.
class RunningNode {
public:
    using Json = nlohmann::json;

    /// Starts it and waits until it says where its RPC is.
    /// @param arguments  beside the port, which is its own choice
    /// Throws std::runtime_error with what it printed where it ends first.
    explicit RunningNode(std::vector<std::string> arguments);
    ~RunningNode();
    RunningNode(const RunningNode&) = delete;
    RunningNode& operator=(const RunningNode&) = delete;

    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// What it has printed so far, log included.
    [[nodiscard]] std::string output() const;

    /// The result of a method; an error is a failed test and gives null.
    Json call(const std::string& method, const Json& params = Json::array());
    /// The error of a method: {code, message, data?}; a result is a failed test.
    Json error(const std::string& method, const Json& params = Json::array());

    /// Sends a signal and waits for the end.
    /// @return exit code, 128 + the signal where one ended it
    int end(int signal);
    /// How long the last `end` took.
    [[nodiscard]] std::chrono::milliseconds end_time() const noexcept { return end_time_; }
    /// Waits for an end that comes by itself.
    int wait();

private:
    TemporaryFolder folder_;
    std::filesystem::path log_;
    pid_t pid_ = -1;
    std::string url_;
    std::chrono::milliseconds end_time_{0};
};

/// Waits up to 30 s until it holds; whether it does.
template <class Condition>
[[nodiscard]] bool eventually(Condition holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return true;
}

}  // namespace cairn::test
