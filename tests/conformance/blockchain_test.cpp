// SPDX-License-Identifier: MIT
// The public blockchain tests: every case through a ChainManager on a store on disk, refusals for
// their own reason; and the public execution-API chain.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "chain/import/chain_manager.hpp"
#include "chain/spec/genesis_json.hpp"
#include "chain/store/check.hpp"
#include "core/base/hex.hpp"
#include "core/codec/rlp_decode.hpp"
#include "node/evm_tool/blocktest.hpp"
#include "node/evm_tool/blocktest_exceptions.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::node {
namespace {

constexpr std::size_t kFailuresShownMax = 20;

/// Runs the folder below the suites' root on all cores. None of its cases is left out.
void run_folder(const std::string& folder) {
    const auto suites = test::ethereum_tests();
    CAIRN_SKIP_WITHOUT(suites);
    const auto files = test::files_below(suites.path / folder);
    ASSERT_FALSE(files.empty()) << "no tests below " << folder;

    const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    std::vector<BlockTestRunner> runners(threads);
    std::mutex mutex;
    std::size_t passed = 0;
    std::size_t failed = 0;
    for_each_file(files, threads, [&](const std::filesystem::path& file, unsigned worker) {
        runners[worker].run_file(file, {}, [&](const CaseResult& result) {
            const std::lock_guard lock{mutex};
            if (result.outcome == Outcome::Passed) {
                ++passed;
                return;
            }
            if (++failed <= kFailuresShownMax)
                ADD_FAILURE() << result.name << " [" << result.fork << "]: " << result.reason;
        });
    });
    std::printf("%zu cases passed\n", passed);
    EXPECT_EQ(failed, 0U);
    EXPECT_GT(passed, 0U);
}

TEST(BlockchainTests, current) {
    run_folder("BlockchainTests");
}
TEST(BlockchainTests, frontier_to_petersburg) {
    run_folder("LegacyTests/Constantinople/BlockchainTests");
}
TEST(BlockchainTests, istanbul_to_cancun) {
    run_folder("LegacyTests/Cancun/BlockchainTests");
}

/// The first case of a public file.
class BlockTestRunnerTest : public testing::Test {
protected:
    BlockTest load(const std::string& path) {
        const auto suites = test::ethereum_tests();
        if (!suites) return {};
        auto tests = read_block_test_file(suites.path / path);
        if (!tests || tests->empty()) throw std::runtime_error{"no case in " + path};
        return std::move(tests->front());
    }
    BlockTestRunner runner_;
};

TEST_F(BlockTestRunnerTest, fails_where_the_end_is_another) {
    CAIRN_SKIP_WITHOUT(test::ethereum_tests());
    const BlockTest right = load("BlockchainTests/ValidBlocks/bcValidBlockTest/SimpleTx.json");
    EXPECT_EQ(runner_.run_test(right), "");

    BlockTest wrong = right;
    wrong.last_block_hash = right.genesis_hash;
    EXPECT_NE(runner_.run_test(wrong).find("head: expected"), std::string::npos);

    wrong = right;
    wrong.genesis_hash = right.last_block_hash;
    EXPECT_NE(runner_.run_test(wrong).find("genesis: expected"), std::string::npos);

    wrong = right;
    wrong.post.root = Hash256{};
    EXPECT_NE(runner_.run_test(wrong).find("state root: expected"), std::string::npos);
}

TEST_F(BlockTestRunnerTest, fails_where_the_state_is_another) {
    CAIRN_SKIP_WITHOUT(test::ethereum_tests());
    const BlockTest right = load("BlockchainTests/ValidBlocks/bcValidBlockTest/SimpleTx.json");
    const auto& [address, account] = *right.post.state->accounts().begin();
    const auto& record = account.record;
    const auto reason_with = [&](const std::function<void(chain::MemoryState&)>& change) {
        BlockTest wrong = right;
        change(*wrong.post.state);
        return runner_.run_test(wrong);
    };
    EXPECT_NE(reason_with([&, key = address](chain::MemoryState& state) {
                  state.set_account(key, record.nonce + 1, record.balance);
              }).find(": nonce"),
              std::string::npos);
    EXPECT_NE(reason_with([&, key = address](chain::MemoryState& state) {
                  state.set_account(key, record.nonce, record.balance + Uint256{1});
              }).find(": balance"),
              std::string::npos);
    EXPECT_NE(reason_with([&, key = address](chain::MemoryState& state) {
                  state.set_account(key, record.nonce, record.balance, {0xfe});
              }).find(": code hash"),
              std::string::npos);
    EXPECT_NE(reason_with([key = address](chain::MemoryState& state) {
                  state.set_storage(key, Uint256{12345}, Uint256{1});
              }).find(": storage"),
              std::string::npos);
    EXPECT_NE(reason_with([](chain::MemoryState& state) {
                  state.set_account(Address{{0xff, 0xfe}}, 1, Wei{1});
              }).find(": does not exist"),
              std::string::npos);
}

TEST_F(BlockTestRunnerTest, fails_where_a_block_fares_otherwise) {
    CAIRN_SKIP_WITHOUT(test::ethereum_tests());
    BlockTest taken = load("BlockchainTests/ValidBlocks/bcValidBlockTest/SimpleTx.json");
    taken.blocks.back().is_valid = false;
    taken.blocks.back().exception = "BlockException.INVALID_GASLIMIT";
    EXPECT_NE(runner_.run_test(taken).find("should have been refused"), std::string::npos);

    const BlockTest refused =
        load("BlockchainTests/InvalidBlocks/bcInvalidHeaderTest/wrongGasUsed.json");
    EXPECT_EQ(runner_.run_test(refused), "");
    BlockTest otherwise = refused;
    otherwise.blocks.back().exception = "BlockException.INVALID_GASLIMIT";
    EXPECT_NE(runner_.run_test(otherwise).find("should have been: Block"), std::string::npos);
    otherwise.blocks.back().exception = "BlockException.NO_SUCH_NAME";
    EXPECT_NE(runner_.run_test(otherwise).find("unknown exception name"), std::string::npos);
    otherwise.blocks.back().exception.clear();
    EXPECT_EQ(runner_.run_test(otherwise), "") << "where no reason is given, any will do";
    otherwise.blocks.back().is_valid = true;
    EXPECT_NE(runner_.run_test(otherwise), "");
}

chain::ImportOutcome invalid(const chain::BlockFault& fault) {
    return {chain::ImportStatus::Invalid, {}, fault, {}};
}

TEST(BlockExceptionNames, each_alternative_and_each_kind_of_outcome_is_known) {
    using chain::BlockError;
    using chain::TxError;
    const auto state_root = invalid({BlockError::StateRootWrong});
    EXPECT_TRUE(names_outcome("BlockException.INVALID_STATE_ROOT", state_root));
    EXPECT_TRUE(names_outcome("InvalidStateRoot", state_root));
    EXPECT_TRUE(names_outcome("BlockException.INVALID_GASLIMIT|InvalidStateRoot", state_root));
    EXPECT_FALSE(names_outcome("BlockException.INVALID_GASLIMIT", state_root));
    EXPECT_FALSE(names_outcome("INVALID_STATE_ROOT", state_root)) << "without its prefix";
    EXPECT_FALSE(names_outcome("", state_root));

    const auto nonce = invalid({BlockError::TxInvalid, 3, TxError::NonceTooLow, {}});
    EXPECT_TRUE(names_outcome("TR_NonceTooLow", nonce));
    EXPECT_TRUE(names_outcome("TransactionException.NONCE_MISMATCH_TOO_LOW", nonce));
    EXPECT_FALSE(names_outcome("TR_NonceTooHigh", nonce));

    const auto ommer =
        invalid({BlockError::OmmerHeaderInvalid, 0, {}, BlockError::GasLimitStepTooLarge});
    EXPECT_TRUE(names_outcome("InvalidGasLimit", ommer));
    EXPECT_FALSE(names_outcome("InvalidGasUsed", ommer));

    const chain::ImportOutcome orphan{chain::ImportStatus::UnknownParent, {}, {}, {}};
    EXPECT_TRUE(names_outcome("UnknownParent", orphan));
    EXPECT_FALSE(names_outcome("InvalidStateRoot", orphan));

    const chain::ImportOutcome broken{
        chain::ImportStatus::Undecodable, {}, {}, DecodeError{DecodeCause::Rlp, {}, {}}};
    EXPECT_TRUE(names_outcome("BlockException.RLP_STRUCTURES_ENCODING", broken));
    EXPECT_FALSE(names_outcome("InvalidStateRoot", broken));

    const chain::ImportOutcome taken{chain::ImportStatus::Canonical, {}, {}, {}};
    EXPECT_FALSE(names_outcome("InvalidStateRoot|UnknownParent|TR_NonceTooLow", taken));
}

TEST(BlockExceptionNames, a_name_outside_the_table_is_not_known) {
    EXPECT_TRUE(is_known_block_exception("InvalidStateRoot|TR_NonceTooLow"));
    EXPECT_TRUE(is_known_block_exception("BlockException.TOO_MANY_UNCLES"));
    EXPECT_FALSE(is_known_block_exception("InvalidStateRoot|Wrong"));
    EXPECT_FALSE(is_known_block_exception("BlockException.InvalidStateRoot"));
    EXPECT_FALSE(is_known_block_exception(""));
}

TEST(BlockTestFile, broken_files_are_said) {
    EXPECT_FALSE(parse_block_tests("{"));
    EXPECT_FALSE(parse_block_tests(R"({"a": {}})"));
    const auto without_post = parse_block_tests(R"({"a": {"network": 3}})");
    ASSERT_FALSE(without_post);
    EXPECT_NE(without_post.error().find("a: "), std::string::npos) << "names the case";
    EXPECT_TRUE(parse_block_tests("{}"));
}

/// A folder of its own that goes with everything in it.
class TemporaryStore {
public:
    TemporaryStore() {
        std::string name = (std::filesystem::temp_directory_path() / "cairn-chain-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
        path = name;
    }
    ~TemporaryStore() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    TemporaryStore(const TemporaryStore&) = delete;
    TemporaryStore& operator=(const TemporaryStore&) = delete;
    std::filesystem::path path;
};

TEST(PublicChain, imports_to_the_expected_head) {
    const auto root = test::fixtures_root();
    CAIRN_SKIP_WITHOUT(root);
    const auto folder = root.path / "rpc-compat";
    if (!std::filesystem::exists(folder / "chain.rlp"))
        GTEST_SKIP() << "no rpc-compat/chain.rlp in " << root.path;
    const auto genesis = chain::parse_genesis(test::read_text(folder / "genesis.json"));
    ASSERT_TRUE(genesis) << genesis.error().text();
    const TemporaryStore place;
    chain::Store store{place.path};
    chain::ChainManagerOptions options;
    options.checks_seals = false;  // its seals are not real, says its README
    const auto manager = chain::ChainManager::open(store, *genesis, std::move(options));
    ASSERT_TRUE(manager);

    const std::string all = test::read_text(folder / "chain.rlp");
    std::vector<std::future<chain::ImportOutcome>> outcomes;
    for (ByteView rest = as_bytes(all); !rest.empty();) {
        const auto item = rlp_take_item(rest);
        ASSERT_TRUE(item);
        outcomes.push_back((*manager)->submit_encoded(to_bytes(item->encoded)));
    }
    EXPECT_EQ(outcomes.size(), 54U);
    for (auto& outcome : outcomes) {
        const auto value = outcome.get();
        EXPECT_EQ(value.status, chain::ImportStatus::Canonical) << to_string(value);
    }
    (*manager)->stop();
    const auto head = chain::ReadView{store}.head();
    ASSERT_TRUE(head);
    const auto wanted = nlohmann::json::parse(test::read_text(folder / "headfcu.json"));
    EXPECT_EQ(to_hex0x(head->hash),
              wanted.at("params").at(0).at("headBlockHash").get<std::string>());
    EXPECT_TRUE(chain::check_store(store).is_clean());
}

}  // namespace
}  // namespace cairn::node
