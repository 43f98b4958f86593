// SPDX-License-Identifier: MIT
#include "rpc/tracers/guarded_tracer.hpp"

#include "rpc/tracers/struct_logger.hpp"
#include "tests/unit/rpc/tracers/tracer_fixture.hpp"

namespace cairn::rpc::test {
namespace {

class Guard : public TracerTest {
protected:
    /// Runs an endless loop until the guard ends it.
    TraceStopped::Cause stop(GuardedTracer::Clock::time_point deadline, std::size_t size_max) {
        const Bytes code = label("loop") + jump("loop");
        put_code(kMain, code);
        Transaction tx;
        tx.gas_limit = 1'000'000'000;
        tx.to = kMain;
        chain::BlockEnv env;
        vm::Vm machine;
        chain::State state{base};
        const auto& rules = chain::rules_of(revision);
        StructLogger logger{StructLogOptions{}};
        logger.begin({.tx = tx, .sender = kSender, .rules = rules, .block = env, .state = state, .before = base});
        GuardedTracer guard{logger, deadline, size_max};
        try {
            (void)chain::call(machine, state, rules, env, tx, kSender, &guard);
        } catch (const TraceStopped& stopped) {
            // The machine can be used again.
            tx.to = kOther;
            state.reset(base);
            EXPECT_TRUE(chain::call(machine, state, rules, env, tx, kSender)->success());
            return stopped.cause();
        }
        ADD_FAILURE() << "was not stopped";
        return {};
    }
};

TEST_F(Guard, stops_at_the_deadline) {
    const auto soon = GuardedTracer::Clock::now() + std::chrono::milliseconds{5};
    EXPECT_EQ(stop(soon, ~std::size_t{0}), TraceStopped::Cause::TimedOut);
    EXPECT_STREQ(TraceStopped{TraceStopped::Cause::TimedOut}.what(), "execution timeout");
}

TEST_F(Guard, stops_at_the_size) {
    EXPECT_EQ(stop(GuardedTracer::Clock::time_point::max(), 100'000), TraceStopped::Cause::TooLarge);
    EXPECT_STREQ(TraceStopped{TraceStopped::Cause::TooLarge}.what(), "response too large");
}

TEST_F(Guard, lets_pass_what_keeps_its_bounds) {
    put_code(kMain, mstore(Uint256{}, Uint256{1}) + vm::OP_STOP);
    StructLogger logger{StructLogOptions{}};
    const auto plain = trace(logger);
    EXPECT_EQ(plain.at("structLogs").size(), 4U);
}

}  // namespace
}  // namespace cairn::rpc::test
