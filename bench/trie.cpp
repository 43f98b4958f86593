// SPDX-License-Identifier: MIT
// Roots of whole states and of lists, and of 1,000 changes in a million accounts, each beside the
// plain trie of the Yellow Paper, appendix D, with the same Keccak. The roots are compared before
// anything is timed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "chain/trie/list_root.hpp"
#include "chain/trie/proof.hpp"
#include "chain/trie/state_root.hpp"
#include "chain/trie/trie_builder.hpp"
#include "core/base/thread_pool.hpp"
#include "tests/support/trie_entries.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;
using cairn::test::PlainEntries;
using cairn::test::PlainTrie;

struct AccountAt {
    Address address;
    Account account;
};

/// Accounts as they are on a public chain: most have a balance and a few transactions, some code
/// and storage.
std::vector<AccountAt> make_accounts(std::size_t count) {
    std::mt19937_64 random{count};
    std::vector<AccountAt> accounts(count);
    for (std::size_t i = 0; i < count; ++i) {
        auto& [address, account] = accounts[i];
        store_be64(address.data(), random());
        store_be64(address.data() + 8, i);
        account.nonce = random() % 200;
        account.balance = Uint256{random(), random() % 1000, 0, 0};
        if (random() % 5 == 0) {
            store_be64(account.code_hash.data(), random());
            store_be64(account.storage_root.data(), random());
        }
    }
    return accounts;
}

PlainEntries plain_entries(const std::vector<AccountAt>& accounts) {
    PlainEntries entries;
    for (const auto& [address, account] : accounts)
        entries[to_bytes(keccak256(address))] = encode_account(account);
    return entries;
}

Hash256 build_root(const std::vector<AccountAt>& accounts, const ParallelFor& parallel) {
    StateRootBuilder builder;
    builder.reserve(accounts.size());
    for (const auto& [address, account] : accounts) builder.add(address, account);
    return builder.root(parallel);
}

/// Two threads: the caller and one worker. One: no pool.
class Threads {
public:
    explicit Threads(std::int64_t count) {
        if (count < 2) return;
        pool_ = std::make_unique<ThreadPool>(static_cast<std::size_t>(count - 1));
        parallel = [this](std::size_t n, const std::function<void(std::size_t)>& job) {
            pool_->parallel_for(n, job);
        };
    }
    ParallelFor parallel;

private:
    std::unique_ptr<ThreadPool> pool_;
};

void per_item(benchmark::State& state, std::size_t items) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(items));
}

/// From addresses and accounts, unsorted and unhashed, to the root.
void BM_state_root(benchmark::State& state) {
    const auto accounts = make_accounts(static_cast<std::size_t>(state.range(0)));
    const Threads threads{state.range(1)};
    if (state.range(0) <= 10000 &&
        build_root(accounts, threads.parallel) != PlainTrie::root(plain_entries(accounts))) {
        state.SkipWithError("the root differs from the plain trie's");
        return;
    }
    for (auto _ : state) benchmark::DoNotOptimize(build_root(accounts, threads.parallel));
    per_item(state, accounts.size());
}
BENCHMARK(BM_state_root)
    ->ArgNames({"accounts", "threads"})
    ->ArgsProduct({{128, 256, 512, 1024, 10000, 1000000}, {1, 2}})
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

