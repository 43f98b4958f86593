// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"
#include "core/types/receipt.hpp"

namespace cairn::chain {

/// First byte of a request (EIP-7685): what the data after it is.
enum class RequestType : std::uint8_t {
    Deposit = 0,        ///< EIP-6110
    Withdrawal = 1,     ///< EIP-7002
    Consolidation = 2,  ///< EIP-7251
};

/// Topic of the deposit contract's DepositEvent:
/// 0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5 (EIP-6110).
[[nodiscard]] const Hash256& deposit_event_topic() noexcept;

/// Appends the deposit that a log's data tells: public key (48 bytes), withdrawal credentials (32),
/// amount (8), signature (96), index (8), as EIP-6110 joins them.
/// @return false where the data is not laid out as the contract lays it out
[[nodiscard]] bool append_deposit(Bytes& out, ByteView event_data);

/// The data of all deposits in the receipts, in order; nothing where a deposit event is malformed.
[[nodiscard]] std::optional<Bytes> collect_deposits(std::span<const Receipt> receipts,
                                                    const Address& deposit_contract);

}  // namespace cairn::chain
