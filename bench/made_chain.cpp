// SPDX-License-Identifier: MIT
#include "bench/made_chain.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <random>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "chain/exec/block_executor.hpp"
#include "chain/rules/base_fee.hpp"
#include "chain/rules/body_check.hpp"
#include "chain/rules/difficulty.hpp"
#include "chain/rules/genesis.hpp"
#include "chain/spec/genesis_json.hpp"
#include "chain/state/memory_state.hpp"
#include "chain/store/account_edits.hpp"
#include "chain/trie/state_root.hpp"
#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1.hpp"

namespace cairn::bench {
namespace {

constexpr std::array<std::string_view, 4> kNames{"transfers", "tokens", "storage", "creations"};

constexpr Address kToken{{0x70}};
constexpr Address kBook{{0xb0}};
/// First bytes of keccak256 of a function's signature (Solidity's ABI).
constexpr std::array<std::uint8_t, 4> kTransferSelector{0xa9, 0x05, 0x9c,
                                                        0xbb};  // transfer(address,uint256)
constexpr std::array<std::uint8_t, 4> kWriteSelector{0x2f, 0x04, 0x8a, 0xfa};  // write(uint256)
constexpr std::uint64_t kSlotsWritten = 200;

/// Osaka under proof of work at a constant difficulty, seals not checked: the longer chain is the
/// better one.
constexpr std::string_view kConfig =
    R"({"chainId": 1, "cairn": {"seal": "none", "rules": "cairn", "difficulty": {"rule": "constant", "minimum": 1}}})";

Bytes read_code(const std::string& name) {
    std::ifstream in{std::string{CAIRN_BENCH_CONTRACTS} + "/" + name};
    std::string text;
    in >> text;
    auto code = from_hex(text);
    if (!code || code->empty()) throw std::runtime_error{"no contract " + name};
    return std::move(*code);
}

struct Sender {
    secp256k1::SecretKey key;
    Address address;
};

std::vector<Sender> make_senders(std::size_t count) {
    std::vector<Sender> senders(count);
    for (std::size_t i = 0; i < count; ++i) {
        store_be64(senders[i].key.reveal_mutable().data() + 24, i + 1);
        senders[i].address = secp256k1::address_of(secp256k1::public_key(senders[i].key).value());
    }
    return senders;
}

/// Slot of a holder's balance: keccak256(holder ‖ 0), each 32 bytes (Solidity's layout of a mapping
/// in slot 0).
Uint256 balance_slot(const Address& holder) {
    std::array<std::uint8_t, 64> key{};
    std::copy(holder.bytes.begin(), holder.bytes.end(), key.begin() + 12);
    return load_be256(keccak256(key).data());
}

std::vector<Address> make_addresses(const std::vector<Sender>& senders, std::size_t count) {
    std::vector<Address> addresses;
    addresses.reserve(count);
    for (const auto& sender : senders) addresses.push_back(sender.address);
    for (std::uint64_t i = addresses.size(); i < count; ++i) {
        std::array<std::uint8_t, 8> number{};
        store_be64(number.data(), i);
        const Hash256 hash = keccak256(number);
        Address address;
        std::copy_n(hash.bytes.begin(), address.bytes.size(), address.bytes.begin());
        addresses.push_back(address);
    }
    return addresses;
}

/// Of each of the workload's transactions.
Gas gas_limit_of(Workload workload) noexcept {
    switch (workload) {
        case Workload::Transfers:
            return 21'000;
        case Workload::Tokens:
            return 100'000;
        case Workload::Storage:
            return 6'000'000;
        case Workload::Creations:
            return 1'000'000;
    }
    return 0;
}

chain::Genesis make_genesis(const ChainRequest& request, const std::vector<Address>& addresses) {
    auto genesis = chain::parse_genesis(
        fmt::format(R"({{"config": {}, "difficulty": 1, "gasLimit": {}, "alloc": {{}}}})", kConfig,
                    2 * (request.block_gas + gas_limit_of(request.workload))));
    if (!genesis) throw std::runtime_error{genesis.error().text()};
    chain::GenesisAccount token{kToken, {}, 1, read_code("token.runtime.hex"), {}};
    for (const auto& address : addresses) {
        genesis->accounts.push_back({address, Wei{1} << 100, 0, {}, {}});
        if (request.workload == Workload::Tokens)
            token.storage.emplace_back(balance_slot(address), Uint256{1} << 64);
    }
    genesis->accounts.push_back(std::move(token));
    genesis->accounts.push_back({kBook, {}, 1, read_code("ledger_book.runtime.hex"), {}});
    std::ranges::sort(genesis->accounts, {}, &chain::GenesisAccount::address);
    return std::move(*genesis);
}

/// One block that can be taken back.
struct Step {
    Block block;
    chain::StateDiff diff;
};

/// Makes transactions of the workload, at random.
class TxSource {
public:
    TxSource(const ChainRequest& request, const std::vector<Sender>& senders,
             const std::vector<Address>& addresses)
        : workload_{request.workload},
          senders_{senders},
          addresses_{addresses},
          random_{request.seed},
          init_{read_code("token.init.hex")} {}

