// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/amount.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/node_client.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

std::uint64_t number_of(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_string() ? quantity_of(*at, name).saturate_u64() : 0;
}

/// The accounts whose transactions are shown: those named, else those of the keystore.
std::set<Address> watched_accounts(const GlobalOptions& options, const WatchOptions& request) {
    std::set<Address> out;
    for (const auto& text : request.addresses) out.insert(address_argument(text));
    if (out.empty())
        for (const auto& file : list_key_files(keystore_folder(options))) out.insert(file.address);
    return out;
}

void show_transaction(const Json& tx, const std::set<Address>& accounts, std::string& text,
                      Json& list) {
    const auto from = fixed_from_hex<Address>(text_of(tx, "from"));
    const auto to = fixed_from_hex<Address>(text_of(tx, "to"));
    const bool sends = from && accounts.count(*from) != 0;
    const bool receives = to && accounts.count(*to) != 0;
    if (!sends && !receives) return;
    const auto value = quantity_of(tx.value("value", Json{}), "a value");
    text += fmt::format("          {} {:>20}  {}  {}\n",
                        sends ? (receives ? "self" : "out ") : "in  ", format_amount(value),
                        to ? to_checksum(*to) : "(new contract)", text_of(tx, "hash"));
    list.push_back({{"hash", text_of(tx, "hash")},
                    {"from", text_of(tx, "from")},
                    {"to", to ? Json(text_of(tx, "to")) : Json{}},
                    {"wei", to_decimal(value)}});
}

void show_block(const GlobalOptions& options, const Json& block,
                const std::set<Address>& accounts) {
    const auto number = number_of(block, "number");
    const auto gas_used = number_of(block, "gasUsed");
    const auto gas_limit = number_of(block, "gasLimit");
    const auto transactions = block.value("transactions", Json::array());
    auto text = fmt::format("{:>8}  {:>5} txs  {:>3} % gas  {}  {}\n", number, transactions.size(),
                            gas_limit == 0 ? 0 : gas_used * 100 / gas_limit,
                            text_of(block, "miner"), text_of(block, "hash").substr(0, 18));
    Json own = Json::array();
    for (const auto& tx : transactions)
        if (tx.is_object()) show_transaction(tx, accounts, text, own);
    print_answer(options, text,
                 {{"number", number},
                  {"hash", text_of(block, "hash")},
                  {"timestamp", number_of(block, "timestamp")},
                  {"miner", text_of(block, "miner")},
                  {"transactions", transactions.size()},
                  {"gasUsed", gas_used},
                  {"gasLimit", gas_limit},
                  {"own", own}});
}

}  // namespace

void run_watch(const GlobalOptions& options, const WatchOptions& request) {
    const auto accounts = watched_accounts(options, request);
    NodeClient node{options};
    (void)node.chain_id();
    // The newest block is shown at once, so that the table is not empty.
    auto next = node.block_number();
    std::string previous;
    for (std::uint64_t shown = 0; request.blocks == 0 || shown < request.blocks;) {
        const auto block = node.block(to_quantity(Uint256{next}), true);
        if (block.is_null()) {
            std::this_thread::sleep_for(std::chrono::duration<double>{request.interval_seconds});
            continue;
        }
        // A block whose parent is not the one shown before: the chain was reorganised below.
        if (!previous.empty() && text_of(block, "parentHash") != previous && next > 0) {
            if (!options.json) std::fputs("  reorganised: going one block back\n", stdout);
            previous.clear();
            --next;
            continue;
        }
        show_block(options, block, accounts);
        previous = text_of(block, "hash");
        ++next;
        ++shown;
    }
}

}  // namespace cairn::wallet
