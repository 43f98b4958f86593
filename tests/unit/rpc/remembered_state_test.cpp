// SPDX-License-Identifier: MIT
#include "rpc/remembered_state.hpp"

#include <gtest/gtest.h>

namespace cairn::rpc {
namespace {

constexpr Address kHolder{{0x11}};
constexpr Address kNobody{{0x22}};
constexpr CodeHash kCode{{0x33}};

/// Counts what it is asked.
class CountingState final : public chain::StateReader {
public:
    [[nodiscard]] std::optional<chain::AccountRecord> account(
        const Address& address) const override {
        ++asked;
        if (address != kHolder) return std::nullopt;
        return chain::AccountRecord{7, Wei{8}, kCode};
    }
    [[nodiscard]] Uint256 storage(const Address& address, const Uint256& key) const override {
        ++asked;
        return address == kHolder ? key + Uint256{1} : Uint256{};
    }
    [[nodiscard]] chain::SharedCode code(const CodeHash&) const override {
        ++asked;
        return std::make_shared<const Bytes>(Bytes{0x00});
    }
    void visit_storage(const Address&, const chain::StorageVisitor& visitor) const override {
        ++asked;
        (void)visitor(Uint256{1}, Uint256{2});
    }

    mutable int asked = 0;
};

TEST(RememberedState, says_what_lies_below_and_asks_it_once) {
    const CountingState base;
    const RememberedState state{base};
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(state.account(kHolder), (chain::AccountRecord{7, Wei{8}, kCode}));
        EXPECT_EQ(state.account(kNobody), std::nullopt);
        EXPECT_EQ(state.storage(kHolder, Uint256{5}), Uint256{6});
        EXPECT_EQ(state.storage(kHolder, Uint256{6}), Uint256{7});
        EXPECT_EQ(state.storage(kNobody, Uint256{5}), Uint256{});
        EXPECT_EQ(*state.code(kCode), Bytes{0x00});
        EXPECT_EQ(base.asked, 6);
    }
}

TEST(RememberedState, walks_go_through) {
    const CountingState base;
    const RememberedState state{base};
    int slots = 0;
    state.visit_storage(kHolder, [&](const Uint256& key, const Uint256& value) {
        EXPECT_EQ(key, Uint256{1});
        EXPECT_EQ(value, Uint256{2});
        ++slots;
        return true;
    });
    EXPECT_EQ(slots, 1);
}

}  // namespace
}  // namespace cairn::rpc
