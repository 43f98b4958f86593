// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "wallet/address.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"

namespace cairn::wallet {

void run_list(const GlobalOptions& options) {
    const auto folder = keystore_folder(options);
    std::string text;
    auto accounts = nlohmann::json::array();
    for (const auto& file : list_key_files(folder)) {
        const auto address = to_checksum(file.address);
        text += fmt::format("{}  {}\n", address, file.path.string());
        accounts.push_back({{"address", address}, {"keyFile", file.path.string()}});
    }
    if (text.empty())
        text = fmt::format("no account in {}; make one with `cairn-wallet new`\n", folder.string());
    print_answer(options, text, {{"accounts", accounts}});
}

}  // namespace cairn::wallet
