// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "chain/pool/tx_pool.hpp"
#include "chain/rules/base_fee.hpp"
#include "chain/spec/rule_table.hpp"

namespace cairn::chain::test {

inline constexpr std::uint64_t kChainId = 1;
inline constexpr std::uint64_t kBaseFee = 1'000'000'000;
inline constexpr Gas kGasLimit = 30'000'000;
/// The clock when a test begins.
inline constexpr UnixSeconds kStart = 1'000'000;

/// Account number `index`.
inline Address address_of(std::uint32_t index) {
    Address out;
    store_be32(out.data(), index + 1);
    return out;
}

/// What a test says of a transaction; the rest is a plain transfer that pays the base fee.
struct TxShape {
    std::uint64_t fee_cap = 2 * kBaseFee;
    std::uint64_t tip = 1000;
    std::uint64_t value = 1;
    Gas gas = 21000;
    std::size_t data_bytes = 0;
    TxType type = TxType::DynamicFee;
};

inline Transaction make_fields(std::uint32_t sender, std::uint64_t nonce,
                               const TxShape& shape = {}) {
    Transaction tx;
    tx.type = shape.type;
    tx.chain_id = kChainId;
    tx.nonce = nonce;
    tx.max_fee_per_gas = Wei{shape.fee_cap};
    tx.max_priority_fee_per_gas = Wei{shape.type == TxType::Legacy ? shape.fee_cap : shape.tip};
    tx.gas_limit = shape.gas;
    // Nobody checks who signed, so that equal wishes of two senders must differ somewhere.
    tx.to = address_of(sender);
    tx.value = Wei{shape.value};
    tx.data.assign(shape.data_bytes, 1);
    return tx;
}

/// A transaction whose signature is within its range and otherwise made up.
inline NewTx with_sender(std::uint32_t sender, Transaction fields) {
    const TxSignature signature{.r = Uint256{7}, .s = Uint256{9}, .y_parity = false};
    return {
        RecoveredTx::from_known_sender(SignedTx{std::move(fields), signature}, address_of(sender))};
}

inline NewTx make_tx(std::uint32_t sender, std::uint64_t nonce, const TxShape& shape = {}) {
    return with_sender(sender, make_fields(sender, nonce, shape));
}

/// A chain whose blocks raise nonces and take costs off balances and do nothing else. Accounts that
/// nobody mentioned have kWealth.
class FakeChain final : public PoolChain {
public:
    static constexpr std::uint64_t kWealth = 1'000'000'000'000'000'000;
    using Accounts = std::map<Address, PoolAccount>;

    FakeChain() { steps_.push_back({make_block({}, {}, nullptr), {}}); }

    [[nodiscard]] ChainSnapshot read(std::span<const Address> addresses) const override {
        const std::lock_guard lock{mutex_};
        ++reads;
        const Step& head = steps_.back();
        ChainSnapshot out{head.block->block.header, head.block->total, {}};
        for (const Address& address : addresses) out.accounts.push_back(account(address));
        return out;
    }

    /// The account at the head, to be changed by the test at will.
    PoolAccount& at(std::uint32_t index) {
        const auto added = steps_.back().accounts.try_emplace(address_of(index),
                                                              PoolAccount{.balance = Wei{kWealth}});
        return added.first->second;
    }
    [[nodiscard]] std::size_t size() const noexcept { return steps_.size(); }
    [[nodiscard]] const ExecutedBlockPtr& head() const noexcept { return steps_.back().block; }

    /// Gas used in blocks mined from here on: half the limit keeps the base fee as it is.
    Gas gas_used = kGasLimit / 2;
    Gas gas_limit = kGasLimit;
    mutable std::size_t reads = 0;

    /// One more block with these transactions.
    HeadChanged mine(const std::vector<RecoveredTx>& txs) {
        const std::lock_guard lock{mutex_};
        HeadChanged change;
        extend(txs, change);
        finish(change);
        return change;
    }
    /// Takes `depth` blocks back and adds these.
    HeadChanged reorganise(std::size_t depth, const std::vector<std::vector<RecoveredTx>>& blocks) {
        const std::lock_guard lock{mutex_};
        HeadChanged change;
        for (std::size_t i = 0; i < depth; ++i) {
            change.reverted.push_back(steps_.back().block);
            steps_.pop_back();
        }
        ++branch_;
        for (const auto& txs : blocks) extend(txs, change);
        finish(change);
        return change;
    }

private:
    struct Step {
        ExecutedBlockPtr block;
        Accounts accounts;
    };

