// SPDX-License-Identifier: MIT
#include "tests/functional/wallet/terminal_session.hpp"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace cairn::test {
namespace {

/// More than any machine needs.
constexpr std::chrono::seconds kSessionTime{600};

/// In the child: becomes the shell. Returns only where it cannot.
void become_shell(const TerminalSession& session, const std::string& script) {
    // Whoever started the tests in the background had these ignored, which a shell would inherit.
    for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGPIPE}) ::signal(number, SIG_DFL);
    for (const auto& name : session.unset) ::unsetenv(name.c_str());
    for (const auto& [name, value] : session.environment) ::setenv(name.c_str(), value.c_str(), 1);
    if (::chdir(session.folder.c_str()) != 0) return;
    ::execlp("bash", "bash", "--norc", "-euo", "pipefail", "-c", script.c_str(), nullptr);
}

/// Types the answer to the first prompt at or after `from`; gives where to look on.
std::size_t answer_prompts(int terminal, const TerminalSession& session, std::size_t from) {
    for (;;) {
        const TypedAnswer* first = nullptr;
        std::size_t at = std::string::npos;
        for (const auto& answer : session.answers) {
            const auto found = session.transcript.find(answer.prompt, from);
            if (found < at) {
                at = found;
                first = &answer;
            }
        }
        if (first == nullptr) return from;
        from = at + first->prompt.size();
        (void)!::write(terminal, first->typed.data(), first->typed.size());
    }
}

/// Appends what there is to read within the time; false where there is nothing.
bool read_some(int terminal, int wait_ms, std::string& transcript) {
    pollfd event{terminal, POLLIN, 0};
    if (::poll(&event, 1, wait_ms) <= 0) return false;
    std::array<char, 4096> buffer{};
    const auto count = ::read(terminal, buffer.data(), buffer.size());
    if (count <= 0) return false;  // EIO: everybody has left the terminal
    transcript.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
}

}  // namespace

void TerminalSession::run(const std::string& script) {
    transcript.clear();
    int terminal = -1;
    const pid_t shell = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (shell < 0) throw std::runtime_error{"no terminal"};
    if (shell == 0) {
        become_shell(*this, script);
        ::_exit(127);
    }
    const auto deadline = std::chrono::steady_clock::now() + kSessionTime;
    std::size_t answered = 0;
    int status = 0;
    bool is_over = false;
    while (!is_over) {
        const bool has_read = read_some(terminal, 50, transcript);
        answered = answer_prompts(terminal, *this, answered);
        is_over = !has_read && ::waitpid(shell, &status, WNOHANG) == shell;
        if (std::chrono::steady_clock::now() > deadline) {
            transcript += "\n[the session takes too long]\n";
            break;
        }
    }
    // The shell leads the group, whose members outlive it.
    ::kill(-shell, SIGKILL);
    if (!is_over) ::waitpid(shell, &status, 0);
    while (read_some(terminal, 0, transcript)) continue;
    ::close(terminal);
    exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string shell_blocks(const std::string& markdown, const std::string& begin) {
    std::istringstream lines{markdown};
    std::string line;
    std::string out;
    bool is_inside = begin.empty();
    bool is_block = false;
    while (std::getline(lines, line)) {
        if (is_block) {
            is_block = line != "```";
            if (is_block && is_inside) out += line + "\n";
        } else if (line == "```sh") {
            is_block = true;
        } else if (!begin.empty() && line.starts_with('#')) {
            is_inside = line == begin;
        }
    }
    return out;
}

}  // namespace cairn::test
