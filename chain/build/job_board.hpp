// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "chain/rules/seal_engine.hpp"
#include "core/types/block.hpp"
#include "core/types/mining_job.hpp"

namespace cairn::chain {

/// What there is to mine at a moment.
struct JobPosting {
    /// Grows with every change of the board; never 0, so that 0 is "nothing seen yet".
    std::uint64_t generation = 1;
    /// Nothing while there is nothing to mine: not posted yet, withdrawn, or solved and on its way to the head.
    std::optional<MiningJob> job;
    BlockHash parent_hash;    ///< of the job's block; zero without one
    Difficulty difficulty;    ///< the job's block's; 0 without one
    /// Whether the parent differs from the job's before: work on earlier jobs is worth next to nothing.
    bool is_clean = true;
    /// When what the job follows from became known: the new head, or else the posting itself. For measuring alone.
    std::chrono::steady_clock::time_point since = {};
};

/// The job in the form of `eth_getWork` on networks sealed by Ethash.
struct EthWork {
    Hash256 seal_hash;
    Hash256 seed_hash;  ///< ethash_seed of the block's epoch
    Hash256 boundary;   ///< the target, big-endian
    BlockNumber number = 0;

    friend bool operator==(const EthWork&, const EthWork&) noexcept = default;
};

/// A posting's job as `eth_getWork` gives it; nothing where there is no job. Pure; any thread.
[[nodiscard]] std::optional<EthWork> eth_work_of(const JobPosting& posting);

/// What became of a seal that a miner found.
enum class SealOutcome : std::uint8_t {
    Accepted,       ///< sealed and handed on; import has the last word
    Stale,          ///< no template on the board has this seal hash
    Duplicate,      ///< the template is sealed already
    LowDifficulty,  ///< the work is above the target
    WrongMix,       ///< Ethash: the mix is not the one that the nonce gives
};
/// The enumerator in words, lower case, as miners are told it.
[[nodiscard]] const char* to_text(SealOutcome outcome) noexcept;

/// Where the maker of templates posts what is to be mined, and where miners of every kind read it and hand in seals.
///
/// Templates are kept for a while after others followed them: a block that comes late is still valid, and may become
/// the head or an ommer. Each is sealed at most once; a second seal would only make a sibling of our own.
///
/// Any thread may call anything. Callbacks run on the thread that caused them, without a lock held.
class JobBoard {
  public:
    /// Templates kept, at most.
    static constexpr std::size_t kTemplatesMax = 64;
    /// A template this many blocks below the newest is dropped: no block may name it as an ommer any more (Yellow
    /// Paper, section 11.1).
    static constexpr BlockNumber kNumbersBehindMax = 7;

    /// Takes a sealed block towards import.
    using Sealed = std::function<void(Block)>;
    /// Hears of a change. Must not block, nor change the board or its subscriptions.
    using Listener = std::function<void(const JobPosting&)>;

    /// @param engine  outlives the board
    /// @param sealed  called once for each accepted seal; not empty (asserted)
    JobBoard(const SealEngine& engine, Sealed sealed);
    JobBoard(const JobBoard&) = delete;
    JobBoard& operator=(const JobBoard&) = delete;
    ~JobBoard();

    /// Makes `unsealed` the job; its mix hash and nonce are ignored. The block that is the job already changes nothing;
    /// one that was sealed before (and whose import failed, or it would not be posted again) may be sealed once more.
    /// @param since  JobPosting::since; nothing: this moment
    void post(Block unsealed, std::optional<std::chrono::steady_clock::time_point> since = {});

    /// There is nothing to mine for now; templates stay, so that what is found late still counts.
    void withdraw();

    /// What there is at this moment.
    [[nodiscard]] JobPosting current() const;

    /// Waits until the generation is another than `seen` and answers with the posting; with nothing when `stop` was
    /// asked for or `timeout` has passed first.
    [[nodiscard]] std::optional<JobPosting> wait_job(std::uint64_t seen, std::stop_token stop,
                                                     std::chrono::nanoseconds timeout) const;

    /// Ends a subscription when destroyed. A call that is under way at that moment is waited for, so the destructor
    /// must not run inside the listener.
    class Subscription {
      public:
        Subscription() noexcept = default;
        Subscription(Subscription&& other) noexcept;
        Subscription& operator=(Subscription&& other) noexcept;
        ~Subscription();

      private:
        friend class JobBoard;
        Subscription(JobBoard& board, std::uint64_t id) noexcept : board_{&board}, id_{id} {}
        void end() noexcept;
        JobBoard* board_ = nullptr;
        std::uint64_t id_ = 0;
    };

    /// Calls `listener` at each change from here on, in order. The board outlives the subscription.
    [[nodiscard]] Subscription subscribe(Listener listener);

    /// The work of the template with this seal hash, from the job or those before it; nothing where there is none.
    [[nodiscard]] std::optional<WorkBase> find_work(const Hash256& seal_hash) const;

    /// Checks a seal, and on Accepted hands the sealed block on before it returns.
    SealOutcome submit(const Hash256& seal_hash, const Seal& seal);

  private:
    struct Template {
        std::shared_ptr<const Block> block;
        MiningJob job;
        bool is_sealed = false;
    };

    /// The template with this seal hash, or null. The newest are looked at first: nearly all seals are for the job.
    template <class Templates>
    static auto find_template(Templates& templates, const Hash256& seal_hash) -> decltype(&templates.front()) {
        for (auto it = templates.rbegin(); it != templates.rend(); ++it)
            if (it->job.base.seal_hash == seal_hash) return &*it;
        return nullptr;
    }
    void drop_old_templates();
    void change(std::optional<MiningJob> job, const Block* block);
    void announce();

    const SealEngine& engine_;
    const Sealed sealed_;

    mutable std::mutex mutex_;
    mutable std::condition_variable_any changed_;
    std::deque<Template> templates_;  // guarded by mutex_: oldest first
    JobPosting current_;              // guarded by mutex_
    BlockHash last_parent_;           // guarded by mutex_: of the last job, kept while there is none
    std::uint64_t last_job_id_ = 0;   // guarded by mutex_

    /// Held while listeners run, so that they hear changes in order and none after its end. Taken before mutex_.
    std::mutex listeners_mutex_;
    std::map<std::uint64_t, Listener> listeners_;  // guarded by listeners_mutex_
    std::uint64_t last_listener_id_ = 0;           // guarded by listeners_mutex_
    std::uint64_t announced_ = 1;                  // guarded by listeners_mutex_: generation last told
};

}  // namespace cairn::chain
