// SPDX-License-Identifier: MIT
#include "wallet/commands/artifact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "wallet/abi_text.hpp"
#include "wallet/commands/accounts.hpp"
#include "wallet/commands/failure.hpp"
#include "wallet/json_text.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;

[[noreturn]] void bad(const std::string& what, const std::string& hint = {}) {
    throw Failure{ExitCode::BadRequest, what, hint};
}

/// Hex digits as a compiler writes them, with or without 0x.
Bytes read_bytecode(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    // Unresolved libraries are marked __$hash$__, or __Name____ by old compilers.
    if (text.find("__") != std::string_view::npos)
        bad("the bytecode is not linked: it still names a library",
            "link it with the library's address first");
    auto bytes = from_hex(text);
    if (!bytes || bytes->empty()) bad("no bytecode", "give a compiler's artifact, or hex digits");
    return std::move(*bytes);
}

Abi read_interface(const Json& json) {
    auto abi = parse_abi_json(json.dump());
    if (!abi) bad("the interface: " + std::string{to_string(abi.error())});
    return std::move(*abi);
}

/// Bytecode is text (Hardhat, solc --bin) or an object with `object` (Foundry, solc).
Bytes bytecode_member(const Json& holder) {
    const auto at = holder.find("bytecode");
    if (at == holder.end()) return {};
    const auto* text = at->get_ptr<const std::string*>();
    if (text == nullptr && at->is_object() && at->contains("object"))
        text = (*at)["object"].get_ptr<const std::string*>();
    if (text == nullptr || text->empty() || *text == "0x") return {};
    return read_bytecode(*text);
}

/// The one contract of solc's output: {contracts: {file: {name: {abi, evm}}}}.
Artifact read_solc_output(const Json& files, const std::string& contract) {
    const Json* found = nullptr;
    std::string names;
    for (const auto& file : files) {
        if (!file.is_object()) continue;
        for (const auto& [name, item] : file.items()) {
            names += (names.empty() ? "" : ", ") + name;
            if (!item.is_object() || !item.contains("abi")) continue;
            if (!contract.empty() && name != contract) continue;
            if (found != nullptr)
                bad("it holds several contracts: " + names + ", …",
                    "name one with --contract NAME");
            found = &item;
        }
    }
    if (found == nullptr)
        bad(fmt::format("it holds no contract {}; there is {}", contract,
                        names.empty() ? "none" : names));
    Artifact out{read_interface((*found)["abi"]), {}};
    if (const auto evm = found->find("evm"); evm != found->end() && evm->is_object())
        out.init_code = bytecode_member(*evm);
    return out;
}

}  // namespace

Artifact read_artifact(std::string_view text, const std::string& contract) {
    const auto json = parse_json(text);
    if (!json || (!json->is_object() && !json->is_array())) return {{}, read_bytecode(text)};
    if (json->is_array()) return {read_interface(*json), {}};
    if (const auto files = json->find("contracts"); files != json->end() && files->is_object())
        return read_solc_output(*files, contract);
    const auto abi = json->find("abi");
    if (abi == json->end())
        bad("it is neither an artifact nor an interface",
            "give solc's standard-JSON output, a Hardhat or Foundry artifact, or a JSON ABI");
    return {read_interface(*abi), bytecode_member(*json)};
}

std::optional<Abi> interface_of(const InterfaceOptions& options) {
    if (options.abi_file.empty()) return std::nullopt;
    return read_artifact(file_argument(options.abi_file), options.contract).abi;
}

AbiFunction find_function(const std::optional<Abi>& abi, const std::string& text,
                          std::size_t arguments) {
    const bool is_name = text.find('(') == std::string::npos;
    if (is_name && !abi)
        bad("a function's name alone says too little",
            "write its signature, like \"balanceOf(address)(uint256)\", or give --abi FILE");
    if (!is_name) {
        auto function = parse_function(text);
        if (!function) bad(fmt::format("{}: {}", text, to_string(function.error())));
        if (!abi) return std::move(*function);
        // The interface knows what the signature leaves out.
        const auto signature = canonical_signature(function->name, function->inputs);
        for (const auto& known : abi->functions)
            if (canonical_signature(known.name, known.inputs) == signature) return known;
        return std::move(*function);
    }
    std::vector<const AbiFunction*> named;
    for (const auto& known : abi->functions)
        if (known.name == text) named.push_back(&known);
    if (named.empty()) bad("the interface has no function " + text);
    if (named.size() > 1)
        std::erase_if(named, [&](const auto* f) { return f->inputs.size() != arguments; });
    if (named.size() != 1)
        bad(fmt::format("{} functions are called {}", named.size(), text),
            "write the signature of the one that is meant");
    return *named.front();
}

Bytes encode_arguments(const std::vector<AbiParam>& params,
                       const std::vector<std::string>& arguments) {
    if (params.size() != arguments.size())
        bad(fmt::format("{} arguments are given for {}", arguments.size(),
                        canonical_name(tuple_of(params))));
    AbiValue values;
    for (std::size_t i = 0; i < params.size(); ++i) {
        auto value = parse_abi_value(params[i].type, arguments[i]);
        if (!value)
            bad(fmt::format("argument {}, {}: `{}` is {}", i + 1, canonical_name(params[i].type),
                            arguments[i], to_string(value.error())));
        values.parts.push_back(std::move(*value));
    }
    auto bytes = encode_abi(tuple_of(params), values);
    if (!bytes) bad(std::string{to_string(bytes.error())});
    return std::move(*bytes);
}

}  // namespace cairn::wallet
