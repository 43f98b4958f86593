// SPDX-License-Identifier: MIT
#include "tests/sim/light_chain.hpp"

#include <algorithm>

#include "chain/rules/body_check.hpp"
#include "chain/rules/difficulty.hpp"
#include "chain/rules/header_check.hpp"
#include "chain/rules/pow.hpp"
#include "chain/spec/test_networks.hpp"
#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::sim {
namespace {

constexpr Gas kGasLimit = 30'000'000;

[[nodiscard]] Hash256 next_root(const Hash256& parent_root, const Hash256& transactions_root) {
    Bytes joined = to_bytes(parent_root);
    append(joined, transactions_root);
    return keccak256(joined).as<Hash256>();
}

[[nodiscard]] chain::ImportOutcome outcome_of(chain::ImportStatus status, const Block& block) {
    return {.status = status, .block = {block.header->number, block.header.hash()}};
}

[[nodiscard]] chain::ImportOutcome invalid(const Block& block, const chain::BlockFault& fault) {
    auto outcome = outcome_of(chain::ImportStatus::Invalid, block);
    outcome.fault = fault;
    return outcome;
}

}  // namespace

Coin coin_of(const SignedTx& tx) {
    return {tx->gas_limit, tx->nonce};
}

SignedTx make_light_tx(std::uint64_t sender, std::uint64_t nonce, std::uint8_t variant) {
    Transaction tx;
    tx.gas_limit = sender;
    tx.nonce = nonce;
    tx.to = Address{};
    tx.data = {variant};
    return SignedTx{std::move(tx), TxSignature{Uint256{1}, Uint256{1}, false}};
}

const chain::ChainSpec& light_spec() {
    static const chain::ChainSpec spec = *chain::find_test_network("Berlin");
    return spec;
}

const chain::SealEngine& light_engine() {
    static const auto engine = chain::make_seal_engine(chain::SealKind::None);
    return *engine;
}

const Block& light_genesis() {
    static const Block genesis = [] {
        Header header;
        header.difficulty = Difficulty{Uint256{131072}};
        header.gas_limit = kGasLimit;
        header.timestamp = kSimStart;
        return Block{HashedHeader{std::move(header)}, {}};
    }();
    return genesis;
}

class LightSnapshot final : public node::ChainSnapshot {
public:
    explicit LightSnapshot(const LightChain& chain) : chain_{chain} {}
    node::CheckedHeader head() const override { return chain_.head(); }
    std::optional<BlockHash> canonical_hash(BlockNumber number) const override {
        if (number >= chain_.canonical_.size()) return std::nullopt;
        return chain_.canonical_[static_cast<std::size_t>(number)];
    }
    std::optional<TotalDifficulty> total_difficulty(const BlockHash& hash) const override {
        const auto* record = find(hash);
        if (record == nullptr) return std::nullopt;
        return record->total;
    }
    std::optional<HashedHeader> header(const BlockHash& hash) const override {
        const auto* record = find(hash);
        if (record == nullptr) return std::nullopt;
        return record->block.header;
    }
    std::optional<BlockBody> body(const BlockHash& hash) const override {
        const auto* record = find(hash);
        if (record == nullptr) return std::nullopt;
        return record->block.body;
    }
    std::optional<std::vector<Receipt>> receipts(const BlockHash& hash) const override {
        const auto* record = find(hash);
        if (record == nullptr || !record->spent) return std::nullopt;
        return std::vector<Receipt>(record->block.body.transactions.size());
    }
    bool is_bad(const BlockHash& hash) const override { return chain_.bad_.contains(hash); }

private:
    const LightChain::Record* find(const BlockHash& hash) const {
        const auto it = chain_.records_.find(hash);
        return it == chain_.records_.end() ? nullptr : &it->second;
    }
    const LightChain& chain_;
};

