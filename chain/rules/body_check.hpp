// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "chain/rules/block_error.hpp"
#include "chain/spec/rule_set.hpp"
#include "core/base/expected.hpp"
#include "core/types/block.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// Root of the transactions trie (Yellow Paper, equation 31; EIP-2718). Pure; any thread.
[[nodiscard]] Hash256 transactions_root_of(std::span<const SignedTx> transactions);

/// Root of the withdrawals trie (EIP-4895). Pure; any thread.
[[nodiscard]] Hash256 withdrawals_root_of(std::span<const Withdrawal> withdrawals);

/// Whether the body is the one that the header commits to: ommers hash, transactions root,
/// withdrawals and their root. A failure says nothing about the header: another body may fit it.
/// Pure; any thread.
[[nodiscard]] Result<void, BlockFault> check_body_matches(const Header& header,
                                                          const BlockBody& body);

/// What holds for a block whose body is the header's: size (EIP-7934), number of ommers, blob gas
/// used (EIP-4844). Ommers themselves are ommers.hpp's, transactions tx_check.hpp's. Pure; any
/// thread.
[[nodiscard]] Result<void, BlockFault> check_matched_body(const RuleSet& rules, const Block& block);

/// check_body_matches, then check_matched_body: only of its own body may what is wrong condemn a
/// header. Pure; any thread.
[[nodiscard]] Result<void, BlockFault> check_body(const RuleSet& rules, const Block& block);

}  // namespace cairn::chain
