// SPDX-License-Identifier: MIT
// Random trees of blocks, valid and not, offered in random order: what the ChainManager says of
// each, where its head stands and every state it keeps are held against a plain model.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "chain/rules/base_fee.hpp"
#include "chain/rules/difficulty.hpp"
#include "tests/unit/chain/import/chain_fixture.hpp"

namespace cairn::test {
namespace {

using chain::ImportStatus;

constexpr std::size_t kKeys = 4;
constexpr std::size_t kBlocks = 70;
/// Offers for each waiting block without an answer but "unknown parent" until the rest is taken for
/// orphans: that one of 70 others is missed has a chance of about e^-20.
constexpr std::size_t kIdleMax = 20;
constexpr Address kContract{{0xc0}};

/// Without call data it destroys itself; else it stores the second word of the data under the
/// first.
const Bytes kContractCode{0x36, 0x60, 0x06, 0x57, 0x33, 0xff, 0x5b, 0x60,
                          0x20, 0x35, 0x60, 0x00, 0x35, 0x55, 0x00};

/// How a block of the tree is.
enum class Kind {
    Valid,
    HeaderWrong,     ///< seen by looking at header and parent
    ExecutionWrong,  ///< seen by executing it
    BodyWrong,       ///< the body is another header's; says nothing about the hash
    OnInvalid,       ///< itself as it should be, upon one that is not
};

/// A block of the tree.
struct TreeBlock {
    Block block;
    Kind kind = Kind::Valid;
    TotalDifficulty total;
};

chain::Genesis tree_genesis() {
    auto genesis = test_genesis(Revision::London, kKeys);
    genesis.accounts.push_back({kContract, Wei{}, 1, kContractCode, {}});
    std::ranges::sort(genesis.accounts, {}, &chain::GenesisAccount::address);
    return genesis;
}

/// Makes a tree on genesis.
class TreeMaker {
public:
    TreeMaker(BlockFactory& factory, std::mt19937_64& random) : factory_{factory}, random_{random} {
        for (std::uint64_t i = 1; i <= kKeys; ++i) keys_.emplace_back(i);
    }

    std::vector<TreeBlock> make() {
        std::vector<TreeBlock> tree;
        valid_.push_back(factory_.genesis_block());
        while (tree.size() < kBlocks) tree.push_back(make_one(tree));
        return tree;
    }

private:
    std::uint64_t next(std::uint64_t bound) { return random_() % bound; }

    TreeBlock make_one(const std::vector<TreeBlock>& tree) {
        switch (next(10)) {
            case 0:
                return spoilt(Kind::HeaderWrong, [](Header& header) {
                    header.difficulty.value = header.difficulty.value + Uint256{1};
                });
            case 1:
                return spoilt(Kind::ExecutionWrong,
                              [](Header& header) { header.state_root.bytes[7] ^= 1; });
            case 2:
                return spoilt(Kind::BodyWrong,
                              [](Header& header) { header.transactions_root.bytes[7] ^= 1; });
            case 3:
                for (const auto& candidate : tree)
                    if (candidate.kind != Kind::Valid && next(3) == 0) return child_of(candidate);
                return valid();
            default:
                return valid();
        }
    }

    /// Recent blocks are taken more often, so that chains grow.
    const Block& any_valid() {
        const std::size_t back = std::min(next(valid_.size()), next(valid_.size()));
        return valid_[valid_.size() - 1 - back];
    }

    BlockPlan plan_on(const Block& parent) {
        BlockPlan plan;
        plan.seconds = 1 + next(25);  // the quicker, the heavier
        plan.extra_data.resize(8);
        store_be64(plan.extra_data.data(), ++count_);
        const auto& state = factory_.state_after(parent.header.hash());
        std::map<Address, std::uint64_t> used;
        for (auto txs = next(4); txs > 0; --txs) {
            const TestKey& from = keys_[next(keys_.size())];
            const std::uint64_t nonce = state.account(from.address)->nonce + used[from.address]++;
            plan.transactions.push_back(make_any_tx(from, nonce));
        }
        return plan;
    }

