// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <optional>

#include "node/net/clock.hpp"
#include "node/net/enode.hpp"

namespace cairn::node {

/// Guesses our own address from what others say they see: each Pong names where its Ping came from.
///
/// One voice for each subnet, the latest it said, for five minutes; what kVoicesMin of them agree
/// on, and more than half of all, is believed. One liar with many keys in one network is one voice.
/// One thread.
class EndpointPrediction {
public:
    /// Voices that must agree (geth: 10 statements).
    static constexpr std::size_t kVoicesMin = 10;
    /// Milliseconds for which a voice counts.
    static constexpr MonotonicMs kVoiceMs = 5 * 60'000;
    /// Voices kept, the latest.
    static constexpr std::size_t kVoicesMax = 256;

    /// `sender` says that we are at `ip`:`udp_port`.
    void add(const IpAddress& sender, const IpAddress& ip, std::uint16_t udp_port, MonotonicMs now);

    struct Predicted {
        IpAddress ip;
        std::uint16_t udp_port = 0;
        friend bool operator==(const Predicted&, const Predicted&) = default;
    };
    /// What is believed at this moment.
    [[nodiscard]] std::optional<Predicted> predict(MonotonicMs now) const;

private:
    struct Voice {
        IpNetwork subnet;
        Predicted said;
        MonotonicMs at = 0;
    };
    std::deque<Voice> voices_;  ///< oldest first
};

}  // namespace cairn::node
