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

/// Between whom the traces of a block are.
struct BlockEnds {
    std::vector<CallEnds> calls;   ///< every frame of its transactions' traces, in order
    std::vector<Address> authors;  ///< who is paid for the block, in the rewards' order
};

/// Who called whom in blocks, without running them where that can be had. A call that changes nothing, or that is
/// undone, leaves nothing in the ledger, so that in general only running a block again shows it. But many transactions
/// run no code, or code that cannot call; and what was found out once is kept. Any thread.
class BlockCalls {
public:
    using EndsPtr = std::shared_ptr<const BlockEnds>;

    /// What is kept of a block; null where nothing is.
    [[nodiscard]] EndsPtr find(const BlockHash& block);
    /// The calls of a canonical block, if they follow from its transactions and the code before it.
    [[nodiscard]] std::optional<std::vector<CallEnds>> tell(const chain::ReadView& view, const FoundBlock& block);
    /// Keeps what was found, if it is no more than kFramesMax calls.
    void put(const BlockHash& block, BlockEnds ends);

    /// Calls of one block that are kept: a loop can make hundreds of thousands.
    static constexpr std::size_t kFramesMax = 8192;

private:
    /// That is some two hundred thousand usual blocks.
    static constexpr std::size_t kBytesMax = std::size_t{64} << 20;
    static constexpr std::size_t kBlocksMax = std::size_t{1} << 19;
    static constexpr std::size_t kCodesMax = 16'384;

    /// Whether the account's code may add frames.
    [[nodiscard]] bool may_call(const chain::StateReader& state, const Address& address);

    std::mutex mutex_;
    LruMap<BlockHash, EndsPtr> blocks_{kBlocksMax, kBytesMax};  // guarded by mutex_
    LruMap<CodeHash, bool> codes_{kCodesMax};                   // guarded by mutex_
};

}  // namespace cairn::rpc
