// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1.hpp"
#include "node/net/clock.hpp"

namespace cairn::node {

/// A node's name in the network: its public key, 64 bytes (devp2p, rlpx.md, "Node Identity").
using NodeId = secp256k1::PublicKey;

/// A node's place in the distributed hash table: keccak256 of its id (discv4.md, EIP-778).
using NodeAddress = FixedBytes<32, struct NodeAddressTag>;
[[nodiscard]] inline NodeAddress node_address_of(const NodeId& id) noexcept {
    return keccak256(id).as<NodeAddress>();
}

/// A node's own key pair.
struct NodeKey {
    secp256k1::SecretKey secret;
    NodeId id;

    /// Nothing when the secret is not in 1 … n-1.
    [[nodiscard]] static std::optional<NodeKey> from_secret(secp256k1::SecretKey secret) {
        const auto id = secp256k1::public_key(secret);
        if (!id) return std::nullopt;
        return NodeKey{std::move(secret), *id};
    }
    /// A fresh pair made of `random`'s bytes.
    [[nodiscard]] static NodeKey make(const RandomFill& random) {
        for (;;) {
            // Bytes that are no valid secret come up once in 2^128 draws.
            secp256k1::SecretKey secret;
            random(secret.reveal_mutable());
            if (auto key = from_secret(std::move(secret))) return std::move(*key);
        }
    }
    /// A second holder of the same pair.
    [[nodiscard]] NodeKey clone() const { return {secret.clone(), id}; }
};

}  // namespace cairn::node
