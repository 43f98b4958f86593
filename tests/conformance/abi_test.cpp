// SPDX-License-Identifier: MIT
// The public ABI vectors (ethereum/tests, ABITests): arguments encode to the stated bytes, and
// these decode and encode to themselves.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "tests/support/fixtures.hpp"
#include "wallet/abi_text.hpp"
#include "wallet/abi_value.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;
using namespace cairn::wallet;

/// The suite writes byte types as the text whose bytes they are, and all else as our reader has it.
AbiValue value_of(const AbiType& type, const Json& json) {
    if (json.is_array()) {
        AbiValue out;
        for (const auto& item : json) out.parts.push_back(value_of(type.parts.at(0), item));
        return out;
    }
    if (type.kind == AbiKind::Bytes || type.kind == AbiKind::FixedBytes)
        return {{}, to_bytes(as_bytes(json.get_ref<const std::string&>())), {}};
    auto value = parse_abi_value(type, json.is_string() ? json.get<std::string>() : json.dump());
    EXPECT_TRUE(value.has_value()) << json;
    return value ? std::move(*value) : AbiValue{};
}

TEST(AbiTests, basic_cases_encode_and_decode) {
    const auto tests = ethereum_tests();
    CAIRN_SKIP_WITHOUT(tests);
    std::size_t cases = 0;
    for (const auto& file : files_below(tests.path / "ABITests")) {
        const auto document = Json::parse(read_text(file));
        for (const auto& [name, test] : document.items()) {
            std::vector<AbiParam> params;
            AbiValue values;
            for (std::size_t i = 0; i < test.at("types").size(); ++i) {
                auto param = parse_abi_param(test["types"][i].get<std::string>());
                ASSERT_TRUE(param.has_value()) << name;
                values.parts.push_back(value_of(param->type, test.at("args").at(i)));
                params.push_back(std::move(*param));
            }
            const auto tuple = tuple_of(params);
            const auto encoded = encode_abi(tuple, values);
            ASSERT_TRUE(encoded.has_value()) << name;
            EXPECT_EQ(to_hex(*encoded), test.at("result").get<std::string>()) << name;
            const auto decoded = decode_abi(tuple, *encoded);
            ASSERT_TRUE(decoded.has_value()) << name;
            EXPECT_EQ(*decoded, values) << name;
            ++cases;
        }
    }
    EXPECT_GT(cases, 0U);
}

}  // namespace
}  // namespace cairn::test
