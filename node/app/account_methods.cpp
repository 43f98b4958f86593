// SPDX-License-Identifier: MIT
// Signing in the node: on a developer's network, whose keys everybody knows.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

#include "core/base/hex.hpp"
#include "node/app/methods.hpp"
#include "node/app/unix_clock.hpp"
#include "rpc/bind.hpp"
#include "rpc/call_args.hpp"
#include "rpc/encode.hpp"
#include "rpc/fill_tx.hpp"
#include "wallet/eip712.hpp"

namespace cairn::node {
namespace {

using rpc::AnyJson;
using rpc::Call;
using rpc::JsonWriter;
using rpc::Reply;
using rpc::RpcError;

Reply accounts(NodeContext& context, Call&, JsonWriter& out) {
    out.begin_array();
    if (context.accounts != nullptr)
        for (const Address& address : context.accounts->addresses()) out.data(address);
    out.end_array();
    return {};
}

Result<RecoveredTx, RpcError> fill_and_sign(NodeContext& context, const Call& call,
                                            const nlohmann::json& object) {
    const auto args = rpc::ParamCodec<rpc::CallArgs>::decode(object);
    if (!args) return rpc::invalid_params("invalid argument 0: " + args.error());
    const Address from = args->sender();
    if (context.accounts->find(from) == nullptr && !context.accounts->is_impersonated(from))
        return rpc::server_error("unknown account");
    auto tx = rpc::fill_tx(context.eth, call, *args);
    if (!tx) return Unexpected{tx.error()};
    auto signed_tx = context.accounts->sign(*std::move(tx), from);
    if (!signed_tx) return rpc::server_error("unknown account");
    return *std::move(signed_tx);
}

Reply send_transaction(NodeContext& context, Call& call, JsonWriter& out, AnyJson object) {
    auto tx = fill_and_sign(context, call, *object.value);
    if (!tx) return Unexpected{tx.error()};
    const TxHash hash = tx->hash();
    const auto added = context.pool.add(chain::NewTx{*std::move(tx)}, chain::Origin::Local,
                                        system_seconds());
    if (!added) return rpc::server_error(added.error().message);
    context.maker.wait_mined();
    out.data(hash);
    return {};
}

Reply sign_transaction(NodeContext& context, Call& call, JsonWriter& out, AnyJson object) {
    const auto tx = fill_and_sign(context, call, *object.value);
    if (!tx) return Unexpected{tx.error()};
    out.begin_object().data("raw", tx->signed_tx().bytes()).key("tx");
    rpc::write_tx(out, tx->signed_tx(), tx->sender(), std::nullopt);
    out.end_object();
    return {};
}

Reply write_signature(JsonWriter& out, const secp256k1::Signature& signature) {
    out.text(wallet::format_signature(signature));
    return {};
}

Reply sign_message(NodeContext& context, JsonWriter& out, const Address& address,
                   const Bytes& message) {
    const auto* signer = context.accounts->find(address);
    if (signer == nullptr) return rpc::server_error("unknown account");
    return write_signature(out, signer->sign_message(message));
}

Reply eth_sign(NodeContext& context, Call&, JsonWriter& out, Address address, Bytes message) {
    return sign_message(context, out, address, message);
}

Reply personal_sign(NodeContext& context, Call&, JsonWriter& out, Bytes message, Address address,
                    std::optional<std::string>) {
    return sign_message(context, out, address, message);
}

Reply sign_typed_data(NodeContext& context, Call&, JsonWriter& out, Address address,
                      AnyJson document) {
    const auto* signer = context.accounts->find(address);
    if (signer == nullptr) return rpc::server_error("unknown account");
    // Clients send the document as an object or as its text.
    const std::string text = document.value->is_string() ? document.value->get<std::string>()
                                                         : document.value->dump();
    const auto typed = wallet::parse_typed_data(text);
    if (!typed)
        return rpc::invalid_params("invalid argument 1: " +
                                   std::string{wallet::to_string(typed.error())});
    return write_signature(out, signer->sign_digest(typed->digest));
}

}  // namespace

std::vector<rpc::Method> account_methods(NodeContext& context) {
    using rpc::Cost;
    using rpc::method;
    std::vector<rpc::Method> rows;
    rows.push_back(method(context,
                          {"eth_accounts", "Accounts that the node signs for.", "array",
                           Cost::Light},
                          accounts));
    if (context.accounts == nullptr) return rows;
    rows.push_back(method(context,
                          {"eth_sendTransaction",
                           "Signs and sends a transaction of an account of the node.", "hash"},
                          {"transaction"}, send_transaction));
    rows.push_back(method(context,
                          {"eth_signTransaction",
                           "Signs a transaction of an account of the node.", "object"},
                          {"transaction"}, sign_transaction));
    rows.push_back(method(context, {"eth_sign", "Signs a message (EIP-191).", "data"},
                          {"address", "message"}, eth_sign));
    rows.push_back(method(context, {"personal_sign", "Signs a message (EIP-191).", "data"},
                          {"message", "address", "password"}, personal_sign));
    for (const char* name : {"eth_signTypedData_v4", "eth_signTypedData"})
        rows.push_back(method(context, {name, "Signs typed data (EIP-712).", "data"},
                              {"address", "document"}, sign_typed_data));
    return rows;
}

}  // namespace cairn::node
