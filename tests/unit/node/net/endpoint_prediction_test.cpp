// SPDX-License-Identifier: MIT
#include "node/net/endpoint_prediction.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

using Prediction = EndpointPrediction;

IpAddress sender(std::size_t i) {
    const std::array<std::uint8_t, 4> ip{20, static_cast<std::uint8_t>(i >> 8),
                                         static_cast<std::uint8_t>(i), 1};
    return *IpAddress::from_bytes(ip);
}
const IpAddress kOurs = *IpAddress::parse("8.8.8.8");
const IpAddress kOther = *IpAddress::parse("9.9.9.9");

TEST(EndpointPrediction, ten_agreeing_networks_are_believed) {
    Prediction p;
    for (std::size_t i = 0; i < Prediction::kVoicesMin; ++i) {
        EXPECT_FALSE(p.predict(0));
        p.add(sender(i), kOurs, 30303, 0);
    }
    EXPECT_EQ(p.predict(0), (Prediction::Predicted{kOurs, 30303}));
}

TEST(EndpointPrediction, one_network_is_one_voice) {
    Prediction p;
    for (std::size_t i = 0; i < 100; ++i) p.add(sender(1), kOurs, 30303, 0);
    EXPECT_FALSE(p.predict(0));
}

TEST(EndpointPrediction, half_is_no_majority) {
    Prediction p;
    for (std::size_t i = 0; i < 12; ++i) p.add(sender(i), kOurs, 30303, 0);
    for (std::size_t i = 12; i < 24; ++i) p.add(sender(i), kOther, 30303, 0);
    EXPECT_FALSE(p.predict(0));
    p.add(sender(24), kOurs, 30303, 0);
    EXPECT_TRUE(p.predict(0));
}

TEST(EndpointPrediction, voices_grow_old) {
    Prediction p;
    for (std::size_t i = 0; i < 12; ++i) p.add(sender(i), kOurs, 30303, 0);
    EXPECT_TRUE(p.predict(Prediction::kVoiceMs));
    EXPECT_FALSE(p.predict(Prediction::kVoiceMs + 1));
}

TEST(EndpointPrediction, addresses_that_the_sender_cannot_know_do_not_count) {
    Prediction p;
    for (std::size_t i = 0; i < 12; ++i) {
        p.add(sender(i), *IpAddress::parse("10.0.0.1"), 30303, 0);
        p.add(sender(i), *IpAddress::parse("0.0.0.0"), 30303, 0);
        p.add(sender(i), kOurs, 0, 0);
    }
    EXPECT_FALSE(p.predict(0));
}

}  // namespace
}  // namespace cairn::node
