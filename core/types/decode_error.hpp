// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace cairn {

/// Why bytes are not a ledger object. The first ten are RLP's (Yellow Paper, appendix B), the rest the objects' own.
enum class DecodeCause : std::uint8_t {
    Truncated,        ///< the bytes end before the item does
    TrailingBytes,    ///< bytes follow the item
    NonCanonicalSize, ///< a length with leading zeros, or a long form where a shorter one fits
    ExpectedList,     ///< a string where a list belongs
    ExpectedString,   ///< a list where a string belongs
    LeadingZeros,     ///< an integer with a leading zero byte
    IntegerOverflow,  ///< an integer wider than its field
    TooShort,         ///< a fixed-length string with fewer bytes
    TooLong,          ///< a fixed-length string with more bytes
    TooDeep,          ///< lists nested beyond what any object has
    TooFewElements,   ///< a list that ends before its last field
    TooManyElements,  ///< a list with more than its fields
    UnknownTxType,    ///< first byte of an EIP-2718 envelope that names no type
    InvalidV,         ///< a legacy v that is neither 27, 28 nor 35 and more (EIP-155)
    ChainIdOverflow,  ///< a chain id of 2^64 or more, in a field or inside a legacy v
    InvalidYParity,   ///< y parity other than 0 or 1
    UnknownWrapper,   ///< a blob transaction wrapper of a version other than 0 or 1 (EIP-7594)
    SidecarMismatch,  ///< not one commitment per blob hash and blob, or not as many proofs as the wrapper wants
    TooLarge,         ///< more bytes or elements than the decoder's limit
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
    friend bool operator==(const DecodeError&, const DecodeError&) noexcept = default;
};

/// "leading zeros in nonce"; for logs and RPC answers.
[[nodiscard]] std::string to_string(const DecodeError& error);

}  // namespace cairn
