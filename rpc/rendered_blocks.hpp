// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "chain/spec/chain_spec.hpp"
#include "chain/store/read_view.hpp"
#include "core/base/lru_map.hpp"
#include "rpc/encode.hpp"

namespace cairn::rpc {

/// A block as JSON, in full.
struct RenderedBlock {
    std::string text;                     ///< the object that write_block gives with TxDetail::Full
    std::vector<TextSlice> transactions;  ///< where each of its transactions stands in it
};

/// The receipts of a block as JSON.
struct RenderedReceipts {
    /// The array that write_receipts gives.
    std::string text;
    ReceiptMarks marks;
    /// Address and topics of the block's logs, as many as marks.logs; their data is left out.
    std::vector<Log> logs;
};

/// JSON texts of stored blocks, kept for the next who asks: making them costs many times what
/// copying them does. A block's text follows from its hash alone, so nothing kept can become wrong;
/// what was asked for longest ago leaves when the memory is used up. Any thread.
class RenderedBlocks {
public:
    /// @param bytes_max  of texts and what belongs to them; an estimate
    explicit RenderedBlocks(std::size_t bytes_max = kBytesMax)
        : blocks_{kCountMax, bytes_max / 2}, receipts_{kCountMax, bytes_max / 2} {}

    /// A stored block, which is there.
    [[nodiscard]] std::shared_ptr<const RenderedBlock> block(const chain::ReadView& view,
                                                             const chain::BlockRef& ref);
    /// The receipts of a stored block, which is there; null where it was never executed.
    [[nodiscard]] std::shared_ptr<const RenderedReceipts> receipts(const chain::ReadView& view,
                                                                   const chain::BlockRef& ref,
                                                                   const chain::ChainSpec& spec);
    /// The same where they are kept, else null.
    [[nodiscard]] std::shared_ptr<const RenderedReceipts> find_receipts(const BlockHash& hash);

    /// Some hundred full blocks; the head and what wallets ask for again and again are a few.
    static constexpr std::size_t kBytesMax = std::size_t{128} << 20;

private:
    static constexpr std::size_t kCountMax = 65'536;

    std::mutex mutex_;
    LruMap<BlockHash, std::shared_ptr<const RenderedBlock>> blocks_;       // guarded by mutex_
    LruMap<BlockHash, std::shared_ptr<const RenderedReceipts>> receipts_;  // guarded by mutex_
};

}  // namespace cairn::rpc
