// SPDX-License-Identifier: MIT
#include "node/evm_tool/statetest_file.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "chain/trie/state_root.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/secp256k1.hpp"
#include "node/evm_tool/draft_bls.hpp"
#include "node/evm_tool/fork_names.hpp"
#include "node/evm_tool/report.hpp"

namespace cairn::node {
namespace {

using Json = nlohmann::ordered_json;

/// Leaves this file only as parse_state_tests' error.
struct BadFile : std::runtime_error {
    using std::runtime_error::runtime_error;
};

Uint256 number(const Json& j) {
    const auto& text = j.get_ref<const std::string&>();
    const auto value = parse_uint256(text == "0x" ? "0x0" : text);
    if (!value) throw BadFile{"not a number of 256 bits: " + text};
    return *value;
}

std::uint64_t number64(const Json& j) {
    const auto value = number(j);
    if (!value.fits_u64()) throw BadFile{"not a number of 64 bits: " + j.dump()};
    return value.low64();
}

template <class Fixed>
Fixed fixed(const std::string& text) {
    const auto value = fixed_from_hex<Fixed>(text);
    if (!value) throw BadFile{"not " + std::to_string(Fixed::kSize) + " bytes of hex: " + text};
    return *value;
}

template <class Fixed>
Fixed fixed(const Json& j) {
    return fixed<Fixed>(j.get_ref<const std::string&>());
}

Bytes bytes(const Json& j) {
    auto value = from_hex(j.get_ref<const std::string&>());
    if (!value) throw BadFile{"not hex: " + j.dump()};
    return std::move(*value);
}

template <class T, class Read>
std::optional<T> optional_field(const Json& j, const char* key, Read&& read) {
    const auto it = j.find(key);
    if (it == j.end() || it->is_null()) return std::nullopt;
    return T{read(*it)};
}

StateTestEnv read_env(const Json& j) {
    StateTestEnv env;
    env.coinbase = fixed<Address>(j.at("currentCoinbase"));
    env.number = number64(j.at("currentNumber"));
    env.timestamp = number64(j.at("currentTimestamp"));
    env.gas_limit = number64(j.at("currentGasLimit"));
    env.difficulty = optional_field<Uint256>(j, "currentDifficulty", number).value_or(Uint256{});
    env.random = optional_field<Uint256>(j, "currentRandom", number);
    env.base_fee = optional_field<Wei>(j, "currentBaseFee", number).value_or(Wei{});
    env.excess_blob_gas = optional_field<Gas>(j, "currentExcessBlobGas", number64);
    env.parent_excess_blob_gas = optional_field<Gas>(j, "parentExcessBlobGas", number64);
    env.parent_blob_gas_used = optional_field<Gas>(j, "parentBlobGasUsed", number64);
    return env;
}

void read_pre(const Json& j, StateTest& test) {
    for (const auto& [key, account] : j.items()) {
        const auto address = fixed<Address>(key);
        test.pre.set_account(address, number64(account.at("nonce")), number(account.at("balance")),
                             bytes(account.at("code")));
        for (const auto& [slot, value] : account.at("storage").items()) {
            const auto slot_number = parse_uint256(slot);
            if (!slot_number) throw BadFile{"not a storage key: " + slot};
            test.pre.set_storage(address, *slot_number, number(value));
        }
    }
    std::vector<chain::StorageSlot> slots;
    for (const auto& [address, account] : test.pre.accounts()) {
        slots.clear();
        for (const auto& [key, value] : account.storage) slots.push_back({key, value});
        const auto& record = account.record;
        test.pre_accounts.push_back(
            {address, {record.nonce, record.balance, chain::storage_root(slots), record.code_hash}});
    }
}

AccessList read_access_list(const Json& j) {
    AccessList list;
    for (const auto& item : j) {
        AccessListEntry entry{fixed<Address>(item.at("address")), {}};
        for (const auto& key : item.at("storageKeys")) entry.storage_keys.push_back(fixed<Hash256>(key));
        list.push_back(std::move(entry));
    }
    return list;
}

Authorization read_authorization(const Json& j) {
    Authorization out;
    out.chain_id = number(j.at("chainId"));
    out.address = fixed<Address>(j.at("address"));
    out.nonce = number64(j.at("nonce"));
    const auto parity = number(j.contains("yParity") ? j.at("yParity") : j.at("v"));
    // Anything above 1 names nobody; what exactly it is does not matter.
    out.y_parity = static_cast<std::uint8_t>(parity.fits_u64() && parity.low64() < 0xff ? parity.low64() : 0xff);
    out.r = number(j.at("r"));
    out.s = number(j.at("s"));
    return out;
}

Address read_sender(const Json& j) {
    if (const auto it = j.find("sender"); it != j.end()) return fixed<Address>(*it);
    const auto secret = fixed<Hash256>(j.at("secretKey"));
    const auto key = secp256k1::public_key(secp256k1::SecretKey::from(secret));
    if (!key) throw BadFile{"not a secret key: " + j.at("secretKey").dump()};
    return secp256k1::address_of(*key);
}

void read_fees(const Json& j, Transaction& tx) {
    if (j.contains("maxFeePerGas")) {
        tx.type = TxType::DynamicFee;
        tx.max_fee_per_gas = number(j.at("maxFeePerGas"));
        tx.max_priority_fee_per_gas = number(j.at("maxPriorityFeePerGas"));
    } else {
        tx.max_fee_per_gas = tx.max_priority_fee_per_gas = number(j.at("gasPrice"));
    }
}

void read_transaction(const Json& j, StateTest& test) {
    auto& tx = test.tx;
    test.sender = read_sender(j);
    tx.nonce = number64(j.at("nonce"));
    read_fees(j, tx);
    if (const auto& to = j.at("to").get_ref<const std::string&>(); !to.empty() && to != "0x")
        tx.to = fixed<Address>(to);
    for (const auto& item : j.at("data")) test.data.push_back(bytes(item));
    for (const auto& item : j.at("gasLimit")) test.gas_limits.push_back(number64(item));
    for (const auto& item : j.at("value")) {
        // "0x:bigint 0x…" is how the suites write what no transaction can hold.
        const auto& text = item.get_ref<const std::string&>();
        test.values.push_back(text.starts_with("0x:bigint ") ? parse_uint256(text.substr(10)) : number(item));
    }
    if (const auto lists = j.find("accessLists"); lists != j.end())
        for (const auto& list : *lists)
            test.access_lists.push_back(list.is_null() ? std::nullopt : std::optional{read_access_list(list)});
    if (const auto hashes = j.find("blobVersionedHashes"); hashes != j.end()) {
        tx.type = TxType::Blob;
        for (const auto& hash : *hashes) tx.blob_hashes.push_back(fixed<Hash256>(hash));
        tx.max_fee_per_blob_gas = number(j.at("maxFeePerBlobGas"));
    }
    if (const auto list = j.find("authorizationList"); list != j.end()) {
        tx.type = TxType::SetCode;
        for (const auto& item : *list) tx.authorization_list.push_back(read_authorization(item));
    }
}

StateTestPost read_post(const Json& j, const StateTest& test) {
    StateTestPost post;
    const auto& indexes = j.at("indexes");
    post.data = indexes.at("data").get<std::size_t>();
    post.gas = indexes.at("gas").get<std::size_t>();
    post.value = indexes.at("value").get<std::size_t>();
    if (post.data >= test.data.size() || post.gas >= test.gas_limits.size() || post.value >= test.values.size())
        throw BadFile{"an index of a post points past the transaction's choices"};
    post.state_root = fixed<Hash256>(j.at("hash"));
    post.logs_hash = fixed<Hash256>(j.at("logs"));
    if (const auto it = j.find("expectException"); it != j.end()) post.exception = it->get<std::string>();
    return post;
}

/// What made the test; empty where it does not say.
std::string filler_of(const Json& test) {
    const auto info = test.find("_info");
    return info == test.end() ? std::string{} : info->value("filling-rpc-server", std::string{});
}

StateTest read_test(const std::string& name, const Json& j) {
    StateTest test;
    test.name = name;
    test.env = read_env(j.at("env"));
    read_pre(j.at("pre"), test);
    read_transaction(j.at("transaction"), test);
    if (!test.access_lists.empty() && test.access_lists.size() < test.data.size())
        throw BadFile{"fewer access lists than data"};
    for (const auto& [fork_name, posts] : j.at("post").items()) {
        StateTestFork fork{fork_name, find_revision(fork_name), false, {}};
        if (fork.revision == Revision::Prague && means_draft_bls(filler_of(j))) {
            fork.revision = kDraftBlsRevision;
            fork.is_draft_bls = true;
        }
        for (const auto& post : posts) fork.posts.push_back(read_post(post, test));
        test.forks.push_back(std::move(fork));
    }
    return test;
}

}  // namespace

Result<std::vector<StateTest>, std::string> parse_state_tests(std::string_view json) {
    // The JSON library and the readers above report through exceptions; here they become a value.
    try {
        const auto document = Json::parse(json);
        std::vector<StateTest> tests;
        for (const auto& [name, test] : document.items()) {
            // Some suites carry a note beside the tests.
            if (name == "_info") continue;
            tests.push_back(read_test(name, test));
        }
        return tests;
    } catch (const nlohmann::json::exception& e) {
        return Unexpected{std::string{e.what()}};
    } catch (const BadFile& e) {
        return Unexpected{std::string{e.what()}};
    }
}

Result<std::vector<StateTest>, std::string> read_state_test_file(const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    if (!text) return Unexpected{text.error()};
    return parse_state_tests(*text);
}

}  // namespace cairn::node
