// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/private_file.hpp"

namespace cairn::wallet {

void run_export(const GlobalOptions& options, const ExportOptions& request) {
    if (request.to_file.empty() != request.reveal)
        throw Failure{
            ExitCode::BadRequest, "either --to FILE or --reveal",
            "--to writes a key file under the same password; --reveal prints the bare key"};
    const auto account = Account::find(options, request.key);
    const auto address = to_checksum(account.address());
    if (account.is_development())
        throw Failure{ExitCode::BadRequest, "the keys of development accounts are public",
                      "the node prints them when it starts with --dev"};
    const auto password = account.password();
    const auto key = account.unlock_secret(password);
    if (request.reveal) {
        const auto digits = to_hex0x(key.reveal());
        print_answer(options, digits + "\n", {{"address", address}, {"privateKey", digits}});
        return;
    }
    const auto text =
        seal_keystore(key, password.reveal_bytes(), kScryptStandard, make_keystore_randomness());
    if (const auto written = write_private_file(request.to_file, text); !written)
        throw Failure{ExitCode::BadRequest,
                      fmt::format("{}: {}", request.to_file, to_string(written.error()))};
    print_answer(options, fmt::format("address   {}\nkey file  {}\n", address, request.to_file),
                 {{"address", address}, {"keyFile", request.to_file}});
}

}  // namespace cairn::wallet
