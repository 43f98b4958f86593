// SPDX-License-Identifier: MIT
#include "tests/functional/node/running_node.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cairn::test {
namespace {

/// A sanitized node on a machine with other work to do takes its time, to start and to answer.
constexpr std::chrono::minutes kPatience{5};
/// A node ends within that.
constexpr std::chrono::milliseconds kEndTime{2000};

using Clock = std::chrono::steady_clock;

[[nodiscard]] std::chrono::milliseconds time_since(Clock::time_point began) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
}

[[nodiscard]] int code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

RunningNode::RunningNode(std::vector<std::string> arguments) : log_{folder_.path() / "output"} {
    // Five seconds of a call may pass on a machine with other work to do without its having run.
    if (std::ranges::find(arguments, "--rpc.evmtimeout") == arguments.end())
        arguments.insert(arguments.begin(), {"--rpc.evmtimeout", "600000"});
    arguments.insert(arguments.begin(), {CAIRN_NODE, "--http.port", "0"});
    std::vector<char*> argv;
    for (auto& word : arguments) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log_.c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    const int failed = ::posix_spawn(&pid_, CAIRN_NODE, &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error{"cairn-node does not start"};
    const auto began = Clock::now();
    for (;;) {
        const std::string text = output();
        const auto at = text.find("RPC         ");
        const auto end = at == std::string::npos ? at : text.find('\n', at);
        if (end != std::string::npos) {
            url_ = text.substr(at + 12, end - at - 12);
            start_time_ = time_since(began);
            return;
        }
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            throw std::runtime_error{"cairn-node ended: " + output()};
        }
        if (time_since(began) > kPatience)
            throw std::runtime_error{"cairn-node does not come up: " + output()};
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

RunningNode::~RunningNode() {
    if (pid_ > 0) end(SIGKILL);
}

std::string RunningNode::output() const {
    std::ifstream in{log_};
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

RunningNode::Json RunningNode::answer(const std::string& method, const Json& params) {
    rpc::ClientOptions options;
    options.timeout = kPatience;
    auto client = rpc::Client::make(url_, options);
    if (!client) return {{"error", {{"code", 0}, {"message", "no client for " + url_}}}};
    const auto got = client->call(method, params.dump());
    if (got) return {{"result", Json::parse(*got)}};
    Json error{{"code", got.error().code}, {"message", got.error().message}};
    if (!got.error().data.empty()) error["data"] = Json::parse(got.error().data);
    return {{"error", error}};
}

RunningNode::Json RunningNode::call(const std::string& method, const Json& params) {
    const Json got = answer(method, params);
    EXPECT_TRUE(got.contains("result")) << method << ": " << got;
    return got.value("result", Json{});
}

RunningNode::Json RunningNode::error(const std::string& method, const Json& params) {
    const Json got = answer(method, params);
    EXPECT_TRUE(got.contains("error")) << method << " gives " << got;
    return got.value("error", Json{});
}

int RunningNode::end(int signal) {
    const auto began = Clock::now();
    ::kill(pid_, signal);
    const int code = wait();
    end_time_ = time_since(began);
    return code;
}

bool RunningNode::has_ended_soon() const noexcept {
    return end_time_ < std::max(kEndTime, 3 * start_time_);
}

int RunningNode::wait() {
    int status = 0;
    if (pid_ <= 0 || ::waitpid(pid_, &status, 0) != pid_) return -1;
    pid_ = -1;
    return code_of(status);
}

}  // namespace cairn::test
