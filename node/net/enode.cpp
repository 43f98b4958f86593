// SPDX-License-Identifier: MIT
#include "node/net/enode.hpp"

#include <charconv>

#include "core/base/hex.hpp"

namespace cairn::node {
namespace {

constexpr std::string_view kScheme = "enode://";
constexpr std::string_view kDiscPort = "?discport=";
constexpr std::size_t kIdDigits = 2 * NodeId::kSize;

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

}  // namespace

std::optional<Enode> parse_enode(std::string_view url) {
    if (!url.starts_with(kScheme)) return std::nullopt;
    url.remove_prefix(kScheme.size());
    if (url.size() <= kIdDigits || url[kIdDigits] != '@') return std::nullopt;
    const auto id = fixed_from_hex<NodeId>(url.substr(0, kIdDigits));
    if (!id || !secp256k1::is_on_curve(*id)) return std::nullopt;
    url.remove_prefix(kIdDigits + 1);

    std::optional<std::uint16_t> udp;
    if (const auto query = url.find(kDiscPort); query != std::string_view::npos) {
        udp = parse_port(url.substr(query + kDiscPort.size()));
        if (!udp) return std::nullopt;
        url = url.substr(0, query);
    }
    const auto colon = url.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = url.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    const auto ip = IpAddress::parse(host);
    const auto tcp = parse_port(url.substr(colon + 1));
    // An address with colons and no brackets could be cut at any of them.
    if (!ip || !tcp || *tcp == 0 || bracketed != (host.find(':') != std::string_view::npos))
        return std::nullopt;
    return Enode{*id, Endpoint{*ip, udp.value_or(*tcp), *tcp}};
}

std::string to_string(const Enode& node) {
    const std::string ip = node.endpoint.ip.to_string();
    std::string url = std::string{kScheme} + to_hex(node.id) + "@";
    url += node.endpoint.ip.is_v4() ? ip : "[" + ip + "]";
    url += ":" + std::to_string(node.endpoint.tcp_port);
    if (node.endpoint.udp_port != node.endpoint.tcp_port)
        url += std::string{kDiscPort} + std::to_string(node.endpoint.udp_port);
    return url;
}

}  // namespace cairn::node
