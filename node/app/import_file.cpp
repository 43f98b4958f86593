// SPDX-License-Identifier: MIT
#include "node/app/import_file.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "chain/import/chain_manager.hpp"
#include "chain/store/store.hpp"
#include "core/base/hex.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/crypto/keccak.hpp"
#include "node/app/block_file.hpp"
#include "node/app/console.hpp"
#include "node/app/signals.hpp"

namespace cairn::node {
namespace {

using chain::ImportOutcome;
using chain::ImportStatus;

/// How often the waiting thread looks whether it is to stop.
constexpr std::chrono::milliseconds kWaitPeriod{100};

/// Hash of an encoded block; nothing where it does not begin like one.
std::optional<BlockHash> hash_of_encoded(ByteView block) {
    const auto list = rlp_take_item(block);
    if (!list || !list->is_list) return std::nullopt;
    ByteView items = list->payload;
    const auto header = rlp_take_item(items);
    if (!header || !header->is_list) return std::nullopt;
    return keccak256(header->encoded).as<BlockHash>();
}

/// What has become of the blocks that were handed over. The writer thread tells, the reading thread
/// asks.
class Tally {
public:
    void add_submitted() noexcept { submitted_.fetch_add(1, std::memory_order_relaxed); }

    void tell(const ImportOutcome& outcome, const std::string& place, std::size_t bytes) {
        const std::lock_guard lock{mutex_};
        ++answered_;
        bytes_done_ += bytes;
        known_ += outcome.status == ImportStatus::AlreadyKnown ? 1 : 0;
        if (!outcome.is_stored() && outcome.status != ImportStatus::NotProcessed && !refusal_)
            refusal_ = place + ": " + to_string(outcome);
        changed_.notify_one();
    }
    void tell_fatal(const std::string& what) {
        const std::lock_guard lock{mutex_};
        if (!fatal_) fatal_ = what;
        changed_.notify_one();
    }

    /// Why reading on makes no sense: the first refusal, or the writer's failure.
    [[nodiscard]] std::optional<std::string> trouble() const {
        const std::lock_guard lock{mutex_};
        return fatal_ ? fatal_ : refusal_;
    }
    [[nodiscard]] std::uint64_t bytes_done() const {
        const std::lock_guard lock{mutex_};
        return bytes_done_;
    }
    [[nodiscard]] std::uint64_t known() const {
        const std::lock_guard lock{mutex_};
        return known_;
    }
    /// Blocks passed over without being handed on.
    void add_known(std::size_t bytes) {
        const std::lock_guard lock{mutex_};
        ++known_;
        bytes_done_ += bytes;
    }
    /// Waits a little for answers; whether all have come.
    [[nodiscard]] bool wait_for_all() {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, kWaitPeriod, [this] {
            return fatal_ || answered_ == submitted_.load(std::memory_order_relaxed);
        });
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<std::uint64_t> submitted_{0};
    std::uint64_t answered_ = 0;
    std::uint64_t known_ = 0;
    std::uint64_t bytes_done_ = 0;
    std::optional<std::string> refusal_;
    std::optional<std::string> fatal_;
};

/// One run over all files.
class FileImport {
public:
    FileImport(chain::ChainManager& manager, Tally& tally, std::uint64_t bytes_total)
        : manager_{manager}, tally_{tally}, bytes_total_{bytes_total} {}

    /// Hands a file's blocks on; an error where the file is broken. Ends early when there is
    /// trouble or a wish to stop.
    Result<void, std::string> read(BlockFileReader& file) {
        for (std::uint64_t i = 0; is_wanted(); ++i) {
            const std::uint64_t at = file.offset();
            auto block = file.next();
            if (!block) return Unexpected{block.error()};
            if (!*block) return {};
            if (is_known(**block)) {
                tally_.add_known((*block)->size());
            } else {
                submit(std::move(**block),
                       fmt::format("{}, block {} at byte {}", file.path().string(), i, at));
            }
            show_progress();
        }
        return {};
    }

    /// Waits for the answers to everything handed on.
    void wait() {
        while (is_wanted() && !tally_.wait_for_all()) show_progress();
    }

    /// "120 blocks in 3 s, 40 blocks/s, …"
    [[nodiscard]] std::string speed() const {
        const double seconds = elapsed();
        const auto stats = manager_.stats();
        const auto rate = [seconds](auto count) {
            return seconds > 0 ? static_cast<double>(count) / seconds : 0.0;
        };
        return fmt::format("{} blocks in {}, {:.0f} blocks/s, {:.1f} Mgas/s, {:.0f} tx/s",
                           stats.blocks, duration_text(seconds), rate(stats.blocks),
                           rate(stats.gas) / 1e6, rate(stats.transactions));
    }

