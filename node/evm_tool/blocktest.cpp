// SPDX-License-Identifier: MIT
#include "node/evm_tool/blocktest.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "chain/import/chain_manager.hpp"
#include "chain/rules/body_check.hpp"
#include "chain/spec/test_networks.hpp"
#include "chain/store/store.hpp"
#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "node/evm_tool/blocktest_exceptions.hpp"
#include "node/evm_tool/fork_names.hpp"

namespace cairn::node {
namespace {

namespace fs = std::filesystem;

/// Blocks of the suites lie far in the future where they test something else than the clock.
constexpr UnixSeconds kEndOfTime = std::numeric_limits<std::int64_t>::max();

/// A case's file stays small; reserving little spares the kernel page tables.
constexpr std::size_t kMapBytes = std::size_t{1} << 30;

chain::Genesis make_genesis(const BlockTest& test) {
    const auto network = chain::find_test_network(test.network);
    CAIRN_ASSERT(network.has_value());
    auto parameters = network->parameters();
    if (test.has_ethash_seals) parameters.seal = chain::SealKind::Ethash;
    return {chain::ChainSpec{std::move(parameters)}, test.genesis, test.accounts};
}

/// What is wrong with one block's outcome; empty where it is as stated.
std::string check_outcome(const BlockTestBlock& block, const chain::ImportOutcome& outcome) {
    if (outcome.status == chain::ImportStatus::NotProcessed) return "not processed";
    if (block.is_valid) return outcome.is_stored() ? std::string{} : to_string(outcome);
    if (outcome.is_stored())
        return "taken as " + to_string(outcome) + ", should have been refused: " + block.exception;
    if (block.exception.empty() || names_outcome(block.exception, outcome)) return {};
    if (!is_known_block_exception(block.exception))
        return "unknown exception name: " + block.exception;
    return to_string(outcome) + ", should have been: " + block.exception;
}

/// A store and the chain on it, both gone at the end.
class Ledger {
public:
    Ledger(const fs::path& folder, const BlockTest& test) : folder_{folder}, test_{test} { open(); }
    ~Ledger() {
        manager_->stop();
        manager_.reset();
        store_.reset();
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    [[nodiscard]] chain::ChainManager& chain() noexcept { return *manager_; }
    [[nodiscard]] chain::ImportOutcome offer(const Bytes& rlp) {
        return manager_->submit_encoded(rlp).get();
    }
    /// Waits for the writer; why it gave up, if it did.
    [[nodiscard]] const std::string& close() {
        manager_->stop();
        return failure_;
    }

private:
    void open() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
        chain::StoreOptions store_options;
        store_options.durability = chain::Durability::None;
        store_options.map_bytes = kMapBytes;
        store_ = std::make_unique<chain::Store>(folder_, store_options);
        chain::ChainManagerOptions options;
        options.verify_threads = 1;
        options.clock = [] { return kEndOfTime; };
        options.on_fatal = [this](const std::string& what) { failure_ = what; };
        auto manager = chain::ChainManager::open(*store_, make_genesis(test_), std::move(options));
        CAIRN_ASSERT(manager.has_value());  // an empty store fits every genesis
        manager_ = std::move(*manager);
    }

