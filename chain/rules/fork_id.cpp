// SPDX-License-Identifier: MIT
#include "chain/rules/fork_id.hpp"

#include <algorithm>
#include <array>

#include "core/base/bytes.hpp"

namespace cairn::chain {
namespace {

/// A fork announced above this is a timestamp: no chain has as many blocks, and none has a fork by
/// time before the main network's genesis (EIP-6122).
constexpr std::uint64_t kTimestampFrom = 1438269973;

/// CRC-32 of IEEE 802.3, bit by bit: it runs over a few dozen bytes when a node starts.
class Crc32 {
public:
    void update(ByteView data) noexcept {
        for (const std::uint8_t byte : data) {
            state_ ^= byte;
            for (int bit = 0; bit < 8; ++bit)
                state_ = state_ >> 1 ^ ((state_ & 1) != 0 ? kPolynomial : 0);
        }
    }
    [[nodiscard]] std::uint32_t value() const noexcept { return ~state_; }

private:
    static constexpr std::uint32_t kPolynomial = 0xedb88320;
    std::uint32_t state_ = ~0U;
};

void sort_once(std::vector<std::uint64_t>& forks) {
    std::ranges::sort(forks);
    forks.erase(std::ranges::unique(forks).begin(), forks.end());
}

}  // namespace

ForkSchedule::ForkSchedule(const ChainSpec& spec, const BlockHash& genesis,
                           UnixSeconds genesis_timestamp) {
    const ChainParameters& p = spec.parameters();
    for (const ForkStep& step : p.steps) {
        // The merge by total difficulty has no place in the identifier (EIP-3675).
        if (step.trigger == ForkTrigger::Number && step.at != 0) numbers_.push_back(step.at);
        if (step.trigger == ForkTrigger::Time && step.at > genesis_timestamp)
            times_.push_back(step.at);
    }
    if (p.dao_fork_block && *p.dao_fork_block != 0) numbers_.push_back(*p.dao_fork_block);
    for (const BlockNumber number : p.fork_id_blocks)
        if (number != 0) numbers_.push_back(number);
    sort_once(numbers_);
    sort_once(times_);

    Crc32 crc;
    crc.update(genesis);
    hashes_.push_back(crc.value());
    for (std::size_t i = 0; i < numbers_.size() + times_.size(); ++i) {
        std::array<std::uint8_t, 8> fork;
        store_be64(fork.data(), fork_at(i));
        crc.update(fork);
        hashes_.push_back(crc.value());
    }
}

std::size_t ForkSchedule::passed_at(BlockNumber number, UnixSeconds timestamp) const noexcept {
    const auto numbers =
        static_cast<std::size_t>(std::ranges::upper_bound(numbers_, number) - numbers_.begin());
    // Forks by time come after all forks by number.
    if (numbers < numbers_.size()) return numbers;
    return numbers +
           static_cast<std::size_t>(std::ranges::upper_bound(times_, timestamp) - times_.begin());
}

std::uint64_t ForkSchedule::fork_at(std::size_t i) const noexcept {
    if (i < numbers_.size()) return numbers_[i];
    i -= numbers_.size();
    return i < times_.size() ? times_[i] : 0;
}

ForkId ForkSchedule::id_at(BlockNumber number, UnixSeconds timestamp) const noexcept {
    const std::size_t passed = passed_at(number, timestamp);
    return {.hash = hashes_[passed], .next = fork_at(passed)};
}

Result<void, ForkIdError> ForkSchedule::check(const ForkId& remote, BlockNumber number,
                                              UnixSeconds timestamp) const noexcept {
    const std::size_t passed = passed_at(number, timestamp);
    if (remote.hash == hashes_[passed]) {
        // Rule 1: the same forks so far; but a fork that the remote waits for must not lie behind
        // us.
        const std::uint64_t head = passed < numbers_.size() || times_.empty() ? number : timestamp;
        const bool is_time = remote.next > kTimestampFrom;
        const bool is_behind =
            remote.next != 0 && (is_time ? timestamp >= remote.next : head >= remote.next);
        if (is_behind) return Unexpected{ForkIdError::LocalIncompatibleOrStale};
        return {};
    }
    for (std::size_t i = 0; i < passed; ++i)
        if (remote.hash == hashes_[i]) {
            // Rule 2: the remote is behind us; it must know the fork that it comes to next.
            if (remote.next != fork_at(i)) return Unexpected{ForkIdError::RemoteStale};
            return {};
        }
    // Rule 3: the remote is ahead of us, by forks that we know of.
    for (std::size_t i = passed + 1; i < hashes_.size(); ++i)
        if (remote.hash == hashes_[i]) return {};
    return Unexpected{ForkIdError::LocalIncompatibleOrStale};
}

}  // namespace cairn::chain
