// SPDX-License-Identifier: MIT
// Blocks of 1,000 touched keys into stores of 10^3 to 10^6 accounts, each committed durably or many
// to a commit; reads of accounts at the head and in the past. What is read is compared with what
// was written before anything is timed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "chain/store/account_edits.hpp"
#include "chain/store/store_writer.hpp"
#include "core/types/block.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;

constexpr std::size_t kTouched = 1000;  // keys a block: accounts, slots, and senders' nonces
constexpr std::size_t kTxs = kTouched / 2;

Address address_of(std::uint64_t i) {
    Address address;
    store_be64(address.data(), i * 0x9e3779b97f4a7c15ULL);
    store_be64(address.data() + 12, i);
    return address;
}

/// A store with so many accounts, and blocks on top that change some of them.
class BenchChain {
public:
    explicit BenchChain(std::size_t accounts) : random_{accounts}, nonces_(accounts, 1) {
        std::string name = (std::filesystem::temp_directory_path() / "cairn-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
        folder_ = name;
        store_ = std::make_unique<Store>(folder_);
        StateDiff diff;
        for (std::size_t i = 0; i < accounts; ++i)
            diff.accounts.push_back({address_of(i), std::nullopt, record(i)});
        std::sort(diff.accounts.begin(), diff.accounts.end(),
                  [](const auto& a, const auto& b) { return a.address < b.address; });
        StoreWriter writer{*store_};
        apply(writer, diff, 0);
        writer.commit();
    }
    ~BenchChain() {
        store_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    BenchChain(const BenchChain&) = delete;
    BenchChain& operator=(const BenchChain&) = delete;

    /// One more block: kTouched accounts, half as many transactions.
    void extend(StoreWriter& writer) {
        std::map<Address, AccountChange> changes;
        while (changes.size() < std::min(kTouched, nonces_.size())) {
            const std::size_t i = random_() % nonces_.size();
            const auto before = record(i);
            if (!changes.try_emplace(address_of(i), AccountChange{address_of(i), before, {}})
                     .second)
                continue;
            ++nonces_[i];
            changes[address_of(i)].after = record(i);
        }
        StateDiff diff;
        for (const auto& [address, change] : changes) diff.accounts.push_back(change);
        apply(writer, diff, kTxs);
    }

    [[nodiscard]] AccountRecord record(std::size_t i) const {
        return {nonces_[i], Uint256{nonces_[i] * 1'000'000'007ULL, i, 0, 0}, kEmptyCodeHash};
    }
    [[nodiscard]] Store& store() noexcept { return *store_; }
    [[nodiscard]] std::size_t accounts() const noexcept { return nonces_.size(); }
    [[nodiscard]] BlockNumber head() const noexcept { return number_ - 1; }

private:
    void apply(StoreWriter& writer, const StateDiff& diff, std::size_t txs) {
        const auto edits = account_edits(diff, writer.head_state());
        StateTrieChanges tries;
        const auto root = update_state_root(writer.tries(), edits.edits, tries);
        Header header;
        header.state_root = root.value();
        header.number = number_++;
        header.parent_hash = parent_;
        BlockBody body;
        std::vector<Receipt> receipts(txs);
        for (std::size_t i = 0; i < txs; ++i) {
            Transaction tx;
            tx.nonce = random_();
            tx.to = address_of(i);
            tx.gas_limit = 21000;
            tx.max_fee_per_gas = tx.max_priority_fee_per_gas = 1'000'000'000;
            tx.value = random_();
            body.transactions.emplace_back(std::move(tx),
                                           TxSignature{Uint256::max(), Uint256::max(), false});
            receipts[i].success = true;
            receipts[i].cumulative_gas_used = 21000 * (i + 1);
        }
        const Block block{HashedHeader{std::move(header)}, std::move(body)};
        parent_ = block.header.hash();
        writer.put_block(block, {Uint256{number_}}, std::vector<Address>(txs));
        writer.apply(block, receipts, diff, tries);
    }

    std::mt19937_64 random_;
    std::vector<std::uint64_t> nonces_;
    std::filesystem::path folder_;
    std::unique_ptr<Store> store_;
    BlockNumber number_ = 0;
    BlockHash parent_;
};

/// The store of so many accounts, made once; the last asked for is kept.
BenchChain& chain_of(std::int64_t accounts) {
    static std::unique_ptr<BenchChain> chain;
    if (!chain || chain->accounts() != static_cast<std::size_t>(accounts)) {
        chain.reset();
        chain = std::make_unique<BenchChain>(static_cast<std::size_t>(accounts));
    }
    return *chain;
}

/// Bytes of all pages that tables use: what blocks leave for good. The file has free pages besides.
std::uint64_t table_bytes(const Store& store) {
    const auto stats = store.stats();
    std::uint64_t pages = 0;
    for (const auto& table : stats.tables)
        pages += table.branch_pages + table.leaf_pages + table.overflow_pages;
    return pages * stats.env.page_bytes;
}

/// Blocks of 1,000 changes with their roots, `batch` to a durable commit.
void BM_write(benchmark::State& state) {
    auto& chain = chain_of(state.range(0));
    const auto batch = state.range(1);
    const auto before = table_bytes(chain.store());
    std::int64_t blocks = 0;
    for (auto _ : state) {
        StoreWriter writer{chain.store()};
        for (std::int64_t i = 0; i < batch; ++i) chain.extend(writer);
        writer.commit();
        blocks += batch;
    }
    const ReadView view{chain.store()};
    for (std::size_t i = 0; i < chain.accounts(); i += 1 + chain.accounts() / 100)
        if (view.head_state().account(address_of(i)) != chain.record(i))
            state.SkipWithError("an account differs from what was written");
    const auto keys = std::min<std::int64_t>(kTouched, state.range(0));
    state.SetItemsProcessed(blocks * keys);
    state.counters["blocks/s"] =
        benchmark::Counter(static_cast<double>(blocks), benchmark::Counter::kIsRate);
    state.counters["bytes/block"] =
        static_cast<double>(table_bytes(chain.store()) - before) / static_cast<double>(blocks);
}
BENCHMARK(BM_write)
    ->ArgNames({"accounts", "blocks_a_commit"})
    ->ArgsProduct({{1000, 10000, 100000, 1000000}, {1, 16, 128}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// Reads of accounts at random: `back` blocks before the head, 0 for the head itself.
void BM_read(benchmark::State& state) {
    auto& chain = chain_of(state.range(0));
    if (chain.head() < 200) {
        StoreWriter writer{chain.store()};
        while (chain.head() < 200) chain.extend(writer);
        writer.commit();
    }
    const ReadView view{chain.store()};
    const auto past = view.state_at(chain.head() - static_cast<BlockNumber>(state.range(1)));
    std::mt19937_64 random{1};
    for (auto _ : state)
        benchmark::DoNotOptimize((*past)->account(address_of(random() % chain.accounts())));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_read)
    ->ArgNames({"accounts", "back"})
    ->ArgsProduct({{1000, 10000, 100000, 1000000}, {0, 1, 100, 199}});

/// What a request pays before its first read.
void BM_open_view(benchmark::State& state) {
    auto& chain = chain_of(1000);
    for (auto _ : state) {
        const ReadView view{chain.store()};
        benchmark::DoNotOptimize(view.head());
    }
}
BENCHMARK(BM_open_view);

/// Taking a block of 1,000 changes back; not committed, so that the next round finds it again.
void BM_undo(benchmark::State& state) {
    auto& chain = chain_of(state.range(0));
    {
        StoreWriter writer{chain.store()};
        chain.extend(writer);
        writer.commit();
    }
    for (auto _ : state) {
        StoreWriter writer{chain.store()};
        if (!writer.undo()) state.SkipWithError("the head cannot be taken back");
        writer.abort();
    }
    state.SetItemsProcessed(state.iterations() * std::min<std::int64_t>(kTouched, state.range(0)));
}
BENCHMARK(BM_undo)->ArgName("accounts")->Arg(1000)->Arg(1000000)->Unit(benchmark::kMicrosecond);

}  // namespace
