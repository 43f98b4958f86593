// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "wallet/address.hpp"
#include "wallet/amount.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/node_client.hpp"

namespace cairn::wallet {
namespace {

/// The address that is asked about; without one the keystore's only account.
Address address_of(const GlobalOptions& options, const BalanceOptions& request) {
    return request.address.empty() ? Account::find(options, {}).address()
                                   : address_argument(request.address);
}

}  // namespace

void run_balance(const GlobalOptions& options, const BalanceOptions& request) {
    const auto address = address_of(options, request);
    NodeClient node{options};
    const auto chain = node.chain_id();
    const auto balance = node.balance(address, block_argument(request.block));
    print_answer(options, format_amount(balance) + "\n",
                 {{"address", to_checksum(address)},
                  {"chainId", chain},
                  {"wei", to_decimal(balance)},
                  {"coin", format_decimal(balance, 18)}});
}

void run_nonce(const GlobalOptions& options, const BalanceOptions& request) {
    const auto address = address_of(options, request);
    NodeClient node{options};
    const auto chain = node.chain_id();
    const auto nonce = node.nonce(address, block_argument(request.block));
    print_answer(options, fmt::format("{}\n", nonce),
                 {{"address", to_checksum(address)}, {"chainId", chain}, {"nonce", nonce}});
}

}  // namespace cairn::wallet
