// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/types/mining_job.hpp"
#include "node/mining/limits.hpp"
#include "node/mining/stratum_work.hpp"
#include "node/mining/vardiff.hpp"
#include "node/mining/workers.hpp"

namespace cairn::node {

/// A share that seals its job's block.
struct FoundBlock {
    Hash256 seal_hash;
    Seal seal;
    WorkerName worker;
};

/// What a session asks of whoever holds its connection.
struct SessionOutput {
    std::string text;                ///< whole lines to send, in this order
    std::vector<ShareEvent> shares;  ///< for the accounts
    std::vector<FoundBlock> blocks;  ///< for the job board
    bool close = false;              ///< send `text`, then close
    bool ban = false;                ///< and accept nothing more from this address for a while
};

/// How sessions treat their clients.
struct StratumSessionOptions {
    std::uint32_t version_mask = kWorkVersionMask;  ///< version bits offered for rolling (BIP 310)
    /// Of a share before anything is known of the client: what one core finds in some seconds.
    double difficulty_start = 0.05;
    double difficulty_min = kShareDifficultyMin;
};

/// One connection of a Stratum v1 client, without its socket: lines in, lines and actions out. The dialect and what each
/// rule of it is for are in docs/mining.md.
///
/// Times are since any fixed point and never go back; the same calls give the same output. One thread.
class StratumSession {
  public:
    using Time = std::chrono::milliseconds;

    /// @param extranonce1  unlike every other open session's
    StratumSession(std::uint32_t extranonce1, const StratumSessionOptions& options, Time now);

    /// Takes one line without its end.
    [[nodiscard]] SessionOutput on_line(std::string_view line, Time now);

    /// A line grew beyond kStratumLineBytesMax before its end came.
    [[nodiscard]] SessionOutput on_long_line(Time now);

    /// There is another job. Its seal hash is sealed by SHA-256d.
    /// @param is_clean  shares of earlier jobs are worth nothing
    [[nodiscard]] SessionOutput on_job(const MiningJob& job, bool is_clean, Time now);

    /// To be called every second or so.
    [[nodiscard]] SessionOutput on_tick(Time now);

    [[nodiscard]] bool is_authorized() const noexcept { return !workers_.empty(); }
    [[nodiscard]] double difficulty() const noexcept { return vardiff_.difficulty(); }

  private:
    struct Request;
    /// A job as it was given to this client.
    struct Issued {
        std::uint64_t id = 0;
        MiningJob job;
        CoinbaseParts coinbase;
        MerkleBranches branches;
        double difficulty = 0;
        bool is_stale = false;
        std::unordered_set<std::uint64_t> seen;  ///< the accepted shares' hashes, each its number's lowest 64 bits
    };
    /// Why a share was refused, in Stratum's numbers.
    struct Refusal {
        int code;
        const char* text;
        ShareOutcome outcome;
        double penalty;
    };
    /// A share that has passed every check.
    struct Checked {
        double difficulty = 0;
        bool seals_block = false;
        bool is_counted = true;  ///< false: stale, and taken only because it seals the block
        Seal seal;
    };

    void handle(const Request& request, SessionOutput& out, Time now);
    void on_configure(const Request& request, SessionOutput& out);
    void on_subscribe(const Request& request, SessionOutput& out);
    void on_authorize(const Request& request, SessionOutput& out, Time now);
    void on_suggest_difficulty(const Request& request, SessionOutput& out, Time now);
    void on_submit(const Request& request, SessionOutput& out, Time now);

    [[nodiscard]] std::optional<ShareFields> parse_share(const Request& request, Refusal& why) const;
    [[nodiscard]] std::optional<Checked> check_share(Issued& issued, const ShareFields& fields, Refusal& why);
    [[nodiscard]] Issued* find_issued(std::string_view id);

    void issue(bool is_clean, SessionOutput& out, Time now);
    void set_difficulty(double difficulty, SessionOutput& out);
    void retarget(SessionOutput& out, Time now);
    [[nodiscard]] double difficulty_max() const noexcept;
    void punish(double points, SessionOutput& out);
    [[nodiscard]] bool take_line(Time now, SessionOutput& out);
    void forgive(Time now) noexcept;

    const StratumSessionOptions options_;
    const Extranonce1 extranonce1_;
    const std::uint32_t extranonce1_number_;
    const Time opened_;

    bool is_subscribed_ = false;
    std::vector<WorkerName> workers_;
    std::uint32_t granted_mask_ = 0;  ///< version bits that the client may roll; 0: none were asked for

    std::optional<MiningJob> job_;  ///< the last one heard of
    std::deque<Issued> issued_;     ///< oldest first
    std::uint64_t last_id_ = 0;
    Time last_notify_{0};
    double sent_difficulty_ = 0;  ///< last told to the client; 0: never
    Vardiff vardiff_;

    double penalty_ = 0;
    double line_credit_ = kLinesBurstMax;
    Time last_line_;
    Time last_forgiven_;
};

}  // namespace cairn::node