LightChain::LightChain() {
    const Block& genesis = light_genesis();
    records_.emplace(genesis.header.hash(),
                     Record{genesis, TotalDifficulty{genesis.header->difficulty.value},
                            std::make_shared<const std::set<Coin>>()});
    canonical_.push_back(genesis.header.hash());
}

std::unique_ptr<node::ChainSnapshot> LightChain::snapshot() const {
    return std::make_unique<LightSnapshot>(*this);
}

node::CheckedHeader LightChain::head() const {
    const Record& record = records_.at(canonical_.back());
    return {record.block.header, record.total};
}

bool LightChain::is_spent(const Coin& coin) const {
    return records_.at(canonical_.back()).spent->contains(coin);
}

std::vector<SignedTx> LightChain::canonical_txs() const {
    std::vector<SignedTx> txs;
    for (const BlockHash& hash : canonical_)
        for (const SignedTx& tx : records_.at(hash).block.body.transactions) txs.push_back(tx);
    return txs;
}

bool LightChain::execute(Record& record, bool trusts) {
    const Record& parent = records_.at(record.block.header->parent_hash);
    CAIRN_ASSERT(parent.spent);
    const Header& header = *record.block.header;
    if (!trusts &&
        header.state_root != next_root(parent.block.header->state_root, header.transactions_root))
        return false;
    if (record.block.body.transactions.empty()) {
        record.spent = parent.spent;
        return true;
    }
    auto spent = std::make_shared<std::set<Coin>>(*parent.spent);
    for (const SignedTx& tx : record.block.body.transactions)
        if (!spent->insert(coin_of(tx)).second && !trusts) return false;
    record.spent = std::move(spent);
    return true;
}

void LightChain::condemn(const BlockHash& hash) {
    std::vector<BlockHash> condemned{hash};
    for (std::size_t i = 0; i < condemned.size(); ++i)
        for (const auto& [other, record] : records_)
            if (record.block.header->parent_hash == condemned[i]) condemned.push_back(other);
    for (const BlockHash& bad : condemned) {
        bad_.insert(bad);
        records_.erase(bad);
    }
}

LightChain::Imported LightChain::import(const Block& block, UnixSeconds now, bool trusts) {
    using chain::ImportStatus;
    const BlockHash& hash = block.header.hash();
    const Header& header = *block.header;
    if (bad_.contains(hash))
        return {invalid(block, {chain::BlockError::StateRootWrong}), {}, {}, false};
    if (records_.contains(hash))
        return {outcome_of(ImportStatus::AlreadyKnown, block), {}, {}, false};
    if (bad_.contains(header.parent_hash)) {
        bad_.insert(hash);
        return {invalid(block, {chain::BlockError::ParentInvalid}), {}, {}, false};
    }
    const auto parent = records_.find(header.parent_hash);
    if (parent == records_.end())
        return {outcome_of(ImportStatus::UnknownParent, block), {}, {}, false};
    if (!trusts) {
        if (const auto checked = chain::check_header(
                light_spec(), header, parent->second.block.header, parent->second.total);
            !checked)
            return {invalid(block, {checked.error()}), {}, {}, false};
        if (const auto checked = chain::check_body_matches(header, block.body); !checked)
            return {invalid(block, checked.error()), {}, {}, false};
        if (!chain::check_not_early(header, now))
            return {outcome_of(ImportStatus::Early, block), {}, {}, false};
    }
    const TotalDifficulty total = parent->second.total + header.difficulty;
    records_.emplace(hash, Record{block, total, nullptr});
    if (total <= head().total) return {outcome_of(ImportStatus::SideChain, block), {}, {}, false};
    return move_head(block, trusts);
}

