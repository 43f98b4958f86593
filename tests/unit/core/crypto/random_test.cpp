// SPDX-License-Identifier: MIT
#include "core/crypto/random.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/base/bytes.hpp"

namespace cairn {
namespace {

TEST(RandomBytes, fill_the_whole_span_with_different_bytes_each_time) {
    std::set<Bytes> seen;
    for (int i = 0; i < 100; ++i) {
        Bytes out(64);
        random_bytes(out);
        EXPECT_TRUE(seen.insert(out).second);
    }
}

// More than the 256 bytes that the system call gives in one piece without being interruptible. All 256 values occur in
// 64 KiB of random bytes except with a chance below 2^-350.
TEST(RandomBytes, long_requests_are_filled_to_the_end) {
    Bytes out(1 << 17);
    random_bytes(out);
    const std::set<std::uint8_t> tail{out.begin() + (1 << 16), out.end()};
    EXPECT_EQ(tail.size(), 256u);
}

TEST(RandomBytes, nothing_asked_nothing_done) { EXPECT_NO_THROW(random_bytes({})); }

}  // namespace
}  // namespace cairn
