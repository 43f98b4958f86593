// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "wallet/address.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/terminal.hpp"
#include "wallet/hd_path.hpp"
#include "wallet/mnemonic.hpp"

namespace cairn::wallet {

void run_new(const GlobalOptions& options, const NewOptions& request) {
    const auto password = get_fresh_password(request.password_file);
    const auto phrase = make_mnemonic(request.words);
    const auto seed = mnemonic_seed(phrase.reveal(), "");
    const auto path = account_path(0);
    const auto secret = derive_account(*seed, path);
    CAIRN_ASSERT(secret.has_value());
    const auto file = store_key(options, *secret, password, request.light);
    const auto address = to_checksum(secp256k1::address_of(*secp256k1::public_key(*secret)));
    // The phrase passes through plain strings only here, where it is shown.
    print_answer(options,
                 fmt::format("address   {}\n"
                             "key file  {}\n"
                             "mnemonic  {}\n\n"
                             "Write the mnemonic down on paper and keep it: it brings the account "
                             "back ({}) when the file is\nlost, and gives it to whoever reads it. "
                             "It is not stored and not shown again.\n",
                             address, file.string(), phrase.reveal(), path),
                 {{"address", address},
                  {"keyFile", file.string()},
                  {"mnemonic", std::string{phrase.reveal()}},
                  {"path", path}});
}

}  // namespace cairn::wallet
