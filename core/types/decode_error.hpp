// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "core/codec/rlp_decode.hpp"

namespace cairn {

/// Why bytes are not a ledger object.
enum class DecodeCause : std::uint8_t {
    Rlp,              ///< not the RLP that belongs there; DecodeError::rlp says how
    TooShort,         ///< a fixed-length string with fewer bytes
    TooLong,          ///< a fixed-length string with more bytes
    UnknownTxType,    ///< first byte of an EIP-2718 envelope that names no type
    InvalidV,         ///< a legacy v that is neither 27, 28 nor 35 and more (EIP-155)
    ChainIdOverflow,  ///< a chain id of 2^64 or more inside a legacy v
    InvalidYParity,   ///< y parity other than 0 or 1
    InvalidOutcome,   ///< a receipt's first field that is neither a root nor a status (EIP-658)
    UnknownWrapper,   ///< a blob transaction wrapper of a version other than 0 or 1 (EIP-7594)
    SidecarMismatch,  ///< not one commitment for each blob hash and blob, or not the proofs that
                      ///< the wrapper wants
};

/// Where it went wrong. `Whole` is the object itself or an outer list.
enum class DecodeField : std::uint8_t {
    Whole,
    // transaction
    ChainId,
    Nonce,
    GasPrice,
    MaxPriorityFee,
    MaxFee,
    GasLimit,
    To,
    Value,
    Data,
    TxAccessList,
    AccessListEntry,
    AccessListAddress,
    AccessListStorageKeys,
    AccessListStorageKey,
    MaxFeePerBlobGas,
    BlobHashes,
    AuthorizationList,
    Authorization,
    SignatureV,
    SignatureR,
    SignatureS,
    Sidecar,
    // header
    ParentHash,
    OmmersHash,
    Beneficiary,
    StateRoot,
    TransactionsRoot,
    ReceiptsRoot,
    LogsBloom,
    Difficulty,
    Number,
    GasUsed,
    Timestamp,
    ExtraData,
    MixHash,
    SealNonce,
    BaseFee,
    WithdrawalsRoot,
    BlobGasUsed,
    ExcessBlobGas,
    ParentBeaconRoot,
    RequestsHash,
    // block
    Header,
    Transactions,
    Ommers,
    Withdrawals,
    // receipt
    Outcome,
    CumulativeGasUsed,
    Logs,
    // account
    AccountBalance,
    AccountStorageRoot,
    AccountCodeHash,
};

/// One failure of a decoder: the cause and the field it was found in. Decoding stops at the first.
struct DecodeError {
    DecodeCause cause{};
    DecodeField field{};
    /// Set with DecodeCause::Rlp, else None.
    RlpError rlp = RlpError::None;
    friend bool operator==(const DecodeError&, const DecodeError&) noexcept = default;
};

/// "IntegerLeadingZero in nonce"; for logs and RPC answers.
[[nodiscard]] std::string to_string(const DecodeError& error);

}  // namespace cairn
