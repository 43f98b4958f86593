// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "chain/store/read_view.hpp"
#include "core/base/lru_map.hpp"
#include "rpc/block_source.hpp"

namespace cairn::rpc {

/// Whether code can reach an instruction that adds a frame to a trace: a call, a creation or a self-destruction.
/// False is certain: every instruction that can run was looked at, being those from the beginning or a JUMPDEST to the
/// next that does not go on (Yellow Paper, section 9.4.3). Pure.
[[nodiscard]] bool may_add_frames(ByteView code) noexcept;

/// Between whom a frame of a trace is.
struct CallEnds {
    Address from;
    std::optional<Address> to;  ///< of a creation the address it is for
    friend bool operator==(const CallEnds&, const CallEnds&) noexcept = default;
};

/// Who called whom in a block, told without running it where that can be had. A call that changes nothing, or that is
/// undone, leaves nothing in the ledger, so that in general only running the block again shows it. But many
/// transactions run no code, or code that cannot call; and what a block that was run again has shown is kept.
/// Any thread.
class BlockCalls {
public:
    using Ends = std::vector<CallEnds>;

    /// Every frame that the traces of a canonical block's transactions have, in their order; null where it must be run.
    [[nodiscard]] std::shared_ptr<const Ends> find(const chain::ReadView& view, const FoundBlock& block);
    /// Keeps what running the block has shown, up to kFramesMax.
    void put(const BlockHash& block, Ends ends);

    /// Frames of one block that are kept: a loop can make hundreds of thousands.
    static constexpr std::size_t kFramesMax = 8192;

private:
    /// Of what was run; that is some hundred thousand usual blocks.
    static constexpr std::size_t kBytesMax = std::size_t{64} << 20;
    static constexpr std::size_t kBlocksMax = std::size_t{1} << 19;
    static constexpr std::size_t kCodesMax = 16'384;

    [[nodiscard]] std::shared_ptr<const Ends> find_run(const BlockHash& block);
    /// Whether the account's code may add frames.
    [[nodiscard]] bool may_call(const chain::StateReader& state, const Address& address);

    std::mutex mutex_;
    LruMap<BlockHash, std::shared_ptr<const Ends>> run_{kBlocksMax, kBytesMax};  // guarded by mutex_
    LruMap<CodeHash, bool> codes_{kCodesMax};                                   // guarded by mutex_
};

}  // namespace cairn::rpc
