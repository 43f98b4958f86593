// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "wallet/address.hpp"
#include "wallet/amount.hpp"
#include "wallet/commands/artifact.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/transaction.hpp"

namespace cairn::wallet {

void run_transact(const GlobalOptions& options, const TransactOptions& request) {
    const auto& call = request.call;
    const auto abi = interface_of(call.interface);
    const auto function = find_function(abi, call.function, call.arguments.size());
    const auto selector = selector_of(function.name, function.inputs);
    TxRequest tx;
    tx.to = address_argument(call.contract);
    tx.value = amount_argument(request.tx.value, "--value");
    tx.data.assign(selector.begin(), selector.end());
    append(tx.data, encode_arguments(function.inputs, call.arguments));
    tx.abi = abi.value_or(Abi{});
    if (function.is_constant)
        throw Failure{ExitCode::BadRequest, function.name + " only reads",
                      "`cairn-wallet call` asks it without a transaction"};
    // Only an interface says for certain that a function takes no coins.
    if (!tx.value.is_zero() && abi && !function.is_payable)
        throw Failure{ExitCode::BadRequest, function.name + " takes no coins", "leave out --value"};
    tx.summary = fmt::format("Call {}({}) of {}", function.name, fmt::join(call.arguments, ", "),
                             to_checksum(*tx.to));
    const auto account = Account::find(options, request.key);
    NodeClient node{options};
    if (node.code(*tx.to).empty())
        throw Failure{ExitCode::BadRequest,
                      fmt::format("there is no contract at {} on chain {}", to_checksum(*tx.to),
                                  node.chain_id()),
                      "check the address and the network; `cairn-wallet send` sends coins"};
    const auto sent = send_transaction(options, node, account, tx, request.tx);
    print_answer(options, to_text(sent), to_json(sent));
}

}  // namespace cairn::wallet
