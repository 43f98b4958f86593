// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "chain/state/memory_state.hpp"
#include "chain/store/account_edits.hpp"
#include "chain/store/store_writer.hpp"
#include "chain/trie/list_root.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::test {

/// A block with all that executing it would give, made up at random.
struct MadeBlock {
    chain::StateDiff diff;
    Block block{HashedHeader{Header{}}, {}};
    std::vector<Receipt> receipts;
};

/// Shape of the random chain.
struct ModelShape {
    unsigned accounts = 30;
    unsigned slots = 6;
    unsigned changes_max = 8;  ///< of accounts in a block
};

/// A plain twin of the store: the full state after every block of the canonical chain, in maps.
/// Makes random blocks, gives them to a writer, and compares.
class ChainModel {
public:
    explicit ChainModel(std::uint64_t seed, ModelShape shape = {}) : random_{seed}, shape_{shape} {}

    struct Step {
        MadeBlock made;
        chain::MemoryState after;
        TotalDifficulty total;
    };

    [[nodiscard]] std::size_t size() const noexcept { return steps_.size(); }
    [[nodiscard]] const Step& at(std::size_t number) const { return steps_.at(number); }
    [[nodiscard]] chain::BlockRef ref(std::size_t number) const {
        return {number, steps_.at(number).made.block.header.hash()};
    }
    std::uint64_t next(std::uint64_t bound) { return random_() % bound; }

    /// Makes one more block, applies it to the writer and keeps it.
    void extend(chain::StoreWriter& writer) {
        Step step;
        if (!steps_.empty()) step.after = steps_.back().after;
        step.made.diff = make_diff(step.after);
        step.after.apply(step.made.diff);
        step.total = {steps_.empty() ? Uint256{1} : steps_.back().total.value + Uint256{1}};
        chain::StateTrieChanges tries;
        const auto root = tries_of(writer, step.made.diff, tries);
        step.made.block = make_block(step.made, root);
        put(writer, step.made, step.total, tries);
        steps_.push_back(std::move(step));
    }
    /// Applies a block that was made before, on the block it was made for.
    static void apply(chain::StoreWriter& writer, const MadeBlock& made,
                      const TotalDifficulty& total) {
        chain::StateTrieChanges tries;
        if (tries_of(writer, made.diff, tries) != made.block.header->state_root)
            throw std::runtime_error{"the root is not the one it was"};
        put(writer, made, total, tries);
    }
    /// Takes the last block back.
    void retract(chain::StoreWriter& writer) {
        const auto undone = writer.undo();
        if (!undone || *undone != ref(size() - 1)) throw std::runtime_error{"undo went wrong"};
        steps_.pop_back();
    }
    /// Forgets blocks from `count` on without touching the store.
    void resize(std::size_t count) {
        while (steps_.size() > count) steps_.pop_back();
    }

    /// State root by a full rebuild from the map.
    [[nodiscard]] Hash256 root_at(std::size_t number) const {
        chain::StateRootBuilder builder;
        for (const auto& [address, account] : at(number).after.accounts())
            builder.add(address, account.record.nonce, account.record.balance,
                        account.record.code_hash, account.storage);
        return builder.root();
    }

    /// What differs between a state of the store and the map of a block; empty for nothing.
    [[nodiscard]] std::string compare_state(const chain::StoredState& state,
                                            std::size_t number) const {
        const auto& model = at(number).after;
        for (unsigned a = 0; a < shape_.accounts; ++a) {
            const auto address = address_of(a);
            const auto record = model.account(address);
            if (state.account(address) != record) return "account " + std::to_string(a);
            for (unsigned s = 0; s < shape_.slots; ++s)
                if (state.storage(address, slot_of(s)) != model.storage(address, slot_of(s)))
                    return "slot " + std::to_string(s) + " of account " + std::to_string(a);
            if (record && record->code_hash != kEmptyCodeHash &&
                *state.code(record->code_hash) != *model.code(record->code_hash))
                return "code of account " + std::to_string(a);
            std::map<Uint256, Uint256> slots;
            state.visit_storage(address, [&](const Uint256& key, const Uint256& value) {
                return slots.emplace(key, value).second;
            });
            const auto it = model.accounts().find(address);
            if (slots !=
                (it == model.accounts().end() ? std::map<Uint256, Uint256>{} : it->second.storage))
                return "slots of account " + std::to_string(a);
        }
        std::map<Address, chain::AccountRecord> accounts;
        state.visit_accounts([&](const Address& address, const chain::AccountRecord& record) {
            return accounts.emplace(address, record).second;
        });
        if (accounts.size() != model.accounts().size()) return "number of accounts";
        for (const auto& [address, record] : accounts)
            if (record != model.account(address)) return "accounts visited";
        return {};
    }

    /// What differs between a reader at the model's head and the model; empty for nothing.
    [[nodiscard]] std::string compare_block(const chain::ChainReader& reader,
                                            std::size_t number) const {
        const auto& [diff, block, receipts] = at(number).made;
        const auto where = ref(number);
        if (reader.canonical_hash(number) != where.hash) return "canonical hash";
        const auto stored = reader.block(where);
        if (!stored || *stored != block) return "block";
        if (reader.receipts(where) != receipts) return "receipts";
        if (reader.total_difficulty(where.hash) != at(number).total) return "total difficulty";
        for (std::uint32_t i = 0; i < block.body.transactions.size(); ++i)
            if (reader.find_tx(block.body.transactions[i].hash()) != chain::TxLocation{number, i})
                return "transaction's place";
        const auto state = reader.state_at(number);
        if (!state) return "no state";
        return compare_state(**state, number);
    }

