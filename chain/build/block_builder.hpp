// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "chain/build/block_template.hpp"
#include "chain/pool/tx_pool.hpp"
#include "chain/spec/chain_spec.hpp"
#include "chain/state/state.hpp"
#include "chain/store/read_view.hpp"
#include "core/base/expected.hpp"
#include "vm/vm.hpp"

namespace cairn::chain {

/// Makes blocks on the head of a snapshot. Executes on an overlay and computes roots on the
/// snapshot's tries, so that nothing is written. Keeps the machine from block to block. One thread.
class BlockBuilder {
public:
    explicit BlockBuilder(const ChainSpec& spec) : spec_{spec} {}

    /// Asked before each transaction whether the block should be closed as it is.
    using IsTimeUp = std::function<bool()>;

    /// A block of the pool's best transactions. One that cannot be executed is left out, and so are
    /// those of its sender behind it. Faults: all but TxInvalid. @throws StoreError
    [[nodiscard]] Result<BlockTemplate, BuildFault> build(const ReadView& view,
                                                          const BlockAttributes& attributes,
                                                          const TxPool& pool,
                                                          const IsTimeUp& is_time_up = {});
    /// A block of exactly these transactions in this order. Faults: all. @throws StoreError
    [[nodiscard]] Result<BlockTemplate, BuildFault> build(const ReadView& view,
                                                          const BlockAttributes& attributes,
                                                          std::span<const RecoveredTx> txs);

private:
    struct Draft;
    /// Puts transactions into a draft.
    using Fill = std::function<Result<void, BuildFault>(Draft& draft)>;

    [[nodiscard]] Result<BlockTemplate, BuildFault> build(const ReadView& view,
                                                          const BlockAttributes& attributes,
                                                          const Fill& fill);
    static void fill_from_pool(Draft& draft, const TxPool& pool, const Wei& tip_min,
                               const IsTimeUp& is_time_up);
    static Result<void, BuildFault> fill_with(Draft& draft, std::span<const RecoveredTx> txs);

    const ChainSpec& spec_;
    vm::Vm vm_;
};

}  // namespace cairn::chain
