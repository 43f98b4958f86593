// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chain/exec/block_env.hpp"
#include "chain/state/state_reader.hpp"
#include "chain/store/read_view.hpp"
#include "core/types/block.hpp"
#include "core/types/receipt.hpp"
#include "rpc/context.hpp"
#include "rpc/method.hpp"
#include "rpc/param_codec.hpp"

namespace cairn::rpc {

/// A block with what is known of it, from the store or the maker of templates.
struct FoundBlock {
    Block block;
    std::vector<Address> senders;
    std::vector<Receipt> receipts;  ///< only where asked for
    bool is_pending = false;
};

/// "header not found" and its like, for a block that a request names and the node does not have.
[[nodiscard]] RpcError lookup_error(const BlockSelector& block, chain::LookupError error);
/// Code 4444 with the oldest block whose state is kept, or "header not found".
[[nodiscard]] RpcError state_error(const chain::StateMissing& missing);

/// The stored block that a selector names; `pending` is the head here.
[[nodiscard]] Result<chain::BlockRef, RpcError> resolve(const chain::ReadView& view,
                                                        const BlockSelector& block);

/// The header of a selector, which may be the pending block's.
[[nodiscard]] Result<HashedHeader, RpcError> find_header(const EthContext& context,
                                                         const chain::ReadView& view,
                                                         const BlockSelector& block);

/// The stored block that a selector names, `pending` being the head; nothing where the node has
/// none such. A tag that was never set (safe, finalized) is an error.
[[nodiscard]] Result<std::optional<chain::BlockRef>, RpcError> find_stored(
    const chain::ReadView& view, const BlockSelector& block);

/// What parts of a block are wanted.
enum class BlockParts : std::uint8_t { Body, BodyAndReceipts };

/// A whole block; nothing where the selector names none that the node has. A tag that was never set
/// (safe, finalized) is an error.
[[nodiscard]] Result<std::optional<FoundBlock>, RpcError> find_block(const EthContext& context,
                                                                     const chain::ReadView& view,
                                                                     const BlockSelector& block,
                                                                     BlockParts parts);
/// The same of a stored block, which is there.
[[nodiscard]] FoundBlock get_block(const chain::ReadView& view, const chain::BlockRef& ref,
                                   BlockParts parts);

/// A state that a request reads or runs on, with the header of its block. Holds a snapshot: made
/// for one request.
class StateAt {
public:
    /// The state after the block; for `pending`, after the pending block.
    [[nodiscard]] static Result<std::unique_ptr<StateAt>, RpcError> open(
        const EthContext& context, const BlockSelector& block);

    /// The same for a call that only reads: the head's is the one that an earlier call of the same
    /// batch opened, while no block has come since.
    [[nodiscard]] static Result<std::shared_ptr<const StateAt>, RpcError> shared(
        const EthContext& context, Call& call, const BlockSelector& block);

    [[nodiscard]] const chain::ReadView& view() const noexcept { return view_; }
    [[nodiscard]] const chain::StateReader& state() const noexcept { return *state_; }
    [[nodiscard]] const HashedHeader& header() const noexcept { return *header_; }
    [[nodiscard]] bool is_pending() const noexcept { return pending_ != nullptr; }

private:
    explicit StateAt(const EthContext& context) : view_{context.store} {}
    /// Whether nothing was committed since it was opened.
    [[nodiscard]] bool is_last() const;

    chain::ReadView view_;
    std::optional<HashedHeader> header_;
    std::shared_ptr<const PendingBlock> pending_;
    std::unique_ptr<chain::StateReader> base_;   // below a pending block's changes
    std::unique_ptr<chain::StateReader> state_;  // reads base_ and pending_; goes before them
};

/// Hashes of the 256 blocks before the child of `parent`, walking back from it, so that it is right
/// on side chains too. The view outlives it.
[[nodiscard]] chain::BlockHashFunction block_hashes_before(const chain::ReadView& view,
                                                           const Header& header);

}  // namespace cairn::rpc
