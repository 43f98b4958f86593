// SPDX-License-Identifier: MIT
#include "chain/import/chain_manager.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "chain/import/chain_writer.hpp"
#include "chain/import/import_queue.hpp"
#include "chain/rules/genesis.hpp"
#include "chain/rules/pow.hpp"
#include "core/base/assert.hpp"
#include "core/base/thread_pool.hpp"
#include "core/base/thread_priority.hpp"

namespace cairn::chain {
namespace {

using Clock = std::chrono::steady_clock;

/// How long a transaction that has blocks in it waits for the next one's signatures: as long as the
/// last commit took, within these bounds, so that commits never take the greater part of the time.
/// At least what verifying a block takes, at most what hardly anybody notices.
constexpr Clock::duration kBatchWaitMin = std::chrono::milliseconds{50};
constexpr Clock::duration kBatchWaitMax = std::chrono::seconds{1};

/// Verifiers run ahead of the writer as far as the queue lets them. Where cores are few they do it
/// in the time that the writer leaves: it is the one that cannot be shared out.
constexpr int kVerifierNice = 5;

void let_writer_first() noexcept {
    thread_local const bool is_done = (set_thread_nice(kVerifierNice), true);
    static_cast<void>(is_done);
}

[[nodiscard]] UnixSeconds system_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<UnixSeconds>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

[[nodiscard]] std::size_t threads_of(std::size_t wanted) {
    return wanted != 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

[[nodiscard]] ChainManagerOptions with_defaults(ChainManagerOptions options) {
    if (!options.clock) options.clock = system_now;
    return options;
}

}  // namespace

struct ChainManager::Impl {
    Impl(Store& the_store, const Genesis& genesis, Block the_genesis_block,
         ChainManagerOptions the_options)
        : store{the_store},
          spec{genesis.spec},
          genesis_block{std::move(the_genesis_block)},
          options{with_defaults(std::move(the_options))},
          engine{make_seal_engine(spec.seal())},
          checked_engine{options.checks_seals ? engine.get() : nullptr},
          queue{options.queue_blocks_max, options.queue_bytes_max},
          verifiers{threads_of(options.verify_threads), options.queue_blocks_max + 1} {
        writer_thread = std::thread{[this] { run(); }};
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { stop(); }

    template <class Prepare>
    void submit(std::size_t bytes, OnOutcome on_outcome, Prepare prepare);
    [[nodiscard]] std::future<bool> command(std::function<bool(ChainWriter&)> run_it);
    void stop();

    // The writer thread.
    void run();
    void serve(ChainWriter& writer);
    void take_batch(ChainWriter& writer, ImportJob job);
    void commit(ChainWriter& writer);
    static void take(ChainWriter& writer, ImportJob& job);
    static void refuse(ImportJob& job);

    Store& store;
    const ChainSpec spec;
    const Block genesis_block;
    const ChainManagerOptions options;
    const std::unique_ptr<SealEngine> engine;
    const SealEngine* const checked_engine;
    EventBus<HeadChangedPtr> head_events;
    ImportQueue queue;
    std::atomic<bool> is_stopping{false};
    ChainWriter* writer_at_work = nullptr;  // writer thread only
    Clock::duration last_commit{};          // writer thread only: what it took

    mutable std::mutex stats_mutex;
    ImportStats stats;  // guarded by stats_mutex

    std::mutex stop_mutex;  // held by who joins
    ThreadPool verifiers;
    std::thread writer_thread;
};

template <class Prepare>
void ChainManager::Impl::submit(std::size_t bytes, OnOutcome on_outcome, Prepare prepare) {
    ImportJob job;
    job.on_outcome = std::move(on_outcome);
    job.bytes = bytes;
    if (!queue.reserve(bytes)) return refuse(job);
    job.preparation = verifiers.submit(
        [this, prepare = std::move(prepare)]() mutable -> Preparation {
            let_writer_first();
            // Blocks that nobody will take need no signatures.
            if (is_stopping.load(std::memory_order_relaxed)) return std::nullopt;
            return prepare();
        });
    if (!queue.push(job)) refuse(job);
}

std::future<bool> ChainManager::Impl::command(std::function<bool(ChainWriter&)> run_it) {
    auto done = std::make_shared<std::promise<bool>>();
    auto future = done->get_future();
    ImportJob job;
    job.command = [this, done, run_it = std::move(run_it)](bool may_run) {
        bool is_done = false;
        try {
            is_done = may_run && run_it(*writer_at_work);
        } catch (const std::exception&) {
            done->set_value(false);
            throw;
        }
        done->set_value(is_done);
    };
    if (!queue.push(job)) done->set_value(false);
    return future;
}

void ChainManager::Impl::refuse(ImportJob& job) {
    if (job.command) return job.command(false);
    if (job.on_outcome) job.on_outcome(ImportOutcome{});
}

void ChainManager::Impl::stop() {
    const std::lock_guard lock{stop_mutex};
    is_stopping.store(true, std::memory_order_relaxed);
    auto left = queue.close();
    if (writer_thread.joinable()) writer_thread.join();
    for (ImportJob& job : left) refuse(job);
}

void ChainManager::Impl::run() {
    ChainWriter writer{store,
                       spec,
                       checked_engine,
                       options,
                       [this](const HeadChangedPtr& event) { head_events.publish(event); },
                       [this](const ImportStats& latest) {
                           const std::lock_guard lock{stats_mutex};
                           stats = latest;
                       }};
    writer_at_work = &writer;
    try {
        serve(writer);
    } catch (const std::exception& error) {
        // The disk or the file failed: nothing more can be promised. What was committed stays.
        is_stopping.store(true, std::memory_order_relaxed);
        writer.abandon();
        for (ImportJob& job : queue.close()) refuse(job);
        if (options.on_fatal) options.on_fatal(error.what());
    }
    writer_at_work = nullptr;
}

void ChainManager::Impl::serve(ChainWriter& writer) {
    while (auto job = queue.pop()) {
        if (job->command)
            job->command(true);
        else
            take_batch(writer, *std::move(job));
    }
}

void ChainManager::Impl::take_batch(ChainWriter& writer, ImportJob job) {
    take(writer, job);
    while (!writer.is_full() && !is_stopping.load(std::memory_order_relaxed)) {
        auto next = queue.try_pop();
        if (!next) break;
        if (next->command) {
            commit(writer);
            next->command(true);
            return;
        }
        const auto wait = std::clamp(last_commit, kBatchWaitMin, kBatchWaitMax);
        if (next->preparation.wait_for(wait) != std::future_status::ready) commit(writer);
        take(writer, *next);
    }
    commit(writer);
}

void ChainManager::Impl::commit(ChainWriter& writer) {
    const auto begin = Clock::now();
    writer.flush();
    last_commit = Clock::now() - begin;
}

void ChainManager::Impl::take(ChainWriter& writer, ImportJob& job) {
    auto preparation = job.preparation.get();
    if (!preparation) return writer.answer(std::move(job.on_outcome), ImportOutcome{});
    if (!*preparation) {
        ImportOutcome outcome{.status = ImportStatus::Undecodable, .block = {}};
        outcome.decode_error = preparation->error();
        return writer.answer(std::move(job.on_outcome), std::move(outcome));
    }
    writer.take(std::move(**preparation), std::move(job.on_outcome));
}

ChainManager::ChainManager(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
ChainManager::~ChainManager() = default;

Result<std::unique_ptr<ChainManager>, GenesisMismatch> ChainManager::open(
    Store& store, const Genesis& genesis, ChainManagerOptions options) {
    Block block = make_genesis_block(genesis);
    const auto stored = ReadView{store}.genesis_hash();
    if (!stored)
        write_genesis(store, genesis, block);
    else if (*stored != block.header.hash())
        return Unexpected{GenesisMismatch{*stored, block.header.hash()}};
    return std::unique_ptr<ChainManager>{new ChainManager{
        std::make_unique<Impl>(store, genesis, std::move(block), std::move(options))}};
}

void ChainManager::submit(Block block, OnOutcome on_outcome) {
    const auto bytes = encoded_size(block);
    const SealEngine* engine = impl_->checked_engine;
    impl_->submit(bytes, std::move(on_outcome),
                  [engine, block = std::move(block)]() mutable -> Preparation {
                      return prepare_block(std::move(block), engine);
                  });
}

void ChainManager::submit(Block block, std::vector<Address> senders, OnOutcome on_outcome) {
    CAIRN_ASSERT(senders.size() == block.body.transactions.size());
    const auto bytes = encoded_size(block);
    const SealEngine* engine = impl_->checked_engine;
    impl_->submit(bytes, std::move(on_outcome),
                  [engine, block = std::move(block),
                   senders = std::move(senders)]() mutable -> Preparation {
                      return prepare_block(std::move(block), engine, std::move(senders));
                  });
}

void ChainManager::submit_encoded(Bytes rlp, OnOutcome on_outcome) {
    const auto bytes = rlp.size();
    const SealEngine* engine = impl_->checked_engine;
    impl_->submit(bytes, std::move(on_outcome), [engine, rlp = std::move(rlp)]() -> Preparation {
        auto block = decode_block(rlp);
        if (!block) return Unexpected{block.error()};
        return prepare_block(*std::move(block), engine);
    });
}

namespace {

[[nodiscard]] std::pair<ChainManager::OnOutcome, std::future<ImportOutcome>> promised() {
    auto promise = std::make_shared<std::promise<ImportOutcome>>();
    auto future = promise->get_future();
    return {[promise](const ImportOutcome& outcome) { promise->set_value(outcome); },
            std::move(future)};
}

}  // namespace

std::future<ImportOutcome> ChainManager::submit(Block block) {
    auto [on_outcome, future] = promised();
    submit(std::move(block), std::move(on_outcome));
    return std::move(future);
}

std::future<ImportOutcome> ChainManager::submit_encoded(Bytes rlp) {
    auto [on_outcome, future] = promised();
    submit_encoded(std::move(rlp), std::move(on_outcome));
    return std::move(future);
}

std::future<bool> ChainManager::set_head(BlockRef block) {
    return impl_->command([block](ChainWriter& writer) { return writer.set_head(block); });
}
std::future<bool> ChainManager::invalidate(BlockHash block) {
    return impl_->command([block](ChainWriter& writer) { return writer.invalidate(block); });
}
std::future<bool> ChainManager::reconsider(BlockHash block) {
    return impl_->command([block](ChainWriter& writer) { return writer.reconsider(block); });
}

std::future<bool> ChainManager::pretend(std::vector<AccountPretence> accounts) {
    return impl_->command([accounts = std::move(accounts)](ChainWriter& writer) {
        writer.pretend(accounts);
        return true;
    });
}

void ChainManager::stop() {
    impl_->stop();
}

const ChainSpec& ChainManager::spec() const noexcept {
    return impl_->spec;
}
const Store& ChainManager::store() const noexcept {
    return impl_->store;
}
const Block& ChainManager::genesis_block() const noexcept {
    return impl_->genesis_block;
}
const SealEngine& ChainManager::seal_engine() const noexcept {
    return *impl_->engine;
}
EventBus<HeadChangedPtr>& ChainManager::head_events() noexcept {
    return impl_->head_events;
}
ImportStats ChainManager::stats() const noexcept {
    const std::lock_guard lock{impl_->stats_mutex};
    return impl_->stats;
}
std::size_t ChainManager::queue_size() const {
    return impl_->queue.size();
}

}  // namespace cairn::chain
