// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"

namespace cairn::node {

/// An IPv4 or IPv6 address. An IPv4 address written as IPv6 (::ffff:a.b.c.d) is taken for the IPv4
/// address it is, so that each machine has one form.
class IpAddress {
public:
    /// 0.0.0.0: unspecified.
    IpAddress() noexcept = default;
    /// 4 or 16 bytes, most significant first; nothing for another length.
    [[nodiscard]] static std::optional<IpAddress> from_bytes(ByteView bytes) noexcept;
    /// "192.0.2.1" or "2001:db8::1", without brackets or zone.
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

    [[nodiscard]] bool is_v4() const noexcept { return is_v4_; }
    /// 4 or 16 bytes.
    [[nodiscard]] ByteView view() const noexcept { return {bytes_.data(), is_v4_ ? 4U : 16U}; }
    [[nodiscard]] std::string to_string() const;

    /// 0.0.0.0 or ::.
    [[nodiscard]] bool is_unspecified() const noexcept;
    [[nodiscard]] bool is_loopback() const noexcept;
    /// Of a local network: RFC 1918, RFC 4193, link-local.
    [[nodiscard]] bool is_private() const noexcept;
    /// Nobody's: multicast, broadcast, documentation, benchmarks and other reserved blocks (IANA
    /// special-purpose registries), loopback and private ones excepted.
    [[nodiscard]] bool is_special() const noexcept;

    friend auto operator<=>(const IpAddress&, const IpAddress&) noexcept = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
    bool is_v4_ = true;
};

/// An address range: "10.0.0.0/8".
struct IpNetwork {
    IpAddress base;            ///< bits past the prefix are zero
    unsigned prefix_bits = 0;  ///< at most 32 or 128

    [[nodiscard]] static std::optional<IpNetwork> parse(std::string_view text);
    [[nodiscard]] bool contains(const IpAddress& ip) const noexcept;
    [[nodiscard]] std::string to_string() const;
    friend auto operator<=>(const IpNetwork&, const IpNetwork&) noexcept = default;
};

/// The subnet for whose members one owner is likely to answer: /24, or /48 of IPv6.
[[nodiscard]] IpNetwork subnet_of(const IpAddress& ip) noexcept;

/// A list of ranges separated by commas (`--netrestrict`); nothing where one is malformed.
[[nodiscard]] std::optional<std::vector<IpNetwork>> parse_networks(std::string_view text);

/// Whether a node at `sender` may tell us of one at `ip`: nobody outside a machine knows its
/// loopback, nobody outside a local network knows its addresses, and nobody lives at a special one.
[[nodiscard]] bool may_relay(const IpAddress& sender, const IpAddress& ip) noexcept;

}  // namespace cairn::node
