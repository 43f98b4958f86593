// SPDX-License-Identifier: MIT
#include "rpc/subscriptions.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "rpc/bind.hpp"
#include "rpc/double_spend_json.hpp"
#include "rpc/encode.hpp"
#include "rpc/log_query.hpp"
#include "rpc/random_id.hpp"

namespace cairn::rpc {
namespace {

enum class Topic : std::uint8_t { NewHeads, Logs, PendingTxs, Syncing, DoubleSpends };

struct Subscription {
    std::weak_ptr<Notifier> notifier;
    Topic topic = Topic::NewHeads;
    LogFilter filter{};
    bool has_full_txs = false;
    /// Not before the client knows the name.
    bool is_active = false;
};

/// What the writing thread is given to do.
using Work = std::variant<chain::HeadChangedPtr, RecoveredTx, chain::DoubleSpend>;

/// Work that may wait: far more than a burst brings, little enough to hold.
constexpr std::size_t kWorkMax = 65'536;

/// A notification around a result (geth's pub/sub form).
std::shared_ptr<const std::string> message_of(const std::string& id, std::string_view result) {
    std::string out = R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":")";
    out += id;
    out += R"(","result":)";
    out += result;
    out += "}}";
    return std::make_shared<const std::string>(std::move(out));
}

/// The logs of a block that fit, each as JSON text of its own.
std::vector<std::string> logs_of(const LogFilter& filter, const chain::ExecutedBlock& block,
                                 bool is_removed) {
    std::vector<std::string> out;
    const auto& header = block.block.header;
    LogPlace place{header.hash(), header->number, header->timestamp, {}, 0, 0, is_removed};
    for (std::size_t i = 0; i < block.receipts.size(); ++i) {
        place.tx_hash = block.block.body.transactions[i].hash();
        place.tx_index = i;
        for (const auto& log : block.receipts[i].logs) {
            if (filter.matches(log)) {
                JsonWriter writer{out.emplace_back()};
                write_log(writer, log, place);
            }
            ++place.log_index;
        }
    }
    return out;
}

}  // namespace

struct SubscriptionHub::Impl {
    explicit Impl(EthContext& c) : context{c} {}

    EthContext& context;
    mutable std::mutex mutex;
    std::condition_variable has_work;
    std::condition_variable is_idle;
    std::map<std::string, Subscription> subscriptions;  // guarded by mutex
    std::deque<Work> work;                              // guarded by mutex
    bool is_busy = false;                               // guarded by mutex
    bool is_stopping = false;                           // guarded by mutex
    bool was_syncing = false;                           // the writing thread's
    chain::EventBus<chain::HeadChangedPtr>::Subscription heads;
    std::shared_ptr<void> transactions;
    std::shared_ptr<void> double_spends;
    std::thread thread;

    void push(Work item) {
        const std::lock_guard lock{mutex};
        // Nobody listens, or nobody can be told in time: a lost notification is what a slow client
        // gets.
        if (subscriptions.empty() || work.size() >= kWorkMax) return;
        work.push_back(std::move(item));
        has_work.notify_one();
    }

    void run() {
        std::unique_lock lock{mutex};
        for (;;) {
            is_busy = false;
            if (work.empty()) is_idle.notify_all();
            has_work.wait(lock, [this] { return is_stopping || !work.empty(); });
            if (is_stopping) return;
            const auto item = std::move(work.front());
            work.pop_front();
            is_busy = true;
            // Subscriptions are copied: writing takes longer than the lock should be held.
            const auto targets = subscriptions;
            lock.unlock();
            for (const auto& [id, target] : targets)
                if (target.is_active && !tell(id, target, item)) remove(id);
            lock.lock();
        }
    }

    void remove(const std::string& id) {
        const std::lock_guard lock{mutex};
        subscriptions.erase(id);
    }

