// SPDX-License-Identifier: MIT
#include "node/app/db_command.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "chain/import/replay.hpp"
#include "chain/store/check.hpp"
#include "chain/store/read_view.hpp"
#include "chain/store/rebuild.hpp"
#include "chain/store/store.hpp"
#include "chain/store/store_writer.hpp"
#include "core/base/hex.hpp"
#include "core/base/thread_pool.hpp"
#include "node/app/console.hpp"
#include "node/app/signals.hpp"

namespace cairn::node {
namespace {

/// Blocks pruned in one commit: seconds of work, so that Ctrl-C is heard.
constexpr std::uint64_t kPruneBatchBlocks = 4096;

chain::StoreOptions read_only() {
    chain::StoreOptions options;
    options.read_only = true;
    return options;
}

void print_head(const chain::ReadView& view) {
    const auto head = view.head();
    if (!head) {
        fmt::print("no block yet\n");
        return;
    }
    fmt::print("head     {} {}\n", head->number, to_hex0x(head->hash));
    if (const auto genesis = view.genesis_hash()) fmt::print("genesis  {}\n", to_hex0x(*genesis));
    if (const auto total = view.total_difficulty(head->hash))
        fmt::print("total difficulty  {}\n", to_quantity(total->value));
    fmt::print("state kept from block {}\n", view.horizon());
}

/// Threads beside the one that asks.
std::size_t helpers_wanted() {
    return std::max(1U, std::thread::hardware_concurrency()) - 1;
}

chain::ParallelFor parallel_on(ThreadPool& pool) {
    return [&pool](std::size_t count, const auto& job) { pool.parallel_for(count, job); };
}

}  // namespace

ExitCode run(const DbCheckCommand& command) {
    if (!command.folder.has_store()) return no_chain(command.folder.root);
    const chain::Store store{command.folder.store_folder(), read_only()};
    ProgressLine progress;
    chain::CheckOptions options;
    options.on_stage = [&progress](chain::CheckStage stage) {
        if (progress.is_due()) progress.show(fmt::format("checking {}", to_string(stage)));
    };
    const auto report = chain::check_store(store, options);
    progress.clear();
    for (std::size_t i = 0; i < chain::kCheckStageCount; ++i)
        fmt::print("{:<8} {}\n", to_string(static_cast<chain::CheckStage>(i)), report.counts[i]);
    for (const auto& finding : report.findings)
        fmt::print("WRONG {}: {}: {}; {}\n", to_string(finding.stage), finding.where, finding.what,
                   finding.advice);
    if (report.is_clean()) {
        fmt::print("all is well\n");
        return ExitCode::Ok;
    }
    return failed(report.findings.size() >= options.findings_max
                      ? fmt::format("{} findings or more", report.findings.size())
                      : fmt::format("{} findings", report.findings.size()));
}

ExitCode run(const DbStatsCommand& command) {
    if (!command.folder.has_store()) return no_chain(command.folder.root);
    const chain::Store store{command.folder.store_folder(), read_only()};
    print_head(chain::ReadView{store});
    const auto stats = store.stats();
    fmt::print("file     {}, {} commits\n\n", bytes_text(stats.file_bytes), stats.env.last_txn);
    fmt::print("{:<16} {:>12} {:>12} {:>6}\n", "table", "rows", "size", "depth");
    for (const auto& info : chain::kTables) {
        const auto& table = stats.tables[static_cast<std::size_t>(info.table)];
        const std::uint64_t pages = table.branch_pages + table.leaf_pages + table.overflow_pages;
        fmt::print("{:<16} {:>12} {:>12} {:>6}\n", info.name, table.rows,
                   bytes_text(pages * stats.env.page_bytes), table.depth);
    }
    return ExitCode::Ok;
}

ExitCode run(const DbRebuildCommand& command) {
    if (!command.folder.has_store()) return no_chain(command.folder.root);
    chain::Store store{command.folder.store_folder()};
    ThreadPool pool{helpers_wanted()};
    const chain::ParallelFor parallel = parallel_on(pool);
    ProgressLine progress;
    const auto show = [&progress](std::string_view what) {
        return [&progress, what](std::uint64_t done, std::uint64_t count) {
            if (progress.is_due())
                progress.show(fmt::format("{}: block {} of {}", what, done, count));
        };
    };
    chain::StoreWriter writer{store};
    if (!chain::rebuild_state(writer, parallel, show("state"))) {
        progress.clear();
        return failed(
            "the state of old blocks was pruned, so it cannot be folded from genesis; "
            "import the blocks into a fresh folder");
    }
    chain::rebuild_indexes(writer, show("indexes"));
    writer.commit();
    progress.clear();
    fmt::print("state, tries, histories and indexes are made again\n");
    return ExitCode::Ok;
}

ExitCode run(const DbReplayCommand& command) {
    if (!command.folder.has_store()) return no_chain(command.folder.root);
    const auto genesis = load_genesis(command.folder);
    if (!genesis) return bad_request(genesis.error());
    const chain::Store store{command.folder.store_folder(), read_only()};
    ThreadPool pool{helpers_wanted()};
    ProgressLine progress;
    const auto begin = std::chrono::steady_clock::now();
    const auto seconds = [begin] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    chain::ReplayOptions options;
    options.first = command.first;
    options.last = command.last.value_or(UINT64_MAX);
    options.parallel = parallel_on(pool);
    options.on_progress = [&](std::uint64_t done, std::uint64_t count) {
        if (progress.is_due()) {
            const double rate = static_cast<double>(done) / seconds();
            progress.show(fmt::format("block {} of {}, {:.0f} blocks/s, {} left", done, count, rate,
                                      duration_text(static_cast<double>(count - done) / rate)));
        }
        return !stop_requested();
    };
    const auto report = chain::replay_blocks(store, genesis->spec, options);
    progress.clear();
    for (const auto& finding : report.findings)
        fmt::print("WRONG block {} {}: {}\n", finding.block.number, to_hex0x(finding.block.hash),
                   finding.what);
    if (report.first > report.last) return bad_request("there is no such block whose state is kept");
    fmt::print("{} blocks from {}, {} transactions, {:.1f} Mgas/s\n", report.blocks, report.first,
               report.transactions, static_cast<double>(report.gas) / 1e6 / seconds());
    if (report.amended > 0)
        fmt::print("{} blocks had their state changed by hand; only their receipts were compared\n",
                   report.amended);
    if (!report.findings.empty())
        return failed(fmt::format("{} blocks do not agree with their execution; `cairn-node db "
                                  "rebuild` cures views, a fresh import everything",
                                  report.findings.size()));
    if (!report.is_complete) return ExitCode::Interrupted;
    fmt::print("all agree with their execution\n");
    return ExitCode::Ok;
}

ExitCode run(const DbPruneCommand& command) {
    if (!command.folder.has_store()) return no_chain(command.folder.root);
    chain::Store store{command.folder.store_folder()};
    const auto head = chain::ReadView{store}.head();
    if (!head) return bad_request("the chain has no block yet");
    const BlockNumber target = head->number > command.keep ? head->number - command.keep : 0;
    BlockNumber horizon = chain::ReadView{store}.horizon();
    ProgressLine progress;
    while (horizon < target && !stop_requested()) {
        chain::StoreWriter writer{store};
        horizon = writer.prune_below(target, kPruneBatchBlocks);
        writer.commit();
        if (progress.is_due()) progress.show(fmt::format("block {} of {}", horizon, target));
    }
    progress.clear();
    fmt::print("state kept from block {}\n", horizon);
    return horizon < target ? ExitCode::Interrupted : ExitCode::Ok;
}

}  // namespace cairn::node
