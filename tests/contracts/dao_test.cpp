// SPDX-License-Identifier: MIT
#include "tests/contracts/contract_fixture.hpp"
#include "wallet/address.hpp"

namespace cairn::test {
namespace {

constexpr std::uint64_t kVoting = 100;
constexpr std::uint64_t kTimelock = 50;

class DaoTest : public ContractTest {
protected:
    /// Proposes a payment of 5 wei to Carol; its number is the count of proposals before.
    std::string propose_payment(const Address& by) {
        return send(by, dao, "propose", {text(kCarol), "5", "0x", "pay Carol"});
    }
    std::string execute_payment(const std::string& id) {
        return send(kCarol, dao, "execute", {id, text(kCarol), "5", "0x"});
    }
    /// Passes a call of the organisation to itself.
    void decide(const std::string& data, const std::string& id) {
        EXPECT_EQ(send(kAlice, dao, "propose", {text(dao), "0", data, ""}), "(" + id + ")");
        EXPECT_EQ(send(kAlice, dao, "vote", {id, "true"}), "()");
        EXPECT_EQ(send(kBob, dao, "vote", {id, "true"}), "()");
        block.timestamp += kVoting + kTimelock;
        EXPECT_EQ(send(kCarol, dao, "execute", {id, text(dao), "0", data}), "(0x)");
    }

