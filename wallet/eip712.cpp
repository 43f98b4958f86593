// SPDX-License-Identifier: MIT
#include "wallet/eip712.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "wallet/abi_text.hpp"
#include "wallet/json_text.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;
using Hashed = Result<Hash256, TypedDataError>;

struct Field {
    std::string name;
    std::string type;
};
using Struct = std::vector<Field>;

Unexpected<TypedDataError> fail(TypedDataError error) {
    return Unexpected{error};
}

const std::string* text_of(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() ? at->get_ptr<const std::string*>() : nullptr;
}

/// The type without its last "[]" or "[k]"; the same where it is no array.
std::string element_of(const std::string& type) {
    return type.ends_with(']') ? type.substr(0, type.rfind('[')) : type;
}

/// The type without all its dimensions.
std::string base_of(const std::string& type) {
    return type.substr(0, type.find('['));
}

/// The structs of a document, and the two functions that EIP-712 defines over them.
class TypeTable {
public:
    static Result<TypeTable, TypedDataError> read(const Json& types) {
        if (!types.is_object() || types.size() > kTypedStructsMax)
            return fail(TypedDataError::Types);
        TypeTable out;
        for (const auto& [name, fields] : types.items()) {
            if (name.empty() || !fields.is_array()) return fail(TypedDataError::Types);
            auto& target = out.structs_[name];
            for (const auto& field : fields) {
                const auto* field_name = field.is_object() ? text_of(field, "name") : nullptr;
                const auto* type = field.is_object() ? text_of(field, "type") : nullptr;
                if (field_name == nullptr || type == nullptr) return fail(TypedDataError::Types);
                target.push_back({*field_name, *type});
            }
        }
        return out;
    }

    [[nodiscard]] const Struct* find(const std::string& name) const {
        const auto at = structs_.find(name);
        return at != structs_.end() ? &at->second : nullptr;
    }

    /// encodeType: the struct, then those it refers to, sorted by name.
    [[nodiscard]] std::string encode_type(const std::string& primary) const {
        std::set<std::string> others;
        std::vector<std::string> pending{primary};
        while (!pending.empty()) {
            const auto name = std::move(pending.back());
            pending.pop_back();
            for (const auto& field : *find(name)) {
                const auto base = base_of(field.type);
                if (base != primary && find(base) != nullptr && others.insert(base).second)
                    pending.push_back(base);
            }
        }
        std::string out = one_type(primary);
        for (const auto& name : others) out += one_type(name);
        return out;
    }

    /// hashStruct: keccak256(typeHash ‖ encodeData(value)).
    [[nodiscard]] Hashed hash_struct(const std::string& name, const Json& value,
                                     std::size_t depth) const {
        if (depth > kTypedDepthMax) return fail(TypedDataError::TooDeep);
        if (!value.is_object()) return fail(TypedDataError::Value);
        const auto& fields = *find(name);
        Keccak256 hasher;
        hasher.update(keccak256(as_bytes(encode_type(name))));
        for (const auto& field : fields) {
            const auto at = value.find(field.name);
            if (at == value.end()) return fail(TypedDataError::Missing);
            const auto word = encode_field(field.type, *at, depth);
            if (!word) return word;
            hasher.update(*word);
        }
        if (value.size() > fields.size()) return fail(TypedDataError::Extra);
        return hasher.finish();
    }

private:
    [[nodiscard]] std::string one_type(const std::string& name) const {
        std::string out = name + '(';
        for (const auto& field : *find(name)) {
            if (out.back() != '(') out += ',';
            out += field.type + ' ' + field.name;
        }
        return out + ')';
    }

    /// encodeData of one field: always 32 bytes.
    [[nodiscard]] Hashed encode_field(const std::string& type, const Json& value,
                                      std::size_t depth) const {
        if (type.ends_with(']')) return encode_array(type, value, depth + 1);
        if (find(type) != nullptr) {
            // eth_signTypedData_v4: a struct that is absent counts as zero.
            if (value.is_null()) return Hash256{};
            return hash_struct(type, value, depth + 1);
        }
        return encode_atom(type, value);
    }