    fs::path folder_;
    const BlockTest& test_;
    std::string failure_;  // outlives the manager, whose writer thread sets it
    std::unique_ptr<chain::Store> store_;
    std::unique_ptr<chain::ChainManager> manager_;
};

std::string compare_account(const chain::StoredState& state, const chain::MemoryState& expected,
                            const Address& address, const chain::AccountRecord& record) {
    const auto it = expected.accounts().find(address);
    if (it == expected.accounts().end()) return "exists and should not";
    const auto& wanted = it->second.record;
    if (record.balance != wanted.balance)
        return "balance " + to_quantity(record.balance) + ", expected " +
               to_quantity(wanted.balance);
    if (record.nonce != wanted.nonce)
        return "nonce " + std::to_string(record.nonce) + ", expected " +
               std::to_string(wanted.nonce);
    if (record.code_hash != wanted.code_hash)
        return "code hash " + to_hex0x(record.code_hash) + ", expected " +
               to_hex0x(wanted.code_hash);
    std::map<Uint256, Uint256> storage;
    state.visit_storage(address, [&](const Uint256& key, const Uint256& value) {
        return storage.emplace(key, value).second;
    });
    return storage == it->second.storage ? std::string{} : "storage differs";
}

/// What differs between the head's state and the stated one; empty for nothing.
std::string compare_state(const chain::StoredState& state, const chain::MemoryState& expected) {
    std::set<Address> seen;
    std::string difference;
    state.visit_accounts([&](const Address& address, const chain::AccountRecord& record) {
        seen.insert(address);
        const std::string why = compare_account(state, expected, address, record);
        if (!why.empty()) difference = "account " + to_hex0x(address) + ": " + why;
        return why.empty();
    });
    if (!difference.empty()) return difference;
    for (const auto& [address, account] : expected.accounts())
        if (!seen.contains(address)) return "account " + to_hex0x(address) + ": does not exist";
    return {};
}

std::string check_end(const chain::ReadView& view, const BlockTest& test) {
    const auto head = view.head();
    if (!head) return "no head";
    if (head->hash != test.last_block_hash)
        return "head: expected " + to_hex0x(test.last_block_hash) + ", got " +
               std::to_string(head->number) + " " + to_hex0x(head->hash);
    const Hash256 root = view.header(*head).value()->state_root;
    if (test.post.root && root != *test.post.root)
        return "state root: expected " + to_hex0x(*test.post.root) + ", got " + to_hex0x(root);
    return test.post.state ? compare_state(view.head_state(), *test.post.state) : std::string{};
}

/// The block with the transactions root that its body has; nothing where it has that already, or
/// is no block.
std::optional<Bytes> with_right_transactions_root(const Bytes& rlp) {
    auto block = decode_block(rlp);
    if (!block) return std::nullopt;
    Header header = *block->header;
    header.transactions_root = chain::transactions_root_of(block->body.transactions);
    if (header.transactions_root == block->header->transactions_root) return std::nullopt;
    block->header = HashedHeader{std::move(header)};
    return encode_block(*block);
}

/// Whether a transaction is at fault and it is not said why: the verdict was remembered.
bool is_without_details(const chain::ImportOutcome& outcome) {
    return outcome.fault && outcome.fault->error == chain::BlockError::TxInvalid &&
           !outcome.fault->tx_error;
}

/// Where a transaction was refused for its gas, which is looked at first, but also pays less than
/// the base fee: the outcome with that reason.
std::optional<chain::ImportOutcome> underpriced_too(const Bytes& rlp,
                                                    chain::ImportOutcome outcome) {
    if (!outcome.fault || outcome.fault->tx_error != chain::TxError::IntrinsicGasTooLow)
        return std::nullopt;
    const auto block = decode_block(rlp);
    if (!block || !block->header->base_fee) return std::nullopt;
    const auto& tx = block->body.transactions.at(outcome.fault->index);
    if (tx->max_fee_per_gas >= *block->header->base_fee) return std::nullopt;
    outcome.fault->tx_error = chain::TxError::FeeCapBelowBaseFee;
    return outcome;
}

/// Runs one case.
class Case {
public:
    Case(const BlockTest& test, const fs::path& folder) : test_{test}, folder_{folder} {
        ledger_.emplace(folder_ / "store", test_);
    }

    /// Offers the blocks one after the other and looks at the end; why the case fails.
    std::string run() {
        const auto& genesis = ledger_->chain().genesis_block().header.hash();
        if (genesis != test_.genesis_hash)
            return "genesis: expected " + to_hex0x(test_.genesis_hash) + ", got " +
                   to_hex0x(genesis);
        for (std::size_t i = 0; i < test_.blocks.size(); ++i)
            if (const auto why = offer(test_.blocks[i]); !why.empty())
                return "block " + std::to_string(i) + ": " + why;
        std::string why = check_end(ledger_->chain().view(), test_);
        const std::string& failure = ledger_->close();
        return failure.empty() ? why : "the writer gave up: " + failure;
    }

private:
    std::string offer(const BlockTestBlock& block) {
        const auto outcome = ledger_->offer(block.rlp);
        if (block.is_valid) return check_valid(block, outcome);
        return check_outcome(block, look_closer(block, outcome));
    }

    /// What is behind the refusal of a block where the first answer does not say it.
    chain::ImportOutcome look_closer(const BlockTestBlock& block, chain::ImportOutcome outcome) {
        if (names_outcome(block.exception, outcome)) return outcome;
        // A lighter chain is not executed, and of a block that was refused before the ledger knows
        // no details. On a ledger that has not seen it, it is the best one, and judged.
        if (outcome.is_stored() || is_without_details(outcome)) outcome = judge_alone(block.rlp);
        // The tool that made the suites left transactions that it refused out of the header's
        // root, so that two rules are broken. The stated one must be broken without the other too.
        if (outcome.fault && outcome.fault->error == chain::BlockError::TransactionsRootWrong)
            if (const auto mended = with_right_transactions_root(block.rlp))
                outcome = judge_alone(*mended);
        // Nor did it always stop at the first of two faults of a transaction.
        if (const auto other = underpriced_too(block.rlp, outcome);
            other && names_outcome(block.exception, *other))
            return *other;
        return outcome;
    }

    std::string check_valid(const BlockTestBlock& block, const chain::ImportOutcome& outcome) {
        if (auto why = check_outcome(block, outcome); !why.empty()) return why;
        const auto decoded = decode_block(block.rlp);
        CAIRN_ASSERT(decoded.has_value());  // the chain has taken it
        accepted_.insert_or_assign(outcome.block.hash,
                                   Accepted{decoded->header->parent_hash, &block.rlp});
        offered_.push_back(&block.rlp);
        if (outcome.status == chain::ImportStatus::SideChain &&
            decoded->header->difficulty.value.is_zero())
            follow(block.rlp);
        return {};
    }

