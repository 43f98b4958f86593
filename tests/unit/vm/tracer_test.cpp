// SPDX-License-Identifier: MIT
// What a tracer is told: EIP-3155's example step by step, nesting of frames, faults.
#include <optional>

#include "tests/unit/vm/vm_fixture.hpp"
#include "vm/tracer.hpp"

namespace cairn::vm::test {
namespace {

struct Step {
    std::uint64_t pc;
    int op;
    std::int64_t gas;
    std::int64_t cost;
    std::vector<Uint256> stack;
    std::size_t memory_size;
    std::size_t return_size;
    std::uint32_t depth;
    std::int64_t refund;
    Status fault;
    Address address;
};

class Recorder final : public Tracer {
  public:
    void on_enter(const Message& m, std::uint8_t opcode) override {
        events.push_back("enter " + std::string{opcode_name(opcode)} + " " + to_hex(m.recipient).substr(36) + " gas " +
                         std::to_string(m.gas) + " depth " + std::to_string(m.depth));
    }
    void on_exit(const Message& m, const ExecutionResult& r) override {
        events.push_back("exit " + to_hex(m.recipient).substr(36) + " " + std::string{to_string(r.status)} + " gas " +
                         std::to_string(r.gas_left) + " output " + to_hex(r.output));
    }
    void on_step(const TraceStep& s) override {
        steps.push_back({s.pc, s.opcode, s.gas, s.gas_cost, {s.stack.begin(), s.stack.end()}, s.memory.size(),
                         s.return_data.size(), s.depth, s.refund, s.fault, s.address});
        memory = to_bytes(s.memory);
    }
    void on_self_destruct(const Address& a, const Address& to, const Uint256& balance) override {
        events.push_back("destruct " + to_hex(a).substr(36) + " to " + to_hex(to).substr(36) + " " +
                         to_decimal(balance));
    }
    std::vector<Step> steps;
    std::vector<std::string> events;
    Bytes memory;  ///< at the last step
};

class Tracing : public VmTest {
  protected:
    ExecutionResult trace(const Bytes& code) {
        host.put_code(kSelf, code);
        MockHost world = host;
        recorder = {};
        Vm vm;
        return vm.execute(world, host.revision, message, &recorder);
    }
    Recorder recorder;
};

// EIP-3155, "Test Cases": geth's trace of this code under Istanbul.
TEST_F(Tracing, published_example_step_by_step) {
    use(Revision::Istanbul);
    message.gas = 0x2540be400;
    const auto result = trace(hex("604080536040604055604060006040600060025afa6040f3"));
    const Uint256 x{0x40}, o{};
    const struct {
        std::uint64_t pc;
        int op;
        std::int64_t gas, cost;
        std::vector<Uint256> stack;
    } expected[] = {
        {0, 96, 0x2540be400, 3, {}},
        {2, 128, 0x2540be3fd, 3, {x}},
        {3, 83, 0x2540be3fa, 0xc, {x, x}},
        {4, 96, 0x2540be3ee, 3, {}},
        {6, 96, 0x2540be3eb, 3, {x}},
        {8, 85, 0x2540be3e8, 0x4e20, {x, x}},
        {9, 96, 0x2540b95c8, 3, {}},
        {11, 96, 0x2540b95c5, 3, {x}},
        {13, 96, 0x2540b95c2, 3, {x, o}},
        {15, 96, 0x2540b95bf, 3, {x, o, x}},
        {17, 96, 0x2540b95bc, 3, {x, o, x, o}},
        {19, 90, 0x2540b95b9, 2, {x, o, x, o, Uint256{2}}},
        {20, 250, 0x2540b95b7, 0x24abb676c, {x, o, x, o, Uint256{2}, Uint256{0x2540b95b7}}},
        {21, 96, 0x2540b92a7, 3, {Uint256{1}}},
        {23, 243, 0x2540b92a4, 0, {Uint256{1}, x}},
    };
    ASSERT_EQ(recorder.steps.size(), std::size(expected));
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        const Step& s = recorder.steps[i];
        EXPECT_EQ(s.pc, expected[i].pc);
        EXPECT_EQ(s.op, expected[i].op);
        EXPECT_EQ(s.gas, expected[i].gas) << i;
        EXPECT_EQ(s.cost, expected[i].cost) << i;
        EXPECT_EQ(s.stack, expected[i].stack) << i;
        EXPECT_EQ(s.depth, 1U);
        EXPECT_EQ(s.refund, 0);
        EXPECT_EQ(s.fault, Status::Success);
        // Memory is as it was before the instruction.
        EXPECT_EQ(s.memory_size, i < 3 ? 0U : 96U) << i;
        EXPECT_EQ(s.return_size, i < 13 ? 0U : 32U) << i;
    }
    EXPECT_EQ(to_hex(ByteView{recorder.memory}.first(32)),
              "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
    EXPECT_EQ(message.gas - result.gas_left, 0x515c);
    EXPECT_EQ(recorder.events.size(), 4U);  // the frame, and the precompile in it
}

TEST_F(Tracing, frames_nest) {
    host.put_code(kOther, mstore(Uint256{0}, Uint256{7}) + revert_memory(Uint256{31}, Uint256{1}));
    host.put_code(kThird, push(kNobody) + OP_SELFDESTRUCT);
    host.world.accounts[kThird].balance = Uint256{9};
    warm(kOther);
    warm(kThird);
    warm(kNobody);
    const auto result = trace(call(OP_DELEGATECALL, {.gas = Uint256{100}, .to = word(kOther)}) + OP_POP +
                              call(OP_CALL, {.gas = Uint256{40'000}, .to = word(kThird)}) + OP_POP +
                              call(OP_STATICCALL, {.gas = Uint256{100}, .to = Uint256{4}}) + OP_POP +
                              call(OP_CALL, {.to = word(kNobody), .value = Uint256{1} << 200}) + OP_POP + OP_STOP);
    const std::vector<std::string> expected{
        "enter CALL 1000 gas 10000000 depth 0",
        "enter DELEGATECALL 1000 gas 100 depth 1",
        "exit 1000 execution reverted gas 82 output 07",
        "enter CALL 1002 gas 40000 depth 1",
        "destruct 1002 to 1003 9",
        "exit 1002 success gas 9997 output ",
        "enter STATICCALL 0004 gas 100 depth 1",
        "exit 0004 success gas 85 output ",
        // Refused before it starts: 100,000 asked for and the stipend come back.
        "enter CALL 1003 gas 102300 depth 1",
        "exit 1003 insufficient balance for transfer gas 102300 output ",
        "exit 1000 success gas " + std::to_string(result.gas_left) + " output ",
    };
    EXPECT_EQ(recorder.events, expected);
    // Depth counts from one; the address is the account whose storage it is.
    std::vector<std::uint32_t> depths;
    for (const Step& s : recorder.steps) {
        if (depths.empty() || depths.back() != s.depth) depths.push_back(s.depth);
        if (s.depth == 1) {
            EXPECT_EQ(s.address, kSelf);
        }
    }
    EXPECT_EQ(depths, (std::vector<std::uint32_t>{1, 2, 1, 2, 1}));
}

TEST_F(Tracing, creation_enters_at_its_address) {
    const Bytes init = revert_memory(Uint256{0}, Uint256{0});
    (void)trace(store_bytes(init) + push(Uint256{init.size()}) + push(Uint256{0}) + push(Uint256{0}) + OP_CREATE +
                OP_STOP);
    ASSERT_EQ(recorder.events.size(), 4U);
    EXPECT_EQ(recorder.events[1].substr(0, 17), "enter CREATE " + to_hex(create_address(kSelf, 1)).substr(36));
    EXPECT_NE(recorder.events[2].find("execution reverted"), std::string::npos);
}

TEST_F(Tracing, creation_tells_what_it_deploys) {
    const Bytes init = mstore(Uint256{0}, Uint256{0xabcd}) + return_memory(Uint256{30}, Uint256{2});
    const auto result = trace(store_bytes(init) + push(Uint256{init.size()}) + push(Uint256{0}) + push(Uint256{0}) +
                              OP_CREATE + OP_STOP);
    EXPECT_EQ(result.status, Status::Success);
    ASSERT_EQ(recorder.events.size(), 4U);
    EXPECT_TRUE(recorder.events[2].ends_with(" output abcd")) << recorder.events[2];
}

// The address and the gas are those that the creation would have had.
TEST_F(Tracing, refused_creations_are_told_with_their_address) {
    const Bytes init{0x00};
    const Uint256 wealth = Uint256{1} << 200;
    const Uint256 salt{7};
    for (const bool is_create2 : {false, true}) {
        const auto code = store_bytes(init) + (is_create2 ? push(salt) : Bytecode{}) + push(Uint256{1}) +
                          push(Uint256{0}) + push(wealth) + (is_create2 ? OP_CREATE2 : OP_CREATE) + OP_STOP;
        const auto result = trace(code);
        EXPECT_EQ(result.status, Status::Success);
        ASSERT_EQ(recorder.events.size(), 4U);
        const Address address = is_create2 ? create2_address(kSelf, salt, init) : create_address(kSelf, 1);
        const auto& create = recorder.steps[recorder.steps.size() - 2];
        const auto left = create.gas - create.cost;
        const auto gas = std::to_string(left - left / 64);
        const std::string name = is_create2 ? "CREATE2 " : "CREATE ";
        EXPECT_EQ(recorder.events[1], "enter " + name + to_hex(address).substr(36) + " gas " + gas + " depth 1");
        EXPECT_EQ(recorder.events[2], "exit " + to_hex(address).substr(36) +
                                          " insufficient balance for transfer gas " + gas + " output ");
    }
}

TEST_F(Tracing, failing_instruction_says_why) {
    const std::pair<Bytecode, Status> cases[] = {
        {push(Uint256{1}) + OP_ADD, Status::StackUnderflow},
        {1025 * push(Uint256{1}), Status::StackOverflow},
        {Bytecode{Bytes{0x0c}}, Status::UndefinedInstruction},
        {push(Uint256{1} << 200) + OP_MLOAD, Status::OutOfGas},
        {push(Uint256{1}) + push(Uint256{0}) + push(Uint256{0}) + OP_RETURNDATACOPY, Status::InvalidMemoryAccess},
    };
    for (const auto& [code, fault] : cases) {
        const auto result = trace(code);
        EXPECT_EQ(result.status, fault);
        ASSERT_FALSE(recorder.steps.empty());
        EXPECT_EQ(recorder.steps.back().fault, fault);
        for (std::size_t i = 0; i + 1 < recorder.steps.size(); ++i) EXPECT_EQ(recorder.steps[i].fault, Status::Success);
    }
    message.is_static = true;
    (void)trace(sstore(Uint256{0}, Uint256{1}));
    EXPECT_EQ(recorder.steps.back().fault, Status::StaticModeViolation);
}

// A call that asks for more gas than there is, before EIP-150: the cost told is a number, not an overflow.
TEST_F(Tracing, cost_of_an_unpayable_call_is_in_range) {
    use(Revision::Frontier);
    EXPECT_EQ(trace(call(OP_CALL, {.gas = Uint256::max(), .to = word(kSelf)})).status, Status::OutOfGas);
    EXPECT_EQ(recorder.steps.back().fault, Status::OutOfGas);
    EXPECT_GE(recorder.steps.back().cost, 40);
}

TEST_F(Tracing, refund_counter_is_the_transactions) {
    host.put_storage(kSelf, Uint256{0}, Uint256{1}, Uint256{1});
    host.put_code(kOther, Bytecode{OP_STOP});
    (void)trace(sstore(Uint256{0}, Uint256{0}) + call(OP_CALL, {.to = word(kOther)}) + OP_STOP);
    EXPECT_EQ(recorder.steps.front().refund, 0);
    EXPECT_EQ(recorder.steps[1].refund, 0);
    // geth prices an SSTORE before it tells of it, and has the refund then.
    EXPECT_EQ(recorder.steps[2].refund, 4800);
    EXPECT_EQ(recorder.steps[3].refund, 4800);
    for (const Step& s : recorder.steps)
        if (s.depth == 2) {
            EXPECT_EQ(s.refund, 4800);
        }
}

TEST_F(Tracing, push_cut_off_by_the_end_reads_zeros_on_the_right) {
    for (unsigned width = 1; width <= 32; ++width) {
        for (unsigned there = 0; there <= width; ++there) {
            Bytes code{static_cast<std::uint8_t>(OP_PUSH0 + width)};
            Uint256 expected;
            for (unsigned i = 0; i < width; ++i) {
                if (i < there) code.push_back(0xab);
                expected = expected << 8 | Uint256{i < there ? 0xabU : 0U};
            }
            EXPECT_EQ(trace(code).status, Status::Success);
            ASSERT_EQ(recorder.steps.size(), 2U);
            EXPECT_EQ(recorder.steps[1].op, OP_STOP);
            EXPECT_EQ(recorder.steps[1].stack, std::vector{expected}) << width << " " << there;
        }
    }
}

}  // namespace
}  // namespace cairn::vm::test
