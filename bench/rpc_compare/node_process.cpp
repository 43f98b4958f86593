// SPDX-License-Identifier: MIT
#include "bench/rpc_compare/node_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace cairn::bench {
namespace {

constexpr std::chrono::seconds kStartTime{60};

rpc::Client make_client(std::uint16_t port) {
    rpc::ClientOptions options;
    options.timeout = std::chrono::minutes{2};
    auto client = rpc::Client::make("http://127.0.0.1:" + std::to_string(port), options);
    if (!client) throw std::runtime_error{client.error().message};
    return *std::move(client);
}

}  // namespace

std::uint16_t find_free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    const bool is_bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
                          ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0;
    ::close(fd);
    if (!is_bound) throw std::runtime_error{"no port is free"};
    return ntohs(at.sin_port);
}

NodeProcess::NodeProcess(const std::string& program, std::vector<std::string> arguments,
                         std::uint16_t port, const std::filesystem::path& log)
    : port_{port}, client_{make_client(port)} {
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv;
    for (auto& word : arguments) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    const int failed = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error{program + " does not start"};
    const auto deadline = std::chrono::steady_clock::now() + kStartTime;
    while (!client_.call("eth_chainId")) {
        if (std::chrono::steady_clock::now() > deadline || ::waitpid(pid_, nullptr, WNOHANG) != 0)
            throw std::runtime_error{program + " does not come up; see " + log.string()};
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
}

NodeProcess::~NodeProcess() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void NodeProcess::pause() const {
    ::kill(pid_, SIGSTOP);
}

void NodeProcess::resume() const {
    ::kill(pid_, SIGCONT);
}

NodeProcess::Json NodeProcess::call(const std::string& method, const std::vector<Json>& params) {
    const auto answer = client_.call(method, Json(params).dump());
    if (!answer) throw std::runtime_error{method + ": " + answer.error().message};
    return Json::parse(*answer);
}

}  // namespace cairn::bench
