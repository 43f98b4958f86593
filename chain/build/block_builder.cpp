// SPDX-License-Identifier: MIT
#include "chain/build/block_builder.hpp"

#include <utility>

#include "chain/build/block_header.hpp"
#include "chain/build/ommer_choice.hpp"
#include "chain/exec/block_executor.hpp"
#include "chain/import/intermediate_root.hpp"
#include "chain/pool/best_txs.hpp"
#include "chain/rules/base_fee.hpp"
#include "chain/rules/body_check.hpp"
#include "chain/rules/tx_check.hpp"
#include "chain/store/account_edits.hpp"
#include "chain/store/store_error.hpp"
#include "chain/trie/state_root.hpp"
#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

/// Bytes that a block's RLP may grow by beside its transactions while it is filled: longer list
/// prefixes, and fields of the header that are zero before execution.
constexpr std::size_t kSizeReserve = 128;

}  // namespace

/// A block in the making.
struct BlockBuilder::Draft {
    const ChainSpec& spec;
    const RuleSet& rules;
    Header header;
    BlockBody body;
    std::vector<Address> senders;
    std::vector<std::shared_ptr<const BlobSidecar>> sidecars;
    Wei fees;
    std::size_t size = 0;  ///< of the block's RLP, at most
    State& state;
    BlockExecutor& executor;

    /// Whether the block stays within EIP-7934's bound with this one.
    [[nodiscard]] bool has_room(const SignedTx& tx) const noexcept {
        return rules.block_size_max == kUnlimited ||
               size + tx_item_size(tx) <= rules.block_size_max;
    }
    Result<void, TxError> add(const RecoveredTx& tx) {
        if (const auto verdict = check_tx(rules, spec.chain_id(), tx.signed_tx()); !verdict)
            return verdict;
        const auto outcome = executor.add(tx.tx(), tx.sender());
        if (!outcome) return Unexpected{outcome.error()};
        const Wei base_fee = header.base_fee.value_or(Wei{});
        fees += Wei{outcome->gas_used} * (effective_gas_price(tx.tx(), base_fee) - base_fee);
        size += tx_item_size(tx.signed_tx());
        body.transactions.push_back(tx.signed_tx());
        senders.push_back(tx.sender());
        return {};
    }
};

void BlockBuilder::fill_from_pool(Draft& draft, const TxPool& pool, const Wei& tip_min,
                                  const IsTimeUp& is_time_up) {
    BestTxs best{pool, draft.header.base_fee.value_or(Wei{}), tip_min};
    while (!best.is_empty() && draft.executor.budget().gas >= draft.rules.tx_gas) {
        if (is_time_up && is_time_up()) return;
        const PoolTxPtr tx = best.best();
        if (!draft.has_room(tx->tx.signed_tx())) {
            best.skip_sender();
            continue;
        }
        const auto added = draft.add(tx->tx);
        // One that is in a block already must not keep back those behind it.
        if (!added && added.error() != TxError::NonceTooLow) {
            best.skip_sender();
            continue;
        }
        if (added && tx->sidecar) draft.sidecars.push_back(tx->sidecar);
        best.next();
    }
}

Result<void, BuildFault> BlockBuilder::fill_with(Draft& draft, std::span<const RecoveredTx> txs) {
    for (std::size_t i = 0; i < txs.size(); ++i) {
        const auto added = draft.add(txs[i]);
        if (added) continue;
        BuildFault fault{.error = BuildError::TxInvalid, .index = i, .tx_error = added.error()};
        if (added.error() == TxError::NonceTooLow || added.error() == TxError::NonceTooHigh)
            fault.account_nonce = draft.state.nonce(txs[i].sender());
        return Unexpected{fault};
    }
    return {};
}

Result<BlockTemplate, BuildFault> BlockBuilder::build(const ReadView& view,
                                                      const BlockAttributes& attributes,
                                                      const TxPool& pool,
                                                      const IsTimeUp& is_time_up) {
    return build(view, attributes, [&](Draft& draft) -> Result<void, BuildFault> {
        fill_from_pool(draft, pool, attributes.tip_min, is_time_up);
        return {};
    });
}

Result<BlockTemplate, BuildFault> BlockBuilder::build(const ReadView& view,
                                                      const BlockAttributes& attributes,
                                                      std::span<const RecoveredTx> txs) {
    return build(view, attributes, [&](Draft& draft) { return fill_with(draft, txs); });
}

