// SPDX-License-Identifier: MIT
// Jumps, and the conditional jumps that decoding joins with what stands before them.
#include "tests/unit/vm/vm_fixture.hpp"

namespace cairn::vm::test {
namespace {

class Branch : public VmTest {
  protected:
    /// Whether the condition (code that leaves one item) jumps. Below it lies a 9, which must still be there.
    bool jumps(const Bytecode& condition, const Bytecode& target = push_label("taken")) {
        const Bytecode mark = push(Uint256{0}) + OP_MSTORE + return_memory(Uint256{0}, Uint256{32});
        const auto out = words_of(push(Uint256{9}) + condition + target + OP_JUMPI + push(Uint256{100}) + OP_ADD +
                                  mark + label("taken") + push(Uint256{200}) + OP_ADD + mark);
        EXPECT_EQ(out.size(), 1U);
        if (out.empty()) return false;
        EXPECT_TRUE(out[0] == Uint256{109} || out[0] == Uint256{209}) << to_quantity(out[0]);
        return out[0] == Uint256{209};
    }
    static Bytecode load(unsigned word) { return push(Uint256{32 * word}) + OP_CALLDATALOAD; }
};

int order(const Uint256& a, const Uint256& b, bool is_signed) {
    Big x{a}, y{b};
    if (is_signed) {
        x.make_signed();
        y.make_signed();
    }
    return mpz_cmp(x.z, y.z);
}

TEST_F(Branch, comparison_with_any_number_of_negations_decides) {
    const Uint256 one{1}, top = one << 255;
    const Uint256 values[] = {Uint256{},  one,       Uint256{2}, (one << 64) - one, one << 64,
                              one << 128, top - one, top,        top + one,         Uint256::max()};
    for (const Uint256& a : values) {
        for (const Uint256& b : values) {
            set_input({a, b});
            const std::pair<Opcode, bool> cases[] = {
                {OP_LT, order(a, b, false) < 0}, {OP_GT, order(a, b, false) > 0}, {OP_SLT, order(a, b, true) < 0},
                {OP_SGT, order(a, b, true) > 0}, {OP_EQ, a == b}, {OP_SUB, a != b}, {OP_XOR, a != b}};
            for (const auto& [op, holds] : cases) {
                for (unsigned negations = 0; negations < 7; ++negations) {
                    const Bytecode tail = op + negations * Bytecode{OP_ISZERO};
                    const bool expected = holds == (negations % 2 == 0);
                    ASSERT_EQ(jumps(load(1) + load(0) + tail), expected) << int(op) << " " << negations;
                    ASSERT_EQ(jumps(load(1) + push(a) + tail), expected) << int(op) << " " << negations;
                    ASSERT_EQ(jumps(load(0) + push(b) + OP_SWAP1 + tail), expected) << int(op) << " " << negations;
                }
            }
        }
    }
}

TEST_F(Branch, value_with_any_number_of_negations_decides) {
    for (const Uint256& a : {Uint256{}, Uint256{1}, Uint256{1} << 64, Uint256{1} << 128, Uint256{1} << 255}) {
        set_input({a});
        for (unsigned negations = 0; negations < 8; ++negations) {
            const Bytecode tail = negations * Bytecode{OP_ISZERO};
            const bool expected = a.is_zero() != (negations % 2 == 0);
            EXPECT_EQ(jumps(load(0) + tail), expected);
            EXPECT_EQ(jumps(push(a) + tail), expected);
            // The target is not known when the code is decoded.
            EXPECT_EQ(jumps(load(0) + tail, push_label("taken") + load(1) + OP_ADD), expected);
            EXPECT_EQ(jumps(load(0) + tail, push_wide(32, Uint256{}) + push_label("taken") + OP_OR), expected);
        }
    }
}

// DUP1 PUSH EQ PUSH JUMPI and its like: how a contract looks for the function that was called.
TEST_F(Branch, selector_tests_leave_the_selector) {
    const Uint256 one{1};
    const Uint256 values[] = {Uint256{},         one,       Uint256{0xa9059cbb}, ~Uint256{} >> 192, one << 64,
                              (one << 64) + one, one << 255};
    for (const Uint256& x : values) {
        for (const Uint256& c : values) {
            set_input({x});
            const std::pair<Opcode, bool> cases[] = {{OP_EQ, x == c}, {OP_GT, c > x}, {OP_LT, c < x}, {OP_SUB, x != c}};
            for (const auto& [op, holds] : cases) {
                const auto out = words_of(load(0) + OP_DUP1 + push(c) + op + jumpi("yes") + push(Uint256{0}) +
                                          OP_MSTORE + return_memory(Uint256{0}, Uint256{64}) + label("yes") +
                                          push(Uint256{32}) + OP_MSTORE + return_memory(Uint256{0}, Uint256{64}));
                ASSERT_EQ(out, holds ? (std::vector<Uint256>{Uint256{}, x}) : (std::vector<Uint256>{x, Uint256{}}));
            }
        }
        const auto out = words_of(load(0) + OP_DUP1 + OP_ISZERO + jumpi("yes") + push(Uint256{0}) + OP_MSTORE +
                                  return_memory(Uint256{0}, Uint256{32}) + label("yes") + push(Uint256{1}) + OP_ADD +
                                  return_top());
        EXPECT_EQ(out[0], x.is_zero() ? Uint256{1} : x);
    }
}

TEST_F(Branch, jump_into_push_data_beyond_the_code_and_to_huge_places_fails) {
    // PUSH2 5b5b | POP | PUSH1 target | JUMP
    const auto jump_to = [&](const Uint256& target, bool hidden) {
        const Bytecode t = hidden ? push(target) + push(Uint256{0}) + OP_CALLDATALOAD + OP_ADD : push(target);
        return Bytecode{hex("615b5b50")} + label("ok") + t + OP_JUMP;
    };
    set_input(Bytes(32, 0));
    for (const bool hidden : {false, true}) {
        for (const std::uint64_t bad :
             {0ULL, 1ULL, 2ULL, 3ULL, 5ULL, 0xffULL, 0xffffULL, 0xffffffffULL, 0x100000004ULL, ~0ULL})
            EXPECT_EQ(status_of(jump_to(Uint256{bad}, hidden)), Status::BadJumpDestination) << bad;
        for (const Uint256& bad : {(Uint256{1} << 64) + Uint256{4}, (Uint256{1} << 128) + Uint256{4},
                                   (Uint256{1} << 255) + Uint256{4}, Uint256::max()})
            EXPECT_EQ(status_of(jump_to(bad, hidden)), Status::BadJumpDestination);
    }
    // The last position of the code, and the first behind it.
    const auto code = push(Uint256{4}) + OP_JUMP + OP_STOP + OP_JUMPDEST;
    EXPECT_EQ(code.size(), 5U);
    EXPECT_EQ(status_of(code), Status::Success);
    EXPECT_EQ(status_of(push(Uint256{5}) + OP_JUMP + OP_STOP + OP_JUMPDEST), Status::BadJumpDestination);
    EXPECT_EQ(status_of(push(Uint256{4}) + OP_JUMP + OP_STOP + OP_STOP), Status::BadJumpDestination);
}

TEST_F(Branch, jump_destination_hidden_in_any_push_is_none) {
    for (unsigned width = 1; width <= 32; ++width) {
        for (unsigned at = 0; at < width; ++at) {
            Bytes data(width, 0);
            data[at] = OP_JUMPDEST;
            Bytes code{static_cast<std::uint8_t>(OP_PUSH0 + width)};
            append(code, data);
            const Bytecode whole = Bytecode{code} + OP_POP + push(Uint256{1 + at}) + OP_JUMP;
            EXPECT_EQ(status_of(whole), Status::BadJumpDestination) << width << " " << at;
        }
        // Right behind the data it is one.
        const std::size_t behind = 5 + width;
        const Bytecode code = push_wide(2, Uint256{behind}) + OP_JUMP + push_wide(width, Uint256::max()) + label("x");
        EXPECT_EQ(code.place("x"), behind);
        EXPECT_EQ(status_of(code), Status::Success);
    }
}

TEST_F(Branch, untaken_jump_to_nowhere_is_harmless_and_taken_fails) {
    for (const Bytecode& target : {push(Uint256{0x1234}), push(Uint256::max()), push(Uint256{1} << 64)}) {
        EXPECT_EQ(status_of(push(Uint256{0}) + target + OP_JUMPI), Status::Success);
        EXPECT_EQ(status_of(push(Uint256{1}) + target + OP_JUMPI), Status::BadJumpDestination);
        EXPECT_EQ(status_of(OP_CALLDATASIZE + target + OP_JUMPI), Status::Success);
        EXPECT_EQ(status_of(OP_CODESIZE + target + OP_JUMPI), Status::BadJumpDestination);
        EXPECT_EQ(status_of(OP_CODESIZE + push(Uint256{1}) + OP_LT + target + OP_JUMPI), Status::BadJumpDestination);
    }
}

TEST_F(Branch, costs_are_charged_where_control_passes_and_nowhere_else) {
    // Yellow Paper, appendix G: JUMP 8, JUMPI 10, JUMPDEST 1, PUSH 3.
    expect_cost(jump("x") + label("x"), 3 + 8 + 1);
    expect_cost(push(Uint256{0}) + jumpi("x") + label("x"), 3 + 3 + 10 + 1);
    expect_cost(push(Uint256{1}) + jumpi("x") + 5 * Bytecode{OP_JUMPDEST} + label("x"), 3 + 3 + 10 + 1);
    expect_cost(push(Uint256{0}) + jumpi("x") + 5 * Bytecode{OP_JUMPDEST} + label("x"), 3 + 3 + 10 + 6);
    // What stands behind a jump is not paid.
    expect_cost(jump("x") + 20 * Bytecode{OP_ADDRESS} + label("x"), 12);
    expect_cost(push(Uint256{1}) + jumpi("x") + 20 * Bytecode{OP_ADDRESS} + OP_STOP + label("x"), 17);
}

TEST_F(Branch, jumps_to_jumps_cost_every_step) {
    for (unsigned length = 1; length <= 12; ++length) {
        Bytecode code = jump("c0");
        for (unsigned i = 0; i < length; ++i)
            code += label("c" + std::to_string(i)) + jump(i + 1 < length ? "c" + std::to_string(i + 1) : "end");
        code += label("end") + push(Uint256{5});
        // Each link is JUMPDEST PUSH JUMP.
        expect_cost(code, 11 + 12 * length + 1 + 3);
    }
    // A circle ends when the gas does.
    EXPECT_EQ(status_of(label("a") + jump("b") + label("b") + jump("a")), Status::OutOfGas);
    EXPECT_EQ(status_of(label("a") + jump("a")), Status::OutOfGas);
}

TEST_F(Branch, loop_counts) {
    // i = 0; do { i += 3 } while (i < 300)
    const Bytecode loop = push(Uint256{0}) + label("top") + push(Uint256{3}) + OP_ADD + push(Uint256{300}) + dup(2) +
                          OP_LT + jumpi("top");
    EXPECT_EQ(top_of(loop), Uint256{300});
    EXPECT_EQ(cost(loop), 3 + 100 * (1 + 3 + 3 + 3 + 3 + 3 + 3 + 10));
}

// The value, which only a trace can see, is tracer_test.cpp's.
TEST_F(Branch, push_cut_off_by_the_end_costs_and_ends_like_a_whole_one) {
    for (unsigned width = 1; width <= 32; ++width) {
        for (unsigned there = 0; there <= width; ++there) {
            Bytes code{static_cast<std::uint8_t>(OP_PUSH0 + width)};
            for (unsigned i = 0; i < there; ++i) code.push_back(0xab);
            const auto result = run(code);
            EXPECT_EQ(result.status, Status::Success);
            EXPECT_EQ(message.gas - result.gas_left, 3);
        }
    }
}

TEST_F(Branch, program_counter_is_that_of_its_own_instruction) {
    EXPECT_EQ(top_of(OP_PC), Uint256{0});
    EXPECT_EQ(top_of(push_wide(32, Uint256{1}) + OP_PC), Uint256{33});
    EXPECT_EQ(top_of(jump("x") + label("x") + OP_PC), Uint256{5});
    EXPECT_EQ(top_of(push(Uint256{2}) + OP_PC + OP_ADD), Uint256{4});
}

TEST_F(Branch, gas_shows_what_is_left_behind_itself) {
    message.gas = 1000;
    EXPECT_EQ(top_of(OP_GAS), Uint256{998});
    EXPECT_EQ(top_of(push(Uint256{1}) + OP_POP + OP_GAS), Uint256{993});
    EXPECT_EQ(top_of(OP_GAS + Bytecode{OP_GAS} + OP_SWAP1 + OP_SUB), Uint256{2});
    EXPECT_EQ(top_of(jump("x") + label("x") + OP_GAS), Uint256{1000 - 11 - 1 - 2});
    EXPECT_EQ(top_of(OP_GAS + 3 * Bytecode{OP_JUMPDEST} + OP_GAS + OP_SWAP1 + OP_SUB), Uint256{5});
}

}  // namespace
}  // namespace cairn::vm::test
