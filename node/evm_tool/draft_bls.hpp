// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "core/types/revision.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn::node {

// ethereum/tests filled its suite stEIP2537 in April 2024 against the EIP's draft of that spring, when "Prague" meant
// Cancun with nine BLS12-381 contracts at 0x0b to 0x13. The final EIP has seven at 0x0b to 0x11, other prices, and comes
// with more (EIP-7623, EIP-7702). So that the suite's cases can be judged, the state-test runner knows the draft; no
// network does.

/// The revision whose rules the draft extends.
inline constexpr Revision kDraftBlsRevision = Revision::Cancun;

/// Whether tests of Prague that this tool filled mean the draft. `filler` is the test's "filling-rpc-server",
/// e.g. "evm version 1.14.0-unstable-a208e725-20240416".
[[nodiscard]] bool means_draft_bls(std::string_view filler) noexcept;

/// Cancun's contracts and the draft's (ethereum/EIPs, eip-2537.md of April 2024).
[[nodiscard]] const vm::Precompile* find_draft_bls_precompile(Revision revision, const Address& address) noexcept;

}  // namespace cairn::node
