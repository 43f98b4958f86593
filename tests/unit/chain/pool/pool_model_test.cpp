// SPDX-License-Identifier: MIT
// Random additions, blocks and reorganisations: against a plain model where limits do not bite, and
// for the limits where they do.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "chain/pool/best_txs.hpp"
#include "chain/pool/tx_pool.hpp"
#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

using test::address_of;
using test::FakeChain;
using test::make_tx;

constexpr std::uint32_t kSenders = 8;

/// What a pool without limits holds: for each account a map from nonce to transaction.
class PoolModel {
public:
    explicit PoolModel(FakeChain& chain) : chain_{chain} {}

    /// What the real pool must answer; nothing for success.
    std::optional<PoolError> add(const NewTx& tx, std::uint32_t sender) {
        auto& txs = senders_[sender];
        const auto pooled = txs.find(tx.tx->nonce);
        if (pooled != txs.end() && pooled->second.hash() == tx.tx.hash())
            return PoolError::AlreadyKnown;
        if (tx.tx->nonce < chain_.at(sender).nonce) return PoolError::NonceTooLow;
        if (pooled != txs.end() && !can_replace(pooled->second.tx(), tx.tx.tx(), 10))
            return PoolError::ReplacementUnderpriced;
        txs.insert_or_assign(tx.tx->nonce, tx.tx);
        return std::nullopt;
    }
    void move(const HeadChanged& change) {
        std::set<TxHash> applied;
        for (const auto& block : change.applied)
            for (const SignedTx& tx : block->block.body.transactions) applied.insert(tx.hash());
        for (std::uint32_t sender = 0; sender < kSenders; ++sender)
            std::erase_if(senders_[sender],
                          [&](const auto& entry) { return entry.first < chain_.at(sender).nonce; });
        for (auto it = change.reverted.rbegin(); it != change.reverted.rend(); ++it)
            for (std::size_t i = 0; i < (*it)->senders.size(); ++i) {
                const SignedTx& tx = (*it)->block.body.transactions[i];
                if (applied.contains(tx.hash())) continue;
                for (std::uint32_t sender = 0; sender < kSenders; ++sender)
                    if (address_of(sender) == (*it)->senders[i])
                        (void)add({RecoveredTx::from_known_sender(tx, address_of(sender))}, sender);
            }
    }
    [[nodiscard]] const std::map<std::uint64_t, RecoveredTx>& of(std::uint32_t sender) {
        return senders_[sender];
    }
    [[nodiscard]] std::uint64_t next_nonce(std::uint32_t sender) {
        std::uint64_t nonce = chain_.at(sender).nonce;
        while (senders_[sender].contains(nonce)) ++nonce;
        return nonce;
    }

private:
    FakeChain& chain_;
    std::map<std::uint32_t, std::map<std::uint64_t, RecoveredTx>> senders_;
};

class PoolModelTest : public test::PoolTest, public testing::WithParamInterface<std::uint64_t> {
protected:
    std::uint64_t below(std::uint64_t bound) { return random() % bound; }

    NewTx random_tx(std::uint32_t sender) {
        const std::uint64_t nonce = chain.at(sender).nonce;
        const std::uint64_t offset = below(7);
        return make_tx(sender, offset == 6 && nonce > 0 ? nonce - 1 : nonce + offset,
                       {.fee_cap = test::kBaseFee * (1 + below(4)) + below(100),
                        .tip = 1 + below(50) * below(50)});
    }
    /// What a miner would take: the best of the pool, or what nobody has seen.
    std::vector<RecoveredTx> random_block() {
        std::vector<RecoveredTx> out;
        for (BestTxs best{*pool, Wei{}}; !best.is_empty() && out.size() < 6; best.next())
            if (below(4) != 0)
                out.push_back(best.best()->tx);
            else
                break;
        std::map<Address, std::uint64_t> used;
        for (const RecoveredTx& tx : out) used[tx.sender()] = tx->nonce;
        const auto stranger = static_cast<std::uint32_t>(below(kSenders));
        if (below(3) == 0 && !used.contains(address_of(stranger)))
            out.push_back(
                make_tx(stranger, chain.at(stranger).nonce, {.value = 5 + below(1000)}).tx);
        return out;
    }
    HeadChanged random_move() {
        if (below(4) != 0) return chain.mine(random_block());
        const std::size_t depth = std::min<std::size_t>(below(4), chain.size() - 1);
        std::vector<std::vector<RecoveredTx>> blocks(depth + below(2));
        // The new branch may mine again what its first reverted block had.
        if (!blocks.empty() && depth == 1 && below(2) == 0) {
            const ExecutedBlock& old = *chain.head();
            for (std::size_t i = 0; i < old.senders.size(); ++i)
                blocks[0].push_back(
                    RecoveredTx::from_known_sender(old.block.body.transactions[i], old.senders[i]));
        }
        return chain.reorganise(depth, blocks);
    }

