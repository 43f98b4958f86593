// SPDX-License-Identifier: MIT
#include "tests/functional/clients/script.hpp"

#include <cstdlib>
#include <filesystem>
#include <utility>

namespace cairn::test {

bool has_clients() {
    return std::filesystem::exists(CAIRN_CLIENT_CONTRACTS) &&
           std::system("node --version >/dev/null 2>&1") == 0;
}

ProgramResult run_script(const std::string& script, const std::vector<std::string>& arguments,
                         std::vector<std::string> settings) {
#ifdef __SANITIZE_ADDRESS__
    settings.emplace_back("CAIRN_SANITIZED=1");
#endif
    std::vector<std::string> words{std::move(settings)};
    words.insert(words.end(), {"node", CAIRN_CLIENT_SCRIPTS "/" + script, CAIRN_CLIENT_MODULES,
                               CAIRN_CLIENT_CONTRACTS});
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run_program("/usr/bin/env", words);
}

}  // namespace cairn::test
