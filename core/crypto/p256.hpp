// SPDX-License-Identifier: MIT
#pragma once

#include "core/types/ids.hpp"

/// ECDSA over NIST P-256 (secp256r1; FIPS 186-4, D.1.2.3), verification only, as EIP-7951 asks.
namespace cairn::p256 {

/// A signature with its key: five numbers of 32 bytes, big-endian, in the order of the precompile's input.
struct Claim {
    /// The 32-byte digest that was signed.
    Hash256 digest;
    Hash256 r;
    Hash256 s;
    /// Coordinates of the public key.
    Hash256 x;
    Hash256 y;
};

/// Whether the signature holds. False when r or s is not in 1 … n-1, a coordinate is not below the field's prime, the
/// point is off the curve or infinity, or the equation fails; a high s is accepted (EIP-7951 sets no bound). Throws
/// SystemError when OpenSSL runs out of memory. Any thread.
[[nodiscard]] bool verify(const Claim& claim);

}  // namespace cairn::p256
