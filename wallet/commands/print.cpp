// SPDX-License-Identifier: MIT
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/system_error.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/json_text.hpp"

namespace cairn::wallet {

void print_answer(const GlobalOptions& options, const std::string& text,
                  const nlohmann::json& json) {
    const auto out = options.json ? to_json_text(json) + "\n" : text;
    if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size() || std::fflush(stdout) != 0)
        throw SystemError{"cannot write to standard output"};
}

}  // namespace cairn::wallet
