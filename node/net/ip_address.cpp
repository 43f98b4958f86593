// SPDX-License-Identifier: MIT
#include "node/net/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace cairn::node {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool starts_with_bits(ByteView address, ByteView prefix, unsigned bits) {
    const std::size_t whole = bits / 8;
    if (!std::equal(prefix.begin(), prefix.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.begin()))
        return false;
    const unsigned rest = bits % 8;
    if (rest == 0) return true;
    const unsigned mask = 0xffU << (8 - rest);
    return ((address[whole] ^ prefix[whole]) & mask & 0xff) == 0;
}

struct Range {
    std::array<std::uint8_t, 16> base;
    unsigned bits;
};

template <std::size_t N>
bool in_any(ByteView address, const std::array<Range, N>& ranges) {
    return std::ranges::any_of(ranges, [address](const Range& range) {
        return starts_with_bits(address, range.base, range.bits);
    });
}

constexpr std::array<Range, 4> kPrivateV4{
    {{{10}, 8}, {{172, 16}, 12}, {{192, 168}, 16}, {{169, 254}, 16}}};
constexpr std::array<Range, 2> kPrivateV6{{{{0xfc}, 7}, {{0xfe, 0x80}, 10}}};
// IANA IPv4 and IPv6 special-purpose address registries, and multicast.
constexpr std::array<Range, 8> kSpecialV4{{{{0}, 8},
                                           {{192, 0, 0}, 24},
                                           {{192, 0, 2}, 24},
                                           {{192, 88, 99}, 24},
                                           {{198, 18}, 15},
                                           {{198, 51, 100}, 24},
                                           {{203, 0, 113}, 24},
                                           {{224}, 3}}};
constexpr std::array<Range, 5> kSpecialV6{{{{0x01, 0x00}, 64},
                                           {{0x20, 0x01, 0x00, 0x02}, 48},
                                           {{0x20, 0x01, 0x0d, 0xb8}, 32},
                                           {{0x20, 0x02}, 16},
                                           {{0xff}, 8}}};

}  // namespace

std::optional<IpAddress> IpAddress::from_bytes(ByteView bytes) noexcept {
    IpAddress out;
    if (bytes.size() == 16 &&
        !std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()))
        out.is_v4_ = false;
    else if (bytes.size() == 16)
        bytes = bytes.subspan(kMappedPrefix.size());
    else if (bytes.size() != 4)
        return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), out.bytes_.begin());
    return out;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string copy{text};
    std::array<std::uint8_t, 16> bytes{};
    if (inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1)
        return from_bytes(ByteView{bytes}.first(4));
    if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return from_bytes(bytes);
    return std::nullopt;
}

std::string IpAddress::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(is_v4_ ? AF_INET : AF_INET6, bytes_.data(), text.data(), text.size());
    return text.data();
}

bool IpAddress::is_unspecified() const noexcept {
    return std::ranges::all_of(bytes_, [](std::uint8_t b) { return b == 0; });
}

bool IpAddress::is_loopback() const noexcept {
    if (is_v4_) return bytes_[0] == 127;
    return bytes_[15] == 1 &&
           std::all_of(bytes_.begin(), bytes_.end() - 1, [](std::uint8_t b) { return b == 0; });
}

bool IpAddress::is_private() const noexcept {
    return is_v4_ ? in_any(view(), kPrivateV4) : in_any(view(), kPrivateV6);
}

bool IpAddress::is_special() const noexcept {
    if (is_unspecified()) return true;
    return is_v4_ ? in_any(view(), kSpecialV4) : in_any(view(), kSpecialV6);
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto ip = IpAddress::parse(text.substr(0, slash));
    if (!ip) return std::nullopt;
    const std::string_view digits = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    if (bits > ip->view().size() * 8) return std::nullopt;
    Bytes base = to_bytes(ip->view());
    for (std::size_t i = 0; i < base.size(); ++i) {
        const unsigned first = static_cast<unsigned>(8 * i);
        if (bits <= first)
            base[i] = 0;
        else if (bits < first + 8)
            base[i] = static_cast<std::uint8_t>(base[i] & 0xffU << (first + 8 - bits));
    }
    return IpNetwork{*IpAddress::from_bytes(base), bits};
}

bool IpNetwork::contains(const IpAddress& ip) const noexcept {
    return ip.is_v4() == base.is_v4() && starts_with_bits(ip.view(), base.view(), prefix_bits);
}

std::string IpNetwork::to_string() const {
    return base.to_string() + "/" + std::to_string(prefix_bits);
}

IpNetwork subnet_of(const IpAddress& ip) noexcept {
    const std::size_t kept = ip.is_v4() ? 3 : 6;
    std::array<std::uint8_t, 16> bytes{};
    std::copy_n(ip.view().begin(), kept, bytes.begin());
    return {*IpAddress::from_bytes(ByteView{bytes}.first(ip.view().size())),
            static_cast<unsigned>(8 * kept)};
}

std::optional<std::vector<IpNetwork>> parse_networks(std::string_view text) {
    std::vector<IpNetwork> networks;
    while (true) {
        const std::size_t comma = text.find(',');
        const auto network = IpNetwork::parse(text.substr(0, comma));
        if (!network) return std::nullopt;
        networks.push_back(*network);
        if (comma == std::string_view::npos) return networks;
        text.remove_prefix(comma + 1);
    }
}

bool may_relay(const IpAddress& sender, const IpAddress& ip) noexcept {
    if (ip.is_special()) return false;
    if (ip.is_loopback()) return sender.is_loopback();
    if (ip.is_private()) return sender.is_private() || sender.is_loopback();
    return true;
}

}  // namespace cairn::node
