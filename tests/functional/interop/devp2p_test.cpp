// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"
#include "node/net/peer_server.hpp"
#include "tests/functional/program.hpp"
#include "tests/unit/node/net/eip2481_vectors.hpp"
#include "tests/unit/node/net/support.hpp"

// A node against another client's devp2p: npm's @ethereumjs/devp2p (package.json beside this file).
// What arrives is compared with what was sent, in both directions.

namespace cairn::node {
namespace {

using nlohmann::json;

/// Ethereum's main network at genesis, which the other client knows.
LocalChain mainnet_at_genesis() {
    LocalChain chain;
    chain.network_id = 1;
    chain.genesis = *fixed_from_hex<BlockHash>(
        "d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3");
    chain.head = chain.genesis;
    chain.total_difficulty = {Uint256{17179869184ULL}};
    chain.forks = forks_at({1150000, 1920000, 2463000, 2675000, 4370000, 7280000}, chain.genesis);
    return chain;
}

/// Answers with the messages printed in EIP-2481, and notes what it is sent.
class PrintedHandler : public EthHandler {
public:
    LocalChain local_chain() override { return mainnet_at_genesis(); }
    void on_peer_ready(const PeerInfo& peer, const Status& status) override {
        // Our second node finds us too, and is not whom this is about.
        if (peer.client.find("ethereumjs") == std::string::npos) return;
        const std::lock_guard lock{mutex_};
        peer_ = peer.id;
        status_ = status;
        version_ = peer.version;
        client_ = peer.client;
        door_->send(peer.id, GetBlockHeaders{77, BlockNumber{9}, 3, 1, true}, false);
    }
    void on_message(PeerId peer, EthMessage message) override {
        const std::lock_guard lock{mutex_};
        if (peer != peer_) return;
        if (const auto* m = std::get_if<GetBlockHeaders>(&message))
            reply(peer, EthCode::BlockHeaders, m->request_id, eip2481::kBlockHeaders);
        else if (const auto* b = std::get_if<GetBlockBodies>(&message))
            reply(peer, EthCode::BlockBodies, b->request_id, eip2481::kBlockBodies);
        else if (const auto* r = std::get_if<GetReceipts>(&message))
            reply(peer, EthCode::Receipts, r->request_id, eip2481::kReceipts);
        else if (const auto* p = std::get_if<GetPooledTransactions>(&message))
            reply(peer, EthCode::PooledTransactions, p->request_id, eip2481::kPooledTransactions);
        else if (const auto* t = std::get_if<Transactions>(&message))
            txs_ = t->txs;
        else if (const auto* a = std::get_if<NewPooledTransactionHashes>(&message))
            announced_ = a->txs;
        else if (const auto* h = std::get_if<BlockHeaders>(&message))
            headers_ = *h;
    }
    void on_peer_gone(PeerId) override {}