    /// False where the connection is gone.
    bool tell(const std::string& id, const Subscription& target, const Work& item) {
        const auto notifier = target.notifier.lock();
        if (!notifier) return false;
        if (const auto* change = std::get_if<chain::HeadChangedPtr>(&item))
            return tell_head(id, target, *notifier, **change);
        if (const auto* record = std::get_if<chain::DoubleSpend>(&item))
            return target.topic != Topic::DoubleSpends || tell_double_spend(id, *notifier, *record);
        return target.topic != Topic::PendingTxs ||
               tell_tx(id, target, *notifier, std::get<RecoveredTx>(item));
    }

    bool tell_head(const std::string& id, const Subscription& target, Notifier& notifier,
                   const chain::HeadChanged& change) {
        if (target.topic == Topic::NewHeads) {
            for (const auto& block : change.applied) {
                std::string text;
                JsonWriter writer{text};
                write_header(writer, block->block.header);
                if (!notifier.notify(message_of(id, text))) return false;
            }
        }
        if (target.topic == Topic::Logs) {
            for (const auto& block : change.reverted)
                for (const auto& log : logs_of(target.filter, *block, true))
                    if (!notifier.notify(message_of(id, log))) return false;
            for (const auto& block : change.applied)
                for (const auto& log : logs_of(target.filter, *block, false))
                    if (!notifier.notify(message_of(id, log))) return false;
        }
        if (target.topic == Topic::Syncing) return tell_syncing(id, notifier);
        return true;
    }

    bool tell_tx(const std::string& id, const Subscription& target, Notifier& notifier,
                 const RecoveredTx& tx) {
        std::string text;
        JsonWriter writer{text};
        if (target.has_full_txs) {
            write_tx(writer, tx.signed_tx(), tx.sender(), std::nullopt);
        } else {
            writer.data(tx.hash());
        }
        return notifier.notify(message_of(id, text));
    }

    bool tell_double_spend(const std::string& id, Notifier& notifier,
                           const chain::DoubleSpend& record) {
        std::string text;
        JsonWriter writer{text};
        write_double_spend(writer, record);
        return notifier.notify(message_of(id, text));
    }

    /// A head that moved while far behind means that synchronisation goes on, one after that that
    /// it ended.
    bool tell_syncing(const std::string& id, Notifier& notifier) {
        const auto progress = context.sync == nullptr ? std::nullopt : context.sync->progress();
        if (!progress && !was_syncing) return true;
        was_syncing = progress.has_value();
        std::string text;
        JsonWriter writer{text};
        if (!progress) {
            writer.boolean(false);
        } else {
            writer.begin_object();
            writer.boolean("syncing", true);
            writer.key("status").begin_object();
            writer.quantity("startingBlock", progress->starting);
            writer.quantity("currentBlock", progress->current);
            writer.quantity("highestBlock", progress->highest);
            writer.end_object();
            writer.end_object();
        }
        return notifier.notify(message_of(id, text));
    }

    Reply add(Call& call, JsonWriter& out, Subscription subscription) {
        if (call.notifier == nullptr)
            return Unexpected{RpcError{kMethodNotFound, "notifications not supported"}};
        subscription.notifier = call.notifier;
        auto id = random_id();
        {
            const std::lock_guard lock{mutex};
            std::size_t own = 0;
            for (const auto& [name, other] : subscriptions)
                own += other.notifier.lock() == call.notifier ? 1U : 0U;
            if (own >= context.limits.subscriptions_max)
                return server_error("too many subscriptions on one connection (max " +
                                    std::to_string(context.limits.subscriptions_max) + ")");
            subscriptions.emplace(id, std::move(subscription));
        }
        out.text(id);
        call.after_reply.emplace_back([this, id] {
            const std::lock_guard lock{mutex};
            if (const auto found = subscriptions.find(id); found != subscriptions.end())
                found->second.is_active = true;
        });
        return {};
    }
};

