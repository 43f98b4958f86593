// SPDX-License-Identifier: MIT
#pragma once

// Calls and creations, 0xf0–0xf2, 0xf4, 0xf5, 0xfa (Yellow Paper, appendix H.2; EIP-7, 150, 161, 214, 1014, 2929, 3860,
// 7702). Conventions: instr_arith.hpp. A call that goes ahead leaves its message in `Frame::call`, sets `exit` to
// Exit::Call and `sp` to the slot of its result; one that is refused before it starts leaves 0 there.

#include "vm/frame.hpp"
#include "vm/instr_env.hpp"
#include "vm/instr_flow.hpp"
#include "vm/vm.hpp"

namespace cairn::vm::instr {

inline constexpr std::int64_t kCallValueGas = 9000;
inline constexpr std::int64_t kCallStipend = 2300;
inline constexpr std::int64_t kWarmAccessGas = 100;  // EIP-2929

/// What a caller may hand on at most: all but a 64th (EIP-150).
[[nodiscard]] constexpr std::int64_t all_but_64th(std::int64_t gas) noexcept { return gas - gas / 64; }

/// The argument positions of a call, counted down from the top.
template <std::uint8_t kOpcode>
struct CallShape {
    static constexpr bool kHasValue = kOpcode == OP_CALL || kOpcode == OP_CALLCODE;
    static constexpr int kInput = kHasValue ? 3 : 2;
    static constexpr int kPops = kHasValue ? 7 : 6;
};

/// The price of running an account's delegate: the delegate is accessed too (EIP-7702).
inline bool charge_delegate_access(Frame& f, const Address& target) {
    if (!f.rules().delegation) return true;
    const ByteView code = f.host().code(target).bytes;
    if (!is_delegation(code)) return true;
    const bool cold = f.host().access_account(Address::from(code.subspan(3)));
    return f.charge(cold ? kWarmAccessGas + f.rules().cold_account : kWarmAccessGas);
}

template <std::uint8_t kOpcode>
inline Status charge_call(Frame& f, Uint256* top) {
    using Shape = CallShape<kOpcode>;
    const GasRules& rules = f.rules();
    const Address target = to_address(top[-1]);
    const bool moves_value = Shape::kHasValue && !top[-2].is_zero();
    if (kOpcode == OP_CALL && moves_value && f.message.is_static) return Status::StaticModeViolation;

    const Uint256* const region = top - Shape::kInput;  // input offset, size; output offset, size
    if (!f.grow(region[0], region[-1]) || !f.grow(region[-2], region[-3])) return Status::OutOfGas;
    if (!charge_account_access(f, target) || !charge_delegate_access(f, target)) return Status::OutOfGas;
    if (moves_value && !f.charge(kCallValueGas)) return Status::OutOfGas;
    if (kOpcode == OP_CALL && (moves_value || !rules.new_account_by_value) &&
        !f.host().account_exists(target) && !f.charge(kNewAccountGas))
        return Status::OutOfGas;

    std::int64_t wanted = top[0].fits_u64() && top[0].low64() <= INT64_MAX
                              ? static_cast<std::int64_t>(top[0].low64())
                              : INT64_MAX;
    if (rules.call_all_but_64th) wanted = std::min(wanted, all_but_64th(f.gas));
    // Compared first: what is left after a charge of 2^63-1 would leave the cost that a trace tells out of range.
    if (wanted > f.gas) return Status::OutOfGas;
    f.gas -= wanted;
    f.call.gas = wanted + (moves_value ? kCallStipend : 0);
    return Status::Success;
}

/// Answers a call or creation that cannot start: gas comes back, there is no return data.
inline Status refuse_call(Frame& f, Uint256* slot) noexcept {
    f.gas += f.call.gas;
    *slot = Uint256{};
    return Status::Success;
}

template <std::uint8_t kOpcode>
inline Status call(Frame& f, Uint256* top) {
    using Shape = CallShape<kOpcode>;
    Message& m = f.call;
    const Address target = to_address(top[-1]);
    m.depth = f.message.depth + 1;
    m.is_static = f.message.is_static || kOpcode == OP_STATICCALL;
    m.code_address = target;
    if constexpr (kOpcode == OP_DELEGATECALL) {
        m.kind = CallKind::DelegateCall;
        m.recipient = f.message.recipient;
        m.sender = f.message.sender;
        m.value = f.message.value;
    } else {
        m.kind = kOpcode == OP_CALLCODE ? CallKind::CallCode : CallKind::Call;
        m.recipient = kOpcode == OP_CALLCODE ? f.message.recipient : target;
        m.sender = f.message.recipient;
        m.value = Shape::kHasValue ? top[-2] : Uint256{};
    }
    const Uint256* const region = top - Shape::kInput;
    const std::uint64_t input_size = region[-1].low64();
    m.input = input_size == 0 ? ByteView{} : ByteView{f.memory + region[0].low64(), input_size};
    f.call_output_size = region[-3].low64();
    f.call_output_offset = f.call_output_size == 0 ? 0 : region[-2].low64();
    f.call_opcode = kOpcode;
    f.return_data.clear();

    Uint256* const slot = top - (Shape::kPops - 1);
    if (m.depth > kCallDepthMax) return refuse_call(f, slot);
    if (Shape::kHasValue && !m.value.is_zero() && f.host().balance(f.message.recipient) < m.value)
        return refuse_call(f, slot);
    f.sp = slot;
    f.exit = Exit::Call;
    return Status::Success;
}

template <bool kIsCreate2>
inline Status charge_create(Frame& f, Uint256* top) noexcept {
    if (f.message.is_static) return Status::StaticModeViolation;
    const GasRules& rules = f.rules();
    if (!f.grow(top[-1], top[-2])) return Status::OutOfGas;
    const std::uint64_t size = top[-2].low64();
    if (rules.initcode_bytes_max != 0 && size > static_cast<std::uint64_t>(rules.initcode_bytes_max))
        return Status::OutOfGas;
    const std::int64_t word_gas = rules.initcode_word + (kIsCreate2 ? 6 : 0);
    return f.charge(word_gas * word_count(size)) ? Status::Success : Status::OutOfGas;
}

template <bool kIsCreate2>
inline Status create(Frame& f, Uint256* top) {
    Message& m = f.call;
    const Address& self = f.message.recipient;
    const std::uint64_t size = top[-2].low64();
    m.kind = kIsCreate2 ? CallKind::Create2 : CallKind::Create;
    m.depth = f.message.depth + 1;
    m.is_static = false;
    m.sender = self;
    m.value = top[0];
    m.input = size == 0 ? ByteView{} : ByteView{f.memory + top[-1].low64(), size};
    m.gas = 0;
    f.call_output_size = 0;
    f.call_output_offset = 0;
    f.call_opcode = kIsCreate2 ? OP_CREATE2 : OP_CREATE;
    f.return_data.clear();

    Uint256* const slot = top - (kIsCreate2 ? 3 : 2);
    if (m.depth > kCallDepthMax) return refuse_call(f, slot);
    if (!m.value.is_zero() && f.host().balance(self) < m.value) return refuse_call(f, slot);
    const std::uint64_t nonce = f.host().nonce(self);
    if (nonce == UINT64_MAX) return refuse_call(f, slot);

    m.gas = f.rules().call_all_but_64th ? all_but_64th(f.gas) : f.gas;
    f.gas -= m.gas;
    m.recipient = kIsCreate2 ? create2_address(self, top[-3], m.input) : create_address(self, nonce);
    m.code_address = m.recipient;
    f.host().increment_nonce(self);
    // Stays accessed even when the creation fails (EIP-2929).
    if (f.rules().cold_account != 0) f.host().access_account(m.recipient);
    f.sp = slot;
    f.exit = Exit::Call;
    return Status::Success;
}

}  // namespace cairn::vm::instr
