// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"
#include "core/types/revision.hpp"

namespace cairn::vm {

/// A contract that is part of the machine: a price and a function of its input.
struct Precompile {
    /// geth's name, e.g. "ECREC", "BLS12_G1ADD".
    std::string_view name;
    /// Gas for this input under this revision; INT64_MAX when it exceeds any limit (the call then runs out of gas) or
    /// the input is over a hard bound (EIP-7823).
    std::int64_t (*gas)(ByteView input, Revision revision) noexcept;
    /// Computes into `output` (cleared first). False when the input is refused: the call fails with all its gas.
    bool (*run)(ByteView input, Revision revision, Bytes& output);
};

/// The precompile at `address` in `revision`, or null. Addresses 0x01–0x11 and 0x100, each from its own revision on.
[[nodiscard]] const Precompile* find_precompile(Revision revision, const Address& address) noexcept;

/// Where the machine looks for precompiles: find_precompile, or another set.
using PrecompileFinder = const Precompile* (*)(Revision revision, const Address& address) noexcept;

/// Addresses of all precompiles of the revision, ascending; they are warm from the start (EIP-2929).
[[nodiscard]] std::span<const Address> precompile_addresses(Revision revision) noexcept;

}  // namespace cairn::vm
