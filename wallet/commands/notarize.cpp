// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/contracts.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/notary.hpp"
#include "wallet/commands/transaction.hpp"

namespace cairn::wallet {

void run_notarize(const GlobalOptions& options, const NotarizeOptions& request) {
    const auto digest = file_digest(request.file);
    const auto registry = registry_argument(request.registry, kExistenceRegistry);
    const auto account = Account::find(options, request.key);
    NodeClient node{options};
    // Asked first, so that nobody pays to learn that there is no registry.
    const auto known = find_record(node, registry, digest);

    TxRequest tx;
    tx.to = registry;
    const auto function = parse_function(kNotarizeFunction);
    const auto selector = selector_of(function->name, function->inputs);
    tx.data.assign(selector.begin(), selector.end());
    append(tx.data, digest);
    (void)add_signature(tx.abi, kAlreadyNotarizedError);
    tx.summary = fmt::format("Notarise {}\n  SHA-256  {}", request.file, to_hex(digest));
    if (known)
        tx.summary += fmt::format("\n  first notarised in block {} by {}", known->number,
                                  to_checksum(known->by));
    const auto sent = send_transaction(options, node, account, tx, request.tx);
    auto json = to_json(sent);
    json["digest"] = to_hex0x(digest);
    print_answer(options, fmt::format("SHA-256     {}\n{}", to_hex(digest), to_text(sent)), json);
}

}  // namespace cairn::wallet
