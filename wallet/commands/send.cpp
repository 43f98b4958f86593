// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "wallet/address.hpp"
#include "wallet/amount.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/transaction.hpp"

namespace cairn::wallet {

void run_send(const GlobalOptions& options, const SendOptions& request) {
    TxRequest tx;
    tx.to = address_argument(request.to);
    tx.value = amount_argument(request.tx.value, "--value");
    tx.summary = fmt::format("Send {} to {}", format_amount(tx.value), to_checksum(*tx.to));
    const auto account = Account::find(options, request.key);
    NodeClient node{options};
    const auto sent = send_transaction(options, node, account, tx, request.tx);
    print_answer(options, to_text(sent), to_json(sent));
}

}  // namespace cairn::wallet
