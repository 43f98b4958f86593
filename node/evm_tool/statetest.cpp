// SPDX-License-Identifier: MIT
#include "node/evm_tool/statetest.hpp"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "chain/exec/transact.hpp"
#include "chain/rules/base_fee.hpp"
#include "chain/rules/tx_check.hpp"
#include "chain/spec/rule_table.hpp"
#include "chain/trie/state_root.hpp"
#include "core/base/hex.hpp"
#include "core/codec/rlp_encode.hpp"
#include "core/crypto/keccak.hpp"
#include "node/evm_tool/draft_bls.hpp"
#include "node/evm_tool/exception_names.hpp"
#include "node/evm_tool/fork_names.hpp"

namespace cairn::node {
namespace {

/// Chain id of every state test.
constexpr std::uint64_t kChainId = 1;

/// The suites let BLOCKHASH give keccak256 of the number's decimal digits.
Hash256 test_block_hash(BlockNumber number) { return keccak256(as_bytes(std::to_string(number))); }

chain::BlockEnv make_block(const StateTestEnv& env, const chain::RuleSet& rules) {
    chain::BlockEnv block;
    block.chain_id = kChainId;
    block.coinbase = env.coinbase;
    block.number = env.number;
    block.timestamp = env.timestamp;
    block.gas_limit = env.gas_limit;
    block.prev_randao = rules.has_prev_randao ? env.random.value_or(env.difficulty) : env.difficulty;
    if (rules.has_base_fee) block.base_fee = env.base_fee;
    if (rules.has_blobs) {
        Header parent;
        parent.blob_gas_used = env.parent_blob_gas_used.value_or(0);
        parent.excess_blob_gas = env.parent_excess_blob_gas.value_or(0);
        parent.base_fee = env.base_fee;
        const Gas excess = env.excess_blob_gas ? *env.excess_blob_gas
                                               : chain::next_excess_blob_gas(rules.blobs, parent);
        block.blob_base_fee = chain::blob_base_fee(rules.blobs, excess);
    }
    block.block_hash = test_block_hash;
    return block;
}

/// keccak256(rlp(logs)), each log [address, topics, data].
Hash256 hash_of(std::span<const Log> logs) {
    Bytes out;
    RlpWriter writer{out};
    writer.begin_list();
    for (const auto& log : logs) {
        writer.begin_list();
        writer.add(log.address);
        writer.begin_list();
        for (const auto& topic : log.topics) writer.add(topic);
        writer.end_list();
        writer.add(log.data);
        writer.end_list();
    }
    writer.end_list();
    return keccak256(out);
}

/// A value of more than 256 bits, which no decoder takes.
struct ValueTooWide {};
/// Why a case's transaction was refused.
using Refusal = std::variant<chain::TxError, ValueTooWide>;

std::string to_text(const Refusal& refusal) {
    if (const auto* error = std::get_if<chain::TxError>(&refusal)) return std::string{chain::to_string(*error)};
    return "value of more than 256 bits";
}

bool is_expected(std::string_view exception, const Refusal& refusal) {
    if (const auto* error = std::get_if<chain::TxError>(&refusal)) return names_error(exception, *error);
    return names_wide_value(exception);
}

/// The transaction of one choice; nothing when it cannot be written down.
std::optional<Transaction> make_tx(const StateTest& test, const StateTestPost& post) {
    const auto& value = test.values[post.value];
    if (!value) return std::nullopt;
    Transaction tx = test.tx;
    tx.data = test.data[post.data];
    tx.gas_limit = test.gas_limits[post.gas];
    tx.value = *value;
    if (!test.access_lists.empty() && test.access_lists[post.data]) {
        tx.access_list = *test.access_lists[post.data];
        if (tx.type == TxType::Legacy) tx.type = TxType::AccessList;
    }
    if (tx.type != TxType::Legacy) tx.chain_id = kChainId;
    return tx;
}

}  // namespace

struct StateTestRunner::Impl {
    vm::Vm standard_vm;
    vm::Vm draft_vm{{.precompiles = find_draft_bls_precompile,
                      .warm_precompiles = find_draft_bls_precompile}};
    chain::MemoryState nothing;
    chain::State state{nothing};
    chain::StateRootBuilder roots;
    std::vector<chain::StorageSlot> slots;

