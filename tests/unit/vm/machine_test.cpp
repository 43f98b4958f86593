// SPDX-License-Identifier: MIT
// The machine as a whole: its cache of analyses, many executions on one machine, exceptions from the host, and code
// made to be slow to decode.
#include <ctime>
#include <stdexcept>

#include "tests/unit/vm/vm_fixture.hpp"
#include "vm/analysis_cache.hpp"

namespace cairn::vm::test {
namespace {

CodeHash hash_of(const Bytes& code) { return keccak256(code).as<CodeHash>(); }

TEST(AnalysisCache, same_code_is_decoded_once_for_each_revision) {
    AnalysisCache cache{std::size_t{1} << 20};
    const Bytes code = hex("6001600201");
    const auto a = cache.get(hash_of(code), code, Revision::Osaka);
    EXPECT_EQ(cache.get(hash_of(code), code, Revision::Osaka), a);
    const auto b = cache.get(hash_of(code), code, Revision::Berlin);
    EXPECT_NE(b, a);
    EXPECT_EQ(cache.get(hash_of(code), code, Revision::Osaka), a);
    EXPECT_EQ(cache.get(hash_of(code), code, Revision::Berlin), b);
    EXPECT_EQ(cache.bytes(), a->weight() + b->weight());
}

TEST(AnalysisCache, least_recently_used_goes_when_the_bound_is_passed) {
    std::vector<Bytes> codes;
    for (std::uint8_t i = 0; i < 4; ++i) codes.push_back(Bytes(100, static_cast<std::uint8_t>(OP_ADD + i)));
    const std::size_t one = analyze(codes[0], kLatestRevision)->weight();
    for (const Bytes& code : codes) ASSERT_EQ(analyze(code, kLatestRevision)->weight(), one);
    AnalysisCache cache{3 * one};
    const auto get = [&](std::size_t i) { return cache.get(hash_of(codes[i]), codes[i], kLatestRevision); };
    const auto a = get(0), b = get(1), c = get(2);
    EXPECT_EQ(cache.bytes(), 3 * one);
    EXPECT_EQ(get(0), a);  // which leaves 1 as the oldest
    (void)get(3);
    EXPECT_EQ(cache.bytes(), 3 * one);
    EXPECT_EQ(get(0), a);
    EXPECT_EQ(get(2), c);
    EXPECT_NE(get(1), b);
}

TEST(AnalysisCache, what_is_over_the_bound_alone_is_kept_while_it_is_the_newest) {
    AnalysisCache cache{1};
    const Bytes first = hex("00"), second = hex("01");
    const auto a = cache.get(hash_of(first), first, kLatestRevision);
    EXPECT_EQ(cache.get(hash_of(first), first, kLatestRevision), a);
    const auto b = cache.get(hash_of(second), second, kLatestRevision);
    EXPECT_EQ(cache.bytes(), b->weight());
    EXPECT_NE(cache.get(hash_of(first), first, kLatestRevision), a);
}

class Machine : public VmTest {};

// Codes pushed out of the cache while frames still run them.
TEST_F(Machine, running_code_outlives_its_place_in_the_cache) {
    machines = ThreeMachines{1};
    for (unsigned i = 0; i < 20; ++i) {
        const Bytecode next =
            i + 1 < 20 ? call(OP_CALL, {.gas = Uint256::max(), .to = Uint256{0x1100 + i + 1}, .out_size = Uint256{32}})
                       : push(Uint256{0});
        host.put_code(address_of(static_cast<std::uint16_t>(0x1100 + i)),
                      next + OP_POP + push(Uint256{0}) + OP_MLOAD + push(Uint256{i}) + OP_ADD + return_top());
    }
    EXPECT_EQ(words_of(call(OP_CALL, {.gas = Uint256::max(), .to = Uint256{0x1100}, .out_size = Uint256{32}}) + OP_POP +
                       return_memory(Uint256{0}, Uint256{32}))[0],
              Uint256{190});
}

TEST_F(Machine, revisions_alternate_on_one_machine) {
    const Bytecode code = push(Uint256{1}) + push(Uint256{3}) + OP_SHL + OP_POP + OP_PUSH0;
    for (int round = 0; round < 3; ++round) {
        for (const Revision r : all_revisions()) {
            use(r);
            EXPECT_EQ(status_of(code), r >= Revision::Shanghai ? Status::Success : Status::UndefinedInstruction);
        }
    }
}

TEST_F(Machine, exception_from_outside_passes_and_leaves_the_machine_usable) {
    class Tripwire final : public Tracer {
      public:
        void on_enter(const Message&, std::uint8_t) override {}
        void on_exit(const Message&, const ExecutionResult&) override {}
        void on_step(const TraceStep& s) override {
            if (s.opcode == OP_SLOAD) throw std::runtime_error("broken disk");
        }
        void on_self_destruct(const Address&, const Address&, const Uint256&) override {}
    } tripwire;
    Vm vm;
    host.put_code(kOther, mstore(Uint256{100}, Uint256::max()) + push(Uint256{0}) + OP_SLOAD);
    host.put_code(kSelf, mstore(Uint256{0}, Uint256::max()) + call(OP_CALL, {.to = word(kOther)}));
    MockHost world = host;
    EXPECT_THROW((void)vm.execute(world, host.revision, message, &tripwire), std::runtime_error);
    // No frame is left and memory is zero again.
    host.put_code(kSelf, push(Uint256{0}) + OP_MLOAD + push(Uint256{100}) + OP_MLOAD + OP_OR + return_top());
    world = host;
    const auto result = vm.execute(world, host.revision, message);
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(load_be256(result.output.data()), Uint256{});
}

TEST_F(Machine, code_of_every_single_instruction_repeated) {
    message.gas = 300'000;
    for (const Revision r : {Revision::Frontier, Revision::Byzantium, Revision::Osaka}) {
        use(r);
        for (int op = 0; op < 256; ++op) {
            (void)run(Bytes(1200, static_cast<std::uint8_t>(op)));
            (void)run(20 * push(Uint256{1}) + Bytecode{Bytes(1200, static_cast<std::uint8_t>(op))});
        }
    }
}

// Init code is decoded every time it runs, for 2 gas a word: whatever it is made of, that must take time in proportion
// to its length. Looking ahead without a bound, at each byte of a run of ISZERO, would take 0.7 s.
TEST(Decoding, longest_init_code_of_any_pattern_is_decoded_soon) {
    std::vector<Bytes> patterns;
    for (int op = 0; op < 256; ++op) patterns.push_back({static_cast<std::uint8_t>(op)});
    for (const char* text :
         {"600057", "5b600056", "8015", "101515", "6001600201", "50501550", "9050", "5b5b57", "5b6000565b61ffff57",
          "80600114600057", "15600057", "15151515600057", "5260010160", "816000526000"})
        patterns.push_back(hex(text));
    for (const Bytes& pattern : patterns) {
        Bytes code;
        while (code.size() < 49152) append(code, pattern);
        const std::clock_t start = std::clock();
        const auto analyzed = analyze(code, kLatestRevision);
        const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        EXPECT_LT(seconds, 0.3) << to_hex(pattern);
        EXPECT_LT(analyzed->weight(), 100 * code.size()) << to_hex(pattern);
    }
}

}  // namespace
}  // namespace cairn::vm::test
