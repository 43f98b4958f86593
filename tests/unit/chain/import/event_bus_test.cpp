// SPDX-License-Identifier: MIT
#include "chain/import/event_bus.hpp"

#include <gtest/gtest.h>

namespace cairn::chain {
namespace {

TEST(EventBus, every_listener_hears_every_event_in_order) {
    EventBus<int> bus;
    std::vector<int> a;
    std::vector<int> b;
    const auto first = bus.subscribe([&](int event) { a.push_back(event); });
    bus.publish(1);
    const auto second = bus.subscribe([&](int event) { b.push_back(event); });
    bus.publish(2);
    EXPECT_EQ(a, (std::vector<int>{1, 2}));
    EXPECT_EQ(b, (std::vector<int>{2}));
}

TEST(EventBus, a_subscription_ends_with_its_owner_and_may_outlive_the_bus) {
    int heard = 0;
    EventBus<int>::Subscription outliving;
    {
        EventBus<int> bus;
        {
            const auto brief = bus.subscribe([&](int) { heard += 100; });
        }
        outliving = bus.subscribe([&](int) { ++heard; });
        auto moved = std::move(outliving);
        bus.publish(0);
        moved.reset();
        bus.publish(0);
        outliving = bus.subscribe([&](int) { ++heard; });
    }
    EXPECT_EQ(heard, 1);
}

}  // namespace
}  // namespace cairn::chain
