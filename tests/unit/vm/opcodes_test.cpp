// SPDX-License-Identifier: MIT
// Which revision has which instruction, what it costs, and how many items it takes and leaves: every byte, every
// revision, from the Yellow Paper and the EIPs (opcode_facts.hpp).
#include "tests/unit/vm/opcode_facts.hpp"

#include "tests/unit/vm/vm_fixture.hpp"
#include "vm/gas_table.hpp"

namespace cairn::vm::test {
namespace {

class Opcodes : public VmTest {
  protected:
    Bytecode with_items(int count, int opcode) {
        return static_cast<std::size_t>(std::max(count, 0)) * push(Uint256{0}) + static_cast<Opcode>(opcode);
    }
};

TEST_F(Opcodes, fixed_prices_are_the_published_ones) {
    for (const Revision r : all_revisions())
        for (int op = 0; op < 256; ++op)
            EXPECT_EQ(revision_table(r).gas[static_cast<std::size_t>(op)], fact_of(op, r).gas)
                << "opcode " << op << ", revision " << int(r);
}

TEST_F(Opcodes, stack_effects_are_the_published_ones) {
    for (int op = 0; op < 256; ++op) {
        const OpcodeAt fact = fact_of(op, kLatestRevision);
        const OpcodeTraits& traits = kOpcodeTraits[static_cast<std::size_t>(op)];
        EXPECT_EQ(int{traits.pops}, fact.pops) << op;
        EXPECT_EQ(int{traits.pushes}, fact.pushes) << op;
        EXPECT_EQ(int{traits.immediate}, op >= 0x60 && op <= 0x7f ? op - 0x5f : 0) << op;
    }
}

TEST_F(Opcodes, opcode_that_the_revision_has_not_takes_all_gas) {
    for (const Revision r : all_revisions()) {
        use(r);
        for (int op = 0; op < 256; ++op) {
            const bool exists = fact_of(op, r).gas >= 0;
            const auto result = run(with_items(17, op));
            EXPECT_EQ(result.status == Status::UndefinedInstruction, !exists)
                << "opcode " << op << ", revision " << int(r);
            if (!exists) {
                EXPECT_EQ(result.gas_left, 0);
            }
        }
    }
}

TEST_F(Opcodes, designated_invalid_is_told_from_undefined) {
    EXPECT_EQ(status_of(Bytecode{OP_INVALID}), Status::InvalidInstruction);
    EXPECT_EQ(status_of(Bytes{0x0c}), Status::UndefinedInstruction);
    EXPECT_EQ(status_of(Bytes{0xef}), Status::UndefinedInstruction);
}

TEST_F(Opcodes, one_item_too_few_underflows_and_enough_do_not) {
    for (int op = 0; op < 256; ++op) {
        const OpcodeAt fact = fact_of(op, kLatestRevision);
        if (fact.gas < 0) continue;
        for (int items = 0; items < fact.pops; ++items)
            EXPECT_EQ(status_of(with_items(items, op)), Status::StackUnderflow)
                << "opcode " << op << ", items " << items;
        EXPECT_NE(status_of(with_items(fact.pops, op)), Status::StackUnderflow) << "opcode " << op;
    }
}

TEST_F(Opcodes, item_1024_fits_and_item_1025_overflows) {
    for (int op = 0; op < 256; ++op) {
        const OpcodeAt fact = fact_of(op, kLatestRevision);
        if (fact.gas < 0) continue;
        const int growth = fact.pushes - fact.pops;
        for (const int items : {1022, 1023, 1024}) {
            const bool overflows = items + growth > 1024;
            EXPECT_EQ(status_of(with_items(items, op)) == Status::StackOverflow, overflows)
                << "opcode " << op << ", items " << items;
        }
    }
    EXPECT_EQ(status_of(with_items(1024, OP_STOP)), Status::Success);
    EXPECT_EQ(status_of(with_items(1025, OP_STOP)), Status::StackOverflow);
}

// Bounds are checked for a whole stretch: they must hold for the height at which it is entered.
TEST_F(Opcodes, bounds_hold_behind_jumps_at_every_height) {
    for (const int height : {0, 1, 2, 3, 1019, 1020, 1021, 1022, 1023}) {
        const Bytecode items = static_cast<std::size_t>(height) * push(Uint256{0});
        for (const Bytecode& arrive : {jump("x") + label("x"), push(Uint256{1}) + jumpi("x") + OP_INVALID + label("x"),
                                       Bytecode{OP_JUMPDEST}, OP_GAS + Bytecode{OP_POP},
                                       push(Uint256{0}) + jumpi("x") + label("x")}) {
            // The stack never has room for the target where it is full already.
            if (height == 1023) continue;
            const auto low = status_of(items + arrive + OP_POP + OP_POP + OP_POP);
            EXPECT_EQ(low, height < 3 ? Status::StackUnderflow : Status::Success) << height;
            const auto high = status_of(items + arrive + 4 * Bytecode{OP_ADDRESS});
            EXPECT_EQ(high, height > 1020 ? Status::StackOverflow : Status::Success) << height;
            // Up and down again, above and below where it ends.
            const auto both = status_of(items + arrive + 2 * Bytecode{OP_ADDRESS} + 3 * Bytecode{OP_POP});
            EXPECT_EQ(both, height > 1022 ? Status::StackOverflow
                            : height < 1  ? Status::StackUnderflow
                                          : Status::Success);
        }
    }
}

TEST_F(Opcodes, joined_instructions_keep_the_bounds_of_their_parts) {
    const auto at = [&](int height, const Bytecode& code) {
        return status_of(static_cast<std::size_t>(height) * push(Uint256{0}) + OP_JUMPDEST + code);
    };
    // Needs and room of each row, counted by hand.
    struct Row {
        Bytecode code;
        int needs;
        int grows;  ///< greatest height above the start
    };
    const Row rows[] = {
        {push(Uint256{1}) + push(Uint256{2}) + OP_ADD + OP_POP, 0, 2},
        {push(Uint256{1}) + OP_ADD, 1, 1},
        {push(Uint256{1}) + OP_SWAP1 + OP_SUB, 1, 1},
        {push(Uint256{1}) + dup(2) + OP_MSTORE, 1, 2},
        {push(Uint256{8}) + OP_MUL, 1, 1},
        {push(Uint256{1}) + push(Uint256{160}) + OP_SHL + OP_SUB, 1, 2},
        {dup(3) + OP_ADD, 3, 1},
        {dup(2) + dup(4) + OP_POP, 3, 2},
        {swap(3) + OP_POP, 4, 0},
        {OP_SWAP1 + Bytecode{OP_ADD}, 2, 0},
        {5 * Bytecode{OP_POP}, 5, 0},
        {OP_ISZERO + Bytecode{OP_ISZERO}, 1, 0},
        {OP_ISZERO + jumpi("x") + label("x"), 1, 1},
        {OP_LT + Bytecode{OP_ISZERO} + jumpi("x") + label("x"), 2, 0},
        {OP_DUP1 + push(Uint256{7}) + OP_EQ + jumpi("x") + label("x"), 1, 2},
        {OP_DUP1 + Bytecode{OP_ISZERO} + jumpi("x") + label("x"), 1, 2},
        {OP_MSTORE + push(Uint256{1}) + OP_ADD, 3, 0},
        {push(Uint256{1}) + OP_POP + OP_CALLDATASIZE, 0, 1},
    };
    for (const Row& row : rows) {
        const std::string name = to_hex(row.code.bytes());
        if (row.needs > 0) {
            EXPECT_EQ(at(row.needs - 1, row.code), Status::StackUnderflow) << name;
        }
        EXPECT_EQ(at(row.needs, row.code), Status::Success) << name;
        EXPECT_EQ(at(1024 - row.grows, row.code), Status::Success) << name;
        if (row.grows > 0) {
            EXPECT_EQ(at(1024 - row.grows + 1, row.code), Status::StackOverflow) << name;
        }
    }
}

TEST_F(Opcodes, every_dup_and_swap_reaches_its_item) {
    Bytecode items;
    for (unsigned i = 17; i >= 1; --i) items += push(Uint256{i} << 64 * (i % 4));
    const auto item = [](unsigned i) { return Uint256{i} << 64 * (i % 4); };
    for (unsigned n = 1; n <= 16; ++n) {
        EXPECT_EQ(top_of(items + dup(n)), item(n));
        EXPECT_EQ(top_of(items + dup(n) + dup(n)), item(n == 1 ? 1 : n - 1));
        EXPECT_EQ(top_of(items + swap(n)), item(n + 1));
        EXPECT_EQ(top_of(items + swap(n) + n * Bytecode{OP_POP}), item(1));
        EXPECT_EQ(top_of(items + swap(n) + OP_POP + (n - 1) * Bytecode{OP_POP}), item(1));
        // Below what is swapped nothing moves.
        if (n < 16) {
            EXPECT_EQ(top_of(items + swap(n) + (n + 1) * Bytecode{OP_POP}), item(n + 2));
        }
    }
}

TEST_F(Opcodes, every_push_reads_its_bytes) {
    for (unsigned width = 1; width <= 32; ++width) {
        Bytes data;
        for (unsigned i = 0; i < width; ++i) data.push_back(static_cast<std::uint8_t>(0x81 + i));
        const Uint256 expected = from_be(data);
        EXPECT_EQ(top_of(push_wide(width, expected)), expected);
        EXPECT_EQ(top_of(push_wide(width, expected) + push(Uint256{1}) + OP_POP), expected);
        EXPECT_EQ(top_of(push(Uint256{1}) + push_wide(width, expected) + OP_MUL), expected);
    }
    EXPECT_EQ(top_of(OP_PUSH0), Uint256{});
    EXPECT_EQ(top_of(push(Uint256{5}) + OP_PUSH0 + OP_ADD), Uint256{5});
}

// Prices in motion: every instruction whose whole price is fixed, on zeros.
TEST_F(Opcodes, fixed_prices_are_what_execution_charges) {
    for (const Revision r : all_revisions()) {
        use(r);
        for (int op = 0x01; op < 0xa0; ++op) {
            const OpcodeAt fact = fact_of(op, r);
            if (fact.gas < 0) continue;
            // Those with memory, storage or jumps have tests of their own.
            if (op == OP_MLOAD || op == OP_MSTORE || op == OP_MSTORE8 || op == OP_SLOAD || op == OP_SSTORE ||
                op == OP_JUMP || op == OP_JUMPI)
                continue;
            warm(Address{});
            EXPECT_EQ(cost(with_items(fact.pops, op)), 3 * fact.pops + fact.gas)
                << "opcode " << op << ", revision " << int(r);
        }
    }
}

}  // namespace
}  // namespace cairn::vm::test
