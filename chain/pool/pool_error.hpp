// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chain/rules/errors.hpp"

namespace cairn::chain {

/// Why the pool does not take a transaction; one enumerator per cause, in the order in which they
/// are looked for.
enum class PoolError : std::uint8_t {
    AlreadyKnown,        ///< the pool holds this very transaction
    OversizedData,       ///< more than kTxBytesMax
    NotReplayProtected,  ///< local, legacy and without EIP-155, where that is not allowed
    InvalidTx,           ///< breaks a rule of the next block; PoolRejection::tx_error says which
    GasLimitAboveBlock,  ///< wants more gas than a whole block has
    Underpriced,         ///< tip below the floor, or the cheapest of a full pool is worth more
    SidecarMissing,      ///< a blob transaction without its blobs
    SidecarMismatch,     ///< commitments that are not those of the versioned hashes
    SidecarVersion,      ///< not the form of proofs of the next block's revision
    KzgProofInvalid,     ///< a blob is not what its commitment says
    NonceTooLow,         ///< below the account's
    SenderNotEoa,        ///< the sender has code that is no delegation (EIP-3607)
    BlobNonceGap,        ///< a blob transaction past a gap
    InsufficientFunds,   ///< for this transaction, or for it and all others of the sender
    DelegatedNonceGap,   ///< from a delegated account, past a gap (EIP-7702)
    DelegatedInFlight,   ///< a second one from a delegated account (EIP-7702)
    AuthorityReserved,   ///< sets the code of an account with several transactions (EIP-7702)
    ReplacementUnderpriced,  ///< same nonce without the price bump
    AccountLimitExceeded,    ///< too many waiting transactions of the sender
    PoolFull,                ///< no room, and nothing that may make some
    FutureReplacesPending,   ///< could only come in by pushing out one that is executable
};
inline constexpr std::size_t kPoolErrorCount =
    static_cast<std::size_t>(PoolError::FutureReplacesPending) + 1;

/// geth's words for it, on which clients match; without the numbers that PoolRejection::message
/// adds. InvalidTx has none of its own.
[[nodiscard]] std::string_view to_string(PoolError error) noexcept;

/// A refusal, ready for an RPC answer.
struct PoolRejection {
    PoolError error{};
    /// With InvalidTx: why.
    std::optional<TxError> tx_error{};
    /// to_string's words, then the numbers: "nonce too low: next nonce 5, tx nonce 3".
    std::string message;
};

/// A refusal without numbers.
[[nodiscard]] PoolRejection rejection_of(PoolError error);
/// A refusal whose message goes on after the words.
[[nodiscard]] PoolRejection rejection_of(PoolError error, const std::string& details);

}  // namespace cairn::chain
