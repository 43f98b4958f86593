// SPDX-License-Identifier: MIT
#include "rpc/filters.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "rpc/bind.hpp"
#include "rpc/encode.hpp"
#include "rpc/log_query.hpp"
#include "rpc/random_id.hpp"

namespace cairn::rpc {
namespace {

using Clock = std::chrono::steady_clock;

enum class FilterKind : std::uint8_t { Logs, Blocks, PendingTxs };

/// What one client waits for.
struct Filter {
    FilterKind kind = FilterKind::Blocks;
    LogQueryArgs query{};
    bool has_full_txs = false;
    Clock::time_point asked_at;
    /// What happened since it was asked, oldest first; shared between filters. Bounded: see
    /// kWaitingMax.
    std::vector<chain::HeadChangedPtr> heads{};
    std::vector<RecoveredTx> transactions{};
};

/// Events that a filter keeps for a client that does not ask; then the filter goes, since leaving
/// some out would be a lie.
constexpr std::size_t kWaitingMax = 100'000;

}  // namespace

struct FilterHub::Impl {
    explicit Impl(EthContext& c) : context{c} {}

    EthContext& context;
    mutable std::mutex mutex;
    std::map<std::string, Filter> filters;  // guarded by mutex
    chain::EventBus<chain::HeadChangedPtr>::Subscription heads;
    std::shared_ptr<void> transactions;

    void drop_stale(Clock::time_point now) {
        std::erase_if(filters, [&](const auto& entry) {
            const auto& filter = entry.second;
            return now - filter.asked_at > context.limits.filter_time_max ||
                   filter.heads.size() + filter.transactions.size() > kWaitingMax;
        });
    }

    void on_head(const chain::HeadChangedPtr& change) {
        const std::lock_guard lock{mutex};
        drop_stale(Clock::now());
        for (auto& [id, filter] : filters)
            if (filter.kind != FilterKind::PendingTxs) filter.heads.push_back(change);
    }
    void on_tx(const RecoveredTx& tx) {
        const std::lock_guard lock{mutex};
        for (auto& [id, filter] : filters)
            if (filter.kind == FilterKind::PendingTxs) filter.transactions.push_back(tx);
    }

    std::string add(Filter filter) {
        const std::lock_guard lock{mutex};
        const auto now = Clock::now();
        drop_stale(now);
        while (!filters.empty() && filters.size() >= context.limits.filters_max) {
            auto oldest = filters.begin();
            for (auto it = filters.begin(); it != filters.end(); ++it)
                if (it->second.asked_at < oldest->second.asked_at) oldest = it;
            filters.erase(oldest);
        }
        filter.asked_at = now;
        auto id = random_id();
        filters.emplace(id, std::move(filter));
        return id;
    }

    /// The filter with what waited for its owner, which it then has no more; nothing where there is
    /// none.
    std::optional<Filter> take(const std::string& id) {
        const std::lock_guard lock{mutex};
        const auto now = Clock::now();
        drop_stale(now);
        const auto found = filters.find(id);
        if (found == filters.end()) return std::nullopt;
        auto& filter = found->second;
        filter.asked_at = now;
        Filter out = filter;
        filter.heads.clear();
        filter.transactions.clear();
        return out;
    }
};

namespace {

Unexpected<RpcError> not_found() {
    return server_error("filter not found");
}

/// Whether a range that the filter names takes a block; a hash or a tag leaves it open.
bool is_in_range(const LogQueryArgs& query, BlockNumber number) {
    const auto* from = query.from ? std::get_if<BlockNumber>(&*query.from) : nullptr;
    const auto* to = query.to ? std::get_if<BlockNumber>(&*query.to) : nullptr;
    return (from == nullptr || number >= *from) && (to == nullptr || number <= *to);
}

void write_log_changes(JsonWriter& out, const Filter& filter) {
    const auto write = [&](const chain::ExecutedBlock& block, bool is_removed) {
        if (is_in_range(filter.query, block.block.header->number))
            (void)write_block_logs(out, filter.query.filter, block.block, block.receipts,
                                   is_removed);
    };
    for (const auto& change : filter.heads) {
        for (const auto& block : change->reverted) write(*block, true);
        for (const auto& block : change->applied) write(*block, false);
    }
}

}  // namespace

FilterHub::FilterHub(EthContext& context, chain::EventBus<chain::HeadChangedPtr>* heads)
    : impl_{std::make_unique<Impl>(context)} {
    if (heads != nullptr)
        impl_->heads = heads->subscribe(
            [impl = impl_.get()](const chain::HeadChangedPtr& change) { impl->on_head(change); });
    if (context.pool != nullptr)
        impl_->transactions =
            context.pool->listen([impl = impl_.get()](const RecoveredTx& tx) { impl->on_tx(tx); });
}

FilterHub::~FilterHub() = default;

std::size_t FilterHub::size() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->filters.size();
}

