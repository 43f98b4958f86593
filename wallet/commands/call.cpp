// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/commands/abi_output.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/artifact.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/node_client.hpp"

namespace cairn::wallet {

void run_call(const GlobalOptions& options, const CallOptions& request) {
    const auto to = address_argument(request.contract);
    const auto abi = interface_of(request.interface);
    const auto function = find_function(abi, request.function, request.arguments.size());
    const auto selector = selector_of(function.name, function.inputs);
    Bytes data{selector.begin(), selector.end()};
    append(data, encode_arguments(function.inputs, request.arguments));

    nlohmann::json call{{"to", to_hex0x(to)}, {"input", to_hex0x(data)}};
    if (!request.from.empty()) call["from"] = to_hex0x(address_argument(request.from));
    NodeClient node{options};
    (void)node.chain_id();
    const auto output = node.call(call, block_argument(request.block), abi.value_or(Abi{}));
    if (function.outputs.empty()) {
        print_answer(options, to_hex0x(output) + "\n", {{"output", to_hex0x(output)}});
        return;
    }
    const auto values = decode_or_fail(function.outputs, output, "the output");
    print_answer(options, params_to_text(function.outputs, values),
                 {{"output", to_hex0x(output)},
                  {"values", abi_to_json(tuple_of(function.outputs), values)}});
}

}  // namespace cairn::wallet
