// SPDX-License-Identifier: MIT
#include "node/net/endpoint_prediction.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace cairn::node {

void EndpointPrediction::add(const IpAddress& sender, const IpAddress& ip, std::uint16_t udp_port,
                             MonotonicMs now) {
    if (ip.is_special() || udp_port == 0 || !may_relay(sender, ip)) return;
    const IpNetwork subnet = subnet_of(sender);
    std::erase_if(voices_, [&](const Voice& voice) {
        return voice.subnet == subnet || now - voice.at > kVoiceMs;
    });
    if (voices_.size() >= kVoicesMax) voices_.pop_front();
    voices_.push_back({subnet, {ip, udp_port}, now});
}

std::optional<EndpointPrediction::Predicted> EndpointPrediction::predict(MonotonicMs now) const {
    std::map<std::pair<IpAddress, std::uint16_t>, std::size_t> counts;
    std::size_t all = 0;
    for (const Voice& voice : voices_) {
        if (now - voice.at > kVoiceMs) continue;
        ++counts[{voice.said.ip, voice.said.udp_port}];
        ++all;
    }
    for (const auto& [said, count] : counts)
        if (count >= kVoicesMin && 2 * count > all) return Predicted{said.first, said.second};
    return std::nullopt;
}

}  // namespace cairn::node
