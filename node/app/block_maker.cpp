// SPDX-License-Identifier: MIT
#include "node/app/block_maker.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "chain/rules/header_check.hpp"
#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/base/log.hpp"
#include "node/app/unix_clock.hpp"

namespace cairn::node {
namespace {

/// How finely the policy's moments and the intervals are kept.
constexpr std::chrono::milliseconds kTick{20};
/// How often the pool lets go of what has waited too long.
constexpr std::chrono::seconds kMaintainEvery{60};
/// A template's transactions run no longer; what then is in it is the block.
constexpr std::chrono::milliseconds kBuildTimeMax{800};
/// Transactions that follow one another more closely than this share a block, where nobody waits.
constexpr std::chrono::milliseconds kGatherPause{3};
/// But the first of them waits no longer.
constexpr std::chrono::milliseconds kGatherMax{100};

}  // namespace

BlockMaker::BlockMaker(chain::ChainManager& chain, chain::TxPool& pool, chain::JobBoard& board,
                       BlockMakerOptions options)
    : chain_{chain},
      pool_{pool},
      board_{board},
      options_{std::move(options)},
      posts_work_{options_.posts_work},
      automines_{options_.is_dev && !options_.dev_period},
      builder_{chain.spec()} {
    if (options_.is_dev && options_.dev_period)
        interval_ = std::chrono::seconds{*options_.dev_period};
    const auto now = std::chrono::steady_clock::now();
    next_interval_ = now + interval_;
    maintained_at_ = now;
    policy_.on_head(now);
    heads_ = chain_.head_events().subscribe([this](const chain::HeadChangedPtr& event) {
        executor_.post([this, event, at = std::chrono::steady_clock::now()] { on_head(event, at); });
    });
    pool_events_ = pool_.events().subscribe([this](const chain::PoolEvent& event) {
        const auto* added = std::get_if<chain::TxAdded>(&event);
        if (!(added != nullptr && added->is_pending) &&
            !std::holds_alternative<chain::TxPromoted>(event))
            return;
        ++changes_;
        // Many transactions make one note.
        if (!pool_changed_.exchange(true)) executor_.post([this] { on_pool(); });
    });
    executor_.set_timer(kTick, [this] { tick(); });
}

BlockMaker::~BlockMaker() {
    stop();
}

void BlockMaker::stop() {
    {
        const std::lock_guard lock{gather_mutex_};
        is_stopping_ = true;
    }
    gather_ends_.notify_all();
    heads_.reset();
    pool_events_.reset();
    executor_.stop();
}

template <class F>
auto BlockMaker::on_thread(F task) -> std::invoke_result_t<F&> {
    using R = std::invoke_result_t<F&>;
    struct Waiter {
        explicit Waiter(BlockMaker& maker) : maker_{maker} {
            {
                const std::lock_guard lock{maker_.gather_mutex_};
                ++maker_.waiters_;
            }
            maker_.gather_ends_.notify_all();
        }
        ~Waiter() {
            const std::lock_guard lock{maker_.gather_mutex_};
            --maker_.waiters_;
        }
        BlockMaker& maker_;
    };
    const Waiter waiter{*this};
    auto packaged = std::make_shared<std::packaged_task<R()>>(std::move(task));
    auto future = packaged->get_future();
    executor_.post([packaged] { (*packaged)(); });
    packaged.reset();
    return future.get();
}

UnixSeconds BlockMaker::now() const {
    return static_cast<UnixSeconds>(static_cast<std::int64_t>(system_seconds()) + time_offset_);
}

void BlockMaker::on_head(const chain::HeadChangedPtr& event,
                         std::chrono::steady_clock::time_point at) {
    head_at_ = at;
    pool_.on_head_changed(*event, now());
    if (forgets_reverted_) pool_.clear();
    policy_.on_head(std::chrono::steady_clock::now());
    work_from_.reset();
    {
        const std::lock_guard lock{mutex_};
        pending_.reset();
    }
    if (std::exchange(mines_on_, false) && !pool_changed_.exchange(true))
        executor_.post([this] { on_pool(); });
    tick();
}

void BlockMaker::gather() {
    const auto until = std::chrono::steady_clock::now() + kGatherMax;
    std::unique_lock lock{gather_mutex_};
    for (auto seen = changes_.load(); std::chrono::steady_clock::now() < until;) {
        if (gather_ends_.wait_for(lock, kGatherPause, [this] { return is_stopping_ || waiters_ > 0; }))
            return;
        if (std::exchange(seen, changes_.load()) == seen) return;
    }
}

void BlockMaker::on_pool() {
    if (automines_) gather();
    pool_changed_ = false;
    const auto changes = changes_.load();
    policy_.on_pool(std::chrono::steady_clock::now());
    {
        const std::lock_guard lock{mutex_};
        pending_.reset();
    }
    if (automines_ && pool_.status().pending > 0) {
        // Until the pool has heard of the last block, it offers what is in it already.
        if (pool_.head().ref != chain_.view().head()) {
            mines_on_ = true;
            return;
        }
        const auto mined = mine_here({});
        if (!mined) {
            log::warn("No block could be made", {{"reason", mined.error()}});
        } else {
            // What did not fit comes into the next, once the pool has heard of this one. Where
            // none fits, the block was empty.
            mines_on_ = !mined->is_empty;
        }
    }
    // The pool hears of a block by its head, and then this runs once more.
    if (!mines_on_) settled_changes_ = changes;
}

void BlockMaker::tick() {
    const auto now_steady = std::chrono::steady_clock::now();
    if (now_steady - maintained_at_ > kMaintainEvery) {
        maintained_at_ = now_steady;
        pool_.maintain(now());
    }
    if (interval_.count() > 0 && now_steady >= next_interval_) {
        next_interval_ = now_steady + interval_;
        if (const auto mined = mine_here({}); !mined)
            log::warn("No block could be made", {{"reason", mined.error()}});
        return;
    }
    // Templates that nobody asks for would cost every node the execution of its pool.
    if (!posts_work_) return;
    if (work_from_ ? now() >= *work_from_ : policy_.take(now_steady).has_value()) make_template();
}

chain::BlockAttributes BlockMaker::attributes(const chain::ReadView& view,
                                              std::optional<UnixSeconds> timestamp) {
    chain::BlockAttributes out;
    const auto head = view.head();
    CAIRN_ASSERT(head);
    const auto parent = view.header(*head);
    CAIRN_ASSERT(parent);
    const std::lock_guard lock{mutex_};
    if (!timestamp && next_timestamp_) timestamp = next_timestamp_;
    if (!timestamp && timestamp_interval_)
        timestamp = (*parent)->timestamp + std::max<std::uint64_t>(*timestamp_interval_, 1);
    out.timestamp = timestamp.value_or(std::max(now(), (*parent)->timestamp + 1));
    out.beneficiary = options_.beneficiary.value_or(Address{});
    out.extra_data = options_.extra_data;
    out.gas_limit_target = options_.gas_limit_target;
    out.is_gas_limit_exact = options_.is_dev;
    out.base_fee = next_base_fee_;
    out.tip_min = options_.tip_min;
    return out;
}

Result<chain::BlockTemplate, chain::BuildFault> BlockMaker::build_template(
    std::optional<UnixSeconds> timestamp) {
    const auto view = chain_.view();
    const auto until = std::chrono::steady_clock::now() + kBuildTimeMax;
    return builder_.build(view, attributes(view, timestamp), pool_,
                          [until] { return std::chrono::steady_clock::now() > until; });
}

bool BlockMaker::waits_for_clock() {
    const auto view = chain_.view();
    const auto timestamp = attributes(view, {}).timestamp;
    if (timestamp <= now() + chain::kFutureSecondsMax) return false;
    work_from_ = timestamp - chain::kFutureSecondsMax;
    return true;
}

void BlockMaker::make_template() {
    work_from_.reset();
    // Blocks that come faster than a second each run ahead of the clock, until nobody would take
    // another one, ourselves included.
    if (waits_for_clock()) {
        // What comes later waits for the clock, and says nothing of how fast this is.
        head_at_.reset();
        return board_.withdraw();
    }
    auto made = build_template({});
    if (!made) {
        log::warn("No block template could be made", {{"reason", chain::to_string(made.error())}});
        return;
    }
    const auto executed = made->executed;
    {
        const std::lock_guard lock{mutex_};
        pending_ = std::make_shared<const rpc::PendingBlock>(
            rpc::PendingBlock{executed, std::move(made->diff)});
        if (!options_.beneficiary) return;
    }
    if (posts_work_) board_.post(executed->block, std::exchange(head_at_, std::nullopt));
}

std::shared_ptr<const rpc::PendingBlock> BlockMaker::pending() {
    {
        const std::lock_guard lock{mutex_};
        if (pending_ && !pool_changed_) return pending_;
    }
    if (is_stopping_) return nullptr;
    try {
        return on_thread([this]() -> std::shared_ptr<const rpc::PendingBlock> {
            auto made = build_template({});
            if (!made) return nullptr;
            auto block = std::make_shared<const rpc::PendingBlock>(
                rpc::PendingBlock{made->executed, std::move(made->diff)});
            const std::lock_guard lock{mutex_};
            pending_ = block;
            return block;
        });
    } catch (const std::future_error&) {
        return nullptr;  // stopped meanwhile
    }
}

Result<void, std::string> BlockMaker::ensure_work() {
    {
        const std::lock_guard lock{mutex_};
        if (!options_.beneficiary)
            return Unexpected{std::string{"etherbase must be explicitly specified"}};
    }
    if (posts_work_.exchange(true)) return {};
    try {
        on_thread([this] { make_template(); });
    } catch (const std::future_error&) {
        return Unexpected{std::string{"the node is stopping"}};
    }
    return {};
}

void BlockMaker::stop_work() {
    posts_work_ = false;
    board_.withdraw();
}

void BlockMaker::set_beneficiary(const Address& address) {
    const std::lock_guard lock{mutex_};
    options_.beneficiary = address;
}
std::optional<Address> BlockMaker::beneficiary() const {
    const std::lock_guard lock{mutex_};
    return options_.beneficiary;
}
void BlockMaker::set_extra_data(Bytes data) {
    const std::lock_guard lock{mutex_};
    options_.extra_data = std::move(data);
}
void BlockMaker::set_gas_limit_target(Gas target) {
    const std::lock_guard lock{mutex_};
    options_.gas_limit_target = target;
    pending_.reset();
}
void BlockMaker::set_tip_min(const Wei& tip) {
    const std::lock_guard lock{mutex_};
    options_.tip_min = tip;
}

Result<BlockMaker::Mined, std::string> BlockMaker::mine_here(std::optional<UnixSeconds> timestamp) {
    auto made = build_template(timestamp);
    if (!made) return Unexpected{chain::to_string(made.error())};
    {
        // A timestamp that was asked for also sets the clock from which the next blocks go on.
        const std::lock_guard lock{mutex_};
        if (timestamp || next_timestamp_)
            time_offset_ = static_cast<std::int64_t>(made->block().header->timestamp) -
                           static_cast<std::int64_t>(system_seconds());
        next_timestamp_.reset();
    }
    std::promise<chain::ImportOutcome> promise;
    chain_.submit(made->block(), made->executed->senders,
                  [&](const chain::ImportOutcome& outcome) { promise.set_value(outcome); });
    const auto outcome = promise.get_future().get();
    if (outcome.status != chain::ImportStatus::Canonical)
        return Unexpected{chain::to_string(outcome)};
    {
        // It was for this block, unless another was set while the block was made.
        const std::lock_guard lock{mutex_};
        if (next_base_fee_ && made->block().header->base_fee == next_base_fee_) next_base_fee_.reset();
    }
    return Mined{outcome.block, made->executed->senders.empty()};
}

Result<chain::BlockRef, std::string> BlockMaker::mine(std::optional<UnixSeconds> timestamp) {
    try {
        const auto mined = on_thread([&] { return mine_here(timestamp); });
        if (!mined) return Unexpected{mined.error()};
        return mined->block;
    } catch (const std::future_error&) {
        return Unexpected{std::string{"the node is stopping"}};
    }
}

template <class Condition>
void BlockMaker::wait_while(Condition holds) {
    try {
        while (automines_ && holds()) on_thread([] {});
    } catch (const std::future_error&) {
        // Stopping: nothing more comes.
    }
}

void BlockMaker::wait_mined() {
    wait_while([this, wanted = changes_.load()] { return settled_changes_ < wanted; });
}

void BlockMaker::wait_room(std::size_t slots) {
    wait_while([&] { return settled_changes_ < changes_ && pool_.status().slots > slots; });
}

bool BlockMaker::rewind(const chain::BlockRef& block) {
    forgets_reverted_ = true;
    const bool is_done = chain_.set_head(block).get();
    try {
        on_thread([] {});  // what the event brings about has happened
    } catch (const std::future_error&) {
        return false;  // stopping
    }
    forgets_reverted_ = false;
    return is_done;
}

void BlockMaker::set_automine(bool is_on) {
    automines_ = is_on;
    if (is_on && !pool_changed_.exchange(true)) executor_.post([this] { on_pool(); });
}

void BlockMaker::set_interval(std::chrono::milliseconds interval) {
    executor_.post([this, interval] {
        interval_ = interval;
        next_interval_ = std::chrono::steady_clock::now() + interval;
    });
}

std::optional<std::int64_t> BlockMaker::increase_time(std::uint64_t seconds, UnixSeconds latest) {
    // One at a time, so that two together do not go beyond it.
    const std::lock_guard lock{mutex_};
    const UnixSeconds clock = now();
    if (clock > latest || seconds > latest - clock) return std::nullopt;
    return time_offset_ += static_cast<std::int64_t>(seconds);
}

void BlockMaker::set_time_offset(std::int64_t seconds) {
    const std::lock_guard lock{mutex_};
    time_offset_ = seconds;
    next_timestamp_.reset();
}

void BlockMaker::set_next_timestamp(UnixSeconds timestamp) {
    const std::lock_guard lock{mutex_};
    next_timestamp_ = timestamp;
}

bool BlockMaker::set_timestamp_interval(std::optional<std::uint64_t> seconds) {
    const std::lock_guard lock{mutex_};
    return std::exchange(timestamp_interval_, seconds).has_value();
}

void BlockMaker::set_next_base_fee(const std::optional<Wei>& base_fee) {
    const std::lock_guard lock{mutex_};
    next_base_fee_ = base_fee;
    pending_.reset();
}

std::optional<Wei> BlockMaker::next_base_fee() const {
    const std::lock_guard lock{mutex_};
    return next_base_fee_;
}

}  // namespace cairn::node
