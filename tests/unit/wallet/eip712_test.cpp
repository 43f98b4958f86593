// SPDX-License-Identifier: MIT
#include "wallet/eip712.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "wallet/signer.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;

/// The example of EIP-712.
const char* const kMail = R"({
"types":{
 "EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},
  {"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],
 "Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],
 "Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]},
"primaryType":"Mail",
"domain":{"name":"Ether Mail","version":"1","chainId":1,
 "verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
"message":{"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
 "to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"}})";

/// Arrays of structs, of arrays and of addresses; numbers as text and as hex.
const char* const kGroup = R"({"types":{"Group":[{"name":"name","type":"string"},
{"name":"members","type":"Person[]"},{"name":"grid","type":"int16[2][]"},{"name":"raw","type":"bytes"},
{"name":"tag","type":"bytes4"},{"name":"ok","type":"bool"}],
"Person":[{"name":"name","type":"string"},{"name":"wallets","type":"address[]"}],
"EIP712Domain":[{"name":"name","type":"string"},{"name":"chainId","type":"uint256"},
{"name":"salt","type":"bytes32"}]},"domain":{"name":"Cairn","chainId":"0x11da7",
"salt":"0x1111111111111111111111111111111111111111111111111111111111111111"},"primaryType":"Group",
"message":{"name":"G","members":[{"name":"a","wallets":["0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826",
"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]},{"name":"b","wallets":[]}],"grid":[["-1","2"],["3",-32768]],
"raw":"0x0102","tag":"0xdeadbeef","ok":true}})";

TypedDataError error_of(const Json& json) {
    const auto data = parse_typed_data(json.dump());
    EXPECT_FALSE(data.has_value()) << json;
    return data ? TypedDataError::Json : data.error();
}

TypedDataError error_with(const char* document, const char* pointer, const Json& value) {
    auto json = Json::parse(document);
    json[Json::json_pointer{pointer}] = value;
    return error_of(json);
}

TEST(Eip712, the_eips_own_vector) {
    const auto data = parse_typed_data(kMail);
    ASSERT_TRUE(data.has_value()) << to_string(data.error());
    EXPECT_EQ(data->encoded_type,
              "Mail(Person from,Person to,string contents)Person(string name,address wallet)");
    EXPECT_EQ(to_hex(data->domain_separator),
              "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f");
    EXPECT_EQ(to_hex(data->message_hash),
              "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e");
    EXPECT_EQ(to_hex(data->digest),
              "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
    const auto signer = Signer::make(secp256k1::SecretKey::from(keccak256(as_bytes("cow"))));
    EXPECT_EQ(format_signature(signer->sign_digest(data->digest)),
              "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
              "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c");
}

TEST(Eip712, arrays_hash_as_ethers_hashes_them) {
    const auto data = parse_typed_data(kGroup);
    ASSERT_TRUE(data.has_value()) << to_string(data.error());
    EXPECT_EQ(data->encoded_type,
              "Group(string name,Person[] members,int16[2][] grid,bytes raw,bytes4 tag,bool ok)"
              "Person(string name,address[] wallets)");
    EXPECT_EQ(to_hex(data->digest),
              "83bc19eb82621881b4fd91911486c95155759e2d7f4a37a7c00a64e6efb8715e");
}

TEST(Eip712, all_four_members_are_needed) {
    for (const auto* name : {"types", "domain", "primaryType", "message"}) {
        auto json = Json::parse(kMail);
        json.erase(name);
        EXPECT_EQ(error_of(json), TypedDataError::Json) << name;
    }
    EXPECT_FALSE(parse_typed_data("").has_value());
    EXPECT_FALSE(parse_typed_data("[]").has_value());
    EXPECT_EQ(error_with(kMail, "/primaryType", 1), TypedDataError::Json);
}

TEST(Eip712, types_must_be_whole) {
    EXPECT_EQ(error_with(kMail, "/types", 1), TypedDataError::Types);
    EXPECT_EQ(error_with(kMail, "/types/Person", 1), TypedDataError::Types);
    EXPECT_EQ(error_with(kMail, "/types/Person/0", 1), TypedDataError::Types);
    EXPECT_EQ(error_with(kMail, "/types/Person/0/name", 1), TypedDataError::Types);
    EXPECT_EQ(error_with(kMail, "/types/Person/0/type", 1), TypedDataError::Types);
    EXPECT_EQ(error_with(kMail, "/primaryType", "Letter"), TypedDataError::UnknownType);
    EXPECT_EQ(error_with(kMail, "/types/Person/0/type", "strong"), TypedDataError::UnknownType);
    EXPECT_EQ(error_with(kMail, "/types/Person/0/type", "uint"), TypedDataError::UnknownType);
    EXPECT_EQ(error_with(kMail, "/types/Person/0/type", "x]"), TypedDataError::UnknownType);
    auto json = Json::parse(kMail);
    json["types"].erase("EIP712Domain");
    EXPECT_EQ(error_of(json), TypedDataError::UnknownType);
}

TEST(Eip712, values_must_fit_their_types) {
    EXPECT_EQ(error_with(kMail, "/message", 1), TypedDataError::Value);
    EXPECT_EQ(error_with(kMail, "/message/from", "x"), TypedDataError::Value);
    EXPECT_EQ(error_with(kMail, "/message/from/wallet", "0x12"), TypedDataError::Value);
    EXPECT_EQ(error_with(kMail, "/message/contents", Json::array()), TypedDataError::Value);
    EXPECT_EQ(error_with(kMail, "/domain/chainId", -1), TypedDataError::Value);
    EXPECT_EQ(error_with(kMail, "/domain/chainId", 1.5), TypedDataError::Value);
    EXPECT_EQ(error_with(kGroup, "/message/grid/0", Json::array({1, 2, 3})), TypedDataError::Value);
    EXPECT_EQ(error_with(kGroup, "/message/grid/0/0", 32768), TypedDataError::Value);
    EXPECT_EQ(error_with(kGroup, "/message/grid", Json::object()), TypedDataError::Value);
    EXPECT_EQ(error_with(kMail, "/message/more", 1), TypedDataError::Extra);
    EXPECT_EQ(error_with(kMail, "/message/from/more", 1), TypedDataError::Extra);
    auto json = Json::parse(kMail);
    json["message"]["from"].erase("name");
    EXPECT_EQ(error_of(json), TypedDataError::Missing);
}

TEST(Eip712, a_struct_may_hold_itself_down_to_a_depth) {
    Json document{
        {"primaryType", "Node"},
        {"domain", Json::object()},
        {"types",
         {{"EIP712Domain", Json::array()}, {"Node", {{{"name", "next"}, {"type", "Node"}}}}}}};
    Json chain{{"next", nullptr}};
    for (std::size_t depth = 0; depth < kTypedDepthMax; ++depth) {
        document["message"] = chain;
        EXPECT_TRUE(parse_typed_data(document.dump()).has_value()) << depth;
        chain = Json{{"next", chain}};
    }
    document["message"] = Json{{"next", chain}};
    EXPECT_EQ(error_of(document), TypedDataError::TooDeep);
}

}  // namespace
}  // namespace cairn::wallet
