// SPDX-License-Identifier: MIT
#include "chain/rules/body_check.hpp"

#include <vector>

#include "chain/rules/base_fee.hpp"
#include "chain/trie/list_root.hpp"

namespace cairn::chain {
namespace {

using Verdict = Result<void, BlockFault>;

Unexpected<BlockFault> fault(BlockError error) {
    return {BlockFault{.error = error, .index = 0, .tx_error = {}, .ommer_error = {}}};
}

/// Transactions come decoded, each within the limits of a message, so that the sum stays far below
/// 2^64.
Gas blob_gas_of_all(std::span<const SignedTx> transactions) noexcept {
    Gas sum = 0;
    for (const SignedTx& tx : transactions) sum += blob_gas_of(tx->blob_hashes.size());
    return sum;
}

}  // namespace

Hash256 transactions_root_of(std::span<const SignedTx> transactions) {
    std::vector<ByteView> items;
    items.reserve(transactions.size());
    for (const SignedTx& tx : transactions) items.push_back(tx.bytes());
    return list_root(std::span<const ByteView>{items});
}

Hash256 withdrawals_root_of(std::span<const Withdrawal> withdrawals) {
    std::vector<Bytes> items;
    items.reserve(withdrawals.size());
    for (const Withdrawal& withdrawal : withdrawals) items.push_back(encode_withdrawal(withdrawal));
    return list_root(std::span<const Bytes>{items});
}

Verdict check_body_matches(const Header& header, const BlockBody& body) {
    if (header.withdrawals_root && !body.withdrawals) return fault(BlockError::WithdrawalsMissing);
    if (!header.withdrawals_root && body.withdrawals)
        return fault(BlockError::WithdrawalsUnexpected);
    if (ommers_hash_of(body.ommers) != header.ommers_hash)
        return fault(BlockError::OmmersHashWrong);
    if (transactions_root_of(body.transactions) != header.transactions_root)
        return fault(BlockError::TransactionsRootWrong);
    if (body.withdrawals && withdrawals_root_of(*body.withdrawals) != *header.withdrawals_root)
        return fault(BlockError::WithdrawalsRootWrong);
    return {};
}

Verdict check_matched_body(const RuleSet& rules, const Block& block) {
    if (rules.block_size_max != kUnlimited && encoded_size(block) > rules.block_size_max)
        return fault(BlockError::BlockTooLarge);
    if (block.body.ommers.size() > rules.ommers_max) return fault(BlockError::OmmersTooMany);
    if (rules.has_blobs &&
        blob_gas_of_all(block.body.transactions) != block.header->blob_gas_used.value_or(0))
        return fault(BlockError::BlobGasUsedWrong);
    return {};
}

Verdict check_body(const RuleSet& rules, const Block& block) {
    if (auto v = check_body_matches(*block.header, block.body); !v) return v;
    return check_matched_body(rules, block);
}

}  // namespace cairn::chain