LightChain::Imported LightChain::move_head(const Block& block, bool trusts) {
    // Down to the fork, up along the heavier side; all or nothing.
    std::vector<BlockHash> branch;
    BlockHash at_hash = block.header.hash();
    while (true) {
        const Record& record = at(at_hash);
        const auto number = static_cast<std::size_t>(record.block.header->number);
        if (number < canonical_.size() && canonical_[number] == at_hash) break;
        branch.push_back(at_hash);
        at_hash = record.block.header->parent_hash;
    }
    std::reverse(branch.begin(), branch.end());
    for (std::size_t i = 0; i < branch.size(); ++i) {
        Record& record = at(branch[i]);
        if (record.spent || execute(record, trusts)) continue;
        condemn(branch[i]);
        return {invalid(block, {i + 1 == branch.size() ? chain::BlockError::StateRootWrong
                                                       : chain::BlockError::ParentInvalid}),
                {},
                {},
                false};
    }
    Imported result{outcome_of(chain::ImportStatus::Canonical, block), {}, {}, true};
    const auto kept = static_cast<std::size_t>(at(branch.front()).block.header->number);
    while (canonical_.size() > kept) {
        result.reverted.push_back(at(canonical_.back()).block);
        canonical_.pop_back();
    }
    deepest_reorg_ = std::max(deepest_reorg_, result.reverted.size());
    for (const BlockHash& applied : branch) {
        canonical_.push_back(applied);
        result.applied.push_back({at(applied).block, at(applied).total});
    }
    return result;
}

Block LightChain::make_block(UnixSeconds timestamp, const std::vector<SignedTx>& txs,
                             std::uint64_t miner) const {
    const Record& parent = records_.at(canonical_.back());
    const Header& above = *parent.block.header;
    Block block{parent.block.header, {}};
    std::set<Coin> spent;
    for (const SignedTx& tx : txs)
        if (!parent.spent->contains(coin_of(tx)) && spent.insert(coin_of(tx)).second)
            block.body.transactions.push_back(tx);
    Header header;
    header.parent_hash = parent.block.header.hash();
    header.number = above.number + 1;
    header.timestamp = std::max(timestamp, above.timestamp + 1);
    header.gas_limit = kGasLimit;
    store_be64(header.beneficiary.data(), miner);
    header.transactions_root = chain::transactions_root_of(block.body.transactions);
    header.state_root = next_root(above.state_root, header.transactions_root);
    const auto& rules = light_spec().rules_at(header.number, header.timestamp);
    header.difficulty = chain::next_difficulty(light_spec(), rules, above, header.timestamp);
    block.header = HashedHeader{std::move(header)};
    return block;
}

std::optional<PooledTx> LightPool::find(const TxHash& hash) const {
    const auto it = txs_.find(hash);
    if (it == txs_.end()) return std::nullopt;
    return PooledTx{it->second, nullptr};
}

std::vector<node::TxAnnouncement> LightPool::announcements(std::size_t count_max) const {
    std::vector<node::TxAnnouncement> announced;
    for (const auto& [hash, tx] : txs_) {
        if (announced.size() == count_max) break;
        announced.push_back({hash, 0, static_cast<std::uint32_t>(tx.bytes().size())});
    }
    return announced;
}

node::TxVerdict LightPool::add(const SignedTx& tx, const LightChain& chain) {
    if (txs_.contains(tx.hash())) return node::TxVerdict::Known;
    const Coin coin = coin_of(tx);
    if (by_coin_.contains(coin)) {
        ++conflicts_;
        return node::TxVerdict::Refused;
    }
    if (chain.is_spent(coin)) return node::TxVerdict::Refused;
    txs_.emplace(tx.hash(), tx);
    by_coin_.emplace(coin, tx.hash());
    return node::TxVerdict::Added;
}

void LightPool::on_applied(const Block& block) {
    for (const SignedTx& tx : block.body.transactions) {
        const auto it = by_coin_.find(coin_of(tx));
        if (it == by_coin_.end()) continue;
        txs_.erase(it->second);
        by_coin_.erase(it);
    }
}

std::vector<SignedTx> LightPool::txs() const {
    std::vector<SignedTx> txs;
    for (const auto& [hash, tx] : txs_) txs.push_back(tx);
    return txs;
}

}  // namespace cairn::sim