Result<BlockTemplate, BuildFault> BlockBuilder::build(const ReadView& view,
                                                      const BlockAttributes& attributes,
                                                      const Fill& fill) {
    const auto head = view.head();
    CAIRN_ASSERT(head.has_value());
    if (attributes.parent && *attributes.parent != head->hash)
        return Unexpected{BuildFault{BuildError::ParentNotHead}};
    const auto parent = view.header(*head);
    const auto parent_total = view.total_difficulty(head->hash);
    CAIRN_ASSERT(parent && parent_total);
    const RuleSet& rules = spec_.rules_at(head->number + 1, attributes.timestamp, *parent_total);
    auto header = make_header(spec_, rules, *parent, attributes);
    if (!header) return Unexpected{header.error()};

    const HeadState base = view.head_state();
    State state{base};
    const TrieTables tries = view.tries();
    IntermediateRoots roots{tries};
    RootFunction root_function;
    if (rules.receipt_has_state_root)
        root_function = [&roots](State& after) { return roots.root_of(after); };
    const BlockHashFunction block_hash = [&view](BlockNumber number) {
        const auto hash = view.canonical_hash(number);
        return hash ? hash->as<Hash256>() : Hash256{};
    };
    BlockExecutor executor{vm_, state, spec_, rules, *header, block_hash, std::move(root_function)};
    Draft draft{.spec = spec_,
                .rules = rules,
                .header = *header,
                .body = {},
                .senders = {},
                .sidecars = {},
                .fees = {},
                .state = state,
                .executor = executor};
    if (rules.has_withdrawals) draft.body.withdrawals = attributes.withdrawals;
    if (attributes.takes_ommers) draft.body.ommers = choose_ommers(view, spec_, rules, *header);
    draft.size = encoded_size(Block{HashedHeader{*header}, draft.body}) + kSizeReserve;

    executor.begin();
    if (const auto filled = fill(draft); !filled) return Unexpected{filled.error()};
    auto outcome = executor.finish(draft.body.ommers, attributes.withdrawals);
    if (!outcome)
        return Unexpected{
            BuildFault{.error = BuildError::ExecutionFailed, .block_error = outcome.error().error}};

    BlockTemplate out;
    out.diff = rules.receipt_has_state_root ? roots.take_diff(state) : state.take_diff();
    const auto edits = account_edits(out.diff, base);
    StateTrieChanges changes;
    const auto state_root = update_state_root(tries, edits.edits, changes);
    if (!state_root) throw StoreError{StoreFault::Corrupt, "the tries cannot be walked"};

    Header& sealed_over = draft.header;
    sealed_over.ommers_hash = ommers_hash_of(draft.body.ommers);
    sealed_over.state_root = *state_root;
    sealed_over.transactions_root = transactions_root_of(draft.body.transactions);
    sealed_over.receipts_root = receipts_root_of(outcome->receipts);
    sealed_over.logs_bloom = outcome->logs_bloom;
    sealed_over.gas_used = outcome->gas_used;
    if (rules.has_blobs) sealed_over.blob_gas_used = outcome->blob_gas_used;
    if (rules.has_requests) sealed_over.requests_hash = requests_hash_of(outcome->requests);
    out.fees = draft.fees;
    out.requests = std::move(outcome->requests);
    out.sidecars = std::move(draft.sidecars);
    const TotalDifficulty total = *parent_total + sealed_over.difficulty;
    out.executed = std::make_shared<const ExecutedBlock>(
        ExecutedBlock{Block{HashedHeader{std::move(draft.header)}, std::move(draft.body)},
                      std::move(outcome->receipts), std::move(draft.senders), total});
    return out;
}

std::string to_string(const BuildFault& fault) {
    switch (fault.error) {
        case BuildError::ParentNotHead:
            return "the parent is not the head";
        case BuildError::TimestampNotAfterParent:
            return "the timestamp is not after the parent's";
        case BuildError::ExtraDataTooLong:
            return "the extra data is too long";
        case BuildError::TxInvalid:
            return "transaction " + std::to_string(fault.index) + ": " +
                   std::string{fault.tx_error ? to_string(*fault.tx_error) : "invalid"};
        case BuildError::ExecutionFailed:
            return std::string{fault.block_error ? to_string(*fault.block_error)
                                                 : "execution failed"};
    }
    return "unknown";
}

}  // namespace cairn::chain
