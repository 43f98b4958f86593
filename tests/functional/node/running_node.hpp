// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
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
    /// @param arguments  beside the port, which is its own choice, and the time of a call, which is
    ///                   ten minutes unless they say another
    /// Throws std::runtime_error with what it printed where it ends first.
    explicit RunningNode(std::vector<std::string> arguments);
    ~RunningNode();
    RunningNode(const RunningNode&) = delete;
    RunningNode& operator=(const RunningNode&) = delete;

    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// What it has printed so far, log included.
    [[nodiscard]] std::string output() const;

    /// What a method answers: {result}, or {error: {code, message, data?}}.
    Json answer(const std::string& method, const Json& params = Json::array());
    /// The result of a method; an error is a failed test and gives null.
    Json call(const std::string& method, const Json& params = Json::array());
    /// The error of a method: {code, message, data?}; a result is a failed test.
    Json error(const std::string& method, const Json& params = Json::array());

    /// Sends a signal and waits for the end.
    /// @return exit code, 128 + the signal where one ended it
    int end(int signal);
    /// Whether the last `end` took less than two seconds, or no more than thrice as long as the start
    /// did: a sanitized node, or a busy machine, takes its time for both.
    [[nodiscard]] bool has_ended_soon() const noexcept;
    /// Waits for an end that comes by itself.
    int wait();

private:
    TemporaryFolder folder_;
    std::filesystem::path log_;
    pid_t pid_ = -1;
    std::string url_;
    std::chrono::milliseconds start_time_{0};
    std::chrono::milliseconds end_time_{0};
};

/// Expects that a node ends soon after it was told to. A machine with other work to do may keep any
/// one of them from it for a while, so that as many as five are tried.
/// @param run  starts a node, ends it, and hands it out
template <class Run>
void expect_to_end_soon(Run run) {
    for (int attempt = 0; attempt < 5; ++attempt) {
        const std::unique_ptr<RunningNode> node = run();
        if (node->has_ended_soon()) return;
    }
    ADD_FAILURE() << "five nodes took longer than two seconds to end";
}

/// Waits until it holds, for longer than any machine needs; whether it does.
template <class Condition>
[[nodiscard]] bool eventually(Condition holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{5};
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return true;
}

}  // namespace cairn::test
