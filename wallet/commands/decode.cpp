// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "core/types/transaction_rlp.hpp"
#include "wallet/address.hpp"
#include "wallet/amount.hpp"
#include "wallet/commands/abi_output.hpp"
#include "wallet/commands/artifact.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/commands/node_client.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;

/// The interface of --abi and the lines of --signature together.
Abi interface_of(const DecodeOptions& request) {
    Abi abi = wallet::interface_of(request.interface).value_or(Abi{});
    for (const auto& line : request.signatures)
        if (const auto added = add_signature(abi, line); !added)
            throw Failure{ExitCode::BadRequest,
                          fmt::format("{}: {}", line, to_string(added.error()))};
    return abi;
}

struct Decoded {
    std::string text;
    Json json;
};

Decoded decode_named(const std::string& name, const std::vector<AbiParam>& params, ByteView data,
                     const std::string& what) {
    const auto values = decode_or_fail(params, data, what);
    return {
        fmt::format("{}\n{}", canonical_signature(name, params), params_to_text(params, values)),
        {{"name", name},
         {"signature", canonical_signature(name, params)},
         {"values", abi_to_json(tuple_of(params), values)}}};
}

/// Call data or revert data: by its selector.
Decoded decode_input(const Abi& abi, ByteView data) {
    if (data.size() >= 4) {
        for (const auto& function : abi.functions)
            if (equal(data.first(4), selector_of(function.name, function.inputs)))
                return decode_named(function.name, function.inputs, data.subspan(4), "the data");
        const auto reason = describe_revert(data, abi);
        if (reason != to_hex0x(data)) return {reason + "\n", {{"revert", reason}}};
    }
    throw Failure{ExitCode::Failed, "no signature fits the data's first four bytes",
                  "give --signature \"name(types)\" or --abi FILE"};
}

Decoded decode_output(const Abi& abi, ByteView data) {
    if (abi.functions.size() != 1)
        throw Failure{ExitCode::BadRequest, "--output needs exactly one --signature",
                      "like \"balanceOf(address)(uint256)\""};
    const auto& outputs = abi.functions.front().outputs;
    const auto values = decode_or_fail(outputs, data, "the output");
    return {params_to_text(outputs, values), {{"values", abi_to_json(tuple_of(outputs), values)}}};
}

Decoded decode_transaction(const Abi& abi, ByteView data) {
    const auto tx = decode_tx(data);
    if (!tx) throw Failure{ExitCode::Failed, "the data is no signed transaction"};
    const auto recovered = recover_sender(*tx);
    if (!recovered) throw Failure{ExitCode::Failed, "the transaction's signature names nobody"};
    const auto& body = tx->tx();
    const auto to = body.to ? to_checksum(*body.to) : std::string{"(new contract)"};
    Decoded out;
    out.text = fmt::format(
        "hash   {}\ntype   {}\nfrom   {}\nto     {}\nvalue  {}\nnonce  {}\n"
        "gas    {} at most {} each\ndata   {}\n",
        to_hex0x(tx->hash()), to_string(body.type), to_checksum(recovered->sender()), to,
        format_amount(body.value), body.nonce, body.gas_limit, format_amount(body.max_fee_per_gas),
        to_hex0x(body.data));
    out.json = {{"hash", to_hex0x(tx->hash())},
                {"type", static_cast<int>(body.type)},
                {"from", to_checksum(recovered->sender())},
                {"to", body.to ? Json(to) : Json{}},
                {"wei", to_decimal(body.value)},
                {"nonce", body.nonce},
                {"gas", body.gas_limit},
                {"maxFeePerGas", to_decimal(body.max_fee_per_gas)},
                {"data", to_hex0x(body.data)},
                {"chainId", body.chain_id ? Json(*body.chain_id) : Json{}}};
    if (!abi.functions.empty() && !body.data.empty()) {
        auto call = decode_input(abi, body.data);
        out.text += call.text;
        out.json["call"] = std::move(call.json);
    }
    return out;
}

}  // namespace

void run_decode(const GlobalOptions& options, const DecodeOptions& request) {
    const auto data = from_hex(request.data);
    if (!data) throw Failure{ExitCode::BadRequest, "the data is no hex"};
    const auto abi = interface_of(request);
    const auto decoded = request.raw_tx   ? decode_transaction(abi, *data)
                         : request.output ? decode_output(abi, *data)
                                          : decode_input(abi, *data);
    print_answer(options, decoded.text, decoded.json);
}

}  // namespace cairn::wallet