    std::optional<Refusal> execute(vm::Vm& vm, const StateTest& test, const StateTestPost& post, const chain::RuleSet& rules,
                                   const chain::BlockEnv& block, std::vector<Log>& logs);
    Hash256 root_after(const StateTest& test, const chain::StateDiff& diff);
    Hash256 storage_root_after(const chain::MemoryState& pre, const Address& address,
                               std::span<const chain::StorageChange> changes);
    std::string run_case(vm::Vm& vm, const StateTest& test, const StateTestPost& post, const chain::RuleSet& rules,
                         const chain::BlockEnv& block);
};

/// Runs the case's transaction; why it was refused, if it was.
std::optional<Refusal> StateTestRunner::Impl::execute(vm::Vm& vm, const StateTest& test,
                                                      const StateTestPost& post, const chain::RuleSet& rules,
                                                      const chain::BlockEnv& block, std::vector<Log>& logs) {
    const auto tx = make_tx(test, post);
    if (!tx) return ValueTooWide{};
    if (const auto check = chain::check_tx_fields(rules, *tx); !check) return check.error();
    const chain::BlockBudget budget{block.gas_limit, rules.blobs.max * chain::kGasPerBlob};
    auto outcome = chain::transact(vm, state, rules, block, budget, *tx, test.sender);
    if (!outcome) return outcome.error();
    logs = std::move(outcome->logs);
    return std::nullopt;
}

Hash256 StateTestRunner::Impl::storage_root_after(const chain::MemoryState& pre, const Address& address,
                                                  std::span<const chain::StorageChange> changes) {
    slots.clear();
    auto change = changes.begin();
    if (const auto it = pre.accounts().find(address); it != pre.accounts().end()) {
        for (const auto& [key, value] : it->second.storage) {
            for (; change != changes.end() && change->key < key; ++change) slots.push_back({change->key, change->after});
            if (change != changes.end() && change->key == key)
                slots.push_back({key, (change++)->after});
            else
                slots.push_back({key, value});
        }
    }
    for (; change != changes.end(); ++change) slots.push_back({change->key, change->after});
    return chain::storage_root(slots);
}

Hash256 StateTestRunner::Impl::root_after(const StateTest& test, const chain::StateDiff& diff) {
    // Three sorted lists walked together: accounts before, changed accounts, changed slots.
    auto old = test.pre_accounts.begin();
    auto account = diff.accounts.begin();
    auto slot = diff.storage.begin();
    while (true) {
        const Address* next = nullptr;
        const auto consider = [&next](const Address& address) {
            if (next == nullptr || address < *next) next = &address;
        };
        if (old != test.pre_accounts.end()) consider(old->address);
        if (account != diff.accounts.end()) consider(account->address);
        if (slot != diff.storage.end()) consider(slot->address);
        if (next == nullptr) break;
        const Address address = *next;

        Account now;
        bool exists = false;
        if (old != test.pre_accounts.end() && old->address == address) {
            now = (old++)->account;
            exists = true;
        }
        if (account != diff.accounts.end() && account->address == address) {
            const auto& after = (account++)->after;
            exists = after.has_value();
            if (after) now = {after->nonce, after->balance, now.storage_root, after->code_hash};
        }
        const auto first = slot;
        while (slot != diff.storage.end() && slot->address == address) ++slot;
        if (!exists) continue;
        if (first != slot) now.storage_root = storage_root_after(test.pre, address, {first, slot});
        roots.add(address, now);
    }
    return roots.root();
}

/// Runs one case; why it failed, empty when it passed.
std::string StateTestRunner::Impl::run_case(vm::Vm& vm, const StateTest& test, const StateTestPost& post,
                                            const chain::RuleSet& rules, const chain::BlockEnv& block) {
    state.reset(test.pre);
    std::vector<Log> logs;
    const auto refusal = execute(vm, test, post, rules, block, logs);

    // The suites pay the block's reward of 0 in any case, which touches the coinbase.
    state.begin_transaction();
    state.touch(block.coinbase);
    state.finalise_transaction(rules.clears_empty_accounts ? chain::EmptyAccounts::Delete
                                                           : chain::EmptyAccounts::Keep);
    const auto root = root_after(test, state.take_diff());

    if (refusal && post.exception.empty()) return "refused: " + to_text(*refusal);
    if (!refusal && !post.exception.empty()) return "executed, should have been refused: " + post.exception;
    if (refusal && !is_expected(post.exception, *refusal))
        return "refused: " + to_text(*refusal) + ", should have been: " + post.exception;
    if (const auto hash = hash_of(logs); hash != post.logs_hash)
        return "logs hash: expected " + to_hex0x(post.logs_hash) + ", got " + to_hex0x(hash);
    if (root != post.state_root)
        return "state root: expected " + to_hex0x(post.state_root) + ", got " + to_hex0x(root);
    return {};
}

StateTestRunner::StateTestRunner() : impl_{std::make_unique<Impl>()} {}
StateTestRunner::~StateTestRunner() = default;
StateTestRunner::StateTestRunner(StateTestRunner&&) noexcept = default;
StateTestRunner& StateTestRunner::operator=(StateTestRunner&&) noexcept = default;

void StateTestRunner::run_test(const StateTest& test, const std::string& prefix, const StateTestFilter& filter,
                               const CaseSink& sink) {
    for (const auto& fork : test.forks) {
        if (filter.fork && find_revision(fork.name) != filter.fork) continue;
        std::optional<chain::BlockEnv> block;
        if (fork.revision) block = make_block(test.env, chain::rules_of(*fork.revision));
        for (const auto& post : fork.posts) {
            CaseResult result;
            result.name = prefix + test.name + " d" + std::to_string(post.data) + " g" + std::to_string(post.gas) +
                          " v" + std::to_string(post.value);
            result.fork = fork.name;
            if (filter.run && !std::regex_search(result.name, *filter.run)) continue;
            if (!block) {
                result.outcome = Outcome::Skipped;
                result.reason = "the fork is not known";
            } else {
                result.reason = impl_->run_case(fork.is_draft_bls ? impl_->draft_vm : impl_->standard_vm, test, post, chain::rules_of(*fork.revision), *block);
                result.outcome = result.reason.empty() ? Outcome::Passed : Outcome::Failed;
            }
            sink(result);
        }
    }
}

void StateTestRunner::run_file(const std::filesystem::path& path, const StateTestFilter& filter,
                               const CaseSink& sink) {
    const auto tests = read_state_test_file(path);
    if (!tests) {
        sink({path.string(), "", Outcome::Failed, tests.error()});
        return;
    }
    const auto prefix = path.stem().string() + "/";
    for (const auto& test : *tests) run_test(test, prefix, filter, sink);
}

Result<StateTestFilter, std::string> make_state_test_filter(const SuiteOptions& options) {
    StateTestFilter filter;
    if (!options.fork.empty()) {
        filter.fork = find_revision(options.fork);
        if (!filter.fork)
            return Unexpected{"unknown fork \"" + options.fork + "\"; known: " + known_revisions()};
    }
    if (!options.run.empty()) {
        // The standard library reports a bad expression through an exception.
        try {
            filter.run.emplace(options.run, std::regex::ECMAScript | std::regex::optimize);
        } catch (const std::regex_error& e) {
            return Unexpected{"not a regular expression: \"" + options.run + "\" (" + e.what() + ")"};
        }
    }
    return filter;
}

int run_state_tests(const SuiteOptions& options) {
    const auto files = find_json_files(options.paths);
    if (!files) return bad_input(files.error());
    const auto filter = make_state_test_filter(options);
    if (!filter) return bad_input(filter.error());
    SuiteReport report{options, files->size()};
    std::vector<StateTestRunner> runners(options.threads);
    for_each_file(*files, options.threads, [&](const std::filesystem::path& file, unsigned worker) {
        runners[worker].run_file(file, *filter, [&](const CaseResult& result) { report.add(result); });
        report.file_done();
    });
    return report.finish();
}

}  // namespace cairn::node
