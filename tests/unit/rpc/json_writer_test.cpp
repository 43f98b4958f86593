// SPDX-License-Identifier: MIT
#include "rpc/json_writer.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"

namespace cairn::rpc {
namespace {

template <class Write>
std::string written(Write write) {
    std::string out;
    JsonWriter writer{out};
    write(writer);
    return out;
}

TEST(JsonWriter, commas_stand_between_and_nowhere_else) {
    const auto text = written([](JsonWriter& out) {
        out.begin_object();
        out.key("a").begin_array();
        out.null().boolean(true).number(std::int64_t{-5});
        out.begin_object().end_object();
        out.end_array();
        out.text("b", "x");
        out.key("c").begin_array().end_array();
        out.end_object();
    });
    EXPECT_EQ(text, R"({"a":[null,true,-5,{}],"b":"x","c":[]})");
}

TEST(JsonWriter, quantities_have_no_leading_zeros) {
    const auto quantity = [](const auto& value) {
        return written([&](JsonWriter& out) { out.quantity(value); });
    };
    EXPECT_EQ(quantity(std::uint64_t{0}), R"("0x0")");
    EXPECT_EQ(quantity(std::uint64_t{1024}), R"("0x400")");
    EXPECT_EQ(quantity(~std::uint64_t{0}), R"("0xffffffffffffffff")");
    EXPECT_EQ(quantity(Uint256{}), R"("0x0")");
    EXPECT_EQ(quantity(Uint256{0, 1, 0, 0}), R"("0x10000000000000000")");
    EXPECT_EQ(quantity(Uint256{0, 0x10, 0, 0}), R"("0x100000000000000000")");
    EXPECT_EQ(quantity(Uint256::max()), "\"0x" + std::string(64, 'f') + "\"");
}

TEST(JsonWriter, data_keeps_every_digit) {
    const Bytes bytes{0x00, 0x0f, 0xa0};
    EXPECT_EQ(written([&](JsonWriter& out) { out.data(bytes); }), R"("0x000fa0")");
    EXPECT_EQ(written([](JsonWriter& out) { out.data({}); }), R"("0x")");
    EXPECT_EQ(written([](JsonWriter& out) { out.word(Uint256{1}); }),
              "\"0x" + std::string(63, '0') + "1\"");
}

TEST(JsonWriter, text_is_escaped) {
    EXPECT_EQ(written([](JsonWriter& out) { out.text("a\"b\\c\n\r\t\x01"); }),
              R"("a\"b\\c\n\r\t\u0001")");
}

TEST(JsonWriter, checksum_case_is_that_of_eip_55) {
    // EIP-55, test cases.
    for (const std::string address : {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                                      "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
                                      "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
                                      "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
                                      "0x52908400098527886E0F7030069857D2E4169EE7",
                                      "0xde709f2102306220921060314715629080e2fb77"}) {
        EXPECT_EQ(checksummed(*fixed_from_hex<Address>(address)), address);
    }
}

}  // namespace
}  // namespace cairn::rpc
