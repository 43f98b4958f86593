// SPDX-License-Identifier: MIT
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

namespace cairn::test {

/// Exit codes of a child besides the test's own.
inline constexpr int kChildThrew = 99;
inline constexpr int kChildCrashed = 98;

/// Starts a child process that runs `body` and exits with what it returns, or kChildThrew. The
/// process has no other thread when it is called.
template <class Body>
[[nodiscard]] pid_t start_child(Body&& body) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    int code = kChildThrew;
    try {
        code = body();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "in the child: %s\n", error.what());
    }
    ::_exit(code);
}

/// Waits for a child; its exit code, or kChildCrashed where a signal ended it.
[[nodiscard]] inline int wait_for(pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return kChildCrashed;
    return WEXITSTATUS(status);
}

template <class Body>
[[nodiscard]] int run_child(Body&& body) {
    return wait_for(start_child(body));
}

}  // namespace cairn::test
