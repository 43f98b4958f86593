// SPDX-License-Identifier: MIT
#include "rpc/errors.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"

namespace cairn::rpc {
namespace {

/// Solidity ABI specification, "Error handling": revert("Not enough Ether provided.").
const std::string kNotEnough =
    "08c379a0"
    "0000000000000000000000000000000000000000000000000000000000000020"
    "000000000000000000000000000000000000000000000000000000000000001a"
    "4e6f7420656e6f7567682045746865722070726f76696465642e000000000000";

TEST(RpcErrors, reason_of_the_specifications_example) {
    const auto data = *from_hex(kNotEnough);
    EXPECT_EQ(revert_reason(data), "Not enough Ether provided.");
    const auto error = reverted(data);
    EXPECT_EQ(error.code, 3);
    EXPECT_EQ(error.message, "execution reverted: Not enough Ether provided.");
    EXPECT_EQ(error.data, "\"0x" + kNotEnough + "\"");
}

TEST(RpcErrors, what_carries_no_reason_is_told_as_it_is) {
    EXPECT_EQ(reverted({}).message, "execution reverted");
    EXPECT_EQ(reverted({}).data, "\"0x\"");
    EXPECT_EQ(reverted(*from_hex("77726f6e67")).message, "execution reverted");
}

TEST(RpcErrors, cut_data_never_harms) {
    // Up to the last byte of the text; the padding behind it may be missing, as clients send it.
    const auto data = *from_hex(kNotEnough);
    for (std::size_t size = 0; size < 4 + 64 + 26; ++size)
        EXPECT_EQ(revert_reason(ByteView{data}.first(size)), "") << size;
    EXPECT_EQ(revert_reason(ByteView{data}.first(4 + 64 + 26)), "Not enough Ether provided.");
}

TEST(RpcErrors, lengths_beyond_the_data_are_no_reason) {
    auto data = *from_hex(kNotEnough);
    data[4 + 31] = 0xff;  // the offset
    EXPECT_EQ(revert_reason(data), "");
    data = *from_hex(kNotEnough);
    data[4 + 32] = 0x80;  // the length, beyond 64 bits
    EXPECT_EQ(revert_reason(data), "");
}

TEST(RpcErrors, foreign_bytes_in_a_reason_become_question_marks) {
    auto data = *from_hex(kNotEnough);
    data[4 + 64] = 0xff;
    EXPECT_EQ(revert_reason(data), "?ot enough Ether provided.");
}

// Solidity documentation, "Panic via assert and Error via require".
TEST(RpcErrors, panics_are_named) {
    const auto panic = [](const std::string& code) {
        return revert_reason(*from_hex("4e487b71" + std::string(62, '0') + code));
    };
    EXPECT_EQ(panic("01"), "assert(false)");
    EXPECT_EQ(panic("11"), "arithmetic underflow or overflow");
    EXPECT_EQ(panic("12"), "division or modulo by zero");
    EXPECT_EQ(panic("32"), "out-of-bounds access of an array or bytesN");
    EXPECT_EQ(panic("77"), "unknown panic code: 0x77");
}

}  // namespace
}  // namespace cairn::rpc
