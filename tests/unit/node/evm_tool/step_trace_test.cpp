// SPDX-License-Identifier: MIT
#include "node/evm_tool/step_trace.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace cairn;
using namespace cairn::node;

class StepTraceTest : public testing::Test {
  protected:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{std::tmpfile(), std::fclose};

    [[nodiscard]] std::string written() const {
        std::string text;
        std::rewind(file_.get());
        for (int c = 0; (c = std::fgetc(file_.get())) != EOF;) text += static_cast<char>(c);
        return text;
    }
};

TEST_F(StepTraceTest, words_are_shortest_hex_and_memory_is_optional) {
    const std::vector<Uint256> stack{Uint256{0}, Uint256{0xab}, Uint256::max()};
    const Bytes memory{0x01, 0xff};
    const Bytes returned{0xbe, 0xef};
    vm::TraceStep step;
    step.pc = 7;
    step.opcode = 0x44;
    step.gas = 100;
    step.gas_cost = 2;
    step.refund = 4800;
    step.depth = 2;
    step.stack = stack;
    step.memory = memory;
    step.return_data = returned;
    StepTrace trace{file_.get(), Revision::London, true};
    trace.on_step(step);
    vm::Message message;
    message.depth = 1;
    trace.on_exit(message, {});
    EXPECT_EQ(written(),
              "{\"pc\":7,\"op\":68,\"gas\":\"0x64\",\"gasCost\":\"0x2\",\"stack\":[\"0x0\",\"0xab\",\"0x" +
                  std::string(64, 'f') +
                  "\"],\"depth\":2,\"returnData\":\"0xbeef\",\"refund\":\"0x12c0\",\"memSize\":2,"
                  "\"opName\":\"DIFFICULTY\",\"memory\":\"0x01ff\"}\n");
}

TEST_F(StepTraceTest, opcode_0x44_is_named_by_the_revision) {
    vm::TraceStep step;
    step.opcode = 0x44;
    StepTrace trace{file_.get(), Revision::Paris, false};
    trace.on_step(step);
    trace.on_exit({}, {});
    EXPECT_NE(written().find("\"opName\":\"PREVRANDAO\""), std::string::npos);
}

TEST_F(StepTraceTest, line_waits_for_what_follows_it) {
    vm::TraceStep step;
    StepTrace trace{file_.get(), Revision::Paris, false};
    trace.on_step(step);
    EXPECT_EQ(written(), "");
    trace.on_step(step);
    EXPECT_EQ(written().find('\n'), written().size() - 1);
}

TEST_F(StepTraceTest, summary_of_the_eip) {
    const Bytes output{0x40};
    TraceSummary summary;
    summary.output = output;
    summary.gas_used = 0x515c;
    summary.pass = true;
    summary.time_ns = 350855;
    summary.fork = "Istanbul";
    EXPECT_EQ(format_summary(summary), "{\"stateRoot\":\"0x" + std::string(64, '0') +
                                           "\",\"output\":\"40\",\"gasUsed\":\"0x515c\",\"pass\":true,"
                                           "\"time\":350855,\"fork\":\"Istanbul\"}\n");
}

}  // namespace
