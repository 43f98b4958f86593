// SPDX-License-Identifier: MIT
#pragma once

// Storage, 0x54, 0x55, 0x5c, 0x5d (Yellow Paper, appendix H.2; EIP-1153, 1283, 2200, 2929, 3529).
// Conventions: instr_arith.hpp.

#include "vm/frame.hpp"

namespace cairn::vm::instr {

inline constexpr std::int64_t kSstoreSentryGas = 2300;  // EIP-2200: a call's stipend must not write
inline constexpr std::int64_t kSstoreSetGas = 20000;

inline Status charge_sload(Frame& f, Uint256* top) {
    const auto cold = f.rules().cold_sload;
    if (cold != 0 && f.host().access_storage(f.message.recipient, top[0]) && !f.charge(cold))
        return Status::OutOfGas;
    return Status::Success;
}
inline Status sload(Frame& f, Uint256* top) {
    top[0] = f.host().storage(f.message.recipient, top[0]);
    return Status::Success;
}

/// Price of a write that changes `before.current` to `value`, without the cold surcharge.
[[nodiscard]] inline std::int64_t sstore_gas(const GasRules& rules, const StorageBefore& before,
                                             const Uint256& value) noexcept {
    if (!rules.sstore_net)
        return before.current.is_zero() && !value.is_zero() ? kSstoreSetGas : rules.sstore_reset;
    if (before.current == value || !(before.current == before.original)) return rules.sstore_noop;
    return before.original.is_zero() ? kSstoreSetGas : rules.sstore_reset;
}
/// What the write adds to the refund counter; negative when it takes an earlier refund back.
[[nodiscard]] inline std::int64_t sstore_refund(const GasRules& rules, const StorageBefore& before,
                                                const Uint256& value) noexcept {
    const std::int64_t clear = rules.sstore_clear_refund;
    if (!rules.sstore_net) return !before.current.is_zero() && value.is_zero() ? clear : 0;
    if (before.current == value) return 0;
    if (before.current == before.original)
        return !before.original.is_zero() && value.is_zero() ? clear : 0;
    std::int64_t refund = 0;
    if (!before.original.is_zero()) {
        if (before.current.is_zero()) refund -= clear;
        if (value.is_zero()) refund += clear;
    }
    if (before.original == value)
        refund += (before.original.is_zero() ? kSstoreSetGas : std::int64_t{rules.sstore_reset}) -
                  rules.sstore_noop;
    return refund;
}

inline Status charge_sstore(Frame& f, Uint256* top) {
    if (f.message.is_static) return Status::StaticModeViolation;
    const GasRules& rules = f.rules();
    if (rules.sstore_sentry && f.gas <= kSstoreSentryGas) return Status::OutOfGas;
    const Address& self = f.message.recipient;
    if (rules.cold_sstore != 0 && f.host().access_storage(self, top[0]) && !f.charge(rules.cold_sstore))
        return Status::OutOfGas;
    const StorageBefore before = f.host().storage_before(self, top[0]);
    return f.charge(sstore_gas(rules, before, top[-1])) ? Status::Success : Status::OutOfGas;
}
inline Status sstore(Frame& f, Uint256* top) {
    const StorageBefore before = f.host().set_storage(f.message.recipient, top[0], top[-1]);
    f.refund += sstore_refund(f.rules(), before, top[-1]);
    return Status::Success;
}

inline Status tload(Frame& f, Uint256* top) {
    top[0] = f.host().transient_storage(f.message.recipient, top[0]);
    return Status::Success;
}
inline Status charge_tstore(Frame& f, Uint256*) noexcept {
    return f.message.is_static ? Status::StaticModeViolation : Status::Success;
}
inline Status tstore(Frame& f, Uint256* top) {
    f.host().set_transient_storage(f.message.recipient, top[0], top[-1]);
    return Status::Success;
}

}  // namespace cairn::vm::instr
