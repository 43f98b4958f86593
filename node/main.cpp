// SPDX-License-Identifier: MIT
// cairn-node: the full node. This file turns what went wrong with the machine into a line and an
// exit code, and knows nothing else.
#include <exception>
#include <string>
#include <variant>

#include <fmt/format.h>

#include "chain/store/store_error.hpp"
#include "node/app/console.hpp"
#include "node/app/db_command.hpp"
#include "node/app/export_file.hpp"
#include "node/app/import_file.hpp"
#include "node/app/init.hpp"
#include "node/app/node.hpp"
#include "node/app/options.hpp"
#include "node/app/signals.hpp"

namespace {

using namespace cairn::node;

ExitCode run_program(int argc, char** argv) {
    const auto command = parse_options(argc, argv);
    if (!command) return command.error();
    catch_stop_signals();
    return std::visit([](const auto& chosen) { return run(chosen); }, *command);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return static_cast<int>(run_program(argc, argv));
    } catch (const cairn::chain::StoreError& error) {
        return static_cast<int>(
            failed(fmt::format("{}. {}", error.what(), cairn::chain::advice_for(error.fault()))));
    } catch (const std::exception& error) {
        return static_cast<int>(failed(error.what()));
    }
}
