// SPDX-License-Identifier: MIT
// Accounts that delegate their code (EIP-7702), seen from the machine.
#include "tests/unit/vm/vm_fixture.hpp"

namespace cairn::vm::test {
namespace {

class Delegation : public VmTest {
  protected:
    Delegation() {
        delegate(kOther, kThird);
        host.put_code(kThird, OP_ADDRESS + return_top());
    }
    void delegate(const Address& from, const Address& to) {
        Bytes code = hex("ef0100");
        append(code, to);
        host.put_code(from, code);
    }
    static constexpr Opcode kAll[] = {OP_CALL, OP_CALLCODE, OP_DELEGATECALL, OP_STATICCALL};
    static std::int64_t pushes(Opcode op) { return op == OP_CALL || op == OP_CALLCODE ? 21 : 18; }
    static Bytecode ask(Opcode op, const Address& to) {
        return call(op, {.to = word(to), .out_size = Uint256{32}}) + OP_POP + return_memory(Uint256{0}, Uint256{32});
    }
};

TEST_F(Delegation, delegates_code_runs_as_the_authority) {
    EXPECT_EQ(words_of(ask(OP_CALL, kOther))[0], word(kOther));
    EXPECT_EQ(words_of(ask(OP_STATICCALL, kOther))[0], word(kOther));
    EXPECT_EQ(words_of(ask(OP_CALLCODE, kOther))[0], word(kSelf));
    EXPECT_EQ(words_of(ask(OP_DELEGATECALL, kOther))[0], word(kSelf));
}

TEST_F(Delegation, before_prague_the_designator_is_code_that_fails) {
    use(Revision::Cancun);
    EXPECT_EQ(top_of(call(OP_CALL, {.to = word(kOther)})), Uint256{0});
}

// The delegate is accessed too: 2600 cold, 100 warm, on top of the authority's own access.
TEST_F(Delegation, delegates_access_is_charged) {
    host.put_code(kThird, Bytecode{OP_STOP});
    for (const Opcode op : kAll) {
        const auto price = [&] { return cost(call(op, {.to = word(kOther)})) - pushes(op); };
        host.world.warm_accounts.clear();
        EXPECT_EQ(price(), 2600 + 2600);
        warm(kThird);
        EXPECT_EQ(price(), 2600 + 100);
        warm(kOther);
        EXPECT_EQ(price(), 100 + 100);
        host.world.warm_accounts.erase(kThird);
        EXPECT_EQ(price(), 100 + 2600);
        EXPECT_TRUE(after.world.warm_accounts.contains(kThird));
        // Out of gas on both sides.
        expect_cost(call(op, {.gas = Uint256{0}, .to = word(kOther)}), pushes(op) + 100 + 2600);
    }
    // To a precompile, which is warm.
    delegate(kOther, address_of(1));
    EXPECT_EQ(cost(call(OP_CALL, {.to = word(kOther)})), 21 + 100 + 100);
    // To itself: the first access has warmed it.
    delegate(kOther, kOther);
    host.world.warm_accounts.clear();
    EXPECT_EQ(cost(call(OP_CALL, {.gas = Uint256{0}, .to = word(kOther)})), 21 + 2600 + 100);
}

TEST_F(Delegation, only_one_step_is_followed) {
    // The designator of the second step runs as code: 0xef is no instruction.
    delegate(kThird, address_of(0x1010));
    host.put_code(address_of(0x1010), Bytecode{OP_STOP});
    EXPECT_EQ(top_of(call(OP_CALL, {.to = word(kOther)})), Uint256{0});
    EXPECT_EQ(top_of(call(OP_CALL, {.to = word(kThird)})), Uint256{1});
    delegate(kOther, kOther);
    EXPECT_EQ(top_of(call(OP_CALL, {.to = word(kOther)})), Uint256{0});
}

TEST_F(Delegation, delegate_that_is_a_precompile_or_nobody_is_empty_code) {
    for (const Address& to : {address_of(4), address_of(9), kNobody, Address{}}) {
        delegate(kOther, to);
        for (const Opcode op : kAll) {
            EXPECT_EQ(top_of(call(op, {.to = word(kOther), .in_size = Uint256{64}, .out_size = Uint256{32}})),
                      Uint256{1});
            EXPECT_EQ(top_of(call(op, {.to = word(kOther), .in_size = Uint256{64}}) + OP_RETURNDATASIZE), Uint256{0});
        }
    }
}

TEST_F(Delegation, account_instructions_see_the_designator) {
    Bytes designator = hex("ef0100");
    append(designator, kThird);
    host.world.warm_accounts.clear();
    EXPECT_EQ(top_of(push(kOther) + OP_EXTCODESIZE), Uint256{23});
    EXPECT_EQ(top_of(push(kOther) + OP_EXTCODEHASH), load_be256(keccak256(designator).data()));
    Bytes padded = designator;
    padded.resize(32);
    EXPECT_EQ(words_of(push(Uint256{32}) + push(Uint256{0}) + push(Uint256{0}) + push(kOther) + OP_EXTCODECOPY +
                       return_memory(Uint256{0}, Uint256{32}))[0],
              load_be256(padded.data()));
    // And neither pay for nor access the delegate.
    EXPECT_EQ(cost(push(kOther) + OP_EXTCODESIZE), 3 + 2600);
    EXPECT_FALSE(after.world.warm_accounts.contains(kThird));
    // The running code is the delegate's.
    host.put_code(kThird, OP_CODESIZE + return_top());
    EXPECT_EQ(words_of(ask(OP_CALL, kOther))[0], Uint256{9});
}

TEST_F(Delegation, transactions_call_runs_the_delegate_without_a_charge) {
    host.put_code(kThird, OP_ADDRESS + return_top());
    host.put_code(kSelf, {});
    delegate(kSelf, kThird);
    const auto result = run();
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(load_be256(result.output.data()), word(kSelf));
    EXPECT_EQ(message.gas - result.gas_left, 2 + 3 + 3 + 3 + 3 + 3);
}

TEST_F(Delegation, only_23_bytes_with_the_prefix_are_a_designator) {
    for (const char* text :
         {"ef0100", "ef01", "ef0101000000000000000000000000000000000000001002",
          "ef00000000000000000000000000000000000000001002", "ef010000000000000000000000000000000000000000100200",
          "ef0100000000000000000000000000000000000000"}) {
        host.put_code(kOther, hex(text));
        EXPECT_EQ(top_of(call(OP_CALL, {.to = word(kOther)})), Uint256{0}) << text;
        EXPECT_EQ(cost(call(OP_CALL, {.gas = Uint256{0}, .to = word(kOther)})), 21 + 2600) << text;
    }
}

}  // namespace
}  // namespace cairn::vm::test