    [[nodiscard]] static Address address_of(unsigned i) {
        Address address;
        address.bytes[0] = static_cast<std::uint8_t>(i * 37);
        address.bytes[18] = static_cast<std::uint8_t>(i >> 8);
        address.bytes[19] = static_cast<std::uint8_t>(i);
        return address;
    }
    /// Slots of all widths, the least and the greatest among them.
    [[nodiscard]] static Uint256 slot_of(unsigned i) {
        if (i == 1) return Uint256::max();
        return i < 4 ? Uint256{i} : Uint256{i} << (8 * i);
    }

private:
    static Hash256 tries_of(chain::StoreWriter& writer, const chain::StateDiff& diff,
                            chain::StateTrieChanges& tries) {
        const auto edits = chain::account_edits(diff, writer.head_state());
        const auto root = chain::update_state_root(writer.tries(), edits.edits, tries);
        if (!root) throw std::runtime_error{"the tries of the store cannot be walked"};
        return *root;
    }
    static void put(chain::StoreWriter& writer, const MadeBlock& made, const TotalDifficulty& total,
                    const chain::StateTrieChanges& tries) {
        writer.put_block(made.block, total,
                         std::vector<Address>(made.block.body.transactions.size()));
        writer.apply(made.block, made.receipts, made.diff, tries);
    }

    chain::StateDiff make_diff(const chain::MemoryState& before) {
        std::map<Address, chain::AccountChange> accounts;
        std::map<std::pair<Address, Uint256>, chain::StorageChange> storage;
        std::map<CodeHash, chain::SharedCode> codes;
        for (auto count = next(shape_.changes_max + 1); count > 0; --count) {
            const auto address = address_of(static_cast<unsigned>(next(shape_.accounts)));
            if (accounts.contains(address)) continue;
            const auto record = before.account(address);
            const auto op = record ? next(6) : 0;
            chain::AccountChange change{address, record, record};
            if (op == 5) {
                change.after.reset();
                for (const auto& [key, value] : before.accounts().at(address).storage)
                    storage[{address, key}] = {address, key, value, {}};
            } else {
                if (op < 4) change.after = make_record(codes);
                for (auto slots = next(shape_.slots); slots > 0; --slots) {
                    const auto key = slot_of(static_cast<unsigned>(next(shape_.slots)));
                    const auto old = before.storage(address, key);
                    const Uint256 value = next(3) == 0 ? Uint256{} : make_word();
                    if (old != value) storage[{address, key}] = {address, key, old, value};
                }
            }
            accounts[address] = change;
        }
        chain::StateDiff diff;
        for (const auto& [address, change] : accounts)
            if (change.before != change.after) diff.accounts.push_back(change);
        for (const auto& [key, change] : storage) diff.storage.push_back(change);
        for (const auto& [hash, code] : codes) diff.codes.push_back({hash, code});
        return diff;
    }
    chain::AccountRecord make_record(std::map<CodeHash, chain::SharedCode>& codes) {
        chain::AccountRecord record{random_() >> next(64), make_word(), kEmptyCodeHash};
        if (next(4) == 0) {
            Bytes code(1 + next(9000), static_cast<std::uint8_t>(next(256)));
            record.code_hash = keccak256(code).as<CodeHash>();
            codes[record.code_hash] = std::make_shared<const Bytes>(std::move(code));
        }
        return record;
    }
    /// Not zero; of any width.
    Uint256 make_word() {
        return (Uint256{random_(), random_(), random_(), random_()} >> next(256)) | Uint256{1};
    }

    Block make_block(MadeBlock& made, const Hash256& root) {
        BlockBody body;
        for (auto count = next(4); count > 0; --count) {
            Transaction tx;
            tx.nonce = random_();
            tx.to = address_of(static_cast<unsigned>(next(shape_.accounts)));
            tx.data.assign(next(100), 7);
            body.transactions.emplace_back(std::move(tx), TxSignature{1, 1, false});
            Receipt receipt;
            receipt.success = true;
            receipt.cumulative_gas_used = 21000 * (body.transactions.size());
            for (auto logs = next(3); logs > 0; --logs) {
                Log log{address_of(static_cast<unsigned>(next(shape_.accounts))), {}, Bytes(3)};
                for (auto topics = next(3); topics > 0; --topics)
                    log.topics.push_back(keccak256(address_of(static_cast<unsigned>(next(20)))));
                receipt.logs.push_back(std::move(log));
            }
            receipt.bloom = logs_bloom(receipt.logs);
            made.receipts.push_back(std::move(receipt));
        }
        Header header;
        header.state_root = root;
        header.number = steps_.size();
        header.difficulty = {1};
        header.timestamp = random_();  // tells blocks apart that are made anew after a retreat
        if (!steps_.empty()) header.parent_hash = steps_.back().made.block.header.hash();
        header.transactions_root = chain::list_root(
            body.transactions.size(),
            [&](std::size_t i, Bytes& out) { append(out, body.transactions[i].bytes()); });
        header.receipts_root = chain::list_root(
            made.receipts.size(),
            [&](std::size_t i, Bytes& out) { append(out, encode_receipt(made.receipts[i])); });
        for (const auto& receipt : made.receipts) bloom_merge(header.logs_bloom, receipt.bloom);
        return {HashedHeader{std::move(header)}, std::move(body)};
    }

    std::mt19937_64 random_;
    ModelShape shape_;
    std::vector<Step> steps_;
};

}  // namespace cairn::test
