// SPDX-License-Identifier: MIT
// Message calls: what the callee sees, what they cost in every revision, depth, static frames, value, refusals; LOG and
// SELFDESTRUCT.
#include "tests/unit/vm/vm_fixture.hpp"

namespace cairn::vm::test {
namespace {

class Calls : public VmTest {
  protected:
    static constexpr Opcode kAll[] = {OP_CALL, OP_CALLCODE, OP_DELEGATECALL, OP_STATICCALL};

    static bool exists(Opcode op, Revision r) {
        return op == OP_DELEGATECALL ? r >= Revision::Homestead : op != OP_STATICCALL || r >= Revision::Byzantium;
    }
    static bool has_value(Opcode op) { return op == OP_CALL || op == OP_CALLCODE; }
    /// Gas of the pushes of `call`.
    static std::int64_t pushes(Opcode op) { return has_value(op) ? 21 : 18; }
    /// The price of the call itself to a warm account.
    static std::int64_t base(Revision r) { return r >= Revision::Berlin ? 100 : r >= Revision::Tangerine ? 700 : 40; }
};

TEST_F(Calls, callee_sees_its_frame) {
    // The callee answers with ADDRESS, CALLER, CALLVALUE and the first word of its input.
    const Bytecode tell = OP_ADDRESS + (push(Uint256{0}) + OP_MSTORE) + OP_CALLER + (push(Uint256{32}) + OP_MSTORE) +
                          OP_CALLVALUE + (push(Uint256{64}) + OP_MSTORE) + push(Uint256{0}) + OP_CALLDATALOAD +
                          (push(Uint256{96}) + OP_MSTORE) + return_memory(Uint256{0}, Uint256{128});
    host.put_code(kOther, tell);
    message.value = Uint256{5};
    const auto seen = [&](Opcode op) {
        return words_of(mstore(Uint256{0}, Uint256{0xfeed}) +
                        call(op, {.to = word(kOther),
                                  .value = Uint256{3},
                                  .in_offset = Uint256{1},
                                  .in_size = Uint256{32},
                                  .out_offset = Uint256{32},
                                  .out_size = Uint256{128}}) +
                        push(Uint256{0}) + OP_MSTORE + return_memory(Uint256{0}, Uint256{160}));
    };
    const Uint256 self = word(kSelf), other = word(kOther), sender = word(kSender), one{1}, in{0xfeed00};
    EXPECT_EQ(seen(OP_CALL), (std::vector{one, other, self, Uint256{3}, in}));
    EXPECT_EQ(after.find(kOther)->balance, Uint256{3});
    EXPECT_EQ(seen(OP_CALLCODE), (std::vector{one, self, self, Uint256{3}, in}));
    EXPECT_TRUE(after.find(kOther)->balance.is_zero());
    EXPECT_EQ(seen(OP_DELEGATECALL), (std::vector{one, self, sender, Uint256{5}, in}));
    EXPECT_EQ(seen(OP_STATICCALL), (std::vector{one, other, self, Uint256{0}, in}));
}

TEST_F(Calls, output_goes_where_asked_and_no_further) {
    host.put_code(kOther, mstore(Uint256{0}, Uint256::max()) + return_memory(Uint256{0}, Uint256{20}));
    const auto out = words_of(call(OP_CALL, {.to = word(kOther), .out_offset = Uint256{4}, .out_size = Uint256{10}}) +
                              OP_POP + return_memory(Uint256{0}, Uint256{32}));
    EXPECT_EQ(out[0], ((Uint256{1} << 80) - Uint256{1}) << (256 - 14 * 8));
    // Less than the room: the rest stays.
    const auto rest = words_of(mstore(Uint256{0}, Uint256{0}) + mstore(Uint256{0}, Uint256{0xabcd}) +
                               call(OP_CALL, {.to = word(kOther), .out_size = Uint256{32}}) + OP_POP +
                               return_memory(Uint256{0}, Uint256{32}));
    EXPECT_EQ(rest[0], (((Uint256{1} << 160) - Uint256{1}) << 96) | Uint256{0xabcd});
    // Revert data too; a failure's nothing.
    host.put_code(kOther, mstore(Uint256{0}, Uint256::max()) + revert_memory(Uint256{0}, Uint256{32}));
    EXPECT_EQ(words_of(call(OP_CALL, {.to = word(kOther), .out_size = Uint256{32}}) + OP_POP +
                       return_memory(Uint256{0}, Uint256{32}))[0], Uint256::max());
    host.put_code(kOther, mstore(Uint256{0}, Uint256::max()) + OP_INVALID);
    EXPECT_EQ(words_of(call(OP_CALL, {.to = word(kOther), .out_size = Uint256{32}}) + OP_POP +
                       return_memory(Uint256{0}, Uint256{32}))[0], Uint256{});
}

TEST_F(Calls, result_tells_success_revert_and_failure) {
    host.put_code(kThird, Bytecode{OP_INVALID});
    host.put_code(kOther, revert_memory(Uint256{0}, Uint256{0}));
    for (const Opcode op : kAll) {
        EXPECT_EQ(top_of(call(op, {.to = word(kNobody)})), Uint256{1});
        EXPECT_EQ(top_of(call(op, {.to = word(kOther)})), Uint256{0});
        EXPECT_EQ(top_of(call(op, {.to = word(kThird)})), Uint256{0});
    }
    // A revert gives its gas back, a failure does not.
    host.world.accounts[kNobody].balance = Uint256{1};
    const auto gas = [&](const Address& to) { return cost(call(OP_CALL, {.gas = Uint256{10'000}, .to = word(to)})); };
    EXPECT_EQ(gas(kOther), 21 + 2600 + 6);
    EXPECT_EQ(gas(kThird), 21 + 2600 + 10'000);
    EXPECT_EQ(gas(kNobody), 21 + 2600);
}

TEST_F(Calls, base_price_by_revision) {
    host.put_code(kOther, Bytecode{OP_STOP});
    for (const Revision r : all_revisions()) {
        use(r);
        for (const Opcode op : kAll) {
            if (!exists(op, r)) continue;
            host.world.warm_accounts.clear();
            // The gas handed on comes back.
            EXPECT_EQ(cost(call(op, {.to = word(kOther)})), pushes(op) + (r >= Revision::Berlin ? 2600 : base(r)));
            warm(kOther);
            EXPECT_EQ(cost(call(op, {.to = word(kOther)})), pushes(op) + base(r));
            // Memory: in and out, whichever is farther.
            EXPECT_EQ(cost(call(op, {.to = word(kOther),
                                     .in_size = Uint256{100},
                                     .out_offset = Uint256{300},
                                     .out_size = Uint256{20}})),
                      pushes(op) + base(r) + memory_gas(10));
        }
    }
}

// Value costs 9000, of which the callee gets 2300; a new account 25000: before EIP-161 whenever there is none, since
// then only with value and for an account that is empty.
TEST_F(Calls, value_and_new_accounts_by_revision) {
    host.put_code(kOther, Bytecode{OP_STOP});
    const Address empty = address_of(0x2222);
    for (const Revision r : all_revisions()) {
        use(r);
        for (const Address& a : {kOther, kNobody, empty}) warm(a);
        host.world.accounts[empty];
        const auto price = [&](Opcode op, const Address& to, std::uint64_t value) {
            return cost(call(op, {.gas = Uint256{0}, .to = word(to), .value = Uint256{value}})) - pushes(op) - base(r);
        };
        const bool old = r < Revision::Spurious;
        EXPECT_EQ(price(OP_CALL, kOther, 0), 0);
        EXPECT_EQ(price(OP_CALL, kOther, 1), 9000 - 2300);
        EXPECT_EQ(price(OP_CALL, kNobody, 0), old ? 25000 : 0);
        EXPECT_EQ(price(OP_CALL, kNobody, 1), 25000 + 9000 - 2300);
        EXPECT_EQ(price(OP_CALL, empty, 0), 0);
        EXPECT_EQ(price(OP_CALL, empty, 1), (old ? 0 : 25000) + 9000 - 2300);
        // CALLCODE keeps the value at home: no new account.
        EXPECT_EQ(price(OP_CALLCODE, kNobody, 1), 9000 - 2300);
        EXPECT_EQ(price(OP_CALLCODE, kNobody, 0), 0);
        // The caller itself exists.
        EXPECT_EQ(price(OP_CALLCODE, kSelf, 0) >= 0, true);
    }
}

TEST_F(Calls, stipend_is_the_callees_to_spend) {
    host.put_code(kOther, OP_GAS + return_top());
    for (const Opcode op : {OP_CALL, OP_CALLCODE}) {
        const auto got = [&](std::uint64_t gas, std::uint64_t value) {
            return words_of(
                call(op, {.gas = Uint256{gas}, .to = word(kOther), .value = Uint256{value}, .out_size = Uint256{32}}) +
                OP_POP + return_memory(Uint256{0}, Uint256{32}))[0];
        };
        EXPECT_EQ(got(1000, 0), Uint256{998});
        EXPECT_EQ(got(1000, 1), Uint256{3298});
        EXPECT_EQ(got(0, 1), Uint256{2298});
    }
}

// EIP-150: before it a call asks for what it needs or fails; from it on it gets at most all but a 64th.
TEST_F(Calls, gas_handed_on) {
    host.put_code(kOther, OP_GAS + return_top());
    warm(kOther);
    const auto got = [&](const Uint256& gas, std::int64_t total) {
        const auto result = run_with(total, call(OP_CALL, {.gas = gas, .to = word(kOther), .out_size = Uint256{32}}) +
                                                OP_POP + return_memory(Uint256{0}, Uint256{32}));
        return result.status == Status::Success
                   ? static_cast<std::int64_t>(load_be256(result.output.data()).low64()) + 2
                   : -1;
    };
    for (const Revision r : all_revisions()) {
        use(r);
        const std::int64_t fixed = 21 + base(r) + 3;  // with a word of memory
        if (r >= Revision::Tangerine) {
            for (const std::int64_t left : {640, 6400, 63'999, 64'000, 64'001, 1'000'000}) {
                const std::int64_t most = left - left / 64;
                EXPECT_EQ(got(Uint256::max(), fixed + left), most) << left;
                EXPECT_EQ(got(Uint256{static_cast<std::uint64_t>(most) + 1}, fixed + left), most);
                EXPECT_EQ(got(Uint256{static_cast<std::uint64_t>(most)}, fixed + left), most);
                EXPECT_EQ(got(Uint256{static_cast<std::uint64_t>(most) - 1}, fixed + left), most - 1);
            }
        } else {
            EXPECT_EQ(got(Uint256{500}, fixed + 508), 500);
            EXPECT_EQ(got(Uint256{500}, fixed + 499), -1);
            for (const Uint256& huge :
                 {Uint256::max(), Uint256{1} << 64, Uint256{~0ULL}, Uint256{1} << 63, (Uint256{1} << 63) - Uint256{1}})
                EXPECT_EQ(got(huge, 1'000'000), -1);
        }
    }
}

TEST_F(Calls, value_beyond_the_balance_is_refused_and_gas_comes_back_with_the_stipend) {
    host.world.accounts[kSelf].balance = Uint256{10};
    warm(kOther);
    host.put_code(kOther, sstore(Uint256{0}, Uint256{1}));
    for (const Opcode op : {OP_CALL, OP_CALLCODE}) {
        const auto at = [&](std::uint64_t value) { return call(op, {.to = word(kOther), .value = Uint256{value}}); };
        EXPECT_EQ(top_of(at(10)), Uint256{1});
        EXPECT_EQ(top_of(at(11)), Uint256{0});
        EXPECT_EQ(cost(at(11)), 21 + 100 + 9000 - 2300);
        EXPECT_TRUE(after.slot(kOther, Uint256{0}).is_zero());
        for (const Effect& e : after.effects) {
            // Only the outermost frame began.
            if (e.kind == Effect::Kind::BeginCall) {
                EXPECT_EQ(e.address, kSelf);
            }
        }
    }
}

TEST_F(Calls, depth_ends_at_1024) {
    // Calls itself with the count that it got plus one, and answers with the deepest count.
    const Bytecode count =
        push(Uint256{0}) + OP_CALLDATALOAD + push(Uint256{1}) + OP_ADD + push(Uint256{0}) + OP_MSTORE;
    host.world.warm_accounts.insert(kSelf);
    message.gas = INT64_MAX;
    for (const Opcode op : kAll) {
        const CallArgs args{.gas = Uint256::max(), .to = word(kSelf), .in_size = Uint256{32}, .out_size = Uint256{32}};
        // A refused call leaves the frame's own count in memory. Frames are 0 … 1024.
        const auto out = words_of(count + call(op, args) + OP_POP + return_memory(Uint256{0}, Uint256{32}));
        EXPECT_EQ(out, std::vector{Uint256{1025}}) << int(op);
    }
    // At depth 1024 a call fails before it starts and costs nothing but itself; one higher it runs.
    host.put_code(kOther, Bytecode{OP_STOP});
    warm(kOther);
    message.gas = 1'000'000;
    for (const std::uint32_t depth : {1023U, 1024U}) {
        message.depth = depth;
        EXPECT_EQ(top_of(call(OP_CALL, {.to = word(kOther)})), Uint256{depth == 1024 ? 0U : 1U});
        EXPECT_EQ(cost(call(OP_CALL, {.to = word(kOther)})), 21 + 100);
        EXPECT_EQ(top_of(push(Uint256{0}) + push(Uint256{0}) + push(Uint256{0}) + OP_CREATE).is_zero(), depth == 1024);
        EXPECT_EQ(after.find(kSelf)->nonce, depth == 1024 ? 1U : 2U);
    }
}

TEST_F(Calls, full_stacks_at_every_depth) {
    // 1017 items below a call that recurses: the deepest the stacks can get.
    message.gas = INT64_MAX;
    const Bytecode code = 1017 * push(Uint256{1}) + push(Uint256{0}) + push(Uint256{0}) + push(Uint256{0}) +
                          push(Uint256{0}) + push(Uint256{0}) + push(kSelf) + OP_GAS + OP_CALL;
    EXPECT_EQ(status_of(code + OP_POP + 7 * push(Uint256{2}) + 1024 * Bytecode{OP_POP}), Status::Success);
    EXPECT_EQ(status_of(code + OP_POP + 8 * push(Uint256{2})), Status::StackOverflow);
}

// EIP-214.
TEST_F(Calls, static_frames_change_nothing_and_pass_it_on) {
    const Bytecode forbidden[] = {
        sstore(Uint256{0}, Uint256{1}),
        push(Uint256{0}) + push(Uint256{0}) + OP_LOG0,
        5 * push(Uint256{0}) + push(Uint256{0}) + nth(OP_LOG0, 4),
        push(Uint256{0}) + push(Uint256{0}) + push(Uint256{0}) + OP_CREATE,
        push(Uint256{0}) + push(Uint256{0}) + push(Uint256{0}) + push(Uint256{0}) + OP_CREATE2,
        push(Uint256{0}) + OP_SELFDESTRUCT,
        call(OP_CALL, {.to = word(kThird), .value = Uint256{1}}),
        push(Uint256{0}) + push(Uint256{0}) + OP_TSTORE,
    };
    host.world.accounts[kOther].balance = Uint256{10};
    for (const Bytecode& code : forbidden) {
        message.is_static = true;
        EXPECT_EQ(status_of(code), Status::StaticModeViolation) << to_hex(code.bytes());
        message.is_static = false;
        EXPECT_NE(status_of(code), Status::StaticModeViolation);
        host.put_code(kOther, code);
        EXPECT_EQ(top_of(call(OP_STATICCALL, {.to = word(kOther)})), Uint256{0}) << to_hex(code.bytes());
        // Through any further call.
        for (const Opcode op : kAll) {
            host.put_code(kThird, call(op, {.to = word(kOther)}) + return_top());
            EXPECT_EQ(
                words_of(call(OP_STATICCALL, {.gas = Uint256{200'000}, .to = word(kThird), .out_size = Uint256{32}}) +
                         OP_POP + return_memory(Uint256{0}, Uint256{32}))[0],
                Uint256{0});
        }
    }
    // What is allowed: a call without value, and CALLCODE with.
    message.is_static = true;
    EXPECT_EQ(top_of(call(OP_CALL, {.to = word(kNobody)})), Uint256{1});
    EXPECT_EQ(top_of(call(OP_CALLCODE, {.to = word(kNobody), .value = Uint256{1}})), Uint256{1});
}

TEST_F(Calls, precompiles_answer_charge_and_fail) {
    // Identity: 15 and 3 a word (Yellow Paper, appendix E).
    const auto out = words_of(
        mstore(Uint256{0}, Uint256{0x1234}) +
        call(OP_CALL, {.to = Uint256{4}, .in_size = Uint256{32}, .out_offset = Uint256{32}, .out_size = Uint256{32}}) +
        OP_POP + return_memory(Uint256{0}, Uint256{64}));
    EXPECT_EQ(out, (std::vector{Uint256{0x1234}, Uint256{0x1234}}));
    EXPECT_EQ(cost(call(OP_CALL, {.to = Uint256{4}, .in_size = Uint256{33}})), 21 + 100 + memory_gas(2) + 15 + 6);
    EXPECT_EQ(top_of(call(OP_CALL, {.gas = Uint256{15}, .to = Uint256{4}})), Uint256{1});
    EXPECT_EQ(top_of(call(OP_CALL, {.gas = Uint256{14}, .to = Uint256{4}})), Uint256{0});
    EXPECT_EQ(cost(call(OP_CALL, {.gas = Uint256{14}, .to = Uint256{4}})), 21 + 100 + 14);
    // A refused input takes all gas handed on: BLAKE2F wants 213 bytes (EIP-152).
    EXPECT_EQ(cost(call(OP_CALL, {.gas = Uint256{5000}, .to = Uint256{9}})), 21 + 100 + 5000);
    for (const Opcode op : kAll) EXPECT_EQ(top_of(call(op, {.to = Uint256{4}})), Uint256{1});
    // Value reaches the account, and an undone call gives it back.
    host.world.accounts[address_of(4)].balance = Uint256{1};
    EXPECT_EQ(top_of(call(OP_CALL, {.to = Uint256{4}, .value = Uint256{2}})), Uint256{1});
    EXPECT_EQ(after.find(address_of(4))->balance, Uint256{3});
    EXPECT_EQ(top_of(call(OP_CALL, {.to = Uint256{9}, .value = Uint256{2}})), Uint256{0});
    EXPECT_EQ(after.find(kSelf)->balance, Uint256{1'000'000});
    // As the transaction's own call.
    message.recipient = message.code_address = address_of(4);
    const Bytes data = hex("00112233");
    message.input = data;
    message.gas = 100;
    const auto direct = run();
    EXPECT_EQ(direct.status, Status::Success);
    EXPECT_EQ(direct.output, data);
    EXPECT_EQ(direct.gas_left, 100 - 18);
    message.gas = 17;
    EXPECT_EQ(run().status, Status::OutOfGas);
    message.recipient = message.code_address = address_of(9);
    EXPECT_EQ(run().status, Status::PrecompileFailure);
}

TEST_F(Calls, account_without_code_gives_all_gas_back) {
    message.recipient = message.code_address = kNobody;
    message.value = Uint256{7};
    const auto result = run();
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(result.gas_left, message.gas);
    EXPECT_EQ(after.find(kNobody)->balance, Uint256{7});
}

TEST_F(Calls, failure_undoes_everything_below_and_revert_keeps_output) {
    host.put_code(kOther, sstore(Uint256{0}, Uint256{1}) + push(Uint256{0}) + push(Uint256{0}) + OP_LOG0);
    const Bytecode body = sstore(Uint256{0}, Uint256{1}) + call(OP_CALL, {.to = word(kOther), .value = Uint256{5}});
    for (const Bytecode& end :
         {Bytecode{OP_INVALID}, revert_memory(Uint256{0}, Uint256{3}), jump("x") + label("x") + OP_POP + OP_POP}) {
        const auto result = run(body + end);
        EXPECT_NE(result.status, Status::Success);
        EXPECT_EQ(result.output.size(), result.status == Status::Revert ? 3U : 0U);
        EXPECT_EQ(result.gas_left == 0, result.status != Status::Revert);
        EXPECT_EQ(after.world, host.world);
    }
    EXPECT_EQ(run(body).status, Status::Success);
    EXPECT_EQ(after.world.logs.size(), 1U);
}

using Logs = VmTest;

// Yellow Paper, appendix G: 375, 375 a topic, 8 a byte.
TEST_F(Logs, cost_and_content) {
    for (unsigned topics = 0; topics <= 4; ++topics) {
        for (const unsigned size : {0U, 1U, 32U, 70U}) {
            Bytecode code;
            for (unsigned i = topics; i >= 1; --i) code += push(Uint256{i} << 200);
            code += push(Uint256{size}) + push(Uint256{0}) + nth(OP_LOG0, topics);
            expect_cost(code, 3 * (topics + 2) + 375 * (topics + 1) + 8 * size + memory_gas((size + 31) / 32));
            (void)run(mstore(Uint256{0}, Uint256::max()) + code);
            ASSERT_EQ(after.world.logs.size(), 1U);
            const MockLog& log = after.world.logs[0];
            EXPECT_EQ(log.address, kSelf);
            ASSERT_EQ(log.topics.size(), topics);
            for (unsigned i = 0; i < topics; ++i) EXPECT_EQ(load_be256(log.topics[i].data()), Uint256{i + 1} << 200);
            Bytes data(size, 0);
            std::fill_n(data.begin(), std::min(size, 32U), 0xff);
            EXPECT_EQ(log.data, data);
        }
    }
}

using SelfDestruct = VmTest;

TEST_F(SelfDestruct, price_by_revision) {
    // EIP-150: 5000 and 25000 for a new account; EIP-161: that only with a balance; EIP-2929: 2600 for a cold one.
    const Address empty = address_of(0x2222);
    host.world.accounts[empty];
    for (const Revision r : all_revisions()) {
        use(r);
        for (const std::uint64_t balance : {0, 1}) {
            host.world.accounts[kSelf].balance = Uint256{balance};
            for (const bool is_cold : {false, true}) {
                host.world.warm_accounts.clear();
                if (!is_cold)
                    for (const Address& a : {kNobody, kSender, empty}) warm(a);
                const std::int64_t access = r >= Revision::Berlin && is_cold ? 2600 : 0;
                const std::int64_t fixed = r >= Revision::Tangerine ? 5000 : 0;
                const auto price = [&](const Address& to) { return cost(push(to) + OP_SELFDESTRUCT) - 3; };
                const std::int64_t fresh = r < Revision::Tangerine                  ? 0
                                           : r < Revision::Spurious || balance == 1 ? 25000
                                                                                    : 0;
                EXPECT_EQ(price(kNobody), fixed + access + fresh) << int(r) << balance << is_cold;
                EXPECT_EQ(price(kSender), fixed + access);
                EXPECT_EQ(price(empty), fixed + access + (r >= Revision::Spurious ? fresh : 0));
            }
        }
    }
}

TEST_F(SelfDestruct, refund_once_and_none_from_london_on) {
    const Bytecode end = push(kSender) + OP_SELFDESTRUCT;
    host.put_code(kOther, end);
    for (const Revision r : all_revisions()) {
        use(r);
        EXPECT_EQ(run(end).gas_refund, r < Revision::London ? 24000 : 0);
        // Twice the same account in a transaction.
        const Bytecode twice = call(OP_CALL, {.to = word(kOther)}) + call(OP_CALL, {.to = word(kOther)});
        EXPECT_EQ(run(twice).gas_refund, r < Revision::London ? 24000 : 0);
        EXPECT_EQ(run(twice + end).gas_refund, r < Revision::London ? 48000 : 0);
    }
}

TEST_F(SelfDestruct, balance_moves_and_frame_ends_well_without_output) {
    const auto result = run(mstore(Uint256{0}, Uint256{1}) + push(kNobody) + OP_SELFDESTRUCT + OP_INVALID);
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_TRUE(result.output.empty());
    EXPECT_EQ(after.find(kNobody)->balance, Uint256{1'000'000});
    EXPECT_TRUE(after.find(kSelf)->balance.is_zero());
}

}  // namespace
}  // namespace cairn::vm::test
