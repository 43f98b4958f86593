// SPDX-License-Identifier: MIT
#include "chain/import/replay.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "chain/exec/block_executor.hpp"
#include "chain/state/state.hpp"
#include "chain/store/read_view.hpp"
#include "chain/store/required.hpp"
#include "chain/store/store_error.hpp"
#include "core/base/hex.hpp"
#include "core/math/uint256.hpp"

namespace cairn::chain {
namespace {

/// Blocks that one thread executes with one machine, so that its analyses of code serve them all.
constexpr std::uint64_t kRunBlocks = 32;
/// Runs between two reports of progress.
constexpr std::uint64_t kRoundRuns = 8;

/// The first key at which two sorted lists of changes differ, in words; empty where none does.
[[nodiscard]] std::string first_difference(const StateDiff& stored, const StateDiff& executed) {
    const auto [account, other_account] =
        std::mismatch(stored.accounts.begin(), stored.accounts.end(), executed.accounts.begin(),
                      executed.accounts.end());
    if (account != stored.accounts.end() || other_account != executed.accounts.end()) {
        const Address& address =
            account == stored.accounts.end()           ? other_account->address
            : other_account == executed.accounts.end() ? account->address
                                                       : std::min(account->address,
                                                                  other_account->address);
        return "the change of account " + to_hex0x(address) + " differs";
    }
    const auto [slot, other_slot] =
        std::mismatch(stored.storage.begin(), stored.storage.end(), executed.storage.begin(),
                      executed.storage.end());
    if (slot == stored.storage.end() && other_slot == executed.storage.end()) return {};
    const StorageChange& change = slot == stored.storage.end() ? *other_slot : *slot;
    return "the change of slot " + to_quantity(change.key) + " of " +
           to_hex0x(change.address) + " differs";
}

/// Executes one block and compares; what is wrong, or nothing.
[[nodiscard]] std::optional<std::string> replay_one(vm::Vm& vm, const ReadView& view,
                                                    const ChainSpec& spec, BlockNumber number,
                                                    ReplayReport& run) {
    const auto hash = required(view.canonical_hash(number), "canonical hash", number);
    const BlockRef ref{number, hash};
    const Block block = required(view.block(ref), "body", number);
    const auto receipts = required(view.receipts(ref), "list of receipts", number);
    // Blocks without transactions have no row.
    const auto senders = view.senders(ref).value_or(std::vector<Address>{});
    if (senders.size() != block.body.transactions.size())
        return "the stored senders are not one a transaction";
    const auto log = required(view.change_log(number), "change log", number);
    const auto parent_total = required(view.total_difficulty(block.header->parent_hash),
                                       "total difficulty of the parent", number);
    const auto parent_state = view.state_at(number - 1);
    if (!parent_state)
        throw StoreError{StoreFault::Corrupt,
                         "there is no state before block " + std::to_string(number)};
    State state{**parent_state};
    std::size_t next_root = 0;
    const RootFunction stored_root = [&](State&) {
        const auto i = next_root++;
        return i < receipts.size() ? receipts[i].state_root.value_or(Hash256{}) : Hash256{};
    };
    const BlockHashFunction block_hash = [&view](BlockNumber of) {
        const auto found = view.canonical_hash(of);
        return found ? found->as<Hash256>() : Hash256{};
    };
    const RuleSet& rules = spec.rules_at(number, block.header->timestamp, parent_total);
    ++run.blocks;
    run.transactions += block.body.transactions.size();
    run.gas += block.header->gas_used;
    const auto outcome =
        execute_block(vm, state, spec, rules, block, senders, block_hash, stored_root);
    if (!outcome) return "it breaks a rule: " + to_string(outcome.error());
    if (outcome->receipts != receipts) return "the stored receipts are not those of its execution";
    if (view.state_root_after(*block.header) != block.header->state_root) {
        ++run.amended;
        return std::nullopt;
    }
    std::string difference = first_difference(log, state.take_diff());
    if (difference.empty()) return std::nullopt;
    return difference;
}

[[nodiscard]] ReplayReport replay_run(const Store& store, const ChainSpec& spec, BlockNumber first,
                             BlockNumber last) {
    ReplayReport run;
    vm::Vm vm;
    const ReadView view{store};
    for (BlockNumber number = first; number <= last; ++number)
        if (auto what = replay_one(vm, view, spec, number, run))
            run.findings.push_back(
                {{number, view.canonical_hash(number).value_or(BlockHash{})}, *std::move(what)});
    return run;
}

/// Adds what a run of blocks came to.
void add(ReplayReport& report, ReplayReport run, std::size_t findings_max) {
    report.blocks += run.blocks;
    report.transactions += run.transactions;
    report.gas += run.gas;
    report.amended += run.amended;
    for (auto& finding : run.findings)
        if (report.findings.size() < findings_max) report.findings.push_back(std::move(finding));
}

}  // namespace

ReplayReport replay_blocks(const Store& store, const ChainSpec& spec,
                           const ReplayOptions& options) {
    ReplayReport report;
    {
        const ReadView view{store};
        const auto head = view.head();
        report.first = std::max({options.first, view.horizon() + 1, BlockNumber{1}});
        report.last = std::min(options.last, head ? head->number : 0);
    }
    const std::uint64_t count =
        report.last >= report.first ? report.last - report.first + 1 : 0;
    for (std::uint64_t done = 0; done < count;) {
        const std::uint64_t round = std::min(count - done, kRoundRuns * kRunBlocks);
        std::vector<ReplayReport> runs((round + kRunBlocks - 1) / kRunBlocks);
        const BlockNumber begin = report.first + done;
        run_parallel(options.parallel, runs.size(), [&](std::size_t i) {
            const BlockNumber first = begin + i * kRunBlocks;
            runs[i] = replay_run(store, spec, first,
                                 std::min(first + kRunBlocks, begin + round) - 1);
        });
        for (ReplayReport& run : runs) add(report, std::move(run), options.findings_max);
        done += round;
        if (report.findings.size() >= options.findings_max ||
            (options.on_progress && !options.on_progress(done, count))) {
            report.is_complete = done == count;
            break;
        }
    }
    return report;
}

}  // namespace cairn::chain
