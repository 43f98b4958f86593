// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cairn::chain {

/// Why a transaction may not be executed; one enumerator per cause. The first group needs the
/// transaction alone, the second the sender's account, the third the block.
enum class TxError : std::uint8_t {
    // Transaction alone (chain/rules/tx_check.hpp).
    TypeNotSupported,              ///< the revision does not have this EIP-2718 type
    ReplayProtectionNotSupported,  ///< a legacy v of 35 or more before EIP-155
    WrongChainId,                  ///< EIP-155 and the typed transactions
    SignatureOutOfRange,           ///< r or s is 0 or not below the group order
    SignatureSTooHigh,             ///< s above half the group order (EIP-2)
    SignatureUnrecoverable,        ///< no key made this signature
    NonceIsMax,                    ///< nonce 2^64-1 (EIP-2681)
    TipAboveFeeCap,                ///< max_priority_fee above max_fee (EIP-1559)
    GasCostOverflow,               ///< gas limit times max fee exceeds 2^256-1
    InitcodeTooLarge,              ///< EIP-3860
    GasLimitAboveCap,              ///< EIP-7825
    IntrinsicGasTooLow,            ///< gas limit below the price of the transaction itself
    GasLimitBelowFloor,            ///< gas limit below the floor of its data (EIP-7623)
    BlobCreation,                  ///< a blob transaction without `to` (EIP-4844)
    BlobsMissing,                  ///< a blob transaction without blobs (EIP-4844)
    BlobCountExceeded,       ///< more blobs than one transaction may have (EIP-4844, EIP-7594)
    BlobHashVersion,         ///< a versioned hash that does not begin with 0x01 (EIP-4844)
    SetCodeCreation,         ///< a set-code transaction without `to` (EIP-7702)
    AuthorizationListEmpty,  ///< EIP-7702
    // Sender's account (chain/exec/precheck.hpp).
    SenderNotEoa,       ///< the sender has code (EIP-3607)
    NonceTooLow,        ///< below the account's
    NonceTooHigh,       ///< above the account's
    InsufficientFunds,  ///< balance below value plus gas limit times max fee plus blob gas times
                        ///< max blob fee
    // Block.
    FeeCapBelowBaseFee,          ///< EIP-1559
    BlobFeeCapBelowBlobBaseFee,  ///< EIP-4844
    BlockGasLimitReached,        ///< gas limit above what is left of the block's
    BlockBlobLimitReached,       ///< blobs above what is left of the block's (EIP-4844)
};
inline constexpr std::size_t kTxErrorCount =
    static_cast<std::size_t>(TxError::BlockBlobLimitReached) + 1;

/// The wording that geth answers with over RPC where it has one ("nonce too low", "intrinsic gas
/// too low", …).
[[nodiscard]] std::string_view to_string(TxError error) noexcept;

}  // namespace cairn::chain
