// SPDX-License-Identifier: MIT
// Random programs on the plain interpreter and on the fast one with and without its cache: they must leave the same
// world, down to the order in which the host was asked.
#include <gtest/gtest.h>

#include <map>

#include "tests/support/program_generator.hpp"
#include "tests/support/three_machines.hpp"

namespace cairn::vm::test {
namespace {

class Differential : public testing::Test {
  protected:
    /// Runs the scenario with its gas; tells the gas used, or -1 where the machines disagree.
    std::int64_t compare(const Scenario& s, const Message& message) {
        const auto out = machines.run(s.host, message);
        ++runs;
        ++statuses[out.plain.result.status];
        if (out.plain.result.status != out.cached.result.status) ++renamed;
        for (const Outcome* fast : {&out.cached, &out.uncached}) {
            const std::string what = difference(out.plain, *fast);
            if (!what.empty()) {
                ADD_FAILURE() << what << (fast == &out.cached ? " (cached)" : " (uncached)") << "\nrevision "
                              << int(s.host.revision) << ", gas " << message.gas << "\ncode "
                              << to_hex(message.kind == CallKind::Create ? message.input
                                                                         : s.host.find(kContracts[0])->code_view());
                return -1;
            }
        }
        EXPECT_EQ(out.cached.result.status, out.uncached.result.status);
        EXPECT_LE(out.plain.result.gas_left, message.gas);
        EXPECT_GE(out.plain.result.gas_left, 0);
        return message.gas - out.plain.result.gas_left;
    }

    ThreeMachines machines{std::size_t{256} << 10};
    std::map<Status, int> statuses;
    int runs = 0;
    int renamed = 0;
};

TEST_F(Differential, random_programs_leave_the_same_world_at_any_gas) {
    constexpr int kPrograms = CAIRN_DIFFERENTIAL_PROGRAMS;
    for (int i = 0; i < kPrograms && !HasFailure(); ++i) {
        Choices c{static_cast<std::uint64_t>(i)};
        Scenario s;
        make_scenario(c, s);
        s.message.input = s.input;
        const std::int64_t used = compare(s, s.message);
        // Out of gas at arbitrary points of what ran.
        for (int cut = 0; cut < 2 && used > 0; ++cut) {
            Message less = s.message;
            less.gas = static_cast<std::int64_t>(c.word() % static_cast<std::uint64_t>(used));
            (void)compare(s, less);
        }
        if (HasFailure()) std::printf("program %d\n", i);
    }
    // Every outcome must have been there, or the generator does not test what it says.
    for (const Status status : {Status::Success, Status::Revert, Status::OutOfGas, Status::InvalidInstruction,
                                Status::UndefinedInstruction, Status::StackOverflow, Status::StackUnderflow,
                                Status::BadJumpDestination, Status::InvalidMemoryAccess, Status::StaticModeViolation})
        EXPECT_GT(statuses[status], kPrograms / 2000) << to_string(status);
    for (const auto& [status, count] : statuses) {
        std::printf("%-28s %d\n", std::string{to_string(status)}.c_str(), count);
        RecordProperty(std::string{to_string(status)}, count);
    }
    std::printf("%d runs, %d failures under another name\n", runs, renamed);
    RecordProperty("renamed", renamed);
}

}  // namespace
}  // namespace cairn::vm::test
