// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "core/base/expected.hpp"
#include "core/types/units.hpp"
#include "rpc/call_args.hpp"
#include "rpc/context.hpp"
#include "rpc/errors.hpp"
#include "rpc/method.hpp"
#include "rpc/param_codec.hpp"

namespace cairn::rpc {

/// The least gas limit under which a transaction succeeds on a block's state, found by trying, to
/// within 1.5 % (as geth).
///
/// @param call  of the request, which may be late between two tries
///
/// Errors: those of the arguments, the block and the overrides; "gas required exceeds allowance
/// (N)" where no limit would do; a revert with its data (code 3); kTimedOut.
[[nodiscard]] Result<Gas, RpcError> estimate_gas_of(EthContext& context, const Call& call,
                                                    const CallArgs& args,
                                                    const BlockSelector& block,
                                                    const std::optional<StateOverrides>& state = {},
                                                    const std::optional<BlockOverrides>& overrides = {});

}  // namespace cairn::rpc
