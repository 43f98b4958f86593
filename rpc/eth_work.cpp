// SPDX-License-Identifier: MIT
// Mining in the node and work for miners outside it (EIP-1474, the eth_ mining methods of old;
// miner_* as geth had them while it mined).
#include "rpc/bind.hpp"
#include "rpc/eth_methods.hpp"

namespace cairn::rpc {
namespace {

Unexpected<RpcError> no_mining() {
    return server_error("this node does not mine");
}

Reply mining(EthContext& context, Call&, JsonWriter& out) {
    out.boolean(context.mining != nullptr && context.mining->is_mining());
    return {};
}

Reply hashrate(EthContext& context, Call&, JsonWriter& out) {
    out.quantity(context.mining == nullptr ? 0 : context.mining->hashrate());
    return {};
}

Reply coinbase(EthContext& context, Call&, JsonWriter& out) {
    const auto address = context.mining == nullptr ? std::nullopt : context.mining->coinbase();
    if (!address) return server_error("etherbase must be explicitly specified");
    out.data(*address);
    return {};
}

Reply get_work(EthContext& context, Call&, JsonWriter& out) {
    if (context.mining == nullptr) return no_mining();
    const auto work = context.mining->work();
    if (!work) return Unexpected{work.error()};
    out.begin_array();
    for (const auto& part : *work) out.data(part);
    out.quantity(context.mining->work_number());
    out.end_array();
    return {};
}

Reply submit_work(EthContext& context, Call&, JsonWriter& out, Bytes nonce, Hash256 seal_hash,
                  Hash256 mix_hash) {
    if (context.mining == nullptr) return no_mining();
    if (nonce.size() != SealNonce::kSize)
        return invalid_params("invalid argument 0: hex string has length " +
                              std::to_string(2 * nonce.size()) + ", want 16 for types.BlockNonce");
    out.boolean(context.mining->submit_work(SealNonce::from(nonce), seal_hash, mix_hash));
    return {};
}

Reply submit_hashrate(EthContext& context, Call&, JsonWriter& out, Uint256 rate, Hash256 miner) {
    if (context.mining == nullptr) return no_mining();
    context.mining->submit_hashrate(rate.saturate_u64(), miner);
    out.boolean(true);
    return {};
}

Reply start(EthContext& context, Call&, JsonWriter& out, std::optional<std::uint64_t> threads) {
    if (context.mining == nullptr) return no_mining();
    if (auto started = context.mining->start(threads); !started) return started;
    out.null();
    return {};
}

Reply stop(EthContext& context, Call&, JsonWriter& out) {
    if (context.mining == nullptr) return no_mining();
    context.mining->stop();
    out.null();
    return {};
}

Reply set_etherbase(EthContext& context, Call&, JsonWriter& out, Address address) {
    if (context.mining == nullptr) return no_mining();
    context.mining->set_coinbase(address);
    out.boolean(true);
    return {};
}

Reply set_extra(EthContext& context, Call&, JsonWriter& out, std::string text) {
    if (context.mining == nullptr) return no_mining();
    if (auto set = context.mining->set_extra_data(to_bytes(as_bytes(text))); !set) return set;
    out.boolean(true);
    return {};
}

Reply set_gas_price(EthContext& context, Call&, JsonWriter& out, Uint256 price) {
    if (context.mining == nullptr) return no_mining();
    context.mining->set_gas_price(price);
    out.boolean(true);
    return {};
}

Reply set_gas_limit(EthContext& context, Call&, JsonWriter& out, std::uint64_t limit) {
    if (context.mining == nullptr) return no_mining();
    context.mining->set_gas_limit(limit);
    out.boolean(true);
    return {};
}

}  // namespace

std::vector<Method> eth_work_methods(EthContext& context) {
    const auto light = Cost::Light;
    std::vector<Method> rows;
    rows.push_back(
        method(context, {"eth_mining", "Whether the node mines.", "boolean", light}, mining));
    rows.push_back(
        method(context,
               {"eth_hashrate", "Hashes a second, of the node and of miners that report theirs.",
                "quantity", light},
               hashrate));
    rows.push_back(method(context,
                          {"eth_coinbase", "Who is paid for blocks mined here.", "address", light},
                          coinbase));
    rows.push_back(
        method(context,
               {"eth_getWork", "Seal hash, seed hash, boundary and number of the block to mine.",
                "array", light},
               get_work));
    rows.push_back(method(context,
                          {"eth_submitWork", "Hands in a seal; whether it is valid.", "boolean"},
                          {"nonce", "sealHash", "mixHash"}, submit_work));
    rows.push_back(method(context,
                          {"eth_submitHashrate", "Reports a miner's speed.", "boolean", light},
                          {"hashrate", "id"}, submit_hashrate));
    rows.push_back(method(context, {"miner_start", "Begins to mine, with so many threads.", "any"},
                          {"threads"}, start));
    rows.push_back(method(context, {"miner_stop", "Stops mining.", "any"}, stop));
    rows.push_back(method(context, {"miner_setEtherbase", "Sets who is paid.", "boolean", light},
                          {"address"}, set_etherbase));
    rows.push_back(method(
        context, {"miner_setExtra", "Sets the extra data of blocks mined here.", "boolean", light},
        {"text"}, set_extra));
    rows.push_back(
        method(context,
               {"miner_setGasPrice", "Sets the least tip that is mined, in wei.", "boolean", light},
               {"price"}, set_gas_price));
    rows.push_back(method(
        context, {"miner_setGasLimit", "Sets the gas limit that blocks tend to.", "boolean", light},
        {"limit"}, set_gas_limit));
    return rows;
}

}  // namespace cairn::rpc
