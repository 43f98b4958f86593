// SPDX-License-Identifier: MIT
#include "tests/contracts/contract_fixture.hpp"

namespace cairn::test {
namespace {

/// "signin" and "member" in ASCII, padded.
const std::string kSignin = "0x7369676e696e0000000000000000000000000000000000000000000000000000";
const std::string kMember = "0x6d656d6265720000000000000000000000000000000000000000000000000000";
const std::string kValue = "0x" + std::string(62, '0') + "2a";
const std::string kZero = "0x" + std::string(64, '0');

class IdentityRegistry : public ContractTest {
protected:
    std::string is_delegate(const Address& who) {
        return send(kCarol, registry, "isDelegate", {text(kAlice), kSignin, text(who)});
    }
    Address registry = deploy("IdentityRegistry");
};

TEST_F(IdentityRegistry, an_address_owns_itself_until_it_is_handed_over) {
    EXPECT_EQ(send(kCarol, registry, "ownerOf", {text(kAlice)}),
              "(0xA100000000000000000000000000000000000000)");
    EXPECT_EQ(send(kBob, registry, "changeOwner", {text(kAlice), text(kBob)}),
              "revert: NotOwner(0xA100000000000000000000000000000000000000)");
    EXPECT_EQ(send(kAlice, registry, "changeOwner", {text(kAlice), text(kBob)}), "()");
    EXPECT_EQ(send(kAlice, registry, "changeOwner", {text(kAlice), text(kAlice)}),
              "revert: NotOwner(0xB000000000000000000000000000000000000000)");
    EXPECT_EQ(is_delegate(kAlice), "(false)");
    EXPECT_EQ(is_delegate(kBob), "(true)");
    EXPECT_EQ(send(kBob, registry, "changeOwner", {text(kAlice), text(Address{})}), "()");
    EXPECT_EQ(is_delegate(kAlice), "(true)");
}

TEST_F(IdentityRegistry, a_delegate_acts_in_its_time) {
    const auto expires = std::to_string(block.timestamp + 50);
    EXPECT_EQ(is_delegate(kBob), "(false)");
    EXPECT_EQ(send(kBob, registry, "addDelegate", {text(kAlice), kSignin, text(kBob), expires}),
              "revert: NotOwner(0xA100000000000000000000000000000000000000)");
    EXPECT_EQ(send(kAlice, registry, "addDelegate", {text(kAlice), kSignin, text(kBob), expires}),
              "()");
    EXPECT_EQ(is_delegate(kBob), "(true)");
    EXPECT_EQ(send(kCarol, registry, "isDelegate", {text(kAlice), kMember, text(kBob)}), "(false)");
    block.timestamp += 49;
    EXPECT_EQ(is_delegate(kBob), "(true)");
    block.timestamp += 1;
    EXPECT_EQ(is_delegate(kBob), "(false)");
    EXPECT_EQ(send(kAlice, registry, "addDelegate", {text(kAlice), kSignin, text(kBob), expires}),
              "revert: AlreadyExpired()");
}

TEST_F(IdentityRegistry, a_delegate_can_be_revoked) {
    const auto expires = std::to_string(block.timestamp + 50);
    (void)send(kAlice, registry, "addDelegate", {text(kAlice), kSignin, text(kBob), expires});
    EXPECT_EQ(send(kBob, registry, "revokeDelegate", {text(kAlice), kSignin, text(kBob)}),
              "revert: NotOwner(0xA100000000000000000000000000000000000000)");
    EXPECT_EQ(send(kAlice, registry, "revokeDelegate", {text(kAlice), kSignin, text(kBob)}), "()");
    EXPECT_EQ(is_delegate(kBob), "(false)");
}

TEST_F(IdentityRegistry, attestations_are_their_issuers) {
    const auto expires = std::to_string(block.timestamp + 50);
    const auto read = [&](const Address& issuer) {
        return send(kCarol, registry, "attestationOf", {text(issuer), text(kBob), kMember});
    };
    EXPECT_EQ(send(kAlice, registry, "attest", {text(kBob), kMember, kValue, expires}), "()");
    EXPECT_EQ(read(kAlice), "(" + kValue + "," + expires + ")");
    EXPECT_EQ(read(kCarol), "(" + kZero + ",0)");
    block.timestamp += 50;
    EXPECT_EQ(read(kAlice), "(" + kZero + ",0)");
    EXPECT_EQ(send(kAlice, registry, "attest", {text(kBob), kMember, kValue, expires}),
              "revert: AlreadyExpired()");
    block.timestamp -= 50;
    EXPECT_EQ(send(kAlice, registry, "revokeAttestation", {text(kBob), kMember}), "()");
    EXPECT_EQ(read(kAlice), "(" + kZero + ",0)");
}

}  // namespace
}  // namespace cairn::test