    /// After the merge no chain is heavier than another, and a consensus client says which one
    /// counts. Here it wants each block that it offers: the ledger becomes one that has seen this
    /// block's chain first.
    void follow(const Bytes& rlp) {
        ledger_.reset();
        ledger_.emplace(folder_ / "store", test_);
        for (const Bytes* step : path_to(rlp)) (void)ledger_->offer(*step);
        for (const Bytes* other : offered_) (void)ledger_->offer(*other);
    }

    /// The block's ancestors from genesis's child on, and the block.
    [[nodiscard]] std::vector<const Bytes*> path_to(const Bytes& rlp) const {
        std::vector<const Bytes*> path{&rlp};
        const auto block = decode_block(rlp);
        auto it = block ? accepted_.find(block->header->parent_hash) : accepted_.end();
        for (; it != accepted_.end(); it = accepted_.find(it->second.parent))
            path.push_back(it->second.rlp);
        std::reverse(path.begin(), path.end());
        return path;
    }

    /// Outcome of a block on a ledger that has seen nothing but its ancestors.
    [[nodiscard]] chain::ImportOutcome judge_alone(const Bytes& rlp) const {
        Ledger alone{folder_ / "alone", test_};
        chain::ImportOutcome outcome;
        for (const Bytes* step : path_to(rlp)) outcome = alone.offer(*step);
        return outcome;
    }

    struct Accepted {
        BlockHash parent;
        const Bytes* rlp;
    };
    const BlockTest& test_;
    fs::path folder_;
    std::optional<Ledger> ledger_;
    std::map<BlockHash, Accepted> accepted_;
    std::vector<const Bytes*> offered_;  // those accepted, in their order
};

bool is_same_network(std::string_view network, std::string_view wanted) {
    if (network == wanted) return true;
    const auto revision = find_revision(network);
    return revision && revision == find_revision(wanted);
}

}  // namespace

struct BlockTestRunner::Impl {
    fs::path folder;

    Impl() {
        std::string name = (fs::temp_directory_path() / "cairn-blocktest-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw fs::filesystem_error{"no temporary folder", name,
                                       std::error_code{errno, std::generic_category()}};
        folder = name;
    }
    ~Impl() {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
};

BlockTestRunner::BlockTestRunner() : impl_{std::make_unique<Impl>()} {}
BlockTestRunner::~BlockTestRunner() = default;
BlockTestRunner::BlockTestRunner(BlockTestRunner&&) noexcept = default;
BlockTestRunner& BlockTestRunner::operator=(BlockTestRunner&&) noexcept = default;

std::string BlockTestRunner::run_test(const BlockTest& test) {
    return Case{test, impl_->folder}.run();
}

void BlockTestRunner::run_file(const fs::path& path, const BlockTestFilter& filter,
                               const std::function<void(const CaseResult&)>& sink) {
    const auto tests = read_block_test_file(path);
    if (!tests) {
        sink({path.string(), "", Outcome::Failed, tests.error()});
        return;
    }
    for (const auto& test : *tests) {
        if (interrupted()) return;
        CaseResult result;
        result.name = path.stem().string() + "/" + test.name;
        result.fork = test.network;
        if (!filter.network.empty() && !is_same_network(test.network, filter.network)) continue;
        if (filter.run && !std::regex_search(result.name, *filter.run)) continue;
        if (!chain::find_test_network(test.network)) {
            result.outcome = Outcome::Skipped;
            result.reason = "the network is not known";
        } else {
            result.reason = run_test(test);
            result.outcome = result.reason.empty() ? Outcome::Passed : Outcome::Failed;
        }
        sink(result);
    }
}

Result<BlockTestFilter, std::string> make_block_test_filter(const SuiteOptions& options) {
    BlockTestFilter filter{options.fork, std::nullopt};
    if (!options.fork.empty() && !chain::find_test_network(options.fork) &&
        !find_revision(options.fork))
        return Unexpected{"unknown network \"" + options.fork + "\"; known: " + known_revisions() +
                          ", and transitions like BerlinToLondonAt5"};
    if (!options.run.empty()) {
        // The standard library reports a bad expression through an exception.
        try {
            filter.run.emplace(options.run, std::regex::ECMAScript | std::regex::optimize);
        } catch (const std::regex_error& e) {
            return Unexpected{"not a regular expression: \"" + options.run + "\" (" + e.what() +
                              ")"};
        }
    }
    return filter;
}

int run_block_tests(const SuiteOptions& options) {
    const auto files = find_json_files(options.paths);
    if (!files) return bad_input(files.error());
    const auto filter = make_block_test_filter(options);
    if (!filter) return bad_input(filter.error());
    SuiteReport report{options, files->size()};
    std::vector<BlockTestRunner> runners(options.threads);
    for_each_file(*files, options.threads, [&](const fs::path& file, unsigned worker) {
        runners[worker].run_file(file, *filter,
                                 [&report](const CaseResult& result) { report.add(result); });
        report.file_done();
    });
    return report.finish();
}

}  // namespace cairn::node
