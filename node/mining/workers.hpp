// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/types/ids.hpp"

namespace cairn::node {

/// Who mines, from a Stratum user name: `ADDRESS` or `ADDRESS.worker`.
struct WorkerName {
    Address address;
    std::string name;  ///< letters, digits, `-`, `_`, `.`; empty where none was given

    friend auto operator<=>(const WorkerName&, const WorkerName&) noexcept = default;
};
/// @param user  an address of 40 hex digits with or without `0x`, perhaps a dot and a name of 1 to kWorkerNameMax
///              characters; nothing for anything else
[[nodiscard]] std::optional<WorkerName> parse_worker_name(std::string_view user);
/// `0xaddress`, or `0xaddress.name`.
[[nodiscard]] std::string to_text(const WorkerName& worker);

/// What became of a share.
enum class ShareOutcome : std::uint8_t { Accepted, Stale, Duplicate, LowDifficulty, Invalid };

/// A share for the accounts.
struct ShareEvent {
    WorkerName worker;
    double difficulty = 0;  ///< what it is worth if accepted
    ShareOutcome outcome = ShareOutcome::Accepted;

    friend bool operator==(const ShareEvent&, const ShareEvent&) = default;
};

/// One worker's account.
struct WorkerStats {
    WorkerName worker;
    std::uint64_t accepted = 0;
    std::uint64_t stale = 0;
    std::uint64_t rejected = 0;      ///< duplicate, of low difficulty or invalid
    std::uint64_t blocks = 0;        ///< sealed and accepted by the job board
    double difficulty_sum = 0;       ///< of the accepted shares
    double hashes_per_second = 0;    ///< estimated from the shares of the last ten minutes or so
    std::int64_t last_share_ms = 0;  ///< milliseconds on the table's clock
};

/// The accounts of all workers. At most kWorkersMax; the one idle for longest gives way. Any thread.
class WorkerTable {
  public:
    /// Since any fixed point; never goes back.
    using Time = std::chrono::milliseconds;

    void on_share(const ShareEvent& share, Time now);
    void on_block(const WorkerName& worker, Time now);

    /// All accounts in the order of address and name.
    [[nodiscard]] std::vector<WorkerStats> snapshot(Time now) const;

  private:
    struct Account {
        WorkerStats stats;
        double recent_sum = 0;  ///< difficulty of accepted shares, each worth less the older it is
        Time recent_at{0};
        Time first_at{0};
    };

    Account& get_account(const WorkerName& worker, Time now);

    mutable std::mutex mutex_;
    std::map<WorkerName, Account> accounts_;  // guarded by mutex_
};

}  // namespace cairn::node
