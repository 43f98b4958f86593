// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "chain/import/chain_manager.hpp"
#include "chain/pool/tx_pool.hpp"
#include "core/base/hex.hpp"
#include "rpc/chain_pool.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/filters.hpp"
#include "rpc/subscriptions.hpp"
#include "tests/unit/rpc/methods_fixture.hpp"

namespace cairn::rpc {

/// What a PooledNode is to be like.
struct PooledPlan {
    chain::Genesis genesis = test::test_genesis(Revision::Cancun, 3);
    chain::PoolOptions pool{};
};

/// A chain, a pool on its head, and the methods over both. Block 1 holds key 1's transaction of
/// nonce 0, so that there is a nonce that is too low.
class PooledNode {
public:
    explicit PooledNode(PooledPlan plan = {})
        : factory_{std::move(plan.genesis)}, context_{store_, factory_.genesis().spec} {
        chain::ChainManagerOptions options;
        options.checks_seals = false;
        options.verify_threads = 1;
        options.clock = [] { return UnixSeconds{1} << 40; };
        manager_ = chain::ChainManager::open(store_, factory_.genesis(), options).value();
        head_ = factory_.genesis_block();
        mine({test::make_tx(test::TestKey{1}, 0, test::TestKey{9}.address, Wei{1})});
        pool_chain_ = std::make_unique<chain::StoreChain>(store_);
        pool_ = std::make_unique<chain::TxPool>(manager_->spec(), *pool_chain_, plan.pool, 0);
        heads_ = manager_->head_events().subscribe(
            [this](const chain::HeadChangedPtr& change) { last_change_ = change; });
        door_ = std::make_unique<ChainPool>(*pool_);
        context_.pool = door_.get();
        filters_ = std::make_unique<FilterHub>(context_, &manager_->head_events());
        subscriptions_ = std::make_unique<SubscriptionHub>(context_, &manager_->head_events());
        dispatcher_.add(chain_methods(context_));
        dispatcher_.add(filters_->methods());
        dispatcher_.add(subscriptions_->methods());
    }
    ~PooledNode() { manager_->stop(); }
    PooledNode(const PooledNode&) = delete;
    PooledNode& operator=(const PooledNode&) = delete;

    /// Adds a block of these to the chain and tells the pool.
    const Block& mine(std::vector<SignedTx> transactions) {
        test::BlockPlan plan;
        plan.transactions = std::move(transactions);
        head_ = factory_.make(head_, plan);
        const auto outcome = manager_->submit(head_).get();
        EXPECT_TRUE(outcome.is_stored()) << to_string(outcome);
        if (pool_ && last_change_) pool_->on_head_changed(*last_change_, 0);
        return head_;
    }

    /// The whole answer.
    Json ask(const std::string& method, Json params = Json::array()) {
        Call call;
        call.notifier = notifier_;
        const Json request{
            {"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}};
        auto answer = Json::parse(
            dispatcher_.handle(request.dump(), ApiSet::parse("eth,txpool,cairn,debug"), call));
        for (const auto& after : call.after_reply) after();
        return answer;
    }
    /// The result of a request that must succeed.
    Json result(const std::string& method, Json params = Json::array()) {
        auto answer = ask(method, std::move(params));
        EXPECT_TRUE(answer.contains("result")) << method << ": " << answer.dump();
        return answer.value("result", Json{});
    }
    /// The answers to a batch, which has the help of these threads.
    Json ask_batch(const Json& batch, ThreadPool* helpers) {
        Call call;
        call.helpers = helpers;
        return Json::parse(
            dispatcher_.handle(batch.dump(), ApiSet::parse("eth,txpool,cairn,debug"), call));
    }
    /// Adds methods of the test's own.
    void add(std::vector<Method> methods) { dispatcher_.add(std::move(methods)); }
    Json send(const SignedTx& tx) {
        return ask("eth_sendRawTransaction", Json::array({to_hex0x(tx.bytes())}));
    }

    [[nodiscard]] chain::Store& store() noexcept { return store_; }
    [[nodiscard]] const Block& head() const noexcept { return head_; }
    [[nodiscard]] EthContext& context() noexcept { return context_; }
    [[nodiscard]] SubscriptionHub& subscriptions() noexcept { return *subscriptions_; }
    /// What the connection was told.
    [[nodiscard]] const std::vector<Json>& messages() const noexcept { return notifier_->messages; }

private:
    TempFolder folder_;
    chain::Store store_{folder_.path()};
    test::BlockFactory factory_;
    Block head_{HashedHeader{Header{}}, {}};
    chain::HeadChangedPtr last_change_;
    std::unique_ptr<chain::ChainManager> manager_;
    std::unique_ptr<chain::StoreChain> pool_chain_;
    std::unique_ptr<chain::TxPool> pool_;
    chain::EventBus<chain::HeadChangedPtr>::Subscription heads_;
    std::unique_ptr<ChainPool> door_;
    EthContext context_;
    std::unique_ptr<FilterHub> filters_;
    std::unique_ptr<SubscriptionHub> subscriptions_;
    Dispatcher dispatcher_;
    std::shared_ptr<RecordingNotifier> notifier_ = std::make_shared<RecordingNotifier>();
};

/// A dynamic-fee transfer of one wei that can be mined, for a test to change before it is signed.
inline Transaction transfer(std::uint64_t nonce) {
    Transaction tx;
    tx.type = TxType::DynamicFee;
    tx.chain_id = 1;
    tx.nonce = nonce;
    tx.to = test::TestKey{9}.address;
    tx.value = Wei{1};
    tx.gas_limit = 21000;
    tx.max_fee_per_gas = Wei{4'000'000'000};
    tx.max_priority_fee_per_gas = Wei{1'000'000'000};
    return tx;
}

/// Signs with key 1, or another.
inline SignedTx sign(Transaction tx, std::uint64_t key = 1) {
    return sign_tx(std::move(tx), test::TestKey{key}.secret).value();
}

}  // namespace cairn::rpc
