// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chain/import/chain_manager.hpp"
#include "chain/store/store.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/filters.hpp"
#include "rpc/openrpc.hpp"
#include "rpc/subscriptions.hpp"
#include "tests/support/block_factory.hpp"

namespace cairn::rpc {

using Json = nlohmann::json;

/// A folder of its own that goes with the test.
class TempFolder {
public:
    TempFolder() {
        auto name = (std::filesystem::temp_directory_path() / "cairn-rpc-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~TempFolder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A client's connection that keeps what it is told.
class RecordingNotifier final : public Notifier {
public:
    bool notify(std::shared_ptr<const std::string> message) override {
        messages.push_back(Json::parse(*message)["params"]["result"]);
        return true;
    }
    std::vector<Json> messages;
};

/// A chain of blocks from a factory with every method over it.
class MethodsTest : public ::testing::Test {
protected:
    explicit MethodsTest(const Limits& limits = {}, Revision revision = Revision::London)
        : factory_{test::test_genesis(revision, 3)},
          context_{store_, factory_.genesis().spec, limits},
          dispatcher_{limits} {
        chain::ChainManagerOptions options;
        options.checks_seals = false;
        options.verify_threads = 1;
        options.clock = [] { return UnixSeconds{1} << 40; };
        manager_ = chain::ChainManager::open(store_, factory_.genesis(), options).value();
        filters_ = std::make_unique<FilterHub>(context_, &manager_->head_events());
        subscriptions_ = std::make_unique<SubscriptionHub>(context_, &manager_->head_events());
        dispatcher_.add(chain_methods(context_));
        dispatcher_.add(filters_->methods());
        dispatcher_.add(subscriptions_->methods());
        dispatcher_.add(rpc_methods(dispatcher_, "1.0"));
    }
    ~MethodsTest() override { manager_->stop(); }

    /// Imports a block on `parent` and gives it.
    Block extend(const Block& parent, const test::BlockPlan& plan = {}) {
        auto block = factory_.make(parent, plan);
        const auto outcome = manager_->submit(block).get();
        EXPECT_TRUE(outcome.is_stored()) << to_string(outcome);
        return block;
    }
    /// The whole answer. A lone parameter may stand without its brackets: nlohmann takes {x} for x.
    Json ask(const std::string& method, const Json& params = Json::array()) {
        Call call;
        call.notifier = notifier_;
        const bool is_lone = !params.is_array() && !params.is_object();
        const Json request{{"jsonrpc", "2.0"},
                           {"id", 1},
                           {"method", method},
                           {"params", is_lone ? Json::array({params}) : params}};
        auto answer = Json::parse(dispatcher_.handle(
            request.dump(),
            ApiSet::parse("eth,web3,debug,txpool,net,cairn,miner,testing,trace,ots"), call));
        for (const auto& after : call.after_reply) after();
        return answer;
    }
    /// The result of a request that must succeed.
    Json result(const std::string& method, const Json& params = Json::array()) {
        auto answer = ask(method, params);
        EXPECT_TRUE(answer.contains("result")) << method << ": " << answer.dump();
        return answer["result"];
    }
    /// Code and message of a request that must fail.
    std::pair<int, std::string> error(const std::string& method,
                                      const Json& params = Json::array()) {
        const auto answer = ask(method, params);
        EXPECT_TRUE(answer.contains("error")) << method << ": " << answer.dump();
        return {answer["error"]["code"].get<int>(), answer["error"]["message"].get<std::string>()};
    }

    TempFolder folder_;
    chain::Store store_{folder_.path()};
    test::BlockFactory factory_;
    std::unique_ptr<chain::ChainManager> manager_;
    EthContext context_;
    std::unique_ptr<FilterHub> filters_;
    std::unique_ptr<SubscriptionHub> subscriptions_;
    Dispatcher dispatcher_;
    std::shared_ptr<RecordingNotifier> notifier_ = std::make_shared<RecordingNotifier>();
};

}  // namespace cairn::rpc
