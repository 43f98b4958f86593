// SPDX-License-Identifier: MIT
#include "node/evm_tool/prestate.hpp"

#include <fmt/format.h>

#include "chain/trie/state_root.hpp"
#include "core/base/hex.hpp"
#include "core/math/uint256.hpp"
#include "node/evm_tool/json_file.hpp"
#include "node/evm_tool/report.hpp"

namespace cairn::node {
namespace {

using Json = nlohmann::json;

// A number as people write it into these files.
std::optional<Uint256> number_of(const Json& value) {
    if (value.is_number_unsigned()) return Uint256{value.get<std::uint64_t>()};
    if (value.is_string()) return parse_uint256(value.get_ref<const std::string&>());
    return std::nullopt;
}

// Adds one account; the error names the field.
Result<void, std::string> add_account(chain::MemoryState& state, const Address& address, const Json& account) {
    if (!account.is_object()) return Unexpected{std::string{"is not an object"}};
    Uint256 balance;
    Uint256 nonce;
    Bytes code;
    const Json* storage = nullptr;
    for (const auto& [field, value] : account.items()) {
        if (field == "balance" || field == "nonce") {
            const auto number = number_of(value);
            if (!number || (field == "nonce" && !number->fits_u64()))
                return Unexpected{fmt::format("{} is not a number in range", field)};
            (field == "nonce" ? nonce : balance) = *number;
        } else if (field == "code") {
            auto bytes = value.is_string() ? from_hex(value.get_ref<const std::string&>()) : std::nullopt;
            if (!bytes) return Unexpected{std::string{"code is not hex"}};
            code = std::move(*bytes);
        } else if (field == "storage") {
            if (!value.is_object()) return Unexpected{std::string{"storage is not an object"}};
            storage = &value;
        } else if (field != "secretKey") {  // geth's files may carry it; nothing here signs
            return Unexpected{fmt::format("unknown field \"{}\"", json_escaped(field))};
        }
    }
    state.set_account(address, nonce.low64(), balance, std::move(code));
    if (storage == nullptr) return {};
    for (const auto& [key_text, value_json] : storage->items()) {
        const auto key = parse_uint256(key_text);
        const auto value = number_of(value_json);
        if (!key || !value)
            return Unexpected{fmt::format("storage: slot or value is not a number: \"{}\"", json_escaped(key_text))};
        state.set_storage(address, *key, *value);
    }
    return {};
}

}  // namespace

Result<chain::MemoryState, std::string> load_prestate(const std::filesystem::path& path) {
    const auto document = load_json(path);
    if (!document) return Unexpected{document.error()};
    const Json* accounts = &*document;
    if (document->is_object() && document->contains("alloc")) accounts = &document->at("alloc");
    if (!accounts->is_object())
        return Unexpected{fmt::format("{}: not an object of addresses and accounts", path.string())};
    chain::MemoryState state;
    for (const auto& [name, account] : accounts->items()) {
        const auto address = fixed_from_hex<Address>(name);
        if (!address) return Unexpected{fmt::format("{}: not an address: \"{}\"", path.string(), json_escaped(name))};
        if (const auto added = add_account(state, *address, account); !added)
            return Unexpected{fmt::format("{}: account {}: {}", path.string(), name, added.error())};
    }
    return state;
}

std::string dump_state(const chain::MemoryState& state) {
    std::string out = "{";
    const char* separator = "\n";
    for (const auto& [address, account] : state.accounts()) {
        out += fmt::format("{}  \"{}\": {{\"balance\": \"{}\", \"nonce\": \"{}\"", separator, to_hex0x(address),
                           to_quantity(account.record.balance), to_quantity(Uint256{account.record.nonce}));
        separator = ",\n";
        if (account.record.code_hash != kEmptyCodeHash)
            out += fmt::format(", \"code\": \"{}\"", to_hex0x(*state.code(account.record.code_hash)));
        const char* begin = ", \"storage\": {";
        for (const auto& [key, value] : account.storage) {
            out += fmt::format("{}\"{}\": \"{}\"", begin, to_quantity(key), to_quantity(value));
            begin = ", ";
        }
        if (!account.storage.empty()) out += '}';
        out += '}';
    }
    return out + "\n}\n";
}

Hash256 root_of(const chain::MemoryState& state) {
    chain::StateRootBuilder builder;
    builder.reserve(state.accounts().size());
    for (const auto& [address, account] : state.accounts())
        builder.add(address, account.record.nonce, account.record.balance, account.record.code_hash, account.storage);
    return builder.root();
}

}  // namespace cairn::node
