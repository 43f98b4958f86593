// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"
#include "core/types/revision.hpp"

namespace cairn::vm {

/// Why the precompile at `address` refuses `input`, in geth's words (`ExpectedError` of its vectors): "invalid point:
/// not on curve". Empty where it does not, or where there is none. The machine itself has no use for reasons, so the
/// contract is run once more. Pure; any thread.
[[nodiscard]] std::string_view precompile_refusal(Revision revision, const Address& address, ByteView input);

}  // namespace cairn::vm
