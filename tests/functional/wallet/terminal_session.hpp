// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::test {

/// What a person types at a prompt: when the text shows, these characters are sent.
struct TypedAnswer {
    std::string prompt;
    std::string typed;
};

/// A shell session as a person has it: at a terminal, with a home folder.
struct TerminalSession {
    std::filesystem::path folder;                    ///< where the shell begins
    std::map<std::string, std::string> environment;  ///< set on top of this process's own
    std::vector<std::string> unset;                  ///< variables taken out of it
    std::vector<TypedAnswer> answers;                ///< each as often as its prompt shows
    std::string transcript;                          ///< everything that showed, after run()
    int exit_code = -1;                              ///< 128 + the signal where one ended it

    /// Runs the lines as a bash script that ends at the first failing command, in a terminal of
    /// its own; what it leaves running is killed. A session that takes longer than two minutes is
    /// killed, and says so in its transcript. Throws std::runtime_error where no terminal is to be
    /// had.
    void run(const std::string& script);
};

/// The content of all blocks fenced by ```sh in a Markdown text, in order, from the line `begin`
/// (a heading; empty: the start) to the next heading (empty: the end).
[[nodiscard]] std::string shell_blocks(const std::string& markdown, const std::string& begin = {});

}  // namespace cairn::test
