// SPDX-License-Identifier: MIT
#include "node/evm_tool/blocktest_file.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/base/hex.hpp"
#include "core/math/uint256.hpp"
#include "node/evm_tool/report.hpp"

namespace cairn::node {
namespace {

using Json = nlohmann::ordered_json;

/// Leaves this file only as parse_block_tests' error.
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
    if (it == j.end()) return std::nullopt;
    return T{read(*it)};
}

Header read_header(const Json& j) {
    Header header;
    header.parent_hash = fixed<BlockHash>(j.at("parentHash"));
    header.ommers_hash = fixed<Hash256>(j.at("uncleHash"));
    header.beneficiary = fixed<Address>(j.at("coinbase"));
    header.state_root = fixed<Hash256>(j.at("stateRoot"));
    header.transactions_root = fixed<Hash256>(j.at("transactionsTrie"));
    header.receipts_root = fixed<Hash256>(j.at("receiptTrie"));
    header.logs_bloom = fixed<Bloom>(j.at("bloom"));
    header.difficulty = {number(j.at("difficulty"))};
    header.number = number64(j.at("number"));
    header.gas_limit = number64(j.at("gasLimit"));
    header.gas_used = number64(j.at("gasUsed"));
    header.timestamp = number64(j.at("timestamp"));
    header.extra_data = bytes(j.at("extraData"));
    header.mix_hash = fixed<Hash256>(j.at("mixHash"));
    header.nonce = fixed<SealNonce>(j.at("nonce"));
    header.base_fee = optional_field<Wei>(j, "baseFeePerGas", number);
    header.withdrawals_root = optional_field<Hash256>(
        j, "withdrawalsRoot", [](const Json& value) { return fixed<Hash256>(value); });
    header.blob_gas_used = optional_field<Gas>(j, "blobGasUsed", number64);
    header.excess_blob_gas = optional_field<Gas>(j, "excessBlobGas", number64);
    header.parent_beacon_root = optional_field<Hash256>(
        j, "parentBeaconBlockRoot", [](const Json& value) { return fixed<Hash256>(value); });
    header.requests_hash = optional_field<Hash256>(
        j, "requestsHash", [](const Json& value) { return fixed<Hash256>(value); });
    return header;
}

chain::MemoryState read_state(const Json& j) {
    chain::MemoryState state;
    for (const auto& [key, account] : j.items()) {
        const auto address = fixed<Address>(key);
        state.set_account(address, number64(account.at("nonce")), number(account.at("balance")),
                          bytes(account.at("code")));
        for (const auto& [slot, value] : account.at("storage").items()) {
            const auto slot_number = parse_uint256(slot);
            if (!slot_number) throw BadFile{"not a storage key: " + slot};
            state.set_storage(address, *slot_number, number(value));
        }
    }
    return state;
}

std::vector<chain::GenesisAccount> accounts_of(const chain::MemoryState& state) {
    std::vector<chain::GenesisAccount> out;
    out.reserve(state.accounts().size());
    for (const auto& [address, account] : state.accounts()) {
        const auto& record = account.record;
        chain::GenesisAccount made{address, record.balance, record.nonce, {}, {}};
        if (record.code_hash != kEmptyCodeHash) made.code = *state.code(record.code_hash);
        made.storage.assign(account.storage.begin(), account.storage.end());
        out.push_back(std::move(made));
    }
    return out;
}

BlockTestBlock read_block(const Json& j, const std::string& network) {
    BlockTestBlock block;
    block.rlp = bytes(j.at("rlp"));
    block.is_valid = j.contains("blockHeader");
    // The oldest files give a reason for all forks, or one for each.
    for (const std::string& key : {std::string{"expectException"},
                                   std::string{"expectExceptionALL"}, "expectException" + network})
        if (const auto it = j.find(key); it != j.end()) block.exception = it->get<std::string>();
    return block;
}

BlockTestPost read_post(const Json& j) {
    BlockTestPost post;
    post.root = optional_field<Hash256>(j, "postStateHash",
                                        [](const Json& value) { return fixed<Hash256>(value); });
    if (const auto it = j.find("postState"); it != j.end()) post.state = read_state(*it);
    if (!post.root && !post.state) throw BadFile{"neither postState nor postStateHash"};
    return post;
}

BlockTest read_test(const std::string& name, const Json& j) {
    BlockTest test;
    test.name = name;
    test.network = j.at("network").get<std::string>();
    test.has_ethash_seals = j.value("sealEngine", std::string{}) != "NoProof";
    const auto& genesis = j.at("genesisBlockHeader");
    test.genesis = read_header(genesis);
    test.genesis_hash = fixed<BlockHash>(genesis.at("hash"));
    test.accounts = accounts_of(read_state(j.at("pre")));
    for (const auto& block : j.at("blocks")) test.blocks.push_back(read_block(block, test.network));
    test.last_block_hash = fixed<BlockHash>(j.at("lastblockhash"));
    test.post = read_post(j);
    return test;
}

}  // namespace

Result<std::vector<BlockTest>, std::string> parse_block_tests(std::string_view json) {
    // The JSON library and the readers above report through exceptions; here they become a value.
    std::string at;
    try {
        const auto document = Json::parse(json);
        std::vector<BlockTest> tests;
        for (const auto& [name, test] : document.items()) {
            at = name + ": ";
            tests.push_back(read_test(name, test));
        }
        return tests;
    } catch (const nlohmann::json::exception& e) {
        return Unexpected{at + e.what()};
    } catch (const BadFile& e) {
        return Unexpected{at + e.what()};
    }
}

Result<std::vector<BlockTest>, std::string> read_block_test_file(
    const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    if (!text) return Unexpected{text.error()};
    return parse_block_tests(*text);
}

}  // namespace cairn::node