    SignedTx make_any_tx(const TestKey& from, std::uint64_t nonce) {
        switch (next(8)) {
            case 0:
                return make_tx(from, nonce, kContract, Wei{}, {}, 100'000);  // destroys it
            case 1:
            case 2:
            case 3: {
                Bytes data(64);
                data[31] = static_cast<std::uint8_t>(next(5));
                data[63] = static_cast<std::uint8_t>(next(3));
                return make_tx(from, nonce, kContract, Wei{}, std::move(data), 100'000);
            }
            default:
                return make_tx(from, nonce, keys_[next(keys_.size())].address, Wei{next(1000)});
        }
    }

    TreeBlock valid() {
        const Block& parent = any_valid();
        TreeBlock out{factory_.make(parent, plan_on(parent)), Kind::Valid, {}};
        out.total = factory_.total_of(out.block.header.hash());
        valid_.push_back(out.block);
        return out;
    }

    TreeBlock spoilt(Kind kind, std::function<void(Header&)> spoil) {
        const Block& parent = any_valid();
        auto plan = plan_on(parent);
        plan.spoil = std::move(spoil);
        TreeBlock out{factory_.make(parent, plan), kind, {}};
        out.total = factory_.total_of(parent.header.hash()) + out.block.header->difficulty;
        return out;
    }

    /// Upon a block that is wrong: an empty block whose header follows from that one's.
    TreeBlock child_of(const TreeBlock& parent) {
        const Header& above = *parent.block.header;
        auto plan = plan_on(factory_.genesis_block());
        plan.transactions.clear();
        plan.spoil = [this, &above, &parent, seconds = plan.seconds](Header& header) {
            header.parent_hash = parent.block.header.hash();
            header.number = above.number + 1;
            header.timestamp = above.timestamp + seconds;
            header.base_fee = chain::next_base_fee(above);
            const auto& spec = factory_.genesis().spec;
            header.difficulty = chain::next_difficulty(
                spec, spec.rules_at(header.number, header.timestamp), above, header.timestamp);
        };
        TreeBlock out{factory_.make(factory_.genesis_block(), plan), Kind::OnInvalid, {}};
        out.total = parent.total + out.block.header->difficulty;
        return out;
    }

    BlockFactory& factory_;
    std::mt19937_64& random_;
    std::vector<TestKey> keys_;
    std::vector<Block> valid_;
    std::uint64_t count_ = 0;
};

/// The plain twin of a ChainManager: sets and maps, and the rule of choice written down once more.
class ChainModel {
public:
    ChainModel(const std::vector<TreeBlock>& tree, const BlockFactory& factory)
        : genesis_{factory.genesis_block().header.hash()},
          head_{genesis_},
          head_total_{factory.total_of(genesis_)} {
        for (const TreeBlock& block : tree) tree_.emplace(block.block.header.hash(), &block);
        stored_.insert(genesis_);
    }

    ImportStatus offer(const TreeBlock& offered) {
        const auto& hash = offered.block.header.hash();
        const auto& parent = offered.block.header->parent_hash;
        if (bad_.contains(hash)) return ImportStatus::Invalid;
        if (stored_.contains(hash)) return ImportStatus::AlreadyKnown;
        if (bad_.contains(parent)) return refuse(hash);
        if (!stored_.contains(parent)) return ImportStatus::UnknownParent;
        if (offered.kind == Kind::HeaderWrong) return refuse(hash);
        if (offered.kind == Kind::BodyWrong) return ImportStatus::Invalid;  // and forgotten
        const bool is_best = parent == head_ || offered.total > head_total_;
        if (!is_best) {
            stored_.insert(hash);
            return ImportStatus::SideChain;
        }
        if (const auto broken = first_broken(hash)) {
            refuse(*broken);
            refuse_descendants(*broken);
            return refuse(hash);
        }
        stored_.insert(hash);
        head_ = hash;
        head_total_ = offered.total;
        return ImportStatus::Canonical;
    }

    [[nodiscard]] const BlockHash& head() const noexcept { return head_; }

    /// From genesis to the head.
    [[nodiscard]] std::vector<BlockHash> canonical() const {
        std::vector<BlockHash> chain{head_};
        while (chain.back() != genesis_)
            chain.push_back(tree_.at(chain.back())->block.header->parent_hash);
        std::ranges::reverse(chain);
        return chain;
    }

private:
    ImportStatus refuse(const BlockHash& hash) {
        bad_.insert(hash);
        stored_.erase(hash);
        return ImportStatus::Invalid;
    }

    void refuse_descendants(const BlockHash& ancestor) {
        for (const auto& [hash, block] : tree_)
            if (stored_.contains(hash) && descends(hash, ancestor)) refuse(hash);
    }

    [[nodiscard]] bool descends(BlockHash hash, const BlockHash& ancestor) const {
        for (; hash != genesis_; hash = tree_.at(hash)->block.header->parent_hash)
            if (hash == ancestor) return true;
        return false;
    }

    /// The lowest block of the chain up to `hash` whose execution fails.
    [[nodiscard]] std::optional<BlockHash> first_broken(BlockHash hash) const {
        std::optional<BlockHash> lowest;
        for (; hash != genesis_; hash = tree_.at(hash)->block.header->parent_hash)
            if (tree_.at(hash)->kind == Kind::ExecutionWrong) lowest = hash;
        return lowest;
    }

    BlockHash genesis_;
    BlockHash head_;
    TotalDifficulty head_total_;
    std::map<BlockHash, const TreeBlock*> tree_;
    std::set<BlockHash> stored_;
    std::set<BlockHash> bad_;
};

/// Canonical numbers and the state after each of them are the model's.
void expect_history(ChainFixture& chain, const ChainModel& model) {
    const auto view = chain.manager->view();
    const auto canonical = model.canonical();
    ASSERT_EQ(view.head(), (chain::BlockRef{canonical.size() - 1, model.head()}));
    for (BlockNumber n = 0; n < canonical.size(); ++n) {
        ASSERT_EQ(view.canonical_hash(n), canonical[n]) << "block " << n;
        const auto block = view.block({n, canonical[n]});
        ASSERT_TRUE(block) << "block " << n;
        chain.expect_state(view, *block);
        if (n == 0) continue;
        EXPECT_EQ(view.receipts({n, canonical[n]}), chain.factory.receipts_of(canonical[n]));
    }
}

/// One tree, offered until everything with a known parent has been judged; some blocks twice.
void run_seed(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    ChainFixture chain{tree_genesis()};
    const auto tree = TreeMaker{chain.factory, random}.make();
    ChainModel model{tree, chain.factory};
    std::vector<const TreeBlock*> waiting;
    for (const TreeBlock& block : tree) waiting.push_back(&block);
    std::map<ImportStatus, int> seen;
    for (std::size_t step = 0, idle = 0; !waiting.empty() && idle < kIdleMax * waiting.size();
         ++step) {
        const std::size_t pick = random() % waiting.size();
        const TreeBlock& block = *waiting[pick];
        const auto wanted = model.offer(block);
        const auto outcome = chain.submit(block.block);
        ASSERT_EQ(to_string(outcome.status), to_string(wanted))
            << "step " << step << ", block " << block.block.header->number << ": "
            << to_string(outcome);
        ASSERT_EQ(chain.head(), model.head()) << "step " << step;
        if (step % 8 == 0) expect_history(chain, model);
        ++seen[wanted];
        const bool stays = wanted == ImportStatus::UnknownParent || random() % 8 == 0;
        idle = wanted == ImportStatus::UnknownParent ? idle + 1 : 0;
        if (!stays) waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(pick));
    }
    expect_history(chain, model);
    EXPECT_TRUE(chain::check_store(*chain.store).is_clean());
    EXPECT_GT(seen[ImportStatus::Canonical], 0);
    EXPECT_GT(seen[ImportStatus::UnknownParent], 0);
    chain.close();
    chain.open();
    expect_history(chain, model);
}

/// CAIRN_TREE_SEEDS sets how many trees are tried, CAIRN_TREE_FIRST_SEED where to begin.
std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* const text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(TreeModel, random_trees_in_random_order_end_as_the_model_says) {
    const std::uint64_t first = number_from("CAIRN_TREE_FIRST_SEED", 1);
    const std::uint64_t count = number_from("CAIRN_TREE_SEEDS", 12);
    std::printf("seeds %llu to %llu\n", static_cast<unsigned long long>(first),
                static_cast<unsigned long long>(first + count - 1));
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        SCOPED_TRACE("CAIRN_TREE_FIRST_SEED=" + std::to_string(seed));
        run_seed(seed);
        if (testing::Test::HasFailure()) return;
    }
}

}  // namespace
}  // namespace cairn::test
