// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/types/mining_job.hpp"
#include "miner/work_source.hpp"

namespace cairn::miner {

/// Rolls the Merkle root of a Stratum job by counting its second extranonce, little-endian from 0.
class ExtranonceRolls final : public WorkRolls {
  public:
    /// Branches of a job, at most: a block of 2^32 transactions.
    static constexpr std::size_t kBranchesMax = 32;
    /// Bytes of the second extranonce: what servers of all kinds use.
    static constexpr std::size_t kExtranonce2BytesMin = 1;
    static constexpr std::size_t kExtranonce2BytesMax = 16;

    /// @param head              coinbase up to the second extranonce
    /// @param extranonce2_size  bytes, within the bounds above (asserted)
    /// @param tail              coinbase behind it
    ExtranonceRolls(Bytes head, std::size_t extranonce2_size, Bytes tail, std::vector<Hash256> branches);

    [[nodiscard]] std::uint64_t count() const noexcept override;
    void apply(std::uint64_t roll, WorkHeader& header) const override;

    /// The second extranonce of a roll.
    [[nodiscard]] Bytes extranonce2(std::uint64_t roll) const;

  private:
    Bytes head_;
    std::size_t extranonce2_size_;
    Bytes tail_;
    std::vector<Hash256> branches_;
};

/// Largest hash of a share that every server takes: floor((0xffff << 208) / difficulty), rounded down by what a double
/// cannot tell.
/// @param difficulty  above 0 and finite
[[nodiscard]] Target client_share_target(double difficulty) noexcept;

/// What a line from the server led to.
struct DialectEvent {
    std::string text;                  ///< lines to send
    bool has_work = false;             ///< there is other work: StratumDialect::work
    std::optional<bool> verdict;       ///< on a share: accepted or not
    bool is_block = false;             ///< with `verdict`: the share seals a block
    std::string reason;                ///< with a refusal: the server's words
    std::string message;               ///< for people
    std::optional<std::string> ended;  ///< the session is over, and why
};

/// The client's side of Stratum v1 on one connection, without its socket: as the public servers for SHA-256d speak it.
/// Version rolling (BIP 310) is asked for and done without where it is not granted. One thread.
class StratumDialect {
  public:
    /// @param asks_rolling  false: leave mining.configure out, for servers that hang up on it
    StratumDialect(std::string user, std::string password, bool asks_rolling);

    /// The first lines to send.
    [[nodiscard]] std::string begin();

    /// Takes a line of the server without its end. Lines that make no sense end the session.
    /// @param next_work_id  for the work of a job, where the line brings one
    [[nodiscard]] DialectEvent on_line(std::string_view line, std::uint64_t next_work_id);

    /// The work of the last job; nothing before the first.
    [[nodiscard]] std::optional<Work> work() const;

    /// The line that submits a solution; nothing where its job is over and it would seal no block.
    [[nodiscard]] std::optional<std::string> submit(const Solution& solution);

    /// Whether the server has answered mining.subscribe: it then minded nothing that was sent before.
    [[nodiscard]] bool is_subscribed() const noexcept { return extranonce2_size_ != 0; }
    [[nodiscard]] double difficulty() const noexcept { return difficulty_; }

  private:
    struct Message;
    struct ServerJob {
        std::uint64_t work_id = 0;
        std::string id;
        Job job;
        std::shared_ptr<const ExtranonceRolls> rolls;
        std::uint32_t time = 0;
        Target block_target;
        std::string text;       ///< as the server sent it
        bool is_over = false;  ///< a job that begins clean came after it
    };

    DialectEvent on_push(const Message& message, std::uint64_t next_work_id);
    DialectEvent on_answer(const Message& message);
    DialectEvent on_notify(const Message& message, std::uint64_t next_work_id);
    DialectEvent on_subscribed(const Message& message);
    DialectEvent on_configured(const Message& message);
    [[nodiscard]] std::string request(std::string_view method, std::string_view params);

    const std::string user_;
    const std::string password_;
    const bool asks_rolling_;

    std::uint64_t last_id_ = 0;
    std::uint64_t configure_id_ = 0;
    std::uint64_t subscribe_id_ = 0;
    std::uint64_t authorize_id_ = 0;
    std::map<std::uint64_t, bool> submitted_;  ///< requests without an answer yet: whether it seals a block

    Bytes extranonce1_;
    std::size_t extranonce2_size_ = 0;
    std::uint32_t version_mask_ = 0;
    double next_difficulty_ = 1;
    double difficulty_ = 1;
    std::deque<ServerJob> jobs_;  ///< oldest first
};

}  // namespace cairn::miner