    /// The hash of the elements' encodings.
    [[nodiscard]] Hashed encode_array(const std::string& type, const Json& value,
                                      std::size_t depth) const {
        if (depth > kTypedDepthMax) return fail(TypedDataError::TooDeep);
        if (type.find('[') == std::string::npos) return fail(TypedDataError::UnknownType);
        if (!value.is_array()) return fail(TypedDataError::Value);
        const auto count = type.substr(type.rfind('[') + 1, type.size() - type.rfind('[') - 2);
        if (!count.empty() && count != std::to_string(value.size()))
            return fail(TypedDataError::Value);
        const auto element = element_of(type);
        Keccak256 hasher;
        for (const auto& item : value) {
            const auto word = encode_field(element, item, depth);
            if (!word) return word;
            hasher.update(*word);
        }
        return hasher.finish();
    }

    /// A value of an ABI type that is no array or tuple.
    [[nodiscard]] static Hashed encode_atom(const std::string& name, const Json& json) {
        const auto type = parse_abi_type(name);
        if (!type || !type->parts.empty() || canonical_name(*type) != name)
            return fail(TypedDataError::UnknownType);
        std::string text;
        if (json.is_string())
            text = json.get<std::string>();
        else if (json.is_number_integer() || json.is_boolean())
            text = json.dump();
        else
            return fail(TypedDataError::Value);
        auto value = parse_abi_value(*type, text);
        if (!value) return fail(TypedDataError::Value);
        if (is_dynamic(*type)) return keccak256(value->bytes);
        AbiType tuple{AbiKind::Tuple, 0, 0, {*type}, {""}};
        AbiValue values;
        values.parts.push_back(std::move(*value));
        const auto word = encode_abi(tuple, values);
        if (!word) return fail(TypedDataError::Value);
        return Hash256::from(*word);
    }

    std::map<std::string, Struct> structs_;
};

}  // namespace

std::string_view to_string(TypedDataError error) noexcept {
    switch (error) {
        case TypedDataError::Json:
            return "typed data is a JSON object with types, primaryType, domain and message";
        case TypedDataError::Types:
            return "its `types` are malformed";
        case TypedDataError::UnknownType:
            return "a field has a type that is not defined";
        case TypedDataError::Missing:
            return "the message lacks a field of its type";
        case TypedDataError::Extra:
            return "the message has a field that its type lacks and that would not be signed";
        case TypedDataError::Value:
            return "a value does not fit its type";
        case TypedDataError::TooDeep:
            return "it is nested too deeply";
    }
    return "unknown";
}

Result<TypedData, TypedDataError> parse_typed_data(std::string_view json) {
    const auto document = parse_json(json);
    if (!document || !document->is_object()) return fail(TypedDataError::Json);
    const auto types_at = document->find("types");
    const auto domain = document->find("domain");
    const auto message = document->find("message");
    const auto* primary = text_of(*document, "primaryType");
    if (types_at == document->end() || domain == document->end() || message == document->end() ||
        primary == nullptr)
        return fail(TypedDataError::Json);
    const auto types = TypeTable::read(*types_at);
    if (!types) return fail(types.error());
    if (types->find("EIP712Domain") == nullptr || types->find(*primary) == nullptr)
        return fail(TypedDataError::UnknownType);

    const auto separator = types->hash_struct("EIP712Domain", *domain, 0);
    if (!separator) return fail(separator.error());
    const auto message_hash = types->hash_struct(*primary, *message, 0);
    if (!message_hash) return fail(message_hash.error());
    constexpr std::uint8_t kPrefix[] = {0x19, 0x01};
    const auto digest =
        Keccak256{}.update(kPrefix).update(*separator).update(*message_hash).finish();
    return TypedData{digest,
                     *separator,
                     *message_hash,
                     *primary,
                     types->encode_type(*primary),
                     to_json_text(*domain, true),
                     to_json_text(*message, true)};
}

}  // namespace cairn::wallet
