// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "chain/rules/fork_id.hpp"
#include "core/base/expected.hpp"
#include "node/net/enode.hpp"

namespace cairn::node {

/// Why bytes or a text are no node record.
enum class EnrError : std::uint8_t {
    NotEnr,           ///< the text does not begin with "enr:", or is no base64 (RFC 4648, url-safe)
    TooLarge,         ///< more than kNodeRecordMax bytes
    Malformed,        ///< not a list [signature, seq, key, value, …] with string keys
    KeysUnsorted,     ///< keys out of order, or one twice
    UnknownIdentity,  ///< an identity scheme other than "v4", or none
    BadKey,           ///< no secp256k1 key, or not one of the curve
    BadSignature,     ///< not signed by that key
};

/// What we say of ourselves. Absent things are left out.
struct EnrFields {
    std::optional<IpAddress> ip4;
    std::optional<IpAddress> ip6;
    std::uint16_t tcp_port = 0;
    std::uint16_t udp_port = 0;
    /// The chain followed, as the entry "eth" (EIP-2124 over ENR: [[hash, next]]).
    std::optional<chain::ForkId> fork_id;
};

/// A node's signed word on how it is reached (EIP-778). A value of this type was verified.
class NodeRecord {
public:
    /// @param encoded  exactly one record
    [[nodiscard]] static Result<NodeRecord, EnrError> decode(ByteView encoded);
    /// "enr:" and url-safe base64 without padding.
    [[nodiscard]] static Result<NodeRecord, EnrError> parse(std::string_view text);
    /// Signs a record of our own. `seq` must grow whenever the fields change.
    [[nodiscard]] static NodeRecord make(const NodeKey& key, std::uint64_t seq,
                                         const EnrFields& fields);

    [[nodiscard]] const NodeId& id() const noexcept { return id_; }
    [[nodiscard]] std::uint64_t seq() const noexcept { return seq_; }
    [[nodiscard]] const Bytes& encoded() const noexcept { return encoded_; }
    [[nodiscard]] std::string to_string() const;

    /// The endpoint over IPv4, or IPv6; nothing where the record names no address of the kind.
    [[nodiscard]] std::optional<Endpoint> endpoint4() const;
    [[nodiscard]] std::optional<Endpoint> endpoint6() const;
    /// Of the entry "eth"; nothing where there is none or it is malformed.
    [[nodiscard]] std::optional<chain::ForkId> fork_id() const;

private:
    NodeRecord() = default;
    [[nodiscard]] std::optional<Endpoint> endpoint(const char* ip_key, std::size_t ip_size,
                                                   const char* tcp_key, const char* udp_key) const;
    /// The port under the key; nothing where there is none.
    [[nodiscard]] std::optional<std::uint16_t> port(const char* key) const;

    NodeId id_;
    std::uint64_t seq_ = 0;
    std::map<std::string, Bytes> entries_;  ///< values as they are encoded
    Bytes encoded_;
};

}  // namespace cairn::node