    [[nodiscard]] PoolAccount account(const Address& address) const {
        const auto it = steps_.back().accounts.find(address);
        return it == steps_.back().accounts.end() ? PoolAccount{.balance = Wei{kWealth}}
                                                  : it->second;
    }
    ExecutedBlockPtr make_block(const std::vector<RecoveredTx>& txs, const BlockHash& parent,
                                const Header* above) const {
        Header header;
        header.parent_hash = parent;
        header.number = above == nullptr ? 0 : above->number + 1;
        header.timestamp = kStart - 1000 + header.number;
        header.gas_limit = gas_limit;
        header.gas_used = gas_used;
        header.base_fee = above == nullptr ? Wei{kBaseFee} : next_base_fee(*above);
        header.extra_data = {branch_};
        auto out = std::make_shared<ExecutedBlock>(
            ExecutedBlock{Block{HashedHeader{header}, {}}, {}, {}, {Uint256{header.number}}});
        for (const RecoveredTx& tx : txs) {
            out->block.body.transactions.push_back(tx.signed_tx());
            out->senders.push_back(tx.sender());
        }
        return out;
    }
    void extend(const std::vector<RecoveredTx>& txs, HeadChanged& change) {
        const Step& below = steps_.back();
        const HashedHeader& parent = below.block->block.header;
        Step step{make_block(txs, parent.hash(), &parent.header()), below.accounts};
        for (const RecoveredTx& tx : txs) {
            PoolAccount after = account(tx.sender());
            if (const auto it = step.accounts.find(tx.sender()); it != step.accounts.end())
                after = it->second;
            after.nonce = tx->nonce + 1;
            after.balance -= tx->value;
            step.accounts[tx.sender()] = after;
        }
        change.applied.push_back(step.block);
        steps_.push_back(std::move(step));
    }
    void finish(HeadChanged& change) const {
        change.head = steps_.back().block->ref();
        change.total = steps_.back().block->total;
    }

    mutable std::mutex mutex_;
    std::vector<Step> steps_;
    std::uint8_t branch_ = 0;
};

/// A pool over a FakeChain under Prague's rules, and what it told.
class PoolTest : public testing::Test {
protected:
    /// Begins anew with these options.
    TxPool& start(PoolOptions options = {}) {
        subscription.reset();
        told.clear();
        pool = std::make_unique<TxPool>(spec, chain, std::move(options), now);
        subscription =
            pool->events().subscribe([this](const PoolEvent& event) { told.push_back(event); });
        return *pool;
    }
    Result<TxPool::Added, PoolRejection> add(const NewTx& tx, Origin origin = Origin::Peer) {
        auto out = pool->add(tx, origin, now);
        EXPECT_TRUE(pool->is_consistent());
        return out;
    }
    TxPool::Added must_add(const NewTx& tx, Origin origin = Origin::Peer) {
        auto out = add(tx, origin);
        EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().message);
        return out ? *out : TxPool::Added{};
    }
    void expect_refused(const NewTx& tx, PoolError error, const std::string& message,
                        Origin origin = Origin::Peer) {
        const auto out = add(tx, origin);
        ASSERT_FALSE(out.has_value());
        EXPECT_EQ(out.error().error, error) << out.error().message;
        EXPECT_EQ(out.error().message, message);
    }
    void move(const HeadChanged& change) {
        pool->on_head_changed(change, now);
        EXPECT_TRUE(pool->is_consistent());
    }
    /// Of all that was told, what is of this kind, in order.
    template <class Event>
    [[nodiscard]] std::vector<Event> told_of() const {
        std::vector<Event> out;
        for (const PoolEvent& event : told)
            if (const auto* wanted = std::get_if<Event>(&event)) out.push_back(*wanted);
        return out;
    }
    [[nodiscard]] bool was_dropped(const NewTx& tx, DropReason reason) const {
        for (const TxDropped& event : told_of<TxDropped>())
            if (event.tx->hash() == tx.tx.hash()) return event.reason == reason;
        return false;
    }

    UnixSeconds now = kStart;
    ChainSpec spec =
        ChainSpec::with_single_rules(rules_of(Revision::Prague), kChainId, SealKind::None);
    FakeChain chain;
    std::unique_ptr<TxPool> pool = std::make_unique<TxPool>(spec, chain, PoolOptions{}, now);
    std::vector<PoolEvent> told;
    EventBus<PoolEvent>::Subscription subscription;
};

}  // namespace cairn::chain::test