    PeerDoor* door_ = nullptr;
    std::mutex mutex_;
    Status status_;
    EthVersion version_{};
    std::string client_;
    PeerId peer_ = 0;
    std::vector<SignedTx> txs_;
    std::vector<TxAnnouncement> announced_;
    BlockHeaders headers_;

private:
    /// The printed reply, under the id that was asked with.
    void reply(PeerId peer, EthCode code, RequestId id, std::string_view printed) {
        const Bytes payload = hex(printed);
        RlpReader reader = RlpReader::of_list(payload);
        RlpItem items;
        reader.skip();
        reader.read_item(items);
        Bytes answer = rlp_encode(std::uint64_t{id});
        append(answer, items.encoded);
        door_->send_encoded(peer, code, rlp_encode_list(answer), false);
    }
};

/// [items…] of a printed reply, without its request id.
std::string items_of(std::string_view printed) {
    const Bytes payload = hex(printed);
    RlpReader reader = RlpReader::of_list(payload);
    RlpItem items;
    reader.skip();
    reader.read_item(items);
    return to_hex(items.encoded);
}

PeerServerConfig config_of(std::uint64_t seed) {
    PeerServerConfig config;
    config.key = key_of(seed);
    config.client = "cairn/interop";
    config.listen_ip = IpAddress::parse("127.0.0.1");
    config.port = 0;
    return config;
}

/// Where scripts/setup puts the other client; nothing where it is not installed.
std::optional<std::filesystem::path> find_modules() {
    const std::filesystem::path modules{CAIRN_INTEROP_MODULES};
    const bool has_it = std::filesystem::exists(modules / "node_modules/@ethereumjs/devp2p");
    return has_it && std::system("node --version >/dev/null 2>&1") == 0 ? std::optional{modules}
                                                                        : std::nullopt;
}

TEST(Devp2pInterop, ethereumjs_greets_syncs_gossips_and_discovers) {
    const auto modules = find_modules();
    if (!modules) GTEST_SKIP() << "Node.js or @ethereumjs/devp2p is not installed: scripts/setup";
    PrintedHandler handler;
    PeerServer server{config_of(1)};
    handler.door_ = &server.door();
    server.start(handler);
    // Somebody for the other client to find through us.
    PrintedHandler other_handler;
    auto other_config = config_of(2);
    other_config.bootnodes = {server.self()};
    PeerServer other{std::move(other_config)};
    other_handler.door_ = &other.door();
    other.start(other_handler);

    const Enode self = server.self();
    const json answers{{"headers", items_of(eip2481::kBlockHeaders)},
                       {"tx", items_of(eip2481::kPooledTransactions).substr(4, 210)}};
    const auto result =
        test::run_program("/usr/bin/env", {"node", CAIRN_INTEROP_SCRIPT, modules->string(),
                                           to_hex(self.id), std::to_string(self.endpoint.tcp_port),
                                           std::to_string(self.endpoint.udp_port), answers.dump()});
    ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
    const json seen = json::parse(result.out);

    // What they saw of us.
    EXPECT_EQ(seen["version"], 68);
    EXPECT_EQ(seen["client"], "cairn/interop");
    EXPECT_EQ(seen["status"]["td"], "0x0400000000");
    const auto received = [&seen](const char* name) {
        return seen["messages"][name].get<std::string>();
    };
    EXPECT_NE(received("headers").find(items_of(eip2481::kBlockHeaders)), std::string::npos);
    EXPECT_NE(received("bodies").find(items_of(eip2481::kBlockBodies)), std::string::npos);
    EXPECT_NE(received("receipts").find(items_of(eip2481::kReceipts)), std::string::npos);
    EXPECT_NE(received("pooled").find(items_of(eip2481::kPooledTransactions)), std::string::npos);
    EXPECT_EQ(received("getHeaders"), "0xc64dc409030101");
    const auto neighbours = seen["neighbours"].get<std::vector<int>>();
    EXPECT_NE(std::ranges::find(neighbours, other.self().endpoint.udp_port), neighbours.end());

    // What we saw of them.
    const std::lock_guard lock{handler.mutex_};
    EXPECT_EQ(handler.version_, EthVersion::Eth68);
    EXPECT_EQ(handler.status_.genesis, mainnet_at_genesis().genesis);
    EXPECT_NE(handler.client_.find("ethereumjs"), std::string::npos) << handler.client_;
    ASSERT_EQ(handler.txs_.size(), 1U);
    EXPECT_EQ(to_hex(handler.txs_[0].hash()), eip2481::kTxHash1);
    ASSERT_EQ(handler.announced_.size(), 1U);
    EXPECT_EQ(handler.announced_[0].size, 100U);
    EXPECT_EQ(handler.headers_.request_id, 77U);
    ASSERT_EQ(handler.headers_.headers.size(), 1U);
    EXPECT_EQ(to_hex(handler.headers_.headers[0].hash()), eip2481::kHeaderHash);
}

}  // namespace
}  // namespace cairn::node