void BM_state_root_plain(benchmark::State& state) {
    const auto accounts = make_accounts(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(PlainTrie::root(plain_entries(accounts)));
    per_item(state, accounts.size());
}
BENCHMARK(BM_state_root_plain)
    ->ArgName("accounts")
    ->Arg(10000)
    ->Arg(1000000)
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

/// A million accounts in a store, made once.
struct Million {
    std::vector<AccountAt> accounts = make_accounts(1000000);
    MemoryNodeStore store;

    Million() {
        TrieBuilder builder;
        builder.set_sink([&](const Nibbles& path, ByteView encoding) {
            store.put(std::nullopt, path, encoding);
        });
        const auto keys = hash_addresses(
            accounts.size(), [&](std::size_t i) -> const Address& { return accounts[i].address; });
        for (const auto& key : keys)
            builder.add(Nibbles::from_key(key.hash), encode_account(accounts[key.index].account));
        benchmark::DoNotOptimize(builder.finish());
    }
    static Million& get() {
        static Million million;
        return million;
    }
};

/// Changes in balance and nonce of accounts spread over the trie, some of them made or deleted.
std::vector<AccountEdit> make_edits(const Million& million, std::size_t count, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    std::map<Address, AccountEdit> edits;
    while (edits.size() < count) {
        AccountEdit edit;
        edit.address = million.accounts[random() % million.accounts.size()].address;
        if (random() % 20 == 0) edit.address.bytes[19] = 1;
        if (random() % 100 != 0)
            edit.fields = AccountEdit::Fields{random() % 300, random(), kEmptyCodeHash};
        edits[edit.address] = edit;
    }
    std::vector<AccountEdit> out;
    for (const auto& [address, edit] : edits) out.push_back(edit);
    return out;
}

/// Root after a block's changes, and the rows to write; the store stays as it is.
void BM_update(benchmark::State& state) {
    const Million& million = Million::get();
    const auto count = static_cast<std::size_t>(state.range(0));
    const Threads threads{state.range(1)};
    std::vector<std::vector<AccountEdit>> blocks;
    for (std::uint64_t seed = 1; seed <= 16; ++seed)
        blocks.push_back(make_edits(million, count, seed));
    StateTrieChanges changes;
    std::size_t rows = 0;
    std::size_t i = 0;
    for (auto _ : state) {
        const auto root = update_state_root(million.store, blocks[i++ % blocks.size()], changes,
                                            threads.parallel);
        if (!root) state.SkipWithError("the update failed");
        benchmark::DoNotOptimize(root);
        rows += changes.accounts.size();
    }
    state.counters["rows"] =
        benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kAvgIterations);
    per_item(state, count);
}
BENCHMARK(BM_update)
    ->ArgNames({"edits", "threads"})
    ->ArgsProduct({{1, 64, 128, 256, 1000, 10000}, {1, 2}})
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

/// 200 transactions of about 110 bytes, some of them long.
std::vector<Bytes> make_items() {
    std::mt19937_64 random{5};
    std::vector<Bytes> items(200);
    for (auto& item : items) {
        item.resize(random() % 10 == 0 ? 1000 : 105 + random() % 12);
        for (auto& b : item) b = static_cast<std::uint8_t>(random());
    }
    return items;
}

PlainEntries list_entries(const std::vector<Bytes>& items) {
    PlainEntries entries;
    for (std::size_t i = 0; i < items.size(); ++i) entries[rlp_encode(std::uint64_t{i})] = items[i];
    return entries;
}

void BM_list_root(benchmark::State& state) {
    const auto items = make_items();
    if (list_root(items) != PlainTrie::root(list_entries(items))) {
        state.SkipWithError("the root differs from the plain trie's");
        return;
    }
    for (auto _ : state) benchmark::DoNotOptimize(list_root(items));
    per_item(state, items.size());
}
BENCHMARK(BM_list_root)->Unit(benchmark::kMicrosecond);

void BM_list_root_plain(benchmark::State& state) {
    const auto items = make_items();
    for (auto _ : state) benchmark::DoNotOptimize(PlainTrie::root(list_entries(items)));
    per_item(state, items.size());
}
BENCHMARK(BM_list_root_plain)->Unit(benchmark::kMicrosecond);

void BM_storage_root(benchmark::State& state) {
    std::mt19937_64 random{6};
    std::vector<StorageSlot> slots(static_cast<std::size_t>(state.range(0)));
    for (std::size_t i = 0; i < slots.size(); ++i)
        slots[i] = {i, Uint256{random(), random() % 2, 0, 0}};
    for (auto _ : state) benchmark::DoNotOptimize(storage_root(slots));
    per_item(state, slots.size());
}
BENCHMARK(BM_storage_root)->Arg(1)->Arg(10)->Arg(1000)->Unit(benchmark::kMicrosecond);

void BM_make_proof(benchmark::State& state) {
    const Million& million = Million::get();
    std::size_t i = 0;
    for (auto _ : state) {
        const auto& address = million.accounts[i++ * 7919 % million.accounts.size()].address;
        benchmark::DoNotOptimize(make_proof(million.store, std::nullopt, account_key(address)));
    }
}
BENCHMARK(BM_make_proof)->Unit(benchmark::kMicrosecond);

void BM_verify_proof(benchmark::State& state) {
    const Million& million = Million::get();
    const auto& [address, account] = million.accounts[12345];
    const auto proof = make_proof(million.store, std::nullopt, account_key(address));
    const Hash256 root = stored_root(million.store, std::nullopt);
    for (auto _ : state) {
        const auto found = verify_account_proof(root, address, *proof);
        if (!found || !*found || **found != account) state.SkipWithError("the proof failed");
    }
}
BENCHMARK(BM_verify_proof)->Unit(benchmark::kMicrosecond);

}  // namespace
