// SPDX-License-Identifier: MIT
#include "bench/rpc_compare/loads.hpp"

namespace cairn::bench {
namespace {

/// Calls of the load that is a batch.
constexpr std::size_t kBatchCalls = 20;
/// keccak256("Transfer(address,address,uint256)").
constexpr const char* kTransferTopic =
    "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

std::string address_word(const std::string& address0x) {
    return std::string(24, '0') + address0x.substr(2);
}

Load simple(std::string name, double aim, const std::string& method, const std::string& params,
            std::string needle) {
    return {std::move(name), aim, 1, {call_text(method, params)}, std::move(needle)};
}

std::vector<std::string> balance_calls(const Scene& scene) {
    std::vector<std::string> calls;
    for (const auto& account : scene.accounts)
        calls.push_back(call_text("eth_getBalance", "[\"" + account + "\",\"latest\"]"));
    return calls;
}

Load batch_of_balances(const Scene& scene) {
    const auto calls = balance_calls(scene);
    std::vector<std::string> batch;
    for (std::size_t i = 0; i < kBatchCalls; ++i) batch.push_back(calls[i % calls.size()]);
    return {"batch of 20 eth_getBalance", 2,           kBatchCalls,
            {batch_text(batch)},          "\"result\"", kBatchCalls};
}

}  // namespace

std::string call_text(const std::string& method, const std::string& params) {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}";
}

std::string batch_text(const std::vector<std::string>& calls) {
    std::string out = "[";
    for (const auto& call : calls) out += (out.size() > 1 ? "," : "") + call;
    return out + "]";
}

std::vector<Load> read_loads(const Scene& scene) {
    const auto& holder = scene.accounts.front();
    const auto balance_of = "0x70a08231" + address_word(holder);
    const auto transfer = "0xa9059cbb" + address_word(scene.accounts.at(1)) + std::string(63, '0') + "1";
    const auto topic = "0x" + address_word(scene.lone_receiver);
    std::vector<Load> loads;
    loads.push_back(simple("eth_chainId", 1.5, "eth_chainId", "[]", "\"0x539\""));
    loads.push_back(simple("eth_blockNumber", 1.5, "eth_blockNumber", "[]", "\"0x"));
    loads.push_back({"eth_getBalance", 1.5, 1, balance_calls(scene), "\"result\""});
    loads.push_back(simple("eth_getStorageAt", 1.5, "eth_getStorageAt",
                           "[\"" + scene.token + R"(","0x2","latest"])", "\"0x0000"));
    loads.push_back(simple("eth_call balanceOf", 2, "eth_call",
                           R"([{"to":")" + scene.token + R"(","data":")" + balance_of +
                               R"("},"latest"])",
                           "\"0x0000"));
    loads.push_back(simple("eth_estimateGas transfer", 4, "eth_estimateGas",
                           R"([{"from":")" + holder + R"(","to":")" + scene.token +
                               R"(","data":")" + transfer + "\"}]",
                           "\"0x"));
    Load receipts{"eth_getTransactionReceipt", 3, 1, {}, "\"blockHash\"", 2};
    for (const auto& hash : scene.tx_hashes)
        receipts.bodies.push_back(call_text("eth_getTransactionReceipt", "[\"" + hash + "\"]"));
    loads.push_back(std::move(receipts));
    auto block = simple("eth_getBlockByNumber, 62 full", 50, "eth_getBlockByNumber",
                        "[\"" + scene.full_block + "\",true]", "\"maxPriorityFeePerGas\"");
    block.needle_count = kBlockTxs;
    loads.push_back(std::move(block));
    auto logs = simple("eth_getLogs, 1100 logs", 5, "eth_getLogs",
                       R"([{"fromBlock":"0x0","toBlock":")" + scene.last_block + R"(","address":")" + scene.token +
                           R"(","topics":[")" + kTransferTopic + "\"]}]",
                       "\"logIndex\"");
    logs.needle_count = kTokenLogs;
    loads.push_back(std::move(logs));
    loads.push_back(simple("eth_getLogs by topic, one", 2, "eth_getLogs",
                           R"([{"fromBlock":"0x0","toBlock":")" + scene.last_block + R"(","topics":[")" +
                               std::string{kTransferTopic} + R"(",null,")" + topic + "\"]}]",
                           "\"logIndex\""));
    loads.push_back(batch_of_balances(scene));
    return loads;
}

}  // namespace cairn::bench
