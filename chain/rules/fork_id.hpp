// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "chain/spec/chain_spec.hpp"
#include "core/base/expected.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// What two nodes compare to learn whether they are on one network (EIP-2124, EIP-6122).
struct ForkId {
    /// CRC-32 (IEEE) over the genesis hash and every fork already passed, each 8 bytes big-endian.
    std::uint32_t hash = 0;
    /// Number or timestamp of the fork to come; 0 where none is known.
    std::uint64_t next = 0;

    friend bool operator==(const ForkId&, const ForkId&) noexcept = default;
};

/// Why a remote node is of no use.
enum class ForkIdError : std::uint8_t {
    RemoteStale,              ///< it is behind a fork that it does not know of
    LocalIncompatibleOrStale  ///< it is on another chain, or knows a fork that we do not
};

/// A network's forks, as EIP-2124 counts them: by number, then by timestamp (EIP-6122), each once,
/// those that hold from genesis on left out. Immutable; any thread.
class ForkSchedule {
public:
    ForkSchedule(const ChainSpec& spec, const BlockHash& genesis, UnixSeconds genesis_timestamp);

    /// The identifier of a node whose head has this number and timestamp.
    [[nodiscard]] ForkId id_at(BlockNumber number, UnixSeconds timestamp) const noexcept;

    /// Whether a node that announces `remote` may be of the same network, judged from our head
    /// (EIP-2124, "validation rules").
    [[nodiscard]] Result<void, ForkIdError> check(const ForkId& remote, BlockNumber number,
                                                  UnixSeconds timestamp) const noexcept;

private:
    /// Forks passed at this head.
    [[nodiscard]] std::size_t passed_at(BlockNumber number, UnixSeconds timestamp) const noexcept;
    /// Number or timestamp of fork i; 0 past the last.
    [[nodiscard]] std::uint64_t fork_at(std::size_t i) const noexcept;

    std::vector<std::uint64_t> numbers_;
    std::vector<std::uint64_t> times_;
    std::vector<std::uint32_t> hashes_;  // after each fork; the first before any
};

}  // namespace cairn::chain
