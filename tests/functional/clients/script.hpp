// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "tests/functional/program.hpp"

namespace cairn::test {

/// Whether Node.js and the clients' packages are there.
[[nodiscard]] bool has_clients();
/// Why a test is skipped where they are not.
inline constexpr const char* kNoClients =
    "Node.js or the packages of tests/functional/clients are not installed: scripts/setup";

/// Runs a program of this folder and waits for its end.
/// @param arguments  that follow the folders which every program is told (harness.mjs)
/// @param settings   of its environment, NAME=VALUE
[[nodiscard]] ProgramResult run_script(const std::string& script,
                                       const std::vector<std::string>& arguments,
                                       std::vector<std::string> settings = {});

}  // namespace cairn::test
