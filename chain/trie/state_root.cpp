// SPDX-License-Identifier: MIT
#include "chain/trie/state_root.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <utility>

#include "chain/trie/node.hpp"
#include "chain/trie/secure_key.hpp"
#include "chain/trie/trie_builder.hpp"
#include "core/codec/rlp_encode.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::chain {
namespace {

/// An RLP list header, nonce and balance of full width, two hashes.
constexpr std::size_t kAccountValueMax = 2 + 9 + 33 + 33 + 33;

std::uint8_t* write_integer(const Uint256& x, std::uint8_t* out) noexcept {
    std::array<std::uint8_t, 32> be;
    store_be256(be.data(), x);
    return write_rlp_string(ByteView{be}.last(x.byte_width()), out);
}

/// The value of a slot's leaf; 33 bytes at most.
std::size_t write_slot_value(const Uint256& value, std::uint8_t* out) noexcept {
    return static_cast<std::size_t>(write_integer(value, out) - out);
}

/// The value of an account's leaf, as encode_account has it, without the heap.
std::size_t write_account_value(std::uint64_t nonce, const Wei& balance,
                                const Hash256& storage_root, const CodeHash& code_hash,
                                std::uint8_t* out) noexcept {
    const std::size_t payload = rlp_size(nonce) + rlp_size(balance) + 2 * 33;
    std::uint8_t* p = out + rlp_write_list_header(out, payload);
    p = write_integer(nonce, p);
    p = write_integer(balance, p);
    p = write_rlp_string(storage_root, p);
    p = write_rlp_string(code_hash, p);
    return static_cast<std::size_t>(p - out);
}

/// Takes the storage root of the account before: in both values it is the 32 bytes before the code
/// hash's item, the last 33 bytes. A value before that is too short to be an account gives nothing
/// to take; the root then differs from the header's, as for any other row that was changed behind
/// our back.
void carry_storage_root(ByteView before, std::span<std::uint8_t> patch) {
    constexpr std::size_t kFromEnd = 33 + 32;
    if (before.size() < kFromEnd) return;
    std::memcpy(patch.data() + patch.size() - kFromEnd, before.data() + before.size() - kFromEnd,
                32);
}

/// A store without nodes: what a wiped storage trie starts from.
class EmptyStore final : public NodeStore {
public:
    [[nodiscard]] ByteView load(const TrieOwner&, const Nibbles&) const override { return {}; }
    [[nodiscard]] bool has_concurrent_loads() const noexcept override { return true; }
};

/// What follows for the storage of one account.
struct StorageWork {
    /// The root after; nothing where the storage does not change.
    std::optional<Hash256> root;
    std::optional<TrieError> error;
    StateTrieChanges::Storage out;
};

/// Sets `work` for one account. Storage goes with an account that is gone.
void update_storage(const NodeStore& store, const AccountEdit& edit, StorageWork& work,
                    const ParallelFor& parallel) {
    const bool is_emptied = edit.is_storage_wiped || !edit.fields;
    const TrieOwner owner = work.out.owner;
    if (is_emptied) {
        work.out.is_wiped = !store.load(owner, {}).empty();
        work.root = kEmptyTrieRoot;
    }
    if (edit.slots.empty() || !edit.fields) return;

    std::vector<Uint256> slots;
    slots.reserve(edit.slots.size());
    for (const auto& slot : edit.slots) slots.push_back(slot.key);
    const auto keys = hash_slots(slots);
    std::vector<std::array<std::uint8_t, 33>> values(keys.size());
    std::vector<TrieEdit> edits(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const Uint256& value = edit.slots[keys[i].index].value;
        edits[i].key = Nibbles::from_key(keys[i].hash);
        if (!value.is_zero())
            edits[i].value = {values[i].data(), write_slot_value(value, values[i].data())};
    }
    const EmptyStore empty;
    const NodeStore& before = is_emptied ? static_cast<const NodeStore&>(empty) : store;
    const auto root = update_trie(before, owner, edits, work.out.rows, {nullptr, parallel});
    if (root)
        work.root = *root;
    else
        work.error = root.error();
}

/// Storage tries of all accounts, several at a time where the store allows it.
std::vector<StorageWork> update_storages(const NodeStore& store, std::span<const AccountEdit> edits,
                                         std::span<const HashedKey> keys,
                                         const ParallelFor& parallel) {
    // Accounts in one job: most have few slots, and a job should outweigh what it costs to hand
    // out.
    constexpr std::size_t kAccountsPerJob = 16;
    std::vector<StorageWork> works(keys.size());
    std::size_t slots = 0;
    for (const auto& edit : edits) slots += edit.slots.size();
    const bool is_spread = store.has_concurrent_loads() && slots >= kParallelEditsMin;
    run_parallel(is_spread ? parallel : ParallelFor{},
                 (keys.size() + kAccountsPerJob - 1) / kAccountsPerJob, [&](std::size_t job) {
                     const std::size_t end = std::min(keys.size(), (job + 1) * kAccountsPerJob);
                     for (std::size_t i = job * kAccountsPerJob; i < end; ++i) {
                         works[i].out.owner = keys[i].hash;
                         update_storage(store, edits[keys[i].index], works[i], parallel);
                     }
                 });
    return works;
}

/// Builders that were used before, so that their memory serves several subtrees. Any thread.
class BuilderPool {
public:
    std::unique_ptr<TrieBuilder> take() {
        const std::lock_guard lock{mutex_};
        if (free_.empty()) return std::make_unique<TrieBuilder>();
        auto builder = std::move(free_.back());
        free_.pop_back();
        return builder;
    }
    void give(std::unique_ptr<TrieBuilder> builder) {
        const std::lock_guard lock{mutex_};
        free_.push_back(std::move(builder));
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<TrieBuilder>> free_;  // guarded by mutex_
};

}  // namespace

Hash256 storage_root(std::span<const StorageSlot> slots) {
    std::vector<Uint256> keys;
    keys.reserve(slots.size());
    for (const auto& slot : slots) keys.push_back(slot.key);
    const auto hashed = hash_slots(keys);
    TrieBuilder builder;
    for (const auto& key : hashed) {
        const Uint256& value = slots[key.index].value;
        if (value.is_zero()) continue;
        std::array<std::uint8_t, 33> encoded;
        builder.add(Nibbles::from_key(key.hash),
                    {encoded.data(), write_slot_value(value, encoded.data())});
    }
    return builder.finish();
}

void StateRootBuilder::add(const Address& address, const Account& account) {
    entries_.push_back({address, account});
}

Hash256 StateRootBuilder::root(const ParallelFor& parallel) {
    const auto entries = std::exchange(entries_, {});
    const bool is_spread = parallel && entries.size() >= kParallelAccountsMin;
    const auto keys = hash_addresses(
        entries.size(), [&](std::size_t i) -> const Address& { return entries[i].address; },
        is_spread ? parallel : ParallelFor{});
    const auto add_entry = [&](TrieBuilder& builder, std::size_t i) {
        // In order of hash the accounts lie scattered: ask for one some steps ahead.
        constexpr std::size_t kAhead = 8;
        if (i + kAhead < keys.size()) __builtin_prefetch(&entries[keys[i + kAhead].index].account);
        const Account& account = entries[keys[i].index].account;
        std::array<std::uint8_t, kAccountValueMax> value;
        const std::size_t size = write_account_value(
            account.nonce, account.balance, account.storage_root, account.code_hash, value.data());
        builder.add(Nibbles::from_key(keys[i].hash), {value.data(), size});
    };
    std::array<std::size_t, 17> bounds{};
    std::size_t filled = 0;
    for (std::size_t n = 0; n < 16; ++n) {
        bounds[n + 1] = bounds[n];
        while (bounds[n + 1] < keys.size() && keys[bounds[n + 1]].hash.bytes[0] >> 4 == n)
            ++bounds[n + 1];
        filled += bounds[n + 1] > bounds[n] ? 1 : 0;
    }
    if (!is_spread || filled < 2) {
        TrieBuilder builder;
        for (std::size_t i = 0; i < keys.size(); ++i) add_entry(builder, i);
        return builder.finish();
    }
    std::array<NodeRef, 16> refs;
    std::array<const std::uint8_t*, 16> children{};
    BuilderPool builders;
    parallel(16, [&](std::size_t n) {
        if (bounds[n] == bounds[n + 1]) return;
        auto builder = builders.take();
        for (std::size_t i = bounds[n]; i < bounds[n + 1]; ++i) add_entry(*builder, i);
        refs[n] = builder->finish_subtree(1);
        children[n] = refs[n].data();
        builders.give(std::move(builder));
    });
    std::array<std::uint8_t, kBranchOverheadMax> encoding;
    const auto* end = write_branch(children, {}, encoding.data());
    return keccak256({encoding.data(), end});
}

Result<Hash256, TrieError> update_state_root(const NodeStore& store,
                                             std::span<const AccountEdit> edits,
                                             StateTrieChanges& changes,
                                             const ParallelFor& parallel) {
    changes.accounts.clear();
    changes.storages.clear();
    const auto keys = hash_addresses(
        edits.size(), [&](std::size_t i) -> const Address& { return edits[i].address; });
    auto works = update_storages(store, edits, keys, parallel);

    std::vector<std::array<std::uint8_t, kAccountValueMax>> values(keys.size());
    std::vector<TrieEdit> account_edits(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        StorageWork& work = works[i];
        if (work.error) return Unexpected{*work.error};
        if (work.out.is_wiped || !work.out.rows.is_empty())
            changes.storages.push_back(std::move(work.out));
        TrieEdit& edit = account_edits[i];
        edit.key = Nibbles::from_key(keys[i].hash);
        const auto& fields = edits[keys[i].index].fields;
        if (!fields) continue;
        const std::span<std::uint8_t> value{
            values[i].data(),
            write_account_value(fields->nonce, fields->balance, work.root.value_or(kEmptyTrieRoot),
                                fields->code_hash, values[i].data())};
        edit.value = value;
        if (!work.root) edit.patch = value;
    }
    return update_trie(store, std::nullopt, account_edits, changes.accounts,
                       {carry_storage_root, parallel});
}

}  // namespace cairn::chain
