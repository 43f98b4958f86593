// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "wallet/abi.hpp"
#include "wallet/json_text.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;
using Params = std::vector<AbiParam>;

std::string text_of(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

bool flag_of(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_boolean() && at->get<bool>();
}

/// The parameters as the text that take_abi_params reads, with "tuple" spelled out, so that one
/// reader keeps all limits. Names that are no identifiers are left out. False for what is no list
/// of parameters.
bool append_params(std::string& out, const Json& list) {
    const auto is_identifier = [](const std::string& name) {
        return name.find_first_not_of(
                   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                   "0123456789_$") == std::string::npos;
    };
    if (!list.is_array()) return false;
    out += '(';
    for (const auto& param : list) {
        if (!param.is_object()) return false;
        if (out.back() != '(') out += ',';
        const auto type = text_of(param, "type");
        if (type.empty()) return false;
        if (type.starts_with("tuple")) {
            const auto components = param.find("components");
            if (components == param.end() || !append_params(out, *components)) return false;
            out += type.substr(5);
        } else {
            out += type;
        }
        if (flag_of(param, "indexed")) out += " indexed";
        if (const auto name = text_of(param, "name"); is_identifier(name)) out += ' ' + name;
    }
    out += ')';
    return true;
}

Result<Params, AbiError> read_params(const Json& item, const char* field) {
    const auto list = item.find(field);
    if (list == item.end()) return Params{};
    std::string text;
    if (!append_params(text, *list)) return Unexpected{AbiError::Syntax};
    std::string_view rest = text;
    auto params = take_abi_params(rest);
    if (!params)
        return Unexpected{params.error() == AbiTypeError::TooLarge ? AbiError::TooLarge
                                                                   : AbiError::Type};
    if (!rest.empty()) return Unexpected{AbiError::Type};
    return std::move(*params);
}

/// `stateMutability`, or the two flags that older compilers wrote.
void read_mutability(AbiFunction& out, const Json& item) {
    const auto word = text_of(item, "stateMutability");
    out.is_payable = word == "payable" || flag_of(item, "payable");
    out.is_constant = word == "view" || word == "pure" || flag_of(item, "constant");
}

Result<void, AbiError> add_item(Abi& abi, const Json& item) {
    if (item.is_string()) return add_signature(abi, item.get_ref<const std::string&>());
    if (!item.is_object()) return Unexpected{AbiError::Syntax};
    const auto kind = item.contains("type") ? text_of(item, "type") : "function";
    if (kind != "function" && kind != "constructor" && kind != "event" && kind != "error")
        return {};
    auto inputs = read_params(item, "inputs");
    if (!inputs) return Unexpected{inputs.error()};
    const auto name = text_of(item, "name");
    if (name.empty() && kind != "constructor") return Unexpected{AbiError::Syntax};
    if (kind == "event") {
        abi.events.push_back({name, std::move(*inputs), flag_of(item, "anonymous")});
    } else if (kind == "error") {
        abi.reverts.push_back({name, std::move(*inputs)});
    } else {
        auto outputs = read_params(item, "outputs");
        if (!outputs) return Unexpected{outputs.error()};
        AbiFunction function{name, std::move(*inputs), std::move(*outputs), false, false};
        read_mutability(function, item);
        if (kind == "constructor")
            abi.constructor = std::move(function);
        else
            abi.functions.push_back(std::move(function));
    }
    return {};
}

}  // namespace

Result<Abi, AbiError> parse_abi_json(std::string_view json) {
    const auto document = parse_json(json);
    if (!document) return Unexpected{AbiError::Syntax};
    const Json* list = &*document;
    if (list->is_object()) {
        const auto at = list->find("abi");
        if (at == list->end()) return Unexpected{AbiError::Syntax};
        list = &*at;
    }
    if (!list->is_array()) return Unexpected{AbiError::Syntax};
    if (list->size() > kAbiItemsMax) return Unexpected{AbiError::TooLarge};
    Abi out;
    for (const auto& item : *list)
        if (auto added = add_item(out, item); !added) return Unexpected{added.error()};
    return out;
}

}  // namespace cairn::wallet
