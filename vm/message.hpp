// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn::vm {

/// How a frame was entered. STATICCALL is a Call whose `is_static` is set.
enum class CallKind : std::uint8_t { Call, DelegateCall, CallCode, Create, Create2 };

[[nodiscard]] constexpr bool is_create(CallKind kind) noexcept {
    return kind == CallKind::Create || kind == CallKind::Create2;
}

/// Deepest nesting of frames: depth 0 is the transaction, depth 1024 the last that runs (Yellow Paper, section 9.4).
inline constexpr std::uint32_t kCallDepthMax = 1024;

/// One message call or creation, as the Yellow Paper's Θ and Λ take it.
struct Message {
    CallKind kind = CallKind::Call;
    /// No state may change in this frame or below (EIP-214).
    bool is_static = false;
    /// 0 for the frame of the transaction itself.
    std::uint32_t depth = 0;
    /// Gas the frame may use; stipend included.
    std::int64_t gas = 0;
    /// Account whose storage, balance and address the frame has. For creations: the new account.
    Address recipient;
    /// What CALLER gives. For creations: the creator.
    Address sender;
    /// Account whose code runs; differs from `recipient` in DelegateCall and CallCode. Unused in creations.
    Address code_address;
    /// What CALLVALUE gives, in wei. Moved from sender to recipient in Call, Create and Create2 only.
    Uint256 value;
    /// Call data; init code in creations. Outlives the frame.
    ByteView input;
};

}  // namespace cairn::vm
