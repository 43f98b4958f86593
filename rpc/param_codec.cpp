// SPDX-License-Identifier: MIT
#include "rpc/param_codec.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>

#include "rpc/hex_values.hpp"

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

/// encoding/json's words for a value of the wrong kind.
std::string cannot_unmarshal(std::string_view value, std::string_view go_type) {
    return "json: cannot unmarshal " + std::string{value} + " into Go value of type " +
           std::string{go_type};
}

std::string_view kind_of(const Json& in) {
    switch (in.type()) {
        case Json::value_t::boolean:
            return "bool";
        case Json::value_t::string:
            return "string";
        case Json::value_t::array:
            return "array";
        case Json::value_t::object:
            return "object";
        case Json::value_t::null:
            return "null";
        default:
            return "number";
    }
}

/// The text of a JSON string; geth's hex types call anything else a non-string.
Decoded<std::string_view> hex_text(const Json& in, std::string_view go_type) {
    if (!in.is_string()) return Unexpected{cannot_unmarshal("non-string", go_type)};
    return std::string_view{in.get_ref<const std::string&>()};
}

template <class T>
Decoded<T> with_type(const Result<T, HexFault>& value, std::string_view go_type) {
    if (!value) return Unexpected{cannot_unmarshal(to_string(value.error()), go_type)};
    return *value;
}

