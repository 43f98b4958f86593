// SPDX-License-Identifier: MIT
#include "chain/spec/genesis_json.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "chain/spec/json_document.hpp"
#include "chain/spec/spec_json.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

using Json = nlohmann::json;

/// Thrown and caught within this file.
struct FieldError {
    std::string field;
    std::string why;
};

const Json* find(const Json& object, std::string_view key) {
    const auto it = object.find(key);
    return it == object.end() || it->is_null() ? nullptr : &*it;
}

const std::string& get_text(const Json& value, const std::string& field) {
    if (!value.is_string()) throw FieldError{field, "is not a text"};
    return value.get_ref<const std::string&>();
}

Uint256 get_number(const Json& value, const std::string& field) {
    if (value.is_number_unsigned()) return Uint256{value.get<std::uint64_t>()};
    if (value.is_string()) {
        const std::string& text = value.get_ref<const std::string&>();
        if (text == "0x") return {};
        if (const auto number = parse_uint256(text)) return *number;
    }
    throw FieldError{field, "is not a number"};
}

std::uint64_t get_u64(const Json& value, const std::string& field) {
    const Uint256 number = get_number(value, field);
    if (!number.fits_u64()) throw FieldError{field, "is above 64 bits"};
    return number.low64();
}

Bytes get_bytes(const Json& value, const std::string& field) {
    auto bytes = from_hex(get_text(value, field));
    if (!bytes) throw FieldError{field, "is not hex"};
    return std::move(*bytes);
}

template <class Fixed>
Fixed get_fixed(const Json& value, const std::string& field) {
    const auto fixed = fixed_from_hex<Fixed>(get_text(value, field));
    if (!fixed) throw FieldError{field, "is not " + std::to_string(Fixed::kSize) + " bytes of hex"};
    return *fixed;
}

/// A slot or its value: up to 64 hex digits, the low ones of the word, with or without 0x.
std::optional<Uint256> parse_word(std::string_view text) {
    if (!text.starts_with("0x")) return parse_uint256("0x" + std::string{text});
    return text.size() == 2 ? Uint256{} : parse_uint256(text);
}

void read_storage(const Json& storage, const std::string& field, GenesisAccount& account) {
    if (!storage.is_object()) throw FieldError{field, "is not an object"};
    for (const auto& [key, value] : storage.items()) {
        const std::string path = field + "." + key;
        const auto slot = parse_word(key);
        if (!slot) throw FieldError{path, "is not a slot: up to 64 hex digits"};
        const auto word = parse_word(get_text(value, path));
        if (!word) throw FieldError{path, "is not a word: up to 64 hex digits"};
        account.storage.emplace_back(*slot, *word);
    }
    std::ranges::sort(account.storage);
    const auto slot_of = [](const auto& entry) { return entry.first; };
    const auto twice = std::ranges::adjacent_find(account.storage, {}, slot_of);
    // Written in two ways, such as 0x1 and 0x01.
    if (twice != account.storage.end())
        throw FieldError{field, "has slot " + to_quantity(twice->first) + " twice"};
    std::erase_if(account.storage, [](const auto& entry) { return entry.second.is_zero(); });
}

GenesisAccount read_account(const std::string& name, const Json& json) {
    const std::string field = "alloc." + name;
    const auto address = fixed_from_hex<Address>(name);
    if (!address) throw FieldError{field, "is not an address"};
    if (!json.is_object()) throw FieldError{field, "is not an object"};
    GenesisAccount account;
    account.address = *address;
    if (json.contains("balance") && json.contains("wei"))
        throw FieldError{field, "has both balance and wei"};
    for (const auto& [key, value] : json.items()) {
        const std::string path = field + "." + key;
        if (key == "balance" || key == "wei")
            account.balance = get_number(value, path);
        else if (key == "nonce")
            account.nonce = get_u64(value, path);
        else if (key == "code")
            account.code = get_bytes(value, path);
        else if (key == "storage")
            read_storage(value, path, account);
        else if (key != "secretKey" && key != "privateKey" && key != "comment")
            throw FieldError{path, "is unknown"};
    }
    return account;
}

/// By address.
std::vector<GenesisAccount> sorted(std::vector<GenesisAccount> accounts) {
    std::ranges::sort(accounts, {}, &GenesisAccount::address);
    const auto twice = std::ranges::adjacent_find(accounts, {}, &GenesisAccount::address);
    // Written once with 0x and once without, or in different cases.
    if (twice != accounts.end())
        throw FieldError{"alloc", "has " + to_hex0x(twice->address) + " twice"};
    return accounts;
}

std::vector<GenesisAccount> read_alloc(const Json& root) {
    const Json* alloc = find(root, "alloc");
    if (alloc == nullptr) throw FieldError{"alloc", "is missing"};
    if (!alloc->is_object()) throw FieldError{"alloc", "is not an object"};
    std::vector<GenesisAccount> accounts;
    accounts.reserve(alloc->size());
    for (const auto& [name, json] : alloc->items()) accounts.push_back(read_account(name, json));
    return sorted(std::move(accounts));
}

