// SPDX-License-Identifier: MIT
#pragma once

#include "chain/build/block_template.hpp"
#include "chain/spec/chain_spec.hpp"
#include "core/base/expected.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/header.hpp"

namespace cairn::chain {

/// Gas limit of a child, as near to `target` as one block may move it (Yellow Paper, equation 57;
/// EIP-1559 at the first block with a base fee). Pure; any thread.
[[nodiscard]] Gas next_gas_limit(const RuleSet& rules, const Header& parent, Gas target) noexcept;

/// The child's header as far as it is known before execution: roots, bloom and gas used are those
/// of an empty block, the seal is zero. What it has passes check_header, with
/// GasPolicy::IsMakersChoice where the attributes choose base fee or gas limit.
///
/// @param rules         spec.rules_at for the child
/// Errors: TimestampNotAfterParent, ExtraDataTooLong. Pure; any thread.
[[nodiscard]] Result<Header, BuildFault> make_header(const ChainSpec& spec, const RuleSet& rules,
                                                     const HashedHeader& parent,
                                                     const BlockAttributes& attributes);

}  // namespace cairn::chain
