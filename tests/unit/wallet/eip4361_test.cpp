// SPDX-License-Identifier: MIT
#include "wallet/eip4361.hpp"

#include <gtest/gtest.h>

#include "wallet/address.hpp"

namespace cairn::wallet {
namespace {

/// EIP-4361, "Example Message" with all fields.
const std::string kFull =
    "https://example.com wants you to sign in with your Ethereum account:\n"
    "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n"
    "\n"
    "I accept the ExampleOrg Terms of Service: https://example.com/tos\n"
    "\n"
    "URI: https://example.com/login\n"
    "Version: 1\n"
    "Chain ID: 1\n"
    "Nonce: 32891756\n"
    "Issued At: 2021-09-30T16:25:24Z\n"
    "Expiration Time: 2021-09-30T17:25:24Z\n"
    "Not Before: 2021-09-30T16:00:00Z\n"
    "Request ID: 7\n"
    "Resources:\n"
    "- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/\n"
    "- https://example.com/my-web2-claim.json";

/// 2021-09-30T16:25:24Z, by `date -u -d … +%s`.
constexpr UnixSeconds kIssued = 1633019124;

/// Without any optional line.
const std::string kShort =
    "example.com:8080 wants you to sign in with your Ethereum account:\n"
    "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n"
    "\n"
    "\n"
    "URI: https://example.com/login\n"
    "Version: 1\n"
    "Chain ID: 73127\n"
    "Nonce: abcdefgh\n"
    "Issued At: 2021-09-30T16:25:24Z";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

SigninError error_of(const std::string& text) {
    const auto message = parse_signin(text);
    EXPECT_FALSE(message.has_value()) << text;
    return message ? SigninError::WrongNonce : message.error();
}

TEST(Eip4361, the_eips_example_both_ways) {
    const auto message = parse_signin(kFull);
    ASSERT_TRUE(message.has_value()) << to_string(message.error());
    EXPECT_EQ(message->scheme, "https");
    EXPECT_EQ(message->domain, "example.com");
    EXPECT_EQ(to_checksum(message->address), "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2");
    EXPECT_EQ(message->statement,
              "I accept the ExampleOrg Terms of Service: https://example.com/tos");
    EXPECT_EQ(message->uri, "https://example.com/login");
    EXPECT_EQ(message->chain_id, 1U);
    EXPECT_EQ(message->nonce, "32891756");
    EXPECT_EQ(message->issued_at, kIssued);
    EXPECT_EQ(message->expires, kIssued + 3600);
    EXPECT_EQ(message->not_before, kIssued - 1524);
    EXPECT_EQ(message->request_id, "7");
    EXPECT_EQ(message->resources.size(), 2U);
    EXPECT_EQ(format_signin(*message), kFull);
}

TEST(Eip4361, optional_lines_may_be_absent) {
    const auto message = parse_signin(kShort);
    ASSERT_TRUE(message.has_value()) << to_string(message.error());
    EXPECT_EQ(message->domain, "example.com:8080");
    EXPECT_FALSE(message->statement || message->expires || message->not_before ||
                 message->request_id);
    EXPECT_EQ(format_signin(*message), kShort);
    EXPECT_TRUE(parse_signin(kShort + "\n").has_value());
}

TEST(Eip4361, cut_before_its_last_required_line_is_an_error) {
    for (std::size_t length = 0; length < kShort.size(); ++length)
        EXPECT_FALSE(parse_signin(kShort.substr(0, length)).has_value()) << length;
}

TEST(Eip4361, each_fault_has_its_error) {
    EXPECT_EQ(error_of(replaced(kShort, "wants you", "wants  you")), SigninError::Format);
    EXPECT_EQ(error_of(replaced(kShort, "example.com:8080 ", "exa mple.com ")),
              SigninError::Format);
    EXPECT_EQ(error_of(replaced(kShort, "example.com:8080", "")), SigninError::Format);
    EXPECT_EQ(error_of(replaced(kShort, "0xC02aaA", "0xc02aaA")), SigninError::Address);
    EXPECT_EQ(error_of(replaced(kShort, "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2",
                                "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2")),
              SigninError::Address);
    EXPECT_EQ(error_of(replaced(kShort, "Version: 1", "Version: 2")), SigninError::Version);
    EXPECT_EQ(error_of(replaced(kShort, "Chain ID: 73127", "Chain ID: x")), SigninError::Format);
    EXPECT_EQ(error_of(replaced(kShort, "Nonce: abcdefgh", "Nonce: abcdefg")), SigninError::Nonce);
    EXPECT_EQ(error_of(replaced(kShort, "Nonce: abcdefgh", "Nonce: abcdefg-")), SigninError::Nonce);
    EXPECT_EQ(error_of(replaced(kShort, "2021-09-30T", "2021-09-31T")), SigninError::Time);
    EXPECT_EQ(error_of(kShort + "\nSurprise: 1"), SigninError::Format);
    EXPECT_EQ(error_of(kShort + "\n\n"), SigninError::Format);
    EXPECT_EQ(error_of(kShort + "\nExpiration Time: soon"), SigninError::Time);
    EXPECT_EQ(error_of(kShort + "\nNot Before: 2021-09-30T16:00:00Z\nExpiration Time: "
                                "2021-09-30T16:00:00Z"),
              SigninError::Format);
    std::string many = kShort + "\nResources:";
    for (std::size_t i = 0; i < kSigninResourcesMax; ++i) many += "\n- x:y";
    EXPECT_TRUE(parse_signin(many).has_value());
    EXPECT_EQ(error_of(many + "\n- x:y"), SigninError::Format);
    EXPECT_EQ(error_of(std::string(kSigninBytesMax + 1, 'x')), SigninError::Format);
}

TEST(Eip4361, an_answer_is_held_against_what_was_asked) {
    const auto message = *parse_signin(kFull);
    const SigninExpectation good{"example.com", "32891756", 1, kIssued + 10};
    EXPECT_TRUE(check_signin(message, good).has_value());
    const auto error_with = [&](auto change) {
        auto expected = good;
        change(expected);
        const auto checked = check_signin(message, expected);
        EXPECT_FALSE(checked.has_value());
        return checked ? SigninError::Format : checked.error();
    };
    EXPECT_EQ(error_with([](auto& e) { e.domain = "example.org"; }), SigninError::WrongDomain);
    EXPECT_EQ(error_with([](auto& e) { e.nonce = "32891757"; }), SigninError::WrongNonce);
    EXPECT_EQ(error_with([](auto& e) { e.chain_id = 2; }), SigninError::WrongChain);
    EXPECT_EQ(error_with([](auto& e) { e.now = kIssued + 3600; }), SigninError::Expired);
    EXPECT_EQ(error_with([](auto& e) { e.now = kIssued - kSigninClockSkew - 1; }),
              SigninError::NotYet);
    auto edge = good;
    edge.now = kIssued + 3599;
    EXPECT_TRUE(check_signin(message, edge).has_value());
    edge.now = kIssued - kSigninClockSkew;
    EXPECT_TRUE(check_signin(message, edge).has_value());
    edge.nonce.clear();
    EXPECT_TRUE(check_signin(message, edge).has_value());
}

TEST(Eip4361, times_of_rfc3339) {
    // RFC 3339, section 5.8, and the epoch's edges.
    EXPECT_EQ(parse_time("1985-04-12T23:20:50.52Z"), 482196050U);
    EXPECT_EQ(parse_time("1996-12-19T16:39:57-08:00"), 851042397U);
    EXPECT_EQ(parse_time("1970-01-01T00:00:00Z"), 0U);
    EXPECT_EQ(parse_time("9999-12-31T23:59:59Z"), 253402300799U);
    EXPECT_EQ(format_time(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(format_time(253402300799U), "9999-12-31T23:59:59Z");
    EXPECT_EQ(format_time(1709164800), "2024-02-29T00:00:00Z");
    for (const auto* text :
         {"", "2021-09-30", "2021-09-30T16:25:24", "2021-09-30 16:25:24Z", "2021-02-29T00:00:00Z",
          "2021-13-01T00:00:00Z", "2021-09-30T24:00:00Z", "2021-09-30T00:60:00Z",
          "2021-09-30T00:00:61Z", "2021-09-30T00:00:00.Z", "2021-09-30T00:00:00.5",
          "2021-09-30T00:00:00+0100", "2021-09-30T00:00:00+24:00", "1969-12-31T23:59:59Z",
          "2021-09-30T00:00:00Zx", "1970-01-01T00:00:00+00:01"})
        EXPECT_FALSE(parse_time(text).has_value()) << text;
}

}  // namespace
}  // namespace cairn::wallet
