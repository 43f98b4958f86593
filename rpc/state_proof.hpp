// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "core/types/ids.hpp"
#include "rpc/context.hpp"
#include "rpc/hex_values.hpp"
#include "rpc/json_writer.hpp"
#include "rpc/param_codec.hpp"

namespace cairn::rpc {

/// Slots of one proof at most (geth).
inline constexpr std::size_t kProofKeysMax = 1024;
/// eth_getProof's answer (EIP-1186), for the head or a block not too far below it (TriesAt).
[[nodiscard]] Reply write_proof(const EthContext& context, JsonWriter& out, const Address& address,
                                std::span<const StorageKey> keys, const BlockSelector& block);

}  // namespace cairn::rpc
