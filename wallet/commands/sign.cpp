// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/terminal.hpp"

namespace cairn::wallet {

void run_sign(const GlobalOptions& options, const SignOptions& request) {
    if (!request.message.empty() && !request.file.empty())
        throw Failure{ExitCode::BadRequest, "either a message or --file"};
    const auto message = request.file.empty() ? request.message : file_argument(request.file);
    const auto account = Account::find(options, request.key);
    const auto signature = account.unlock().sign_message(as_bytes(message));
    const auto address = to_checksum(account.address());
    print_answer(options, format_signature(signature) + "\n",
                 {{"address", address},
                  {"digest", to_hex0x(message_digest(as_bytes(message)))},
                  {"signature", format_signature(signature)}});
}

}  // namespace cairn::wallet
