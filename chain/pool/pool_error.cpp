// SPDX-License-Identifier: MIT
#include "chain/pool/pool_error.hpp"

namespace cairn::chain {

std::string_view to_string(PoolError error) noexcept {
    switch (error) {
        case PoolError::AlreadyKnown:
            return "already known";
        case PoolError::OversizedData:
            return "oversized data";
        case PoolError::NotReplayProtected:
            return "only replay-protected (EIP-155) transactions allowed over RPC";
        case PoolError::InvalidTx:
            return "invalid transaction";
        case PoolError::GasLimitAboveBlock:
            return "exceeds block gas limit";
        case PoolError::Underpriced:
            return "transaction underpriced";
        case PoolError::SidecarMissing:
            return "missing sidecar in blob transaction";
        case PoolError::SidecarMismatch:
            return "blob sidecar does not match the transaction's versioned hashes";
        case PoolError::SidecarVersion:
            return "unexpected sidecar version";
        case PoolError::KzgProofInvalid:
            return "KZG verification error";
        case PoolError::NonceTooLow:
            return "nonce too low";
        case PoolError::SenderNotEoa:
            return "sender not an eoa";
        case PoolError::BlobNonceGap:
            return "nonce too high";
        case PoolError::InsufficientFunds:
            return "insufficient funds for gas * price + value";
        case PoolError::DelegatedNonceGap:
            return "gapped-nonce tx from delegated accounts";
        case PoolError::DelegatedInFlight:
            return "in-flight transaction limit reached for delegated accounts";
        case PoolError::AuthorityReserved:
            return "authority already reserved";
        case PoolError::ReplacementUnderpriced:
            return "replacement transaction underpriced";
        case PoolError::AccountLimitExceeded:
            return "account limit exceeded";
        case PoolError::PoolFull:
            return "txpool is full";
        case PoolError::FutureReplacesPending:
            return "future transaction tries to replace pending transaction";
    }
    return "unknown";
}

PoolRejection rejection_of(PoolError error) {
    return {.error = error, .tx_error = {}, .message = std::string{to_string(error)}};
}

PoolRejection rejection_of(PoolError error, const std::string& details) {
    PoolRejection out = rejection_of(error);
    out.message += ": " + details;
    return out;
}

}  // namespace cairn::chain