    const Sender& next_sender() { return senders_[random_() % senders_.size()]; }

    RecoveredTx make(const Sender& sender, std::uint64_t nonce) {
        Transaction tx;
        tx.type = TxType::DynamicFee;
        tx.chain_id = 1;
        tx.nonce = nonce;
        tx.max_priority_fee_per_gas = Wei{1'000'000};
        tx.max_fee_per_gas = Wei{1'000'000'000'000};
        tx.gas_limit = gas_limit_of(workload_);
        fill(tx);
        return RecoveredTx::from_known_sender(sign_tx(std::move(tx), sender.key).value(),
                                              sender.address);
    }

private:
    void fill(Transaction& tx) {
        const Address& other = addresses_[random_() % addresses_.size()];
        switch (workload_) {
            case Workload::Transfers:
                tx.to = other;
                tx.value = Wei{1};
                return;
            case Workload::Tokens:
                tx.to = kToken;
                tx.data.assign(68, 0);
                std::ranges::copy(kTransferSelector, tx.data.begin());
                std::ranges::copy(other.bytes, tx.data.begin() + 16);
                tx.data[67] = 1;
                return;
            case Workload::Storage:
                tx.to = kBook;
                tx.data.assign(36, 0);
                std::ranges::copy(kWriteSelector, tx.data.begin());
                tx.data[35] = kSlotsWritten;
                return;
            case Workload::Creations:
                tx.data = init_;
                return;
        }
    }

    Workload workload_;
    const std::vector<Sender>& senders_;
    const std::vector<Address>& addresses_;
    std::mt19937_64 random_;
    Bytes init_;
};

/// A chain with its state and tries in memory, which grows at its head and can be taken back there.
class Builder {
public:
    explicit Builder(const chain::Genesis& genesis) : spec_{genesis.spec} {
        chain::StateDiff diff;
        for (const auto& account : genesis.accounts) {
            state_.set_account(account.address, account.nonce, account.balance, account.code);
            const auto record = state_.account(account.address);
            diff.accounts.push_back({account.address, std::nullopt, record});
            auto slots = account.storage;
            std::ranges::sort(slots);
            for (const auto& [key, value] : slots) {
                state_.set_storage(account.address, key, value);
                diff.storage.push_back({account.address, key, {}, value});
            }
        }
        const Hash256 root = update_tries(diff);
        genesis_ = chain::make_genesis_block(genesis);
        CAIRN_ASSERT(genesis_->header->state_root == root);
    }

    /// One more block of at least so much gas.
    const Block& extend(TxSource& source, Gas gas) {
        Header header = make_header();
        const auto& rules = spec_.rules_at(header.number, header.timestamp);
        chain::State state{state_};
        const chain::BlockHashFunction block_hash = [this](BlockNumber number) {
            return at(number).header.hash().as<Hash256>();
        };
        chain::BlockExecutor executor{vm_, state, spec_, rules, header, block_hash};
        executor.begin();
        BlockBody body;
        std::unordered_map<Address, std::uint64_t> nonces;
        while (executor.receipts().empty() ||
               executor.receipts().back().cumulative_gas_used < gas) {
            const Sender& sender = source.next_sender();
            const auto nonce =
                nonces.try_emplace(sender.address, state.nonce(sender.address)).first->second++;
            const RecoveredTx tx = source.make(sender, nonce);
            const auto added = executor.add(tx.tx(), sender.address);
            CAIRN_ASSERT(added && added->success());
            body.transactions.push_back(tx.signed_tx());
        }
        body.withdrawals =
            rules.has_withdrawals ? std::optional{std::vector<Withdrawal>{}} : std::nullopt;
        const auto outcome = executor.finish({}, {});
        CAIRN_ASSERT(outcome);
        chain::StateDiff diff = state.take_diff();
        header.state_root = update_tries(diff);
        header.gas_used = outcome->gas_used;
        header.logs_bloom = outcome->logs_bloom;
        header.receipts_root = chain::receipts_root_of(outcome->receipts);
        header.transactions_root = chain::transactions_root_of(body.transactions);
        if (rules.has_requests) header.requests_hash = chain::requests_hash_of(outcome->requests);
        state_.apply(diff);
        steps_.push_back(
            {Block{HashedHeader{std::move(header)}, std::move(body)}, std::move(diff)});
        return steps_.back().block;
    }

    /// Takes the head back.
    void retract() {
        const auto back = chain::inverse(steps_.back().diff);
        (void)update_tries(back);
        state_.apply(back);
        steps_.pop_back();
    }

