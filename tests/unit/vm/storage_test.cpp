// SPDX-License-Identifier: MIT
// Storage by the published tables: EIP-1283, EIP-2200, EIP-2929, EIP-3529, EIP-1153.
#include "tests/unit/vm/vm_fixture.hpp"

namespace cairn::vm::test {
namespace {

using Storage = VmTest;

/// A row of the tables that EIP-1283, EIP-2200 and EIP-3529 share: slot 0 before the transaction, code that writes it.
struct Row {
    const char* code;
    std::uint64_t original;
    std::int64_t used;
    std::int64_t refund;
};

/// EIP-1283, "Test Cases".
const Row kEip1283[] = {
    {"60006000556000600055", 0, 412, 0},          {"60006000556001600055", 0, 20212, 0},
    {"60016000556000600055", 0, 20212, 19800},    {"60016000556002600055", 0, 20212, 0},
    {"60016000556001600055", 0, 20212, 0},        {"60006000556000600055", 1, 5212, 15000},
    {"60006000556001600055", 1, 5212, 4800},      {"60006000556002600055", 1, 5212, 0},
    {"60026000556000600055", 1, 5212, 15000},     {"60026000556003600055", 1, 5212, 0},
    {"60026000556001600055", 1, 5212, 4800},      {"60026000556002600055", 1, 5212, 0},
    {"60016000556000600055", 1, 5212, 15000},     {"60016000556002600055", 1, 5212, 0},
    {"60016000556001600055", 1, 412, 0},          {"600160005560006000556001600055", 0, 40218, 19800},
    {"600060005560016000556000600055", 1, 10218, 19800},
};
/// EIP-2200's, final version, with SLOAD_GAS 800.
const Row kEip2200[] = {
    {"60006000556000600055", 0, 1612, 0},         {"60006000556001600055", 0, 20812, 0},
    {"60016000556000600055", 0, 20812, 19200},    {"60016000556002600055", 0, 20812, 0},
    {"60016000556001600055", 0, 20812, 0},        {"60006000556000600055", 1, 5812, 15000},
    {"60006000556001600055", 1, 5812, 4200},      {"60006000556002600055", 1, 5812, 0},
    {"60026000556000600055", 1, 5812, 15000},     {"60026000556003600055", 1, 5812, 0},
    {"60026000556001600055", 1, 5812, 4200},      {"60026000556002600055", 1, 5812, 0},
    {"60016000556000600055", 1, 5812, 15000},     {"60016000556002600055", 1, 5812, 0},
    {"60016000556001600055", 1, 1612, 0},         {"600160005560006000556001600055", 0, 40818, 19200},
    {"600060005560016000556000600055", 1, 10818, 19200},
};
/// EIP-3529, "2929 Gas Costs": slots warm.
const Row kEip2929[] = {
    {"60006000556000600055", 0, 212, 0},          {"60006000556001600055", 0, 20112, 0},
    {"60016000556000600055", 0, 20112, 19900},    {"60016000556002600055", 0, 20112, 0},
    {"60016000556001600055", 0, 20112, 0},        {"60006000556000600055", 1, 3012, 15000},
    {"60006000556001600055", 1, 3012, 2800},      {"60006000556002600055", 1, 3012, 0},
    {"60026000556000600055", 1, 3012, 15000},     {"60026000556003600055", 1, 3012, 0},
    {"60026000556001600055", 1, 3012, 2800},      {"60026000556002600055", 1, 3012, 0},
    {"60016000556000600055", 1, 3012, 15000},     {"60016000556002600055", 1, 3012, 0},
    {"60016000556001600055", 1, 212, 0},          {"600160005560006000556001600055", 0, 40118, 19900},
    {"600060005560016000556000600055", 1, 5918, 17800},
};
/// EIP-3529, "With reduced refunds".
const Row kEip3529[] = {
    {"60006000556000600055", 0, 212, 0},          {"60006000556001600055", 0, 20112, 0},
    {"60016000556000600055", 0, 20112, 19900},    {"60016000556002600055", 0, 20112, 0},
    {"60016000556001600055", 0, 20112, 0},        {"60006000556000600055", 1, 3012, 4800},
    {"60006000556001600055", 1, 3012, 2800},      {"60006000556002600055", 1, 3012, 0},
    {"60026000556000600055", 1, 3012, 4800},      {"60026000556003600055", 1, 3012, 0},
    {"60026000556001600055", 1, 3012, 2800},      {"60026000556002600055", 1, 3012, 0},
    {"60016000556000600055", 1, 3012, 4800},      {"60016000556002600055", 1, 3012, 0},
    {"60016000556001600055", 1, 212, 0},          {"600160005560006000556001600055", 0, 40118, 19900},
    {"600060005560016000556000600055", 1, 5918, 7600},
};

class NetMetering : public VmTest {
  protected:
    template <std::size_t N>
    void check(const Row (&rows)[N], std::int64_t surcharge = 0) {
        for (const Row& row : rows) {
            host.put_storage(kSelf, Uint256{}, Uint256{row.original}, Uint256{row.original});
            const auto result = run(hex(row.code));
            EXPECT_EQ(result.status, Status::Success);
            EXPECT_EQ(message.gas - result.gas_left, row.used + surcharge) << row.code << " from " << row.original;
            EXPECT_EQ(result.gas_refund, row.refund) << row.code << " from " << row.original;
        }
    }
};

TEST_F(NetMetering, constantinople_follows_eip_1283) {
    use(Revision::Constantinople);
    check(kEip1283);
}
TEST_F(NetMetering, istanbul_follows_eip_2200) {
    use(Revision::Istanbul);
    check(kEip2200);
}
TEST_F(NetMetering, berlin_follows_eip_2929) {
    use(Revision::Berlin);
    check(kEip2929, 2100);
    warm(kSelf, Uint256{});
    check(kEip2929);
}
TEST_F(NetMetering, london_and_later_follow_eip_3529) {
    for (const Revision r : revisions_from(Revision::London)) {
        use(r);
        host.world.warm_slots.clear();
        check(kEip3529, 2100);
        warm(kSelf, Uint256{});
        check(kEip3529);
    }
}

// Yellow Paper, appendix G: 20000 from zero to a value, else 5000; 15000 back for a slot that is cleared.
TEST_F(Storage, without_net_metering_only_the_current_value_counts) {
    for (const Revision r : {Revision::Frontier, Revision::Homestead, Revision::Tangerine, Revision::Spurious,
                             Revision::Byzantium, Revision::Petersburg}) {
        use(r);
        const struct {
            std::uint64_t current, value;
            std::int64_t gas, refund;
        } cases[] = {{0, 0, 5000, 0}, {0, 1, 20000, 0}, {1, 0, 5000, 15000}, {1, 1, 5000, 0}, {1, 2, 5000, 0}};
        for (const auto& c : cases) {
            for (const std::uint64_t original : {0, 1, 2}) {
                host.put_storage(kSelf, Uint256{7}, Uint256{original}, Uint256{c.current});
                const Bytecode code = sstore(Uint256{7}, Uint256{c.value});
                expect_cost(code, 6 + c.gas);
                EXPECT_EQ(run(code).gas_refund, c.refund);
                EXPECT_EQ(after.slot(kSelf, Uint256{7}), Uint256{c.value});
            }
        }
    }
}

// EIP-2200: with 2300 gas or less SSTORE fails, whatever it costs.
TEST_F(Storage, stipend_does_not_write_from_istanbul_on) {
    const Bytecode noop = sstore(Uint256{0}, Uint256{0});
    for (const Revision r : {Revision::Istanbul, Revision::Berlin, Revision::Osaka}) {
        use(r);
        warm(kSelf, Uint256{});
        EXPECT_EQ(run_with(6 + 2300, noop).status, Status::OutOfGas);
        EXPECT_EQ(run_with(6 + 2301, noop).status, Status::Success);
    }
    use(Revision::Constantinople);
    EXPECT_EQ(run_with(6 + 200, noop).status, Status::Success);
    EXPECT_EQ(run_with(6 + 199, noop).status, Status::OutOfGas);
}

// What stands behind SSTORE in the code must not be charged before it looks at the gas.
TEST_F(Storage, sentry_sees_the_gas_of_its_place) {
    warm(kSelf, Uint256{});
    const Bytecode code = sstore(Uint256{0}, Uint256{0}) + 100 * Bytecode{OP_ADDRESS};
    EXPECT_EQ(run_with(6 + 2301, code).status, Status::Success);
    EXPECT_EQ(run_with(6 + 2300, code).status, Status::OutOfGas);
    const Bytecode before = 100 * Bytecode{OP_ADDRESS} + sstore(Uint256{0}, Uint256{0});
    EXPECT_EQ(run_with(200 + 6 + 2301, before).status, Status::Success);
    EXPECT_EQ(run_with(200 + 6 + 2300, before).status, Status::OutOfGas);
    // A jump between.
    const Bytecode jumped = jump("x") + label("x") + sstore(Uint256{0}, Uint256{0}) + jump("y") + label("y");
    EXPECT_EQ(run_with(12 + 6 + 2301, jumped).status, Status::Success);
    EXPECT_EQ(run_with(12 + 6 + 2300, jumped).status, Status::OutOfGas);
}

TEST_F(Storage, reading_costs_by_revision_and_from_berlin_by_the_first_access) {
    for (const Revision r : all_revisions()) {
        use(r);
        host.world.warm_slots.clear();
        const int flat = r >= Revision::Istanbul ? 800 : r >= Revision::Tangerine ? 200 : 50;
        const bool by_access = r >= Revision::Berlin;
        const Bytecode read = push(Uint256{5}) + OP_SLOAD;
        expect_cost(read, 3 + (by_access ? 2100 : flat));
        expect_cost(read + OP_POP + read, 6 + 2 + (by_access ? 2200 : 2 * flat));
        warm(kSelf, Uint256{5});
        expect_cost(read, 3 + (by_access ? 100 : flat));
    }
    // Another account's slot of the same name stays cold.
    host.world.warm_slots.clear();
    warm(kOther, Uint256{5});
    expect_cost(push(Uint256{5}) + OP_SLOAD, 2103);
    // A write warms for a read, and a read for a write.
    expect_cost(sstore(Uint256{6}, Uint256{1}) + push(Uint256{6}) + OP_SLOAD, 6 + 22100 + 103);
    expect_cost(push(Uint256{6}) + OP_SLOAD + OP_POP + sstore(Uint256{6}, Uint256{1}), 2103 + 2 + 6 + 20000);
}

TEST_F(Storage, values_are_read_back_in_full_width) {
    host.put_storage(kSelf, Uint256::max(), Uint256{3}, Uint256{4});
    EXPECT_EQ(top_of(push(Uint256::max()) + OP_SLOAD), Uint256{4});
    EXPECT_EQ(top_of(sstore(Uint256{1} << 255, Uint256::max()) + push(Uint256{1} << 255) + OP_SLOAD), Uint256::max());
    EXPECT_EQ(top_of(push(Uint256{9}) + OP_SLOAD), Uint256{});
}

TEST_F(Storage, transient_values_are_apart_and_cost_a_hundred) {
    EXPECT_EQ(top_of(push(Uint256{3}) + push(Uint256{1}) + OP_TSTORE + push(Uint256{1}) + OP_TLOAD), Uint256{3});
    EXPECT_EQ(top_of(push(Uint256{3}) + push(Uint256{1}) + OP_TSTORE + push(Uint256{1}) + OP_SLOAD), Uint256{});
    EXPECT_EQ(top_of(push(Uint256{2}) + OP_TLOAD), Uint256{});
    expect_cost(push(Uint256{3}) + push(Uint256{1}) + OP_TSTORE, 106);
    expect_cost(push(Uint256{1}) + OP_TLOAD, 103);
    // No stipend rule for it (EIP-1153).
    EXPECT_EQ(run_with(106, push(Uint256{3}) + push(Uint256{1}) + OP_TSTORE).status, Status::Success);
    // The callee's are the callee's, a delegate's the caller's.
    host.put_code(kOther, push(Uint256{8}) + push(Uint256{1}) + OP_TSTORE);
    EXPECT_EQ(top_of(call(OP_CALL, {.to = word(kOther)}) + push(Uint256{1}) + OP_TLOAD), Uint256{});
    EXPECT_EQ(top_of(call(OP_DELEGATECALL, {.to = word(kOther)}) + push(Uint256{1}) + OP_TLOAD), Uint256{8});
}

TEST_F(Storage, static_frames_read_and_do_not_write) {
    message.is_static = true;
    EXPECT_EQ(status_of(push(Uint256{1}) + OP_SLOAD), Status::Success);
    EXPECT_EQ(status_of(push(Uint256{1}) + OP_TLOAD), Status::Success);
    EXPECT_EQ(status_of(sstore(Uint256{0}, Uint256{0})), Status::StaticModeViolation);
    EXPECT_EQ(status_of(push(Uint256{0}) + push(Uint256{0}) + OP_TSTORE), Status::StaticModeViolation);
}

TEST_F(Storage, refunds_of_undone_frames_are_gone) {
    host.put_storage(kOther, Uint256{0}, Uint256{1}, Uint256{1});
    host.put_storage(kSelf, Uint256{0}, Uint256{1}, Uint256{1});
    const auto refund_with = [&](const Bytecode& end) {
        host.put_code(kOther, sstore(Uint256{0}, Uint256{0}) + end);
        const auto result = run(sstore(Uint256{0}, Uint256{0}) + call(OP_CALL, {.to = word(kOther)}));
        EXPECT_EQ(result.status, Status::Success);
        return result.gas_refund;
    };
    EXPECT_EQ(refund_with(OP_STOP), 9600);
    EXPECT_EQ(refund_with(revert_memory(Uint256{0}, Uint256{0})), 4800);
    EXPECT_EQ(refund_with(OP_INVALID), 4800);
    // The whole execution undone: none.
    EXPECT_EQ(run(sstore(Uint256{0}, Uint256{0}) + revert_memory(Uint256{0}, Uint256{0})).gas_refund, 0);
    EXPECT_EQ(run(sstore(Uint256{0}, Uint256{0}) + OP_INVALID).gas_refund, 0);
    // A child may take its caller's refund back: the same slot, by delegation.
    host.put_code(kThird, sstore(Uint256{0}, Uint256{1}));
    EXPECT_EQ(run(sstore(Uint256{0}, Uint256{0}) + call(OP_DELEGATECALL, {.to = word(kThird)})).gas_refund, 2800);
    host.put_code(kThird, sstore(Uint256{0}, Uint256{1}) + revert_memory(Uint256{0}, Uint256{0}));
    EXPECT_EQ(run(sstore(Uint256{0}, Uint256{0}) + call(OP_DELEGATECALL, {.to = word(kThird)})).gas_refund, 4800);
}

}  // namespace
}  // namespace cairn::vm::test