    std::mt19937_64 random{GetParam()};
};

TEST_P(PoolModelTest, without_limits_holds_what_the_model_holds) {
    start({.account_queue = 1000});
    PoolModel model{chain};
    for (int step = 0; step < 3000; ++step) {
        if (below(6) == 0) {
            const HeadChanged change = random_move();
            model.move(change);
            move(change);
        } else {
            const auto sender = static_cast<std::uint32_t>(below(kSenders));
            const NewTx tx = random_tx(sender);
            const auto expected = model.add(tx, sender);
            const auto got = pool->add(tx, Origin::Peer, now);
            ASSERT_EQ(got.has_value(), !expected) << "seed " << GetParam() << " step " << step;
            if (expected) {
                ASSERT_EQ(got.error().error, *expected);
            }
        }
        for (std::uint32_t sender = 0; sender < kSenders; ++sender) {
            const auto entries = pool->content_of(address_of(sender));
            const auto& wanted = model.of(sender);
            ASSERT_EQ(entries.size(), wanted.size()) << "seed " << GetParam() << " step " << step;
            auto it = wanted.begin();
            for (const PoolEntry& entry : entries) {
                ASSERT_EQ(entry.tx->hash(), it->second.hash());
                ASSERT_EQ(entry.is_pending, it->first < model.next_nonce(sender));
                ++it;
            }
            ASSERT_EQ(pool->pending_nonce(address_of(sender)), model.next_nonce(sender));
        }
    }
    EXPECT_TRUE(pool->is_consistent());
}

TEST_P(PoolModelTest, limits_are_never_exceeded) {
    const PoolOptions options{
        .account_slots = 2, .global_slots = 12, .account_queue = 3, .global_queue = 6};
    start(options);
    for (int step = 0; step < 3000; ++step) {
        const auto sender = static_cast<std::uint32_t>(below(kSenders));
        if (below(8) == 0)
            move(random_move());
        else
            (void)pool->add(random_tx(sender), below(10) == 0 ? Origin::Local : Origin::Peer, now);
        ASSERT_TRUE(pool->is_consistent()) << "seed " << GetParam() << " step " << step;
        const PoolStatus status = pool->status();
        ASSERT_LE(status.slots, options.slots_max());
        std::size_t queued_of_peers = 0;
        for (const auto& content : pool->content()) {
            std::size_t queued = 0;
            for (const PoolEntry& entry : content.entries)
                if (!entry.is_pending && !entry.tx->is_local()) ++queued;
            queued_of_peers += queued;
            ASSERT_LE(queued, options.account_queue);
        }
        ASSERT_LE(queued_of_peers, options.global_queue);
        now += below(3);
    }
    // What came in and is not there any more was told of.
    std::set<TxHash> alive;
    for (const PoolEvent& event : told) {
        if (const auto* added = std::get_if<TxAdded>(&event)) alive.insert(added->tx->hash());
        if (const auto* gone = std::get_if<TxDropped>(&event)) alive.erase(gone->tx->hash());
        if (const auto* gone = std::get_if<TxReplaced>(&event)) alive.erase(gone->old_tx->hash());
    }
    std::set<TxHash> held;
    for (const auto& content : pool->content())
        for (const PoolEntry& entry : content.entries) held.insert(entry.tx->hash());
    EXPECT_EQ(alive, held);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PoolModelTest, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace cairn::chain
