// SPDX-License-Identifier: MIT
#include "core/crypto/keccak.hpp"
#include "rpc/bind.hpp"
#include "rpc/eth_methods.hpp"

namespace cairn::rpc {
namespace {

Reply client_version(EthContext& context, Call&, JsonWriter& out) {
    out.text(context.client_version);
    return {};
}

Reply sha3(EthContext&, Call&, JsonWriter& out, Bytes bytes) {
    out.data(keccak256(bytes));
    return {};
}

}  // namespace

std::vector<Method> web3_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(method(
        context, {"web3_clientVersion", "The node's name and version.", "string", Cost::Light},
        client_version));
    rows.push_back(method(context, {"web3_sha3", "Keccak-256 of some bytes.", "hash", Cost::Light},
                          {"data"}, sha3));
    return rows;
}

}  // namespace cairn::rpc