std::vector<Method> FilterHub::methods() {
    using Context = Impl;
    auto& impl = *impl_;
    std::vector<Method> rows;
    rows.push_back(method(
        impl, {"eth_newFilter", "Installs a filter for logs.", "quantity", Cost::Light}, {"filter"},
        +[](Context& hub, Call&, JsonWriter& out, LogQueryArgs query) -> Reply {
            if (auto checked = query.check(hub.context.limits); !checked) return checked;
            Filter filter;
            filter.kind = FilterKind::Logs;
            filter.query = std::move(query);
            out.text(hub.add(std::move(filter)));
            return {};
        }));
    rows.push_back(method(
        impl, {"eth_newBlockFilter", "Installs a filter for new blocks.", "quantity", Cost::Light},
        +[](Context& hub, Call&, JsonWriter& out) -> Reply {
            out.text(hub.add({}));
            return {};
        }));
    rows.push_back(method(
        impl,
        {"eth_newPendingTransactionFilter", "Installs a filter for pooled transactions.",
         "quantity", Cost::Light},
        {"full"}, +[](Context& hub, Call&, JsonWriter& out, std::optional<bool> is_full) -> Reply {
            Filter filter;
            filter.kind = FilterKind::PendingTxs;
            filter.has_full_txs = is_full.value_or(false);
            out.text(hub.add(std::move(filter)));
            return {};
        }));
    rows.push_back(method(
        impl,
        {"eth_uninstallFilter", "Removes a filter; whether there was one.", "boolean", Cost::Light},
        {"id"}, +[](Context& hub, Call&, JsonWriter& out, std::string id) -> Reply {
            const std::lock_guard lock{hub.mutex};
            out.boolean(hub.filters.erase(id) != 0);
            return {};
        }));
    rows.push_back(method(
        impl, {"eth_getFilterChanges", "What happened since a filter was last asked.", "array"},
        {"id"}, +[](Context& hub, Call&, JsonWriter& out, std::string id) -> Reply {
            const auto filter = hub.take(id);
            if (!filter) return not_found();
            out.begin_array();
            if (filter->kind == FilterKind::Logs) {
                write_log_changes(out, *filter);
            } else {
                for (const auto& change : filter->heads)
                    for (const auto& block : change->applied) out.data(block->block.header.hash());
                for (const auto& tx : filter->transactions) {
                    if (filter->has_full_txs) {
                        write_tx(out, tx.signed_tx(), tx.sender(), std::nullopt);
                    } else {
                        out.data(tx.hash());
                    }
                }
            }
            out.end_array();
            return {};
        }));
    rows.push_back(method(
        impl, {"eth_getFilterLogs", "All logs that a log filter takes, from its range.", "array"},
        {"id"}, +[](Context& hub, Call& call, JsonWriter& out, std::string id) -> Reply {
            LogQueryArgs query;
            {
                const std::lock_guard lock{hub.mutex};
                const auto found = hub.filters.find(id);
                if (found == hub.filters.end() || found->second.kind != FilterKind::Logs)
                    return not_found();
                found->second.asked_at = Clock::now();
                query = found->second.query;
            }
            return write_logs(hub.context, call, out, query);
        }));
    return rows;
}

}  // namespace cairn::rpc