    /// Blocks from here on differ from those made before.
    void begin_branch() noexcept { ++branches_; }

    [[nodiscard]] BlockNumber number() const noexcept { return steps_.size(); }
    [[nodiscard]] const Block& at(BlockNumber number) const {
        return number == 0 ? *genesis_ : steps_.at(number - 1).block;
    }

private:
    Header make_header() const {
        const Header& parent = *at(number()).header;
        Header header;
        header.parent_hash = at(number()).header.hash();
        header.number = parent.number + 1;
        // Tells the blocks of a branch from those that they replace.
        header.timestamp = parent.timestamp + 10 + branches_;
        header.gas_limit = parent.gas_limit;
        const auto& rules = spec_.rules_at(header.number, header.timestamp);
        header.difficulty = chain::next_difficulty(spec_, rules, parent, header.timestamp);
        if (rules.has_base_fee) header.base_fee = chain::next_base_fee(parent);
        if (rules.has_withdrawals) header.withdrawals_root = kEmptyTrieRoot;
        if (rules.has_blobs) {
            header.blob_gas_used = 0;
            header.excess_blob_gas = chain::next_excess_blob_gas(rules.blobs, parent);
        }
        if (rules.has_beacon_root) header.parent_beacon_root = Hash256{};
        return header;
    }

    /// Root after the diff, which state_ does not have yet or, at genesis, already has.
    Hash256 update_tries(const chain::StateDiff& diff) {
        const auto edits = chain::account_edits(diff, state_);
        chain::StateTrieChanges changes;
        const auto root = chain::update_state_root(nodes_, edits.edits, changes);
        CAIRN_ASSERT(root.has_value());
        nodes_.apply(std::nullopt, changes.accounts);
        for (const auto& storage : changes.storages) {
            if (storage.is_wiped) nodes_.wipe(storage.owner);
            nodes_.apply(storage.owner, storage.rows);
        }
        return *root;
    }

    const chain::ChainSpec& spec_;
    std::optional<Block> genesis_;
    vm::Vm vm_;
    chain::MemoryState state_;
    chain::MemoryNodeStore nodes_;
    std::vector<Step> steps_;
    std::uint64_t branches_ = 0;  // begun so far
};

}  // namespace

std::string_view to_string(Workload workload) noexcept {
    return kNames[static_cast<std::size_t>(workload)];
}

std::optional<Workload> find_workload(std::string_view name) noexcept {
    const auto it = std::ranges::find(kNames, name);
    if (it == kNames.end()) return std::nullopt;
    return static_cast<Workload>(it - kNames.begin());
}

MadeChain make_chain(const ChainRequest& request) {
    const auto senders = make_senders(std::min(request.accounts, kSendersMax));
    const auto addresses = make_addresses(senders, request.accounts);
    MadeChain made{make_genesis(request, addresses), {}, {}, 0, 0};
    Builder builder{made.genesis};
    TxSource source{request, senders, addresses};
    const auto extend = [&] {
        const Block& block = builder.extend(source, request.block_gas);
        made.blocks.push_back(encode_block(block));
        made.transactions += block.body.transactions.size();
        made.gas += block.header->gas_used;
    };
    const std::size_t depth = request.reorg_depth;
    std::size_t until_reorg = depth;
    while (builder.number() < request.blocks || (depth != 0 && until_reorg != depth)) {
        extend();
        if (depth == 0 || --until_reorg != 0) continue;
        until_reorg = depth;
        builder.begin_branch();
        for (std::size_t i = 0; i < depth; ++i) builder.retract();
        for (std::size_t i = 0; i <= depth; ++i) extend();
    }
    made.head = {builder.number(), builder.at(builder.number()).header.hash()};
    return made;
}

std::string genesis_text(const chain::Genesis& genesis) {
    std::string out = fmt::format(
        "{{\"config\": {},\n \"difficulty\": \"{}\", \"gasLimit\": {}, \"alloc\": {{", kConfig,
        to_quantity(genesis.header.difficulty.value), genesis.header.gas_limit);
    const char* between = "\n";
    for (const auto& account : genesis.accounts) {
        out += fmt::format("{}\"{}\": {{\"balance\": \"{}\", \"nonce\": {}", between,
                           to_hex0x(account.address), to_quantity(account.balance), account.nonce);
        between = ",\n";
        if (!account.code.empty()) out += fmt::format(", \"code\": \"{}\"", to_hex0x(account.code));
        const char* begin = ", \"storage\": {";
        for (const auto& [key, value] : account.storage) {
            out += fmt::format("{}\"{}\": \"{}\"", begin, to_quantity(key), to_quantity(value));
            begin = ", ";
        }
        out += account.storage.empty() ? "}" : "}}";
    }
    return out + "}}\n";
}

}  // namespace cairn::bench