    void clear_progress() { progress_.clear(); }

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] bool is_wanted() const { return !stop_requested() && !tally_.trouble(); }

    [[nodiscard]] double elapsed() const {
        return std::chrono::duration<double>(Clock::now() - started_).count();
    }

    /// Whether the block is in the store, asked for only up to the first that is not: from there on
    /// the manager knows. One snapshot serves, since nothing is written before.
    bool is_known(ByteView block) {
        if (!is_resuming_) return false;
        if (!view_) view_.emplace(manager_.store());
        const auto hash = hash_of_encoded(block);
        is_resuming_ = hash && view_->find(*hash).has_value();
        if (!is_resuming_) view_.reset();
        return is_resuming_;
    }

    void submit(Bytes block, std::string place) {
        const std::size_t bytes = block.size();
        tally_.add_submitted();
        manager_.submit_encoded(
            std::move(block),
            [&tally = tally_, bytes, place = std::move(place)](const ImportOutcome& outcome) {
                tally.tell(outcome, place, bytes);
            });
    }

    void show_progress() {
        if (!progress_.is_due()) return;
        const double done = static_cast<double>(tally_.bytes_done());
        const double left = static_cast<double>(bytes_total_) - done;
        const double seconds_left = done > 0 ? elapsed() * left / done : -1;
        progress_.show(
            fmt::format("{:.1f} %: {}, {} left",
                        bytes_total_ == 0 ? 100.0 : 100 * done / static_cast<double>(bytes_total_),
                        speed(), duration_text(seconds_left)));
    }

    chain::ChainManager& manager_;
    Tally& tally_;
    std::uint64_t bytes_total_;
    Clock::time_point started_ = Clock::now();
    ProgressLine progress_;
    bool is_resuming_ = true;
    std::optional<chain::ReadView> view_;
};

Result<std::vector<BlockFileReader>, std::string> open_all(
    const std::vector<std::filesystem::path>& paths) {
    std::vector<BlockFileReader> files;
    for (const auto& path : paths) {
        auto file = BlockFileReader::open(path);
        if (!file) return Unexpected{file.error()};
        files.push_back(std::move(*file));
    }
    return files;
}

std::string head_text(const chain::ChainManager& manager) {
    const auto head = manager.view().head();
    return head ? fmt::format("head {} {}", head->number, to_hex0x(head->hash)) : "no head";
}

/// The whole import on an open chain.
ExitCode import_all(chain::ChainManager& manager, std::vector<BlockFileReader>& files,
                    Tally& tally) {
    std::uint64_t bytes_total = 0;
    for (const auto& file : files) bytes_total += file.size();
    FileImport import{manager, tally, bytes_total};
    std::optional<std::string> broken_file;
    for (auto& file : files) {
        if (const auto read = import.read(file); !read) {
            broken_file = read.error();
            break;
        }
    }
    import.wait();
    manager.stop();
    import.clear_progress();
    fmt::print("{}; {} known before; {}\n", import.speed(), tally.known(), head_text(manager));
    if (const auto trouble = tally.trouble()) return failed(*trouble);
    if (broken_file) return failed(*broken_file);
    if (stop_requested()) {
        fmt::print(stderr, "cairn-node: stopped; the same command goes on from here\n");
        return ExitCode::Interrupted;
    }
    return ExitCode::Ok;
}

}  // namespace

ExitCode run(const ImportCommand& command) {
    auto genesis = load_genesis(command.folder);
    if (!genesis) return bad_request(genesis.error());
    auto files = open_all(command.files);
    if (!files) return bad_request(files.error());

    Tally tally;  // outlives the manager, whose writer thread tells it
    chain::Store store{command.folder.store_folder()};
    chain::ChainManagerOptions options;
    options.checks_seals = command.checks_seals;
    options.keep_state_blocks = command.keep_state_blocks;
    options.on_fatal = [&tally](const std::string& what) { tally.tell_fatal(what); };
    const auto manager = chain::ChainManager::open(store, *genesis, std::move(options));
    if (!manager)
        return bad_request(
            fmt::format("{} holds the chain of genesis {}, but {} is that of {}",
                        command.folder.store_folder().string(), to_hex0x(manager.error().stored),
                        command.folder.genesis_file().string(), to_hex0x(manager.error().wanted)));
    // A million accounts take hundreds of megabytes, and the store has them.
    genesis->accounts = std::vector<chain::GenesisAccount>{};
    return import_all(**manager, *files, tally);
}

}  // namespace cairn::node
