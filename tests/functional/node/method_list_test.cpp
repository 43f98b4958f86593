// SPDX-License-Identifier: MIT
// The methods that a node is to have, by name, against what it says of itself.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "tests/functional/node/running_node.hpp"

namespace cairn::test {
namespace {

/// What every node has. From the execution API, geth's and core-geth's consoles, OpenEthereum's
/// traces and Otterscan's list; cairn_* are this node's own.
constexpr const char* kMethods = R"(
eth_accounts eth_baseFee eth_blobBaseFee eth_blockNumber eth_call eth_capabilities eth_chainId
eth_coinbase eth_config eth_createAccessList eth_estimateGas eth_feeHistory eth_fillTransaction
eth_gasPrice eth_getBalance eth_getBlockByHash eth_getBlockByNumber eth_getBlockReceipts
eth_getBlockTransactionCountByHash eth_getBlockTransactionCountByNumber eth_getCode
eth_getFilterChanges eth_getFilterLogs eth_getLogs eth_getProof eth_getStorageAt
eth_getStorageValues eth_getTransactionByBlockHashAndIndex
eth_getTransactionByBlockNumberAndIndex eth_getTransactionByHash eth_getTransactionCount
eth_getTransactionReceipt eth_getUncleByBlockHashAndIndex eth_getUncleByBlockNumberAndIndex
eth_getUncleCountByBlockHash eth_getUncleCountByBlockNumber eth_getWork eth_hashrate
eth_maxPriorityFeePerGas eth_mining eth_newBlockFilter eth_newFilter
eth_newPendingTransactionFilter eth_sendRawTransaction eth_sendRawTransactionSync eth_simulateV1
eth_submitHashrate eth_submitWork eth_subscribe eth_syncing eth_uninstallFilter eth_unsubscribe
net_listening net_peerCount net_version web3_clientVersion web3_sha3
txpool_content txpool_contentFrom txpool_inspect txpool_status
debug_getRawBlock debug_getRawHeader debug_getRawReceipts debug_getRawTransaction debug_setHead
debug_traceBlock debug_traceBlockByHash debug_traceBlockByNumber debug_traceCall
debug_traceTransaction
admin_addPeer admin_datadir admin_nodeInfo admin_peers admin_removePeer
miner_setEtherbase miner_setExtra miner_setGasLimit miner_setGasPrice miner_start miner_stop
rpc.discover rpc_modules testing_buildBlockV1
trace_block trace_call trace_filter trace_transaction
erigon_getHeaderByNumber ots_getApiLevel ots_getBlockDetails ots_getBlockDetailsByHash
ots_getBlockTransactions ots_getContractCreator ots_getInternalOperations
ots_getTransactionBySenderAndNonce ots_getTransactionError ots_hasCode
ots_searchTransactionsAfter ots_searchTransactionsBefore ots_traceTransaction
cairn_chainTips cairn_confirmationRisk cairn_doubleSpends cairn_invalidateBlock
cairn_reconsiderBlock cairn_status cairn_stop cairn_testTransaction)";

/// What a developer's node has beside.
constexpr const char* kDevMethods = R"(
eth_sendTransaction eth_signTransaction eth_sign eth_signTypedData_v4 personal_sign
evm_increaseTime evm_mine evm_revert evm_setAutomine evm_setIntervalMining
evm_setBlockGasLimit evm_setNextBlockTimestamp evm_snapshot
anvil_autoImpersonateAccount anvil_dropAllTransactions anvil_dropTransaction anvil_getAutomine
anvil_impersonateAccount anvil_metadata anvil_mine anvil_nodeInfo
anvil_removeBlockTimestampInterval anvil_removePoolTransactions anvil_reset anvil_setAutomine
anvil_setBalance
anvil_setBlockGasLimit anvil_setBlockTimestampInterval anvil_setCode anvil_setCoinbase
anvil_setNextBlockBaseFeePerGas anvil_setNonce anvil_setStorageAt anvil_stopImpersonatingAccount
hardhat_dropTransaction hardhat_getAutomine hardhat_impersonateAccount hardhat_metadata
hardhat_mine hardhat_reset hardhat_setBalance hardhat_setCode hardhat_setCoinbase
hardhat_setNextBlockBaseFeePerGas hardhat_setNonce hardhat_setStorageAt
hardhat_stopImpersonatingAccount)";

std::set<std::string> names_in(RunningNode& node) {
    std::set<std::string> out;
    const auto document = node.call("rpc.discover");
    for (const auto& method : document.at("methods")) out.insert(method.at("name").get<std::string>());
    return out;
}

template <class Use>
void for_each_name(const char* list, Use use) {
    std::istringstream words{list};
    for (std::string name; words >> name;) use(name);
}

TEST(MethodList, a_developers_node_has_all) {
    RunningNode node{{"--dev"}};
    const auto names = names_in(node);
    const auto expect = [&](const std::string& name) { EXPECT_TRUE(names.contains(name)) << name; };
    for_each_name(kMethods, expect);
    for_each_name(kDevMethods, expect);
}

TEST(MethodList, another_node_has_all_but_the_developers) {
    const TemporaryFolder folder;
    RunningNode node{{"--datadir", folder.path() / "data", "--nodiscover", "--port", "0",
                      "--addr", "127.0.0.1", "--nat", "none",
                      "--http.api",
                      "eth,net,web3,txpool,debug,admin,miner,rpc,trace,ots,erigon,testing,cairn"}};
    const auto names = names_in(node);
    for_each_name(kMethods, [&](const std::string& name) {
        EXPECT_TRUE(names.contains(name)) << name;
    });
    for_each_name(kDevMethods, [&](const std::string& name) {
        EXPECT_FALSE(names.contains(name)) << name;
    });
}

}  // namespace
}  // namespace cairn::test
