// SPDX-License-Identifier: MIT
#include "tests/functional/node/running_node.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cairn::test {
namespace {

/// A sanitized node takes its time to start.
constexpr std::chrono::seconds kStartTime{60};

[[nodiscard]] int code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

RunningNode::RunningNode(std::vector<std::string> arguments) : log_{folder_.path() / "output"} {
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
    const auto deadline = std::chrono::steady_clock::now() + kStartTime;
    for (;;) {
        const std::string text = output();
        const auto at = text.find("RPC         ");
        const auto end = at == std::string::npos ? at : text.find('\n', at);
        if (end != std::string::npos) {
            url_ = text.substr(at + 12, end - at - 12);
            return;
        }
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            throw std::runtime_error{"cairn-node ended: " + output()};
        }
        if (std::chrono::steady_clock::now() > deadline)
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

RunningNode::Json RunningNode::call(const std::string& method, const Json& params) {
    auto client = rpc::Client::make(url_);
    EXPECT_TRUE(client) << url_;
    if (!client) return nullptr;
    const auto answer = client->call(method, params.dump());
    EXPECT_TRUE(answer) << method << ": " << (answer ? "" : answer.error().message);
    return answer ? Json::parse(*answer) : Json{};
}

RunningNode::Json RunningNode::error(const std::string& method, const Json& params) {
    auto client = rpc::Client::make(url_);
    EXPECT_TRUE(client) << url_;
    if (!client) return nullptr;
    const auto answer = client->call(method, params.dump());
    EXPECT_FALSE(answer) << method << " gives " << (answer ? *answer : "");
    if (answer) return nullptr;
    Json out{{"code", answer.error().code}, {"message", answer.error().message}};
    if (!answer.error().data.empty()) out["data"] = Json::parse(answer.error().data);
    return out;
}

int RunningNode::end(int signal) {
    const auto began = std::chrono::steady_clock::now();
    ::kill(pid_, signal);
    const int code = wait();
    end_time_ = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    return code;
}

int RunningNode::wait() {
    int status = 0;
    if (pid_ <= 0 || ::waitpid(pid_, &status, 0) != pid_) return -1;
    pid_ = -1;
    return code_of(status);
}

}  // namespace cairn::test
