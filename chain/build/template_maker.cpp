// SPDX-License-Identifier: MIT
#include "chain/build/template_maker.hpp"

#include <algorithm>
#include <future>
#include <utility>
#include <variant>

namespace cairn::chain {
namespace {

using SteadyClock = std::chrono::steady_clock;

UnixSeconds system_seconds() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<UnixSeconds>(
        std::chrono::duration_cast<std::chrono::seconds>(since).count());
}

/// Whether the next block could be another for it.
bool matters(const PoolEvent& event) {
    if (const auto* added = std::get_if<TxAdded>(&event)) return added->is_pending;
    return std::holds_alternative<TxPromoted>(event);
}

}  // namespace

TemplateMaker::TemplateMaker(ChainManager& manager, TxPool& pool, BlockAttributes attributes,
                             TemplateMakerOptions options)
    : manager_{manager},
      pool_{pool},
      options_{std::move(options)},
      attributes_{std::move(attributes)},
      builder_{manager.spec()},
      policy_{options_.rebuild} {
    if (!options_.clock) options_.clock = system_seconds;
    maintained_at_ = options_.clock();
    head_subscription_ = manager_.head_events().subscribe([this](const HeadChangedPtr& change) {
        executor_.post([this, change] { follow(change); });
    });
    pool_subscription_ = pool_.events().subscribe([this](const PoolEvent& event) {
        if (matters(event)) has_pool_news_ = true;
    });
    executor_.post([this] {
        policy_.on_head(SteadyClock::now());
        tick();
    });
    executor_.set_timer(options_.tick, [this] { tick(); });
}

TemplateMaker::~TemplateMaker() {
    stop();
}

void TemplateMaker::stop() {
    head_subscription_.reset();
    pool_subscription_.reset();
    executor_.stop();
    if (board_ != nullptr) board_->withdraw();
    board_ = nullptr;
}

void TemplateMaker::set_board(JobBoard* board) {
    // Waited for, so that the caller may let go of the board that was.
    auto done = std::make_shared<std::promise<void>>();
    auto result = done->get_future();
    executor_.post([this, board, done] {
        if (board_ != nullptr && board_ != board) board_->withdraw();
        board_ = board;
        if (const auto current = latest(); board_ != nullptr && current)
            board_->post(current->block());
        done->set_value();
    });
    // A stopped executor forgets the task and with it the promise.
    done.reset();
    try {
        result.get();
    } catch (const std::future_error&) {
    }
}

void TemplateMaker::set_paused(bool is_paused) {
    if (is_paused_.exchange(is_paused) && !is_paused) has_new_wishes_ = true;
}

void TemplateMaker::set_attributes(BlockAttributes attributes) {
    const std::lock_guard lock{mutex_};
    attributes_ = std::move(attributes);
    has_new_wishes_ = true;
}

BlockAttributes TemplateMaker::attributes() const {
    const std::lock_guard lock{mutex_};
    return attributes_;
}

BlockTemplatePtr TemplateMaker::latest() const {
    const std::lock_guard lock{mutex_};
    return latest_;
}

std::string TemplateMaker::last_fault() const {
    const std::lock_guard lock{mutex_};
    return last_fault_;
}

void TemplateMaker::follow(const HeadChangedPtr& change) {
    {
        const std::lock_guard lock{mutex_};
        latest_.reset();
    }
    pool_.on_head_changed(*change, options_.clock());
    policy_.on_head(SteadyClock::now());
    tick();
}

void TemplateMaker::tick() {
    const auto now = SteadyClock::now();
    if (has_pool_news_.exchange(false)) policy_.on_pool(now);
    if (has_new_wishes_.exchange(false)) policy_.on_head(now);
    if (!is_paused_ && policy_.take(now)) make();
    const UnixSeconds seconds = options_.clock();
    if (seconds >= maintained_at_ && seconds - maintained_at_ < options_.maintain_seconds) return;
    maintained_at_ = seconds;
    pool_.maintain(seconds);
}

void TemplateMaker::make() {
    BlockAttributes attributes = this->attributes();
    attributes.parent.reset();
    const ReadView view = manager_.view();
    const auto head = view.head();
    const auto header = head ? view.header(*head) : std::nullopt;
    if (!header) return;
    attributes.timestamp = std::max(options_.clock(), (*header)->timestamp + 1);
    const auto deadline = SteadyClock::now() + options_.fill_time_max;
    auto made = builder_.build(view, attributes, pool_,
                               [deadline] { return SteadyClock::now() >= deadline; });
    if (made) return publish(std::make_shared<const BlockTemplate>(std::move(*made)));
    const std::lock_guard lock{mutex_};
    latest_.reset();
    last_fault_ = to_string(made.error());
}

void TemplateMaker::publish(BlockTemplatePtr made) {
    {
        const std::lock_guard lock{mutex_};
        latest_ = made;
        last_fault_.clear();
    }
    if (board_ != nullptr) board_->post(made->block());
    templates_.publish(made);
}

}  // namespace cairn::chain