Header read_header(const Json& root) {
    Header h;
    const auto read = [&root](const char* key, bool is_required, const auto& assign) {
        const Json* value = find(root, key);
        if (value != nullptr)
            assign(*value, std::string{key});
        else if (is_required)
            throw FieldError{key, "is missing"};
    };
    using Field = const std::string&;
    read("gasLimit", true, [&](const Json& v, Field f) { h.gas_limit = get_u64(v, f); });
    read("difficulty", true, [&](const Json& v, Field f) { h.difficulty = {get_number(v, f)}; });
    read("number", false, [&](const Json& v, Field f) {
        if (get_u64(v, f) != 0) throw FieldError{f, "is not 0, which genesis is"};
    });
    read("nonce", false,
         [&](const Json& v, Field f) { store_be64(h.nonce.data(), get_u64(v, f)); });
    read("timestamp", false, [&](const Json& v, Field f) { h.timestamp = get_u64(v, f); });
    read("extraData", false, [&](const Json& v, Field f) { h.extra_data = get_bytes(v, f); });
    read("mixHash", false, [&](const Json& v, Field f) { h.mix_hash = get_fixed<Hash256>(v, f); });
    read("coinbase", false,
         [&](const Json& v, Field f) { h.beneficiary = get_fixed<Address>(v, f); });
    read("parentHash", false,
         [&](const Json& v, Field f) { h.parent_hash = get_fixed<BlockHash>(v, f); });
    read("gasUsed", false, [&](const Json& v, Field f) { h.gas_used = get_u64(v, f); });
    read("baseFeePerGas", false, [&](const Json& v, Field f) { h.base_fee = get_number(v, f); });
    read("excessBlobGas", false,
         [&](const Json& v, Field f) { h.excess_blob_gas = get_u64(v, f); });
    read("blobGasUsed", false, [&](const Json& v, Field f) { h.blob_gas_used = get_u64(v, f); });
    return h;
}

/// What only the whole file shows: fields that the rules of block 0 do not have, and a difficulty
/// that its own rule would not allow.
void check_whole(const ChainParameters& parameters, const Header& h) {
    const ChainSpec spec{parameters};
    const RuleSet& rules = spec.rules_at(0, h.timestamp);
    if (h.base_fee && !rules.has_base_fee)
        throw FieldError{"baseFeePerGas", "is there, but London is not from block 0 on"};
    if (h.excess_blob_gas && !rules.has_blobs)
        throw FieldError{"excessBlobGas", "is there, but Cancun is not from block 0 on"};
    if (h.blob_gas_used && !rules.has_blobs)
        throw FieldError{"blobGasUsed", "is there, but Cancun is not from block 0 on"};
    if (rules.difficulty_rule == DifficultyRule::Asert && h.difficulty < rules.difficulty_min)
        throw FieldError{"difficulty", "is below config.cairn.difficulty.minimum"};
}

ChainParameters read_config(const Json& root) {
    const Json* config = find(root, "config");
    if (config == nullptr) throw FieldError{"config", "is missing"};
    if (find(root, "cairn") != nullptr) throw FieldError{"cairn", "belongs into config"};
    auto parameters = parse_chain_config(*config);
    if (parameters) return std::move(*parameters);
    const SpecError& error = parameters.error();
    throw FieldError{error.field == "config" ? error.field : "config." + error.field, error.why};
}

/// What a file says beside its accounts.
Genesis read_network(const Json& root) {
    ChainParameters parameters = read_config(root);
    Header header = read_header(root);
    check_whole(parameters, header);
    if (parameters.steps[0].rules.difficulty_rule == DifficultyRule::Asert)
        parameters.asert_anchor = AsertAnchor{
            .number = 0, .timestamp = header.timestamp, .difficulty = header.difficulty};
    return Genesis{.spec = ChainSpec{std::move(parameters)}, .header = std::move(header), .accounts = {}};
}

/// A file without fault, in the memory that its accounts take; nothing where there is a fault.
std::optional<Genesis> parse_sound(std::string_view text) {
    Json root;
    std::vector<GenesisAccount> accounts;
    try {
        const JsonMemberVisitor read = [&accounts](const std::string& name, const Json& json) {
            accounts.push_back(read_account(name, json));
            return true;
        };
        if (!parse_json_streaming(text, root, "alloc", read) || !root.is_object())
            return std::nullopt;
        // Without its members it is still there.
        if (const Json* alloc = find(root, "alloc"); alloc == nullptr || !alloc->is_object())
            return std::nullopt;
        Genesis genesis = read_network(root);
        accounts.shrink_to_fit();
        genesis.accounts = sorted(std::move(accounts));
        return genesis;
    } catch (const FieldError&) {
        return std::nullopt;
    }
}

}  // namespace

Result<Genesis, SpecError> parse_genesis(std::string_view text) {
    if (auto genesis = parse_sound(text)) return *std::move(genesis);
    // Once more, with all of it in memory, to name the place.
    Json root;
    JsonLines lines;
    if (const auto read = parse_json(text, root, lines); !read) return Unexpected{read.error()};
    if (!root.is_object())
        return Unexpected{SpecError{.field = {}, .why = "is not an object", .line = 1}};
    try {
        Genesis genesis = read_network(root);
        genesis.accounts = read_alloc(root);
        return genesis;
    } catch (FieldError& error) {
        const std::size_t line = lines.line_of(error.field);
        return Unexpected{
            SpecError{.field = std::move(error.field), .why = std::move(error.why), .line = line}};
    }
}

}  // namespace cairn::chain
