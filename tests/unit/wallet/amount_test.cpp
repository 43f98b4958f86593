// SPDX-License-Identifier: MIT
#include "wallet/amount.hpp"

#include <gtest/gtest.h>

namespace cairn::wallet {
namespace {

/// 2^256 - 1 in decimal.
constexpr std::string_view kMax =
    "115792089237316195423570985008687907853269984665640564039457584007913129639935";

std::string wei_of(std::string_view text) {
    const auto amount = parse_amount(text);
    EXPECT_TRUE(amount.has_value()) << text;
    return amount ? to_decimal(*amount) : "";
}

AmountError error_of(std::string_view text) {
    const auto amount = parse_amount(text);
    EXPECT_FALSE(amount.has_value()) << text;
    return amount ? AmountError::Syntax : amount.error();
}

TEST(Amount, units_scale_exactly) {
    EXPECT_EQ(wei_of("1wei"), "1");
    EXPECT_EQ(wei_of("1kwei"), "1000");
    EXPECT_EQ(wei_of("1mwei"), "1000000");
    EXPECT_EQ(wei_of("20gwei"), "20000000000");
    EXPECT_EQ(wei_of("1.5coin"), "1500000000000000000");
    EXPECT_EQ(wei_of("1.5 ether"), "1500000000000000000");
    EXPECT_EQ(wei_of("007eth"), "7000000000000000000");
    EXPECT_EQ(wei_of("0.1coin"), "100000000000000000");
    EXPECT_EQ(wei_of("0.000000000000000001coin"), "1");
    EXPECT_EQ(wei_of("1.230gwei"), "1230000000");
}

TEST(Amount, zero_needs_no_unit_and_others_do) {
    EXPECT_EQ(wei_of("0"), "0");
    EXPECT_EQ(wei_of("0.0"), "0");
    EXPECT_EQ(error_of("1"), AmountError::MissingUnit);
    EXPECT_EQ(error_of("1.5"), AmountError::MissingUnit);
    EXPECT_EQ(error_of("1 "), AmountError::MissingUnit);
}

TEST(Amount, largest_value_and_one_more) {
    EXPECT_EQ(wei_of(std::string{kMax} + "wei"), kMax);
    EXPECT_EQ(
        error_of(
            "115792089237316195423570985008687907853269984665640564039457584007913129639936wei"),
        AmountError::TooLarge);
    EXPECT_EQ(
        wei_of(
            "115792089237316195423570985008687907853269984665640564039457.584007913129639935coin"),
        kMax);
    EXPECT_EQ(
        error_of(
            "115792089237316195423570985008687907853269984665640564039457.584007913129639936coin"),
        AmountError::TooLarge);
    EXPECT_EQ(error_of("1" + std::string(200, '0') + "coin"), AmountError::TooLarge);
}

TEST(Amount, fractions_end_at_a_wei) {
    EXPECT_EQ(wei_of("1.0wei"), "1");
    EXPECT_EQ(error_of("0.1wei"), AmountError::TooFine);
    EXPECT_EQ(error_of("0.0000000001gwei"), AmountError::TooFine);
    EXPECT_EQ(error_of("0.0000000000000000001coin"), AmountError::TooFine);
    EXPECT_EQ(wei_of("0.0000000000000000010coin"), "1");
}

TEST(Amount, anything_else_is_refused) {
    for (const auto* text :
         {"", "coin", "-1coin", "+1coin", ".5coin", "1.coin", "1.2.3coin", " 1coin"})
        EXPECT_EQ(error_of(text), AmountError::Syntax) << text;
    for (const auto* text : {"1Coin", "1e18wei", "0x10wei", "1btc", "1,5coin", "1coin "})
        EXPECT_EQ(error_of(text), AmountError::UnknownUnit) << text;
}

TEST(Amount, formats_are_exact_and_read_back) {
    EXPECT_EQ(format_amount(Wei{}), "0 coin");
    EXPECT_EQ(format_amount(Wei{7}), "7 wei");
    EXPECT_EQ(format_amount(Wei{999'999}), "999999 wei");
    EXPECT_EQ(format_amount(Wei{1'000'000}), "0.001 gwei");
    EXPECT_EQ(format_amount(Wei{20'000'000'000}), "20 gwei");
    EXPECT_EQ(format_amount(Wei{999'999'999'999}), "999.999999999 gwei");
    EXPECT_EQ(format_amount(Wei{1'000'000'000'000}), "0.000001 coin");
    EXPECT_EQ(format_amount(Wei{1'500'000'000'000'000'000}), "1.5 coin");
    for (const auto& amount :
         {Wei{1}, Wei{123'456'789}, Wei{1'000'000'000'000'000'001}, Wei::max()})
        EXPECT_EQ(*parse_amount(format_amount(amount)), amount);
}

TEST(Amount, decimals_of_any_scale) {
    EXPECT_EQ(format_decimal(Uint256{5}, 0), "5");
    EXPECT_EQ(format_decimal(Uint256{5}, 3), "0.005");
    EXPECT_EQ(format_decimal(Uint256{5000}, 3), "5");
    EXPECT_EQ(*parse_decimal("0.005", 3), Uint256{5});
}

}  // namespace
}  // namespace cairn::wallet
