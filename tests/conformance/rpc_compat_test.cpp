// SPDX-License-Identifier: MIT
// The public request and answer cases of the execution API, on the chain that comes with them.
// Rules of comparison: rpc-compat/README.md.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "chain/import/chain_manager.hpp"
#include "chain/pool/tx_pool.hpp"
#include "chain/spec/genesis_json.hpp"
#include "chain/store/store_writer.hpp"
#include "core/base/hex.hpp"
#include "core/codec/rlp_decode.hpp"
#include "rpc/chain_build.hpp"
#include "rpc/chain_pool.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/eth_methods.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

/// A folder of its own that goes with the test.
class TempFolder {
public:
    TempFolder() {
        auto name = (fs::temp_directory_path() / "cairn-rpc-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~TempFolder() { fs::remove_all(path_); }
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

/// The chain of the fixtures, imported, with the methods over it.
class CompatChain {
public:
    explicit CompatChain(const fs::path& folder)
        : store_{temp_.path()},
          genesis_{chain::parse_genesis(test::read_text(folder / "genesis.json")).value()} {
        chain::ChainManagerOptions options;
        options.checks_seals = false;
        auto manager = chain::ChainManager::open(store_, genesis_, options);
        manager_ = std::move(manager).value();
        const auto text = test::read_text(folder / "chain.rlp");
        auto rest = as_bytes(text);
        while (!rest.empty()) {
            const auto before = rest;
            if (!rlp_take_item(rest)) throw std::runtime_error("chain.rlp is cut");
            const auto block = before.first(before.size() - rest.size());
            last_ = manager_->submit_encoded(to_bytes(block)).get();
        }
        manager_->stop();
        const auto named =
            Json::parse(test::read_text(folder / "headfcu.json"))["params"][0]["headBlockHash"];
        chain::StoreWriter writer{store_};
        writer.set_safe(last_.block);
        writer.set_finalized(last_.block);
        writer.commit();
        EXPECT_EQ(to_hex0x(last_.block.hash), named.get<std::string>());
        pool_chain_ = std::make_unique<chain::StoreChain>(store_);
        pool_ = std::make_unique<chain::TxPool>(manager_->spec(), *pool_chain_,
                                                chain::PoolOptions{}, 0);
        door_ = std::make_unique<ChainPool>(*pool_);
        context_.reset(new EthContext{store_, manager_->spec()});
        context_->pool = door_.get();
        builder_ = std::make_unique<ChainBuild>(store_, manager_->spec(), *pool_);
        context_->build = builder_.get();
        dispatcher_.add(chain_methods(*context_));
    }

    [[nodiscard]] Json ask(const std::string& request) {
        Call call;
        return Json::parse(
            dispatcher_.handle(request, ApiSet::parse("eth,debug,txpool,testing"), call));
    }

private:
    TempFolder temp_;
    chain::Store store_;
    chain::Genesis genesis_;
    std::unique_ptr<chain::ChainManager> manager_;
    chain::ImportOutcome last_;
    std::unique_ptr<chain::StoreChain> pool_chain_;
    std::unique_ptr<chain::TxPool> pool_;
    std::unique_ptr<ChainPool> door_;
    std::unique_ptr<ChainBuild> builder_;
    std::unique_ptr<EthContext> context_;
    Dispatcher dispatcher_;
};

struct Case {
    bool is_shape_only = false;
    std::vector<std::pair<std::string, std::string>> exchanges{};  ///< request, answer
};

Case read_case(const fs::path& file) {
    Case out;
    std::istringstream lines{test::read_text(file)};
    std::string request;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("// speconly:")) out.is_shape_only = true;
        if (line.starts_with(">>")) request = line.substr(2);
        if (line.starts_with("<<")) out.exchanges.emplace_back(request, line.substr(2));
    }
    return out;
}

/// Takes the messages of errors out where both sides have one, at any depth.
void drop_messages(Json& got, Json& want) {
    if (got.is_array() && want.is_array()) {
        for (std::size_t i = 0; i < std::min(got.size(), want.size()); ++i)
            drop_messages(got[i], want[i]);
    }
    if (!got.is_object() || !want.is_object()) return;
    for (auto& [key, value] : want.items()) {
        if (!got.contains(key)) continue;
        if (key != "error") {
            drop_messages(got[key], value);
        } else if (value.is_object() && got[key].is_object() && value.contains("message") &&
                   got[key].contains("message")) {
            value.erase("message");
            got[key].erase("message");
        }
    }
}

/// The first place where two values differ.
std::string first_difference(const Json& got, const Json& want, const std::string& path = {}) {
    if (got == want) return {};
    if (got.is_object() && want.is_object()) {
        for (const auto& [key, value] : want.items()) {
            if (!got.contains(key)) return path + "/" + key + " is missing";
            if (auto found = first_difference(got[key], value, path + "/" + key); !found.empty())
                return found;
        }
        for (const auto& [key, value] : got.items())
            if (!want.contains(key)) return path + "/" + key + " should not be there";
    }
    if (got.is_array() && want.is_array()) {
        for (std::size_t i = 0; i < std::min(got.size(), want.size()); ++i)
            if (auto found = first_difference(got[i], want[i], path + "/" + std::to_string(i));
                !found.empty())
                return found;
    }
    return path + ": got " + got.dump().substr(0, 300) + ", want " + want.dump().substr(0, 300);
}

/// Why an exchange fails; empty where it passes.
std::string judge(Json got, Json want, bool is_shape_only) {
    if (is_shape_only && !want.contains("error")) {
        if (!got.contains("result")) return "no result: " + got.dump().substr(0, 300);
        return got["result"].type() == want["result"].type()
                   ? std::string{}
                   : std::string{"a result of another type"};
    }
    drop_messages(got, want);
    return first_difference(got, want);
}

TEST(RpcCompat, open_cases) {
    const auto root = test::fixtures_root();
    CAIRN_SKIP_WITHOUT(root);
    const auto folder = root.path / "rpc-compat";
    if (!fs::exists(folder / "open.txt")) GTEST_SKIP() << "rpc-compat is not among the fixtures";
    CompatChain chain{folder};
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::istringstream names{test::read_text(folder / "open.txt")};
    for (std::string name; std::getline(names, name);) {
        if (name.empty()) continue;
        const auto each = read_case(folder / (name + ".io"));
        std::string why;
        for (const auto& [request, answer] : each.exchanges) {
            why = judge(chain.ask(request), Json::parse(answer), each.is_shape_only);
            if (!why.empty()) break;
        }
        if (why.empty()) {
            ++passed;
        } else {
            ++failed;
            ADD_FAILURE() << name << ": " << why;
        }
    }
    std::printf("%zu cases passed\n", passed);
    EXPECT_EQ(failed, 0U);
    EXPECT_GT(passed, 0U);
}

}  // namespace
}  // namespace cairn::rpc
