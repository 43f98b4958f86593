// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

#include "core/types/revision.hpp"
#include "vm/opcodes.hpp"

namespace cairn::vm {

/// Marks an opcode that the revision does not have.
inline constexpr std::int16_t kUndefined = -1;

/// Prices that depend on more than the opcode, and the switches between the revisions' formulas.
/// Everything in gas unless a name says otherwise.
struct GasRules {
    std::int16_t exp_byte = 10;           ///< per byte of the exponent; 50 from Spurious Dragon (EIP-160)
    std::int16_t cold_account = 0;        ///< on top of the warm price for a cold account (EIP-2929)
    std::int16_t cold_sload = 0;          ///< on top of the warm price for a cold slot (EIP-2929)
    std::int16_t cold_sstore = 0;         ///< whole surcharge of a write to a cold slot (EIP-2929)
    std::int16_t initcode_word = 0;       ///< per 32 bytes of init code (EIP-3860)
    std::int32_t initcode_bytes_max = 0;  ///< 0: no limit (EIP-3860)
    std::int32_t code_bytes_max = 0;      ///< 0: no limit (EIP-170)
    bool sstore_net = false;              ///< net gas metering (EIP-1283, EIP-2200)
    bool sstore_sentry = false;           ///< SSTORE fails with 2300 gas or less (EIP-2200)
    std::int16_t sstore_noop = 0;         ///< net metering: no change, or a dirty slot
    std::int16_t sstore_reset = 5000;     ///< changing a set slot
    std::int16_t sstore_clear_refund = 15000;  ///< 4800 from London (EIP-3529)
    std::int16_t self_destruct_refund = 24000;  ///< 0 from London (EIP-3529)
    bool self_destruct_new_account = false;     ///< 25000 for a beneficiary that does not exist (EIP-150)
    bool call_all_but_64th = false;             ///< EIP-150's cap instead of failing
    bool new_account_by_value = false;          ///< 25000 only for dead accounts and value (EIP-161)
    bool create_deposit_required = false;       ///< no gas for the deposit fails the creation (EIP-2)
    bool reject_ef_code = false;                ///< EIP-3541
    bool delegation = false;                    ///< EIP-7702
};

/// Everything the interpreter asks of a revision.
struct RevisionTable {
    std::array<std::int16_t, 256> gas;  ///< the part that is always paid, or kUndefined
    GasRules rules;
};

/// The table of a revision; lives forever.
[[nodiscard]] const RevisionTable& revision_table(Revision revision) noexcept;

}  // namespace cairn::vm