    Address dao = deploy("Dao", {"[" + text(kAlice) + "," + text(kBob) + "]", "51",
                                 std::to_string(kVoting), std::to_string(kTimelock)});
};

TEST_F(DaoTest, pays_from_its_treasury_after_vote_and_timelock) {
    EXPECT_TRUE(execute(kCarol, dao, Wei{20}, {}).success());
    EXPECT_EQ(propose_payment(kAlice), "(0)");
    EXPECT_EQ(send(kAlice, dao, "vote", {"0", "true"}), "()");
    EXPECT_EQ(send(kBob, dao, "vote", {"0", "true"}), "()");
    EXPECT_EQ(execute_payment("0"), "revert: NotReady(0)");
    block.timestamp += kVoting - 1;
    EXPECT_EQ(send(kAlice, dao, "stateOf", {"0"}), "(0)");  // still voting
    block.timestamp += 1;
    EXPECT_EQ(send(kAlice, dao, "stateOf", {"0"}), "(2)");  // queued
    block.timestamp += kTimelock - 1;
    EXPECT_EQ(execute_payment("0"), "revert: NotReady(2)");
    block.timestamp += 1;
    EXPECT_EQ(send(kCarol, dao, "execute", {"0", text(kCarol), "6", "0x"}), "revert: WrongCall()");
    const auto before = state.balance(kCarol);
    EXPECT_EQ(execute_payment("0"), "(0x)");
    EXPECT_EQ(state.balance(kCarol), before + Wei{5});
    EXPECT_EQ(state.balance(dao), Wei{15});
    EXPECT_EQ(execute_payment("0"), "revert: NotReady(4)");  // executed
}

TEST_F(DaoTest, only_members_propose_and_vote_once) {
    EXPECT_EQ(propose_payment(kCarol), "revert: NotMember()");
    EXPECT_EQ(propose_payment(kBob), "(0)");
    EXPECT_EQ(send(kCarol, dao, "vote", {"0", "true"}), "revert: NotMember()");
    EXPECT_EQ(send(kAlice, dao, "vote", {"1", "true"}), "revert: NoSuchProposal()");
    EXPECT_EQ(send(kAlice, dao, "vote", {"0", "true"}), "()");
    EXPECT_EQ(send(kAlice, dao, "vote", {"0", "false"}), "revert: AlreadyVoted()");
    block.timestamp += kVoting;
    EXPECT_EQ(send(kBob, dao, "vote", {"0", "true"}), "revert: VotingOver()");
}

TEST_F(DaoTest, fails_without_quorum_and_on_a_tie) {
    EXPECT_EQ(propose_payment(kAlice), "(0)");
    EXPECT_EQ(propose_payment(kAlice), "(1)");
    EXPECT_EQ(send(kAlice, dao, "vote", {"0", "true"}), "()");  // one of two is below 51 %
    EXPECT_EQ(send(kAlice, dao, "vote", {"1", "true"}), "()");
    EXPECT_EQ(send(kBob, dao, "vote", {"1", "false"}), "()");
    block.timestamp += kVoting + kTimelock;
    EXPECT_EQ(execute_payment("0"), "revert: NotReady(1)");
    EXPECT_EQ(execute_payment("1"), "revert: NotReady(1)");
}

TEST_F(DaoTest, a_failed_call_leaves_the_proposal_open) {
    EXPECT_EQ(propose_payment(kAlice), "(0)");
    EXPECT_EQ(send(kAlice, dao, "vote", {"0", "true"}), "()");
    EXPECT_EQ(send(kBob, dao, "vote", {"0", "true"}), "()");
    block.timestamp += kVoting + kTimelock;
    EXPECT_EQ(execute_payment("0"), "revert: without a reason");  // an empty treasury
    EXPECT_TRUE(execute(kAlice, dao, Wei{5}, {}).success());
    EXPECT_EQ(execute_payment("0"), "(0x)");
}

TEST_F(DaoTest, members_change_by_decision_only) {
    EXPECT_EQ(send(kAlice, dao, "addMember", {text(kCarol)}), "revert: NotSelf()");
    EXPECT_EQ(send(kAlice, dao, "removeMember", {text(kBob)}), "revert: NotSelf()");
    EXPECT_EQ(propose_payment(kAlice), "(0)");
    decide(call_data("addMember", {text(kCarol)}), "1");
    EXPECT_EQ(send(kCarol, dao, "memberCount"), "(3)");
    EXPECT_EQ(propose_payment(kCarol), "(2)");
    EXPECT_EQ(send(kCarol, dao, "vote", {"2", "true"}), "()");
    decide(call_data("removeMember", {text(kCarol)}), "3");
    EXPECT_EQ(propose_payment(kCarol), "revert: NotMember()");
    EXPECT_EQ(send(kCarol, dao, "memberCount"), "(2)");
}

TEST_F(DaoTest, who_joins_later_has_no_vote_on_what_was_proposed_before) {
    EXPECT_EQ(
        send(kAlice, dao, "propose", {text(dao), "0", call_data("addMember", {text(kCarol)}), ""}),
        "(0)");
    EXPECT_EQ(send(kAlice, dao, "vote", {"0", "true"}), "()");
    EXPECT_EQ(send(kBob, dao, "vote", {"0", "true"}), "()");
    block.timestamp += kVoting + kTimelock;
    EXPECT_EQ(propose_payment(kAlice), "(1)");
    EXPECT_EQ(
        send(kBob, dao, "execute", {"0", text(dao), "0", call_data("addMember", {text(kCarol)})}),
        "(0x)");
    EXPECT_EQ(send(kCarol, dao, "vote", {"1", "true"}), "revert: NotMember()");
}

TEST_F(DaoTest, the_factory_founds_one_with_its_rules) {
    const auto factory = deploy("DaoFactory");
    const auto created = send(kAlice, factory, "create", {"[" + text(kBob) + "]", "50", "10", "0"});
    ASSERT_EQ(logs.size(), 2U);  // Bob joins, and Founded
    const auto founded = Address::from(logs[1].topics.at(1).view().last(20));
    EXPECT_EQ(created, "(" + wallet::to_checksum(founded) + ")");
    for (const auto* wrong : {"0", "101"})
        EXPECT_TRUE(send(kAlice, factory, "create", {"[" + text(kBob) + "]", wrong, "10", "0"})
                        .starts_with("revert: "));
    EXPECT_TRUE(send(kAlice, factory, "create", {"[]", "50", "10", "0"}).starts_with("revert: "));
    EXPECT_TRUE(send(kAlice, factory, "create",
                     {"[" + text(kBob) + "," + text(kBob) + "]", "50", "10", "0"})
                    .starts_with("revert: "));
    abi = artifact("Dao").abi;
    EXPECT_EQ(send(kCarol, founded, "quorumPercent"), "(50)");
    EXPECT_EQ(send(kBob, founded, "propose", {text(kCarol), "0", "0x", ""}), "(0)");
}

}  // namespace
}  // namespace cairn::test
