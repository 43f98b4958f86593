// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "wallet/amount.hpp"
#include "wallet/commands/artifact.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/transaction.hpp"

namespace cairn::wallet {
namespace {

Artifact load(const DeployOptions& request) {
    std::error_code ignored;
    const bool is_file = std::filesystem::exists(request.artifact, ignored);
    auto artifact = read_artifact(is_file ? file_argument(request.artifact) : request.artifact,
                                  request.interface.contract);
    if (artifact.init_code.empty())
        throw Failure{ExitCode::BadRequest, "there is no bytecode in " + request.artifact,
                      "an interface cannot be deployed; compile with bytecode in the output"};
    if (auto abi = interface_of(request.interface)) artifact.abi = std::move(*abi);
    return artifact;
}

}  // namespace

void run_deploy(const GlobalOptions& options, const DeployOptions& request) {
    const auto artifact = load(request);
    const auto& constructor = artifact.abi.constructor;
    TxRequest tx;
    tx.value = amount_argument(request.tx.value, "--value");
    tx.abi = artifact.abi;
    tx.data = artifact.init_code;
    append(tx.data, encode_arguments(constructor ? constructor->inputs : std::vector<AbiParam>{},
                                     request.arguments));
    if (!tx.value.is_zero() && constructor && !constructor->is_payable)
        throw Failure{ExitCode::BadRequest, "this constructor takes no coins", "leave out --value"};
    tx.summary = fmt::format("Deploy a contract of {} bytes of init code", tx.data.size());
    const auto account = Account::find(options, request.key);
    NodeClient node{options};
    const auto sent = send_transaction(options, node, account, tx, request.tx);
    print_answer(options, to_text(sent), to_json(sent));
}

}  // namespace cairn::wallet
