// SPDX-License-Identifier: MIT
#include "bench/rpc_compare/scene.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/types/transaction.hpp"

namespace cairn::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr std::uint64_t kGwei = 1'000'000'000;
constexpr std::uint64_t kTokenGas = 100'000;
/// A node that has mined nothing for as long, and did not when it was told to, has lost what is
/// missing: anvil drops transactions that it has accepted where many come at once.
constexpr std::chrono::milliseconds kStandstillMax{1000};

std::string quantity(std::uint64_t value) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string digits;
    do {
        digits.insert(digits.begin(), kDigits[value % 16]);
        value /= 16;
    } while (value != 0);
    return "0x" + digits;
}

std::uint64_t from_quantity(const Json& text) {
    return std::stoull(text.get<std::string>(), nullptr, 16);
}

/// 20 bytes that end with a number.
Address numbered_address(std::uint64_t number) {
    Address address{{0xaa}};
    for (std::size_t i = 0; i < 8; ++i)
        address.bytes[19 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return address;
}

/// An ABI word of an address, without prefix.
std::string address_word(const std::string& address0x) {
    return std::string(24, '0') + address0x.substr(2);
}

/// transfer(to, 1).
std::string transfer_data(const std::string& to) {
    return "0xa9059cbb" + address_word(to) + std::string(63, '0') + "1";
}

/// Slot of a holder's balance: keccak256(holder ‖ 0) (Solidity's layout of a mapping in slot 0).
std::string balance_slot(const std::string& holder) {
    return to_hex0x(keccak256(*from_hex(address_word(holder) + std::string(64, '0'))));
}

void give_tokens(NodeProcess& node, const std::string& token, const std::string& holder) {
    node.call("anvil_setStorageAt",
              {token, balance_slot(holder), "0x" + std::string(48, '0') + "0de0b6b3a7640000"});
}

std::string read_token_code() {
    std::ifstream in{std::string{CAIRN_BENCH_CONTRACTS} + "/token.init.hex"};
    std::string text;
    in >> text;
    if (text.empty()) throw std::runtime_error{"no token.init.hex"};
    return text.starts_with("0x") ? text : "0x" + text;
}

Json fees() {
    return {{"maxFeePerGas", quantity(100 * kGwei)}, {"maxPriorityFeePerGas", quantity(kGwei)}};
}

std::string deploy_token(NodeProcess& node, const std::string& from) {
    auto tx = fees();
    tx.update({{"from", from}, {"data", read_token_code()}, {"gas", quantity(3'000'000)}});
    const auto hash = node.call("eth_sendTransaction", {tx});
    for (int i = 0; i < 200; ++i) {
        const auto receipt = node.call("eth_getTransactionReceipt", {hash});
        if (receipt.is_object() && receipt["contractAddress"].is_string())
            return receipt["contractAddress"];
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    throw std::runtime_error{"the token was not deployed"};
}

/// A block of token transfers, to `to(0)`, `to(1)` and so on.
template <class To>
void mine_transfers(NodeProcess& node, const Scene& scene, std::size_t count, To to) {
    const auto& from = scene.accounts.front();
    auto nonce = from_quantity(node.call("eth_getTransactionCount", {from, "latest"}));
    for (std::size_t i = 0; i < count; ++i) {
        auto tx = fees();
        tx.update({{"from", from},
                   {"to", scene.token},
                   {"nonce", quantity(nonce++)},
                   {"gas", quantity(kTokenGas)},
                   {"data", transfer_data(to(i))}});
        node.call("eth_sendTransaction", {tx});
    }
    node.call("evm_mine");
}

}  // namespace

Scene set_up_scene(NodeProcess& node) {
    Scene scene;
    scene.accounts = node.call("eth_accounts").get<std::vector<std::string>>();
    const auto& holder = scene.accounts.at(0);
    scene.token = deploy_token(node, holder);
    give_tokens(node, scene.token, holder);
    scene.lone_receiver = to_hex0x(numbered_address(0xfeed));
    node.call("evm_setAutomine", {false});
    std::size_t left = kTokenLogs;
    for (std::size_t block = 0; left > 0; ++block) {
        const auto count = std::min(left, kBlockTxs);
        left -= count;
        mine_transfers(node, scene, count, [&](std::size_t i) {
            const bool is_lone = block == 10 && i == 5;
            return is_lone ? scene.lone_receiver : to_hex0x(numbered_address(1 + i));
        });
        if (block == 8) scene.full_block = node.call("eth_blockNumber");
    }
    node.call("evm_setAutomine", {true});
    scene.last_block = node.call("eth_blockNumber");
    const auto block = node.call("eth_getBlockByNumber", {scene.full_block, false});
    scene.tx_hashes = block["transactions"].get<std::vector<std::string>>();
    if (scene.tx_hashes.size() != kBlockTxs)
        throw std::runtime_error{"a block holds " + std::to_string(scene.tx_hashes.size()) +
                                 " transactions"};
    return scene;
}

RawSenders::RawSenders(std::size_t count, std::uint64_t first_key) {
    for (std::size_t i = 0; i < count; ++i) {
        Sender sender;
        sender.key = first_key + i;
        secp256k1::SecretKey key;
        store_be64(key.reveal_mutable().data() + 24, sender.key);
        sender.address = secp256k1::address_of(secp256k1::public_key(key).value());
        senders_.push_back(sender);
    }
}

void RawSenders::fund(NodeProcess& node, const Scene& scene) const {
    for (const auto& sender : senders_) {
        const auto address = to_hex0x(sender.address);
        node.call("anvil_setBalance", {address, "0xd3c21bcecceda1000000"});  // 10^24 wei
        give_tokens(node, scene.token, address);
    }
    node.call("evm_mine");
}

std::string RawSenders::sign(Sender& sender, const Address& to, std::uint64_t value,
                             const std::string& data, std::uint64_t gas) {
    Transaction tx;
    tx.type = TxType::DynamicFee;
    tx.chain_id = kChainId;
    tx.nonce = sender.nonce++;
    tx.max_priority_fee_per_gas = Wei{kGwei};
    tx.max_fee_per_gas = Wei{1000 * kGwei};
    tx.gas_limit = gas;
    tx.to = to;
    tx.value = Wei{value};
    tx.data = *from_hex(data);
    secp256k1::SecretKey key;
    store_be64(key.reveal_mutable().data() + 24, sender.key);
    const auto signature = secp256k1::sign(signing_hash(tx), key).value();
    const SignedTx signed_tx{std::move(tx),
                             {load_be256(signature.r.bytes.data()),
                              load_be256(signature.s.bytes.data()), signature.y_parity != 0}};
    return to_hex0x(signed_tx.bytes());
}

std::string RawSenders::sign_next(std::size_t index) {
    auto& sender = senders_.at(index);
    return sign(sender, numbered_address(0x1000 + sender.nonce % 256), 1, "", 21'000);
}

std::string RawSenders::sign_next_token(std::size_t index, const Scene& scene) {
    auto& sender = senders_.at(index);
    const auto to = to_hex0x(numbered_address(0x1000 + sender.nonce % 256));
    return sign(sender, fixed_from_hex<Address>(scene.token).value(), 0, transfer_data(to),
                kTokenGas);
}

MinedTxs RawSenders::wait_mined(NodeProcess& node) const {
    std::uint64_t wanted = 0;
    for (const auto& sender : senders_) wanted += sender.nonce;
    MinedTxs out{0, Clock::now()};
    bool is_told = false;
    for (;;) {
        std::uint64_t mined = 0;
        for (const auto& sender : senders_)
            mined += from_quantity(
                node.call("eth_getTransactionCount", {to_hex0x(sender.address), "latest"}));
        const auto now = Clock::now();
        if (mined != out.count) out = {mined, now};
        if (mined == wanted || now - out.at > kStandstillMax) return out;
        if (now - out.at > kStandstillMax / 4 && !std::exchange(is_told, true))
            node.call("evm_mine");
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
}

}  // namespace cairn::bench
