// SPDX-License-Identifier: MIT
#include "tests/functional/program.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" char** environ;  // NOLINT: POSIX names it so and declares it nowhere

namespace cairn::test {
namespace {

// Anonymous files instead of pipes: nothing can block on a full one.
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File make_file(const std::string& content = {}) {
    File file{std::tmpfile(), std::fclose};
    if (!file) throw std::runtime_error{"no temporary file"};
    std::fwrite(content.data(), 1, content.size(), file.get());
    std::fflush(file.get());
    std::rewind(file.get());
    return file;
}

std::string content_of(const File& file) {
    // By places: whoever still writes into the file shares its position with us.
    std::string content;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::pread(fileno(file.get()), buffer, sizeof buffer, static_cast<off_t>(content.size()))) > 0;)
        content.append(buffer, static_cast<std::size_t>(n));
    return content;
}

/// Whether a process has set a handler for the signal: the mask SigCgt of proc(5).
bool catches(pid_t pid, int signal) {
    std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("SigCgt:")) return (std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & 1) != 0;
    return false;
}

/// Waits for the end of a process and interrupts it once that is wanted; its status.
int wait_for(pid_t child, const File& out, const ProgramCondition& interrupt_when) {
    int status = 0;
    bool is_wanted = static_cast<bool>(interrupt_when);
    for (;;) {
        const pid_t ended = ::waitpid(child, &status, is_wanted ? WNOHANG : 0);
        if (ended == child) return status;
        if (ended != 0) throw std::runtime_error{"lost a program"};
        if (catches(child, SIGINT) && interrupt_when({content_of(out), cpu_time_of(child)})) {
            ::kill(child, SIGINT);
            is_wanted = false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
}

}  // namespace

std::chrono::milliseconds cpu_time_of(pid_t pid) {
    // Fields 14 and 15 of the file (proc(5)).
    std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    // Behind the name, which stands in brackets and may hold anything.
    std::istringstream fields{text.substr(std::min(text.size(), text.rfind(')') + 1))};
    std::string skipped;
    for (int i = 3; i < 14; ++i) fields >> skipped;
    std::int64_t user = 0;
    std::int64_t system = 0;
    fields >> user >> system;
    return std::chrono::milliseconds{(user + system) * 1000 / ::sysconf(_SC_CLK_TCK)};
}

ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const std::string& input, const ProgramCondition& interrupt_when) {
    const File in = make_file(input);
    const File out = make_file();
    const File err = make_file();
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
    pid_t child = 0;
    const int failure = posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) throw std::runtime_error{"cannot start " + program};

    const int status = wait_for(child, out, interrupt_when);
    const int exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {exit_code, content_of(out), content_of(err)};
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cairn-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code code;
    std::filesystem::remove_all(path_, code);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& content) const {
    const auto path = path_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << content;
    return path.string();
}

}  // namespace cairn::test
