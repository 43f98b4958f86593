// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "chain/rules/errors.hpp"
#include "chain/spec/rule_set.hpp"
#include "core/base/expected.hpp"
#include "core/types/transaction.hpp"

namespace cairn::chain {

/// Everything about the fields that needs neither signature nor state, cheapest first; the first
/// failure is reported: type, nonce, fees, gas product, what the type asks for (blobs,
/// authorizations), gas cap, init code size, intrinsic gas, floor. The transaction may be one that
/// nobody signed (eth_call, state tests). Pure; any thread.
[[nodiscard]] Result<void, TxError> check_tx_fields(const RuleSet& rules, const Transaction& tx);

/// Type, chain id and signature values (range; low s from Homestead on). Whether a key made the
/// signature is recover_sender's to find out. Pure; any thread.
[[nodiscard]] Result<void, TxError> check_tx_signature(const RuleSet& rules, std::uint64_t chain_id,
                                                       const SignedTx& tx);

/// check_tx_signature, then check_tx_fields.
[[nodiscard]] Result<void, TxError> check_tx(const RuleSet& rules, std::uint64_t chain_id,
                                             const SignedTx& tx);

/// check_tx, and the sender. The costly recovery comes last.
[[nodiscard]] Result<RecoveredTx, TxError> check_and_recover(const RuleSet& rules,
                                                             std::uint64_t chain_id,
                                                             const SignedTx& tx);

/// First byte of a versioned hash of a KZG commitment (EIP-4844, VERSIONED_HASH_VERSION_KZG).
inline constexpr std::uint8_t kBlobHashVersionKzg = 0x01;

}  // namespace cairn::chain
