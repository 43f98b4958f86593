// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/terminal.hpp"
#include "wallet/eip712.hpp"

namespace cairn::wallet {

void run_sign_typed(const GlobalOptions& options, const SignOptions& request) {
    const auto data = parse_typed_data(file_argument(request.file));
    if (!data)
        throw Failure{ExitCode::BadRequest,
                      fmt::format("{}: {}", request.file, to_string(data.error()))};
    const auto account = Account::find(options, request.key);
    // Typed data can give away tokens just as a transaction can, so it is shown too.
    const auto shown = fmt::format("{}\ndomain {}\nmessage {}\nSign it as {}?", data->primary_type,
                                   data->domain, data->message, to_checksum(account.address()));
    if (!options.yes && !ask_yes(shown))
        throw Failure{ExitCode::Declined, "declined; nothing was signed"};
    const auto signature = account.unlock().sign_digest(data->digest);
    print_answer(options, format_signature(signature) + "\n",
                 {{"address", to_checksum(account.address())},
                  {"digest", to_hex0x(data->digest)},
                  {"signature", format_signature(signature)}});
}

}  // namespace cairn::wallet
