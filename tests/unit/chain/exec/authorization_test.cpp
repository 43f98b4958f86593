// SPDX-License-Identifier: MIT
// EIP-7702, "Set code for EOAs", section Behavior.
#include "chain/exec/authorization.hpp"

#include <limits>

#include "core/base/hex.hpp"
#include "tests/unit/chain/exec/exec_fixture.hpp"

namespace cairn::chain::test {
namespace {

class AuthorizationTest : public ExecTest {
  protected:
    Gas apply(const Authorization& tuple) {
        Transaction set_code;
        set_code.authorization_list.push_back(tuple);
        return apply_authorizations(state, *rules, Uint256{1}, set_code);
    }
    void expect_skipped(const SignedAuthorization& signed_tuple) {
        EXPECT_EQ(apply(signed_tuple.tuple), 0u);
        state.finalise_transaction(EmptyAccounts::Delete);
        EXPECT_TRUE(state.take_diff().is_empty());
    }
};

TEST(Delegation, designator_is_prefix_and_address) {
    const auto code = make_delegation(kContract);
    EXPECT_EQ(to_hex(code), "ef01005300000000000000000000000000000000000000");
    EXPECT_EQ(find_delegate(code), kContract);
}

TEST(Delegation, other_code_is_none) {
    const auto code = make_delegation(kContract);
    EXPECT_FALSE(find_delegate({}));
    for (std::size_t n = 0; n < code.size(); ++n) EXPECT_FALSE(find_delegate(ByteView{code}.first(n)));
    Bytes longer{code.begin(), code.end()};
    longer.push_back(0);
    EXPECT_FALSE(find_delegate(longer));
    for (std::size_t i = 0; i < 3; ++i) {
        auto other = code;
        other[i] ^= 1;
        EXPECT_FALSE(find_delegate(other));
    }
}

TEST_F(AuthorizationTest, new_authority_gets_designator_and_nonce) {
    const auto a = authorize(1, kContract);
    EXPECT_EQ(apply(a.tuple), 0u);
    EXPECT_EQ(find_delegate(state.code(a.authority)), kContract);
    EXPECT_EQ(state.nonce(a.authority), 1u);
    // Warmed.
    EXPECT_FALSE(state.access_account(a.authority));
}

TEST_F(AuthorizationTest, existing_authority_earns_the_refund) {
    const auto a = authorize(1, kContract);
    base.set_account(a.authority, 0, Wei{1});
    EXPECT_EQ(apply(a.tuple), 12'500u);
}

TEST_F(AuthorizationTest, chain_id_zero_is_any_chain) {
    const auto a = authorize(1, kContract, 0);
    apply(a.tuple);
    EXPECT_EQ(find_delegate(state.code(a.authority)), kContract);
}

TEST_F(AuthorizationTest, zero_address_clears) {
    const auto first = authorize(1, kContract);
    apply(first.tuple);
    const auto clear = authorize(1, Address{}, 1, 1);
    apply(clear.tuple);
    EXPECT_EQ(state.code_hash(first.authority), kEmptyCodeHash);
    EXPECT_EQ(state.nonce(first.authority), 2u);
}

TEST_F(AuthorizationTest, delegation_can_be_replaced) {
    const auto first = authorize(1, kContract);
    apply(first.tuple);
    apply(authorize(1, kReceiver, 1, 1).tuple);
    EXPECT_EQ(find_delegate(state.code(first.authority)), kReceiver);
}

TEST_F(AuthorizationTest, wrong_chain_is_skipped) { expect_skipped(authorize(1, kContract, 2)); }

TEST_F(AuthorizationTest, wrong_nonce_is_skipped) { expect_skipped(authorize(1, kContract, 1, 1)); }

TEST_F(AuthorizationTest, greatest_nonce_is_skipped) {
    constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
    const auto a = authorize(1, kContract, 1, kMax);
    base.set_account(a.authority, kMax, Wei{});
    expect_skipped(a);
}

TEST_F(AuthorizationTest, authority_with_code_is_skipped_but_warm) {
    const auto a = authorize(1, kContract);
    base.set_account(a.authority, 0, Wei{}, Bytes{vm::OP_STOP});
    EXPECT_EQ(apply(a.tuple), 0u);
    EXPECT_FALSE(state.access_account(a.authority));
    EXPECT_EQ(state.nonce(a.authority), 0u);
}

TEST_F(AuthorizationTest, bad_signature_is_skipped) {
    auto a = authorize(1, kContract);
    a.tuple.y_parity = 2;
    expect_skipped(a);
    a = authorize(1, kContract);
    a.tuple.r = {};
    expect_skipped(a);
    a = authorize(1, kContract);
    // High s (EIP-2): n - s signs as well, with the other parity, and is refused.
    a.tuple.s = load_be256(secp256k1::kOrder.data()) - a.tuple.s;
    a.tuple.y_parity ^= 1;
    expect_skipped(a);
}

}  // namespace
}  // namespace cairn::chain::test