namespace {

/// eth_subscribe's second parameter by topic.
Result<Subscription, RpcError> parse_subscription(const std::string& topic,
                                                  const nlohmann::json* options,
                                                  const Limits& limits) {
    Subscription out;
    if (topic == "newHeads") return out;
    if (topic == "syncing") {
        out.topic = Topic::Syncing;
        return out;
    }
    if (topic == "cairn_doubleSpends") {
        out.topic = Topic::DoubleSpends;
        return out;
    }
    if (topic == "newPendingTransactions") {
        out.topic = Topic::PendingTxs;
        if (options == nullptr) return out;
        const auto is_full = ParamCodec<bool>::decode(*options);
        if (!is_full) return invalid_params("invalid argument 1: " + is_full.error());
        out.has_full_txs = *is_full;
        return out;
    }
    if (topic == "logs") {
        out.topic = Topic::Logs;
        if (options == nullptr) return out;
        auto query = ParamCodec<LogQueryArgs>::decode(*options);
        if (!query) return invalid_params("invalid argument 1: " + query.error());
        if (auto checked = query->check(limits); !checked) return Unexpected{checked.error()};
        out.filter = std::move(query->filter);
        return out;
    }
    return Unexpected{
        RpcError{kMethodNotFound, "no \"" + topic + "\" subscription in eth namespace"}};
}

}  // namespace

SubscriptionHub::SubscriptionHub(EthContext& context, chain::EventBus<chain::HeadChangedPtr>* heads)
    : impl_{std::make_unique<Impl>(context)} {
    auto* impl = impl_.get();
    impl->thread = std::thread{[impl] { impl->run(); }};
    if (heads != nullptr)
        impl->heads =
            heads->subscribe([impl](const chain::HeadChangedPtr& change) { impl->push(change); });
    if (context.pool != nullptr) {
        impl->transactions =
            context.pool->listen([impl](const RecoveredTx& tx) { impl->push(tx); });
        impl->double_spends = context.pool->listen_double_spends(
            [impl](const chain::DoubleSpend& record) { impl->push(record); });
    }
}

SubscriptionHub::~SubscriptionHub() {
    impl_->heads.reset();
    impl_->transactions.reset();
    impl_->double_spends.reset();
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->is_stopping = true;
        impl_->has_work.notify_all();
    }
    impl_->thread.join();
}

std::size_t SubscriptionHub::size() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->subscriptions.size();
}

void SubscriptionHub::flush() {
    std::unique_lock lock{impl_->mutex};
    impl_->is_idle.wait(lock, [this] { return impl_->work.empty() && !impl_->is_busy; });
}

std::vector<Method> SubscriptionHub::methods() {
    auto& impl = *impl_;
    std::vector<Method> rows;
    rows.push_back(method(
        impl,
        {"eth_subscribe",
         "Subscribes to newHeads, logs, newPendingTransactions, syncing or cairn_doubleSpends; "
         "WebSocket and IPC only.",
         "quantity", Cost::Light},
        {"topic", "options"},
        +[](Impl& hub, Call& call, JsonWriter& out, std::string topic,
            std::optional<AnyJson> options) -> Reply {
            auto subscription =
                parse_subscription(topic, options ? options->value : nullptr, hub.context.limits);
            if (!subscription) return Unexpected{subscription.error()};
            return hub.add(call, out, std::move(*subscription));
        }));
    rows.push_back(method(
        impl, {"eth_unsubscribe", "Ends a subscription.", "boolean", Cost::Light}, {"id"},
        +[](Impl& hub, Call& call, JsonWriter& out, std::string id) -> Reply {
            const std::lock_guard lock{hub.mutex};
            const auto found = hub.subscriptions.find(id);
            // Another connection's is none of this one's business.
            if (found == hub.subscriptions.end() || found->second.notifier.lock() != call.notifier)
                return server_error("subscription not found");
            hub.subscriptions.erase(found);
            out.boolean(true);
            return {};
        }));
    return rows;
}

}  // namespace cairn::rpc
