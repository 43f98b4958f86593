// SPDX-License-Identifier: MIT
// The public RLP vectors (ethereum/tests, RLPTests): every valid case is encoded and decoded, every
// invalid one must fail, and for the reason its name gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

constexpr RlpLimits kLimits{.bytes_max = 64U << 20, .depth_max = kRlpDepthMax};

/// Big-endian bytes of a decimal number of any size: the vectors go beyond 256 bits.
Bytes bytes_of_decimal(std::string_view digits) {
    Bytes little;
    for (const char c : digits) {
        unsigned carry = static_cast<unsigned>(c - '0');
        for (auto& b : little) {
            carry += b * 10U;
            b = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        if (carry != 0) little.push_back(static_cast<std::uint8_t>(carry));
    }
    return {little.rbegin(), little.rend()};
}

/// The encoding of a case's `in`: text, number, `#` and a decimal number, or a list of these.
Bytes encode(const Json& in) {
    if (in.is_array()) {
        Bytes payload;
        for (const auto& item : in) append(payload, encode(item));
        return rlp_encode_list(payload);
    }
    if (in.is_number_unsigned()) return rlp_encode(in.get<std::uint64_t>());
    const auto& text = in.get_ref<const std::string&>();
    if (!text.starts_with('#')) return rlp_encode(as_bytes(text));
    const auto digits = std::string_view{text}.substr(1);
    if (const auto number = parse_uint256(digits)) return rlp_encode(*number);
    return rlp_encode(bytes_of_decimal(digits));
}

/// Whether the item says what the case's `in` says.
bool matches(const RlpItem& item, const Json& in) {
    if (in.is_array()) {
        if (!item.is_list) return false;
        RlpReader reader{item.payload};
        RlpItem inner;
        for (const auto& element : in)
            if (!reader.read_item(inner) || !matches(inner, element)) return false;
        return reader.finish().has_value();
    }
    if (item.is_list) return false;
    if (in.is_number_unsigned()) {
        const auto number = rlp_decode<std::uint64_t>(item.encoded);
        return number && *number == in.get<std::uint64_t>();
    }
    const auto& text = in.get_ref<const std::string&>();
    if (!text.starts_with('#')) return equal(item.payload, as_bytes(text));
    return equal(item.payload, bytes_of_decimal(std::string_view{text}.substr(1)));
}

/// The reason that the name of an invalid case gives, by the beginning of the name.
struct Reason {
    std::string_view name;
    RlpError error;
    RlpError or_error;
};
constexpr Reason kReasons[] = {
    {"bytesShouldBeSingleByte", RlpError::NonCanonicalSingleByte, RlpError::NonCanonicalSingleByte},
    {"leadingZerosInLongLength", RlpError::LengthLeadingZero, RlpError::LengthLeadingZero},
    {"nonOptimalLongLength", RlpError::LengthNotLong, RlpError::LengthNotLong},
    {"lessThanShortLength", RlpError::Truncated, RlpError::ItemOverrunsList},
    {"lessThanLongLength", RlpError::Truncated, RlpError::LengthTooLarge},
    {"emptyEncoding", RlpError::Truncated, RlpError::Truncated},
    {"int32Overflow", RlpError::Truncated, RlpError::LengthTooLarge},
    {"wrongSizeList", RlpError::LengthNotLong, RlpError::LengthNotLong},
    {"incorrectLengthInArray", RlpError::LengthLeadingZero, RlpError::LengthLeadingZero},
    {"randomRLP", RlpError::LengthLeadingZero, RlpError::LengthLeadingZero},
};

void check_invalid(const std::string& name, const Bytes& encoded) {
    const auto verdict = rlp_validate(encoded, kLimits);
    ASSERT_FALSE(verdict.has_value()) << name;
    const auto* reason = std::find_if(std::begin(kReasons), std::end(kReasons),
                                      [&](const Reason& r) { return name.starts_with(r.name); });
    if (reason == std::end(kReasons)) return;  // a name that gives no reason
    EXPECT_TRUE(verdict.error() == reason->error || verdict.error() == reason->or_error)
        << name << ": " << to_string(verdict.error());
}

void check_case(const std::string& name, const Json& test) {
    const auto encoded = from_hex(test.at("out").get_ref<const std::string&>());
    ASSERT_TRUE(encoded.has_value()) << name;
    const Json& in = test.at("in");
    if (in == "INVALID") return check_invalid(name, *encoded);
    const auto verdict = rlp_validate(*encoded, kLimits);
    ASSERT_TRUE(verdict.has_value()) << name << ": " << to_string(verdict.error());
    if (in == "VALID") return;
    EXPECT_EQ(to_hex(encode(in)), to_hex(*encoded)) << name;
    const auto item = rlp_decode_item(*encoded);
    ASSERT_TRUE(item.has_value()) << name;
    EXPECT_TRUE(matches(*item, in)) << name;
}

TEST(RlpConformance, every_public_vector) {
    const auto folder = ethereum_tests();
    CAIRN_SKIP_WITHOUT(folder);
    const auto files = files_below(folder.path / "RLPTests");
    ASSERT_FALSE(files.empty());
    std::size_t cases = 0;
    for (const auto& file : files) {
        const auto tests = Json::parse(read_text(file));
        for (const auto& [name, test] : tests.items()) {
            SCOPED_TRACE(file.filename().string());
            check_case(name, test);
            ++cases;
        }
    }
    RecordProperty("cases", static_cast<int>(cases));
    EXPECT_GT(cases, 0U);
}

}  // namespace
}  // namespace cairn::test
