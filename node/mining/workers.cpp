// SPDX-License-Identifier: MIT
#include "node/mining/workers.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/hex.hpp"
#include "node/mining/limits.hpp"

namespace cairn::node {
namespace {

/// Time in which a share's weight in the estimated rate falls to 1/e.
constexpr double kRateSeconds = 600;
/// Expected hashes of a share of difficulty 1.
constexpr double kHashesOfDifficulty1 = 4294967296.0;

double seconds(WorkerTable::Time time) noexcept { return std::chrono::duration<double>(time).count(); }

bool is_name_character(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
}

}  // namespace

std::optional<WorkerName> parse_worker_name(std::string_view user) {
    const std::size_t dot = user.find('.');
    const std::string_view address = user.substr(0, dot);
    const auto parsed = fixed_from_hex<Address>(address);
    if (!parsed) return std::nullopt;
    WorkerName worker{.address = *parsed, .name = {}};
    if (dot == std::string_view::npos) return worker;
    const std::string_view name = user.substr(dot + 1);
    if (name.empty() || name.size() > kWorkerNameMax || !std::ranges::all_of(name, is_name_character))
        return std::nullopt;
    worker.name = name;
    return worker;
}

std::string to_text(const WorkerName& worker) {
    return to_hex0x(worker.address) + (worker.name.empty() ? "" : "." + worker.name);
}

WorkerTable::Account& WorkerTable::get_account(const WorkerName& worker, Time now) {
    const auto [it, is_added] = accounts_.try_emplace(worker);
    Account& account = it->second;
    if (!is_added) return account;
    account.stats.worker = worker;
    account.stats.last_share_ms = now.count();
    account.first_at = account.recent_at = now;
    if (accounts_.size() > kWorkersMax) {
        const auto idle = std::ranges::min_element(accounts_, {}, [&](const auto& entry) {
            // Never the one just added, whose turn has hardly begun.
            return std::pair{&entry.second == &account, entry.second.stats.last_share_ms};
        });
        accounts_.erase(idle);
    }
    return account;
}

void WorkerTable::on_share(const ShareEvent& share, Time now) {
    const std::scoped_lock lock{mutex_};
    Account& account = get_account(share.worker, now);
    account.stats.last_share_ms = now.count();
    switch (share.outcome) {
        case ShareOutcome::Accepted:
            ++account.stats.accepted;
            account.stats.difficulty_sum += share.difficulty;
            account.recent_sum *= std::exp(-seconds(now - account.recent_at) / kRateSeconds);
            account.recent_sum += share.difficulty;
            account.recent_at = now;
            return;
        case ShareOutcome::Stale:
            ++account.stats.stale;
            return;
        case ShareOutcome::Duplicate:
        case ShareOutcome::LowDifficulty:
        case ShareOutcome::Invalid:
            ++account.stats.rejected;
            return;
    }
}

void WorkerTable::on_block(const WorkerName& worker, Time now) {
    const std::scoped_lock lock{mutex_};
    ++get_account(worker, now).stats.blocks;
}

std::vector<WorkerStats> WorkerTable::snapshot(Time now) const {
    const std::scoped_lock lock{mutex_};
    std::vector<WorkerStats> all;
    all.reserve(accounts_.size());
    for (const auto& [worker, account] : accounts_) {
        all.push_back(account.stats);
        // The weights of a steady stream since `first_at` sum to this many seconds' worth of it.
        const double age = std::max(seconds(now - account.first_at), 1.0);
        const double weight = kRateSeconds * (1 - std::exp(-age / kRateSeconds));
        const double recent = account.recent_sum * std::exp(-seconds(now - account.recent_at) / kRateSeconds);
        all.back().hashes_per_second = recent * kHashesOfDifficulty1 / weight;
    }
    return all;
}

}  // namespace cairn::node
