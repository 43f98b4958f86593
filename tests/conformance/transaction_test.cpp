// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstddef>

#include "node/evm_tool/txtest.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::test {
namespace {

TEST(TransactionConformance, every_public_vector_on_every_fork) {
    const auto folder = ethereum_tests();
    CAIRN_SKIP_WITHOUT(folder);
    const auto files = files_below(folder.path / "TransactionTests");
    ASSERT_FALSE(files.empty());
    std::size_t passed = 0;
    for (const auto& file : files) {
        node::run_tx_test_file(file, {}, [&passed](const node::CaseResult& result) {
            EXPECT_EQ(result.outcome, node::Outcome::Passed)
                << result.name << " [" << result.fork << "]: " << result.reason;
            if (result.outcome == node::Outcome::Passed) ++passed;
        });
    }
    RecordProperty("cases", static_cast<int>(passed));
    EXPECT_GT(passed, 0U);
}

}  // namespace
}  // namespace cairn::test
