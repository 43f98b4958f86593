// SPDX-License-Identifier: MIT
#include "chain/pool/pool_chain.hpp"

#include <gtest/gtest.h>

#include "chain/exec/authorization.hpp"
#include "chain/state/memory_state.hpp"
#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

using test::address_of;

TEST(PoolAccount, of_nobody_is_all_zero) {
    EXPECT_EQ(pool_account_of(MemoryState{}, address_of(0)), PoolAccount{});
}

TEST(PoolAccount, tells_a_delegation_from_other_code) {
    MemoryState state;
    state.set_account(address_of(0), 3, Wei{7});
    state.set_account(address_of(1), 1, Wei{8}, {0x60, 0x00});
    const auto designator = make_delegation(address_of(1));
    state.set_account(address_of(2), 2, Wei{9}, {designator.begin(), designator.end()});
    // A byte more is code like any other (EIP-7702: 23 bytes).
    Bytes longer{designator.begin(), designator.end()};
    longer.push_back(0);
    state.set_account(address_of(3), 0, Wei{}, longer);
    EXPECT_EQ(pool_account_of(state, address_of(0)), (PoolAccount{.nonce = 3, .balance = Wei{7}}));
    EXPECT_EQ(pool_account_of(state, address_of(1)),
              (PoolAccount{.nonce = 1, .balance = Wei{8}, .has_code = true}));
    EXPECT_EQ(pool_account_of(state, address_of(2)),
              (PoolAccount{.nonce = 2, .balance = Wei{9}, .is_delegated = true}));
    EXPECT_TRUE(pool_account_of(state, address_of(3)).has_code);
}

}  // namespace
}  // namespace cairn::chain