constexpr auto kDigitValues = [] {
    std::array<std::int8_t, 256> values{};
    for (auto& value : values) value = -1;
    for (int i = 0; i < 10; ++i) values[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
    for (int i = 0; i < 6; ++i) {
        values[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
        values[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(10 + i);
    }
    return values;
}();

/// Hex digits of exactly these bytes behind "0x"; false for any other text.
bool read_fixed(std::string_view text, std::span<std::uint8_t> out) {
    if (text.size() != 2 + 2 * out.size() || !text.starts_with("0x")) return false;
    int all = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = kDigitValues[static_cast<unsigned char>(text[2 + 2 * i])];
        const int low = kDigitValues[static_cast<unsigned char>(text[3 + 2 * i])];
        all |= high | low;
        out[i] = static_cast<std::uint8_t>((high & 15) << 4 | (low & 15));
    }
    return all >= 0;  // a foreign character left its sign
}

template <class Fixed>
Decoded<Fixed> decode_fixed(const Json& in, std::string_view go_type) {
    const auto text = hex_text(in, go_type);
    if (!text) return Unexpected{text.error()};
    Fixed fixed;
    if (read_fixed(*text, fixed.bytes)) return fixed;
    // The rest is to find the words for what is wrong, or capital "0X".
    const auto bytes = decode_data(*text);
    if (!bytes) return Unexpected{cannot_unmarshal(to_string(bytes.error()), go_type)};
    if (bytes->size() != Fixed::kSize)
        return Unexpected{"hex string has length " + std::to_string(text->size() - 2) + ", want " +
                          std::to_string(2 * Fixed::kSize) + " for " + std::string{go_type}};
    return Fixed::from(*bytes);
}

constexpr std::string_view kQuantitySchema =
    R"({"type":"string","pattern":"^0x(0|[1-9a-f][0-9a-f]*)$"})";
constexpr std::string_view kDataSchema = R"({"type":"string","pattern":"^0x([0-9a-f]{2})*$"})";
constexpr std::string_view kHashSchema = R"({"type":"string","pattern":"^0x[0-9a-fA-F]{64}$"})";
constexpr std::string_view kTagsSchema =
    R"({"type":"string","enum":["latest","earliest","pending","safe","finalized"]})";

std::string array_of(std::string_view schema) {
    return R"({"type":"array","items":)" + std::string{schema} + "}";
}

/// A tag or a number; the words are those of geth's rpc.BlockNumber.
Decoded<BlockSelector> decode_tag_or_number(std::string_view text) {
    if (text == "latest") return BlockSelector{chain::BlockTag::Latest};
    if (text == "earliest") return BlockSelector{chain::BlockTag::Earliest};
    if (text == "pending") return BlockSelector{PendingTag{}};
    if (text == "safe") return BlockSelector{chain::BlockTag::Safe};
    if (text == "finalized") return BlockSelector{chain::BlockTag::Finalized};
    const auto number = decode_quantity64(text);
    if (!number) return Unexpected{std::string{to_string(number.error())}};
    constexpr auto kNumberMax =
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (*number > kNumberMax) return Unexpected{std::string{"block number larger than int64"}};
    return BlockSelector{BlockNumber{*number}};
}

Decoded<BlockSelector> decode_block_object(const Json& in) {
    const auto hash = decode_member<BlockHash>(in, "blockHash", "erased");
    if (!hash) return Unexpected{hash.error()};
    const auto* number = find_member(in, "blockNumber");
    if (hash->has_value() && number != nullptr)
        return Unexpected{
            std::string{"cannot specify both BlockHash and BlockNumber, choose one or the other"}};
    const auto canonical = decode_member<bool>(in, "requireCanonical", "erased");
    if (!canonical) return Unexpected{canonical.error()};
    if (*hash) return BlockSelector{chain::BlockByHash{**hash, canonical->value_or(false)}};
    if (number == nullptr)
        return Unexpected{std::string{"invalid arguments; neither block nor hash specified"}};
    if (!number->is_string())
        return Unexpected{cannot_unmarshal(kind_of(*number), "rpc.BlockNumber")};
    return decode_tag_or_number(number->get_ref<const std::string&>());
}

}  // namespace

const Json* find_member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string with_field(std::string error, std::string_view go_struct, std::string_view name) {
    constexpr std::string_view kValue = " into Go value of type ";
    const auto at = error.find(kValue);
    if (at == std::string::npos) return error;
    return error.replace(
        at, kValue.size(),
        " into Go struct field " + std::string{go_struct} + "." + std::string{name} + " of type ");
}

Decoded<bool> ParamCodec<bool>::decode(const Json& in) {
    if (!in.is_boolean()) return Unexpected{cannot_unmarshal(kind_of(in), "bool")};
    return in.get<bool>();
}
std::string ParamCodec<bool>::schema() {
    return R"({"type":"boolean"})";
}

Decoded<std::string> ParamCodec<std::string>::decode(const Json& in) {
    if (!in.is_string()) return Unexpected{cannot_unmarshal(kind_of(in), "string")};
    return in.get<std::string>();
}
std::string ParamCodec<std::string>::schema() {
    return R"({"type":"string"})";
}

Decoded<std::uint64_t> ParamCodec<std::uint64_t>::decode(const Json& in) {
    if (in.is_number_unsigned()) return in.get<std::uint64_t>();
    const auto text = hex_text(in, "hexutil.Uint64");
    if (!text) return Unexpected{text.error()};
    return with_type(decode_quantity64(*text), "hexutil.Uint64");
}
std::string ParamCodec<std::uint64_t>::schema() {
    return std::string{kQuantitySchema};
}

Decoded<Uint256> ParamCodec<Uint256>::decode(const Json& in) {
    const auto text = hex_text(in, "*hexutil.Big");
    if (!text) return Unexpected{text.error()};
    return with_type(decode_quantity256(*text), "*hexutil.Big");
}
std::string ParamCodec<Uint256>::schema() {
    return std::string{kQuantitySchema};
}

Decoded<double> ParamCodec<double>::decode(const Json& in) {
    if (!in.is_number()) return Unexpected{cannot_unmarshal(kind_of(in), "float64")};
    const auto number = in.get<double>();
    // A numeral beyond a double (big_numerals.hpp).
    if (!std::isfinite(number)) return Unexpected{cannot_unmarshal("number", "float64")};
    return number;
}
std::string ParamCodec<double>::schema() {
    return R"({"type":"number"})";
}

Decoded<Bytes> ParamCodec<Bytes>::decode(const Json& in) {
    const auto text = hex_text(in, "hexutil.Bytes");
    if (!text) return Unexpected{text.error()};
    return with_type(decode_data(*text), "hexutil.Bytes");
}
std::string ParamCodec<Bytes>::schema() {
    return std::string{kDataSchema};
}

Decoded<Address> ParamCodec<Address>::decode(const Json& in) {
    return decode_fixed<Address>(in, "common.Address");
}
std::string ParamCodec<Address>::schema() {
    return R"({"type":"string","pattern":"^0x[0-9a-fA-F]{40}$"})";
}

Decoded<Hash256> ParamCodec<Hash256>::decode(const Json& in) {
    return decode_fixed<Hash256>(in, "common.Hash");
}
std::string ParamCodec<Hash256>::schema() {
    return std::string{kHashSchema};
}

Decoded<BlockHash> ParamCodec<BlockHash>::decode(const Json& in) {
    return decode_fixed<BlockHash>(in, "common.Hash");
}
std::string ParamCodec<BlockHash>::schema() {
    return std::string{kHashSchema};
}

Decoded<TxHash> ParamCodec<TxHash>::decode(const Json& in) {
    return decode_fixed<TxHash>(in, "common.Hash");
}
std::string ParamCodec<TxHash>::schema() {
    return std::string{kHashSchema};
}

Decoded<BlockSelector> ParamCodec<BlockSelector>::decode(const Json& in) {
    if (in.is_object()) return decode_block_object(in);
    if (!in.is_string()) return Unexpected{cannot_unmarshal(kind_of(in), "string")};
    const std::string_view text = in.get_ref<const std::string&>();
    if (text.size() == 66) {
        const auto hash = ParamCodec<BlockHash>::decode(in);
        if (!hash) return Unexpected{hash.error()};
        return BlockSelector{chain::BlockByHash{*hash, false}};
    }
    return decode_tag_or_number(text);
}
std::string ParamCodec<BlockSelector>::schema() {
    return R"({"title":"block","oneOf":[)" + std::string{kTagsSchema} + "," +
           std::string{kQuantitySchema} + "," + std::string{kHashSchema} +
           R"(,{"type":"object","properties":{"blockHash":{"type":"string"},"blockNumber":{"type":"string"},)"
           R"("requireCanonical":{"type":"boolean"}}}]})";
}

Decoded<BlockNumberSelector> ParamCodec<BlockNumberSelector>::decode(const Json& in) {
    // geth takes a bare number here, as its clients of old sent it.
    if (in.is_number_unsigned()) return BlockNumberSelector{BlockNumber{in.get<std::uint64_t>()}};
    if (!in.is_string()) return Unexpected{cannot_unmarshal(kind_of(in), "rpc.BlockNumber")};
    auto block = decode_tag_or_number(in.get_ref<const std::string&>());
    if (!block) return Unexpected{block.error()};
    return BlockNumberSelector{std::move(*block)};
}
std::string ParamCodec<BlockNumberSelector>::schema() {
    return R"({"title":"block number or tag","oneOf":[)" + std::string{kTagsSchema} + "," +
           std::string{kQuantitySchema} + "]}";
}

Decoded<AnyJson> ParamCodec<AnyJson>::decode(const Json& in) {
    return AnyJson{&in};
}
std::string ParamCodec<AnyJson>::schema() {
    return "{}";
}

namespace {

template <class T>
Decoded<std::vector<T>> decode_list(const Json& in, std::string_view go_type) {
    if (!in.is_array()) return Unexpected{cannot_unmarshal(kind_of(in), go_type)};
    std::vector<T> out;
    out.reserve(in.size());
    for (const auto& each : in) {
        auto value = ParamCodec<T>::decode(each);
        if (!value) return Unexpected{value.error()};
        out.push_back(std::move(*value));
    }
    return out;
}

}  // namespace

Decoded<std::vector<double>> ParamCodec<std::vector<double>>::decode(const Json& in) {
    return decode_list<double>(in, "[]float64");
}
std::string ParamCodec<std::vector<double>>::schema() {
    return array_of(ParamCodec<double>::schema());
}

Decoded<std::vector<std::string>> ParamCodec<std::vector<std::string>>::decode(const Json& in) {
    return decode_list<std::string>(in, "[]string");
}
std::string ParamCodec<std::vector<std::string>>::schema() {
    return array_of(ParamCodec<std::string>::schema());
}

}  // namespace cairn::rpc
