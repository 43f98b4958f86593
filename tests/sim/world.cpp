// SPDX-License-Identifier: MIT
#include "tests/sim/world.hpp"

#include <algorithm>
#include <utility>

#include "node/sync/header_verify.hpp"

namespace cairn::sim {

using node::PeerId;

World::World(WorldOptions options) : options_{std::move(options)}, random_{options_.seed} {
    for (std::size_t i = 0; i < options_.honest + options_.liars.size(); ++i) {
        auto node = std::make_unique<Node>();
        node->index = i;
        if (i >= options_.honest) node->mischief = options_.liars[i - options_.honest];
        const auto span = options_.faults.clock_skew_seconds_max;
        if (span != 0)
            node->skew_seconds =
                static_cast<std::int64_t>(random_.below(2 * static_cast<std::uint64_t>(span) + 1)) -
                span;
        nodes_.push_back(std::move(node));
    }
    if (options_.faults.has_partition) {
        partition_from_ = options_.calm_ms / 4;
        partition_until_ = options_.calm_ms * 3 / 4;
    }
}

World::~World() = default;

void World::at(std::uint64_t when, std::function<void()> run) {
    events_.push({std::max(when, now_), ++sequence_, std::move(run)});
}

node::SyncTime World::time_of(const Node& node) const noexcept {
    const auto seconds = static_cast<std::int64_t>(kSimStart + now_ / 1000) + node.skew_seconds;
    return {.ms = now_, .unix_seconds = static_cast<UnixSeconds>(seconds)};
}

bool World::happens(double probability) noexcept {
    return static_cast<double>(random_.below(1'000'000)) < probability * 1e6;
}

bool World::are_apart(std::size_t a, std::size_t b) const noexcept {
    return now_ >= partition_from_ && now_ < partition_until_ && a % 2 != b % 2;
}

void World::fold(std::uint64_t value) noexcept {
    fingerprint_ = (fingerprint_ ^ value) * 0x100000001b3ULL;
}

void World::start(Node& node) {
    static const auto forks = std::make_shared<const chain::ForkSchedule>(
        light_spec(), light_genesis().header.hash(), kSimStart);
    node.is_up = true;
    const unsigned life = ++node.lives;
    node.sync = std::make_unique<node::SyncManager>(
        node.chain, node.pool, node::SyncNetwork{1, light_genesis().header.hash(), forks},
        node::SyncOptions{.minimum_total = {}, .seed = random_.next()});
    const std::size_t index = node.index;
    at(now_ + random_.below(node::kTickMs), [this, index, life] { tick(index, life); });
    for (std::size_t other = 0; other < nodes_.size(); ++other)
        if (other != index) schedule_connect(index, other, 50 + random_.below(1000));
}

void World::schedule_connect(std::size_t a, std::size_t b, std::uint64_t in_ms) {
    at(now_ + in_ms, [this, a, b] { connect(a, b); });
}

void World::connect(std::size_t a, std::size_t b) {
    if (banned_.contains({a, b}) || banned_.contains({b, a})) return;
    for (const auto& [id, link] : links_)
        if ((link.a == a && link.b == b) || (link.a == b && link.b == a)) return;
    if (!nodes_[a]->is_up || !nodes_[b]->is_up || are_apart(a, b)) {
        // Whoever is away comes back by itself; a partition is tried again.
        if (nodes_[a]->is_up && nodes_[b]->is_up) schedule_connect(a, b, 2'000);
        return;
    }
    const PeerId id = ++last_link_;
    links_.emplace(id, Link{a, b, id, {now_, now_}});
    for (const auto& [self, other] : {std::pair{a, b}, std::pair{b, a}}) {
        node::Status status =
            node::make_status(nodes_[other]->sync->local_chain(), node::EthVersion::Eth68);
        if (nodes_[other]->mischief == Mischief::Liar ||
            nodes_[other]->mischief == Mischief::EndlessHeaders)
            status.total_difficulty.value = status.total_difficulty.value + Uint256{1'000'000'000};
        // A head that nobody can look up hides the lie until its headers are asked for.
        if (nodes_[other]->mischief == Mischief::EndlessHeaders) status.head = BlockHash{};
        nodes_[self]->sync->on_peer(id, node::EthVersion::Eth68, status, time_of(*nodes_[self]));
        carry_out(*nodes_[self]);
        if (!links_.contains(id)) return;
    }
}

void World::disconnect(PeerId id, std::uint64_t again_ms) {
    const auto it = links_.find(id);
    if (it == links_.end()) return;
    const Link link = it->second;
    links_.erase(it);
    for (const std::size_t self : {link.a, link.b}) {
        Node& node = *nodes_[self];
        if (!node.is_up) continue;
        // The other side learns of it in its own time.
        const unsigned life = node.lives;
        at(now_ + 1, [this, self, id, life] {
            Node& told = *nodes_[self];
            if (!told.is_up || told.lives != life) return;
            told.sync->on_peer_gone(id, time_of(told));
            carry_out(told);
        });
    }
    schedule_connect(link.a, link.b, again_ms);
}

void World::crash(std::size_t index) {
    Node& node = *nodes_[index];
    node.is_up = false;
    std::vector<PeerId> gone;
    for (const auto& [id, link] : links_)
        if (link.a == index || link.b == index) gone.push_back(id);
    for (const PeerId id : gone) disconnect(id, 5'000);
    node.sync.reset();
    ++node.lives;
    at(now_ + 3'000 + random_.below(10'000), [this, index] { start(*nodes_[index]); });
}

void World::tick(std::size_t index, unsigned life) {
    Node& node = *nodes_[index];
    if (!node.is_up || node.lives != life) return;
    node.sync->tick(time_of(node));
    carry_out(node);
    check_bounds(node);
    at(now_ + node::kTickMs, [this, index, life] { tick(index, life); });
}

void World::mine(std::size_t index) {
    Node& node = *nodes_[index];
    if (!node.is_up) return;
    const UnixSeconds timestamp = time_of(node).unix_seconds;
    Block block = node.chain.make_block(timestamp, node.pool.txs(), index);
    const bool is_liars = node.mischief != Mischief::None;
    if (node.mischief == Mischief::WrongRoots || node.mischief == Mischief::WrongDifficulty) {
        Header header = *block.header;
        if (node.mischief == Mischief::WrongRoots)
            header.state_root = Hash256{};
        else
            header.difficulty.value = header.difficulty.value + Uint256{1000};
        block.header = HashedHeader{std::move(header)};
    }
    // A miner's own block passes its own import, so one whose clock is ahead waits for nobody.
    auto imported = node.chain.import(block, timestamp + 1'000'000, is_liars);
    const bool is_valid =
        node.mischief != Mischief::WrongRoots && node.mischief != Mischief::WrongDifficulty;
    if (imported.outcome.is_stored() && is_valid && node.mischief != Mischief::Withholder)
        honest_blocks_[block.header.hash()] =
            *node.chain.snapshot()->total_difficulty(block.header.hash());
    take_import(node, std::move(imported));
    carry_out(node);
}

void World::spend() {
    const std::uint64_t sender = 1 + random_.below(20);
    const std::uint64_t nonce = ++next_nonce_;
    for (const auto& node : nodes_) {
        if (node->mischief != Mischief::Equivocator || !node->is_up) continue;
        std::uint8_t peer_count = 0;
        for (const auto& [id, link] : links_) {
            if (link.a != node->index && link.b != node->index) continue;
            const auto variant = static_cast<std::uint8_t>(1 + peer_count++ % 2);
            node::SendMessage send{id, node::Transactions{{make_light_tx(1000, nonce, variant)}}};
            carry_out(*node, send);
        }
    }
    Node& node = *nodes_[random_.below(options_.honest)];
    if (!node.is_up) return;
    const SignedTx tx = make_light_tx(sender, nonce, 0);
    spent_txs_.push_back(tx);
    add_txs(node, {tx}, nullptr);
    carry_out(node);
}

void World::maybe_break_links() {
    std::vector<PeerId> broken;
    for (const auto& [id, link] : links_)
        if (are_apart(link.a, link.b) ||
            (!is_calm() && happens(options_.faults.break_per_minute / 60)))
            broken.push_back(id);
    for (const PeerId id : broken) disconnect(id, 1'000 + random_.below(5'000));
}

void World::add_txs(Node& node, const std::vector<SignedTx>& txs,
                    std::vector<node::TxJudgement>* judgements) {
    std::vector<node::GossipTx> added;
    for (const SignedTx& tx : txs) {
        const auto verdict = node.pool.add(tx, node.chain);
        if (judgements != nullptr) judgements->push_back({tx.hash(), verdict});
        if (verdict == node::TxVerdict::Added)
            added.push_back({tx, static_cast<std::uint32_t>(tx.bytes().size())});
    }
    if (!added.empty()) node.sync->on_pool_txs(added, time_of(node));
}

void World::take_import(Node& node, LightChain::Imported imported) {
    if (!imported.is_head_moved) return;
    for (const auto& applied : imported.applied) node.pool.on_applied(applied.block);
    std::vector<SignedTx> back;
    for (const Block& reverted : imported.reverted)
        for (const SignedTx& tx : reverted.body.transactions) back.push_back(tx);
    node.sync->on_head(imported.applied, time_of(node));
    if (!back.empty()) add_txs(node, back, nullptr);
}

// --- Actions -------------------------------------------------------------------------------------

void World::carry_out(Node& node) {
    while (node.is_up) {
        auto actions = node.sync->take_actions();
        if (actions.empty()) return;
        for (auto& action : actions) {
            if (!node.is_up) return;
            std::visit([&](auto& any) { carry_out(node, any); }, action);
        }
    }
}

void World::carry_out(Node& node, node::SendMessage& action) {
    const auto it = links_.find(action.peer);
    if (it == links_.end()) return;
    Link& link = it->second;
    const bool to_b = link.a == node.index;
    const std::size_t to = to_b ? link.b : link.a;
    if (node.mischief != Mischief::None && !falsify(node, to, action.message)) return;
    ++messages_;
    fold(now_);
    fold(static_cast<std::uint64_t>(node::code_of(action.message)) * 1000 + node.index * 100 + to);
    if (!is_calm() && happens(options_.faults.loss)) return;
    const unsigned copies = !is_calm() && happens(options_.faults.duplication) ? 2 : 1;
    std::uint64_t& arrival = link.arrival[to_b ? 1 : 0];
    arrival = std::max(arrival, now_ + 1 + random_.below(options_.faults.delay_ms_max));
    auto message = std::make_shared<const node::EthMessage>(std::move(action.message));
    for (unsigned i = 0; i < copies; ++i) {
        at(arrival, [this, to, id = link.id, message] {
            Node& receiver = *nodes_[to];
            if (!receiver.is_up || !links_.contains(id)) return;
            if (const auto* query = std::get_if<node::GetBlockHeaders>(message.get()))
                receiver.asked = *query;
            receiver.sync->on_message(id, *message, time_of(receiver));
            carry_out(receiver);
        });
    }
}

void World::carry_out(Node&, node::DisconnectPeer& action) {
    disconnect(action.peer, 5'000 + random_.below(5'000));
}

void World::carry_out(Node& node, node::PenalisePeer& action) {
    const auto it = links_.find(action.peer);
    if (it == links_.end()) return;
    const std::size_t other = it->second.a == node.index ? it->second.b : it->second.a;
    if (is_honest(node.index) && is_honest(other))
        complaints_.push_back("honest node " + std::to_string(other) + " blamed at " +
                              std::to_string(now_) + " ms: " + action.detail);
    if ((node.scores[other] += action.points) < node::kBanScore) return;
    if (is_honest(node.index)) ++bans_;
    banned_.insert({node.index, other});
    disconnect(action.peer, 1'000);
}

void World::carry_out(Node& node, node::CheckHeaders& action) {
    const std::size_t index = node.index;
    at(now_ + 1 + random_.below(5), [this, index, life = node.lives, job = std::move(action)] {
        Node& checked = *nodes_[index];
        if (!checked.is_up || checked.lives != life) return;
        auto verdict = node::check_headers(light_spec(), light_engine(), job);
        if (checked.mischief != Mischief::None)
            verdict = {.job = job.job, .valid_count = job.headers.size()};
        checked.sync->on_headers_checked(verdict, time_of(checked));
        carry_out(checked);
    });
}

void World::carry_out(Node& node, node::ImportBlock& action) {
    const std::size_t index = node.index;
    node.imported_at = std::max(node.imported_at, now_) + 1 + random_.below(10);
    at(node.imported_at, [this, index, life = node.lives, job = std::move(action)] {
        Node& importer = *nodes_[index];
        if (!importer.is_up || importer.lives != life) return;
        const bool trusts = importer.mischief != Mischief::None;
        auto imported = importer.chain.import(job.block, time_of(importer).unix_seconds, trusts);
        const auto outcome = imported.outcome;
        take_import(importer, std::move(imported));
        importer.sync->on_imported(job.job, outcome, time_of(importer));
        carry_out(importer);
    });
}

void World::carry_out(Node& node, node::JudgeTxs& action) {
    const std::size_t index = node.index;
    at(now_ + 1, [this, index, life = node.lives, job = std::move(action)] {
        Node& judge = *nodes_[index];
        if (!judge.is_up || judge.lives != life) return;
        std::vector<SignedTx> txs;
        for (const PooledTx& tx : job.txs) txs.push_back(tx.tx);
        std::vector<node::TxJudgement> judgements;
        add_txs(judge, txs, &judgements);
        judge.sync->on_txs_judged(job.giver, judgements, time_of(judge));
        carry_out(judge);
    });
}

void World::check_bounds(const Node& node) {
    const node::SyncLoad load = node.sync->load();
    const bool holds = load.headers <= 2 * node::kHeadersAheadMax + node::kImportsMax &&
                       load.body_bytes <= 2 * node::kBodyBytesHeldMax &&
                       load.import_bytes <= 2 * node::kImportBytesMax &&
                       load.gossip_blocks <= node::kGossipBlocksMax &&
                       load.gossip_bytes <= node::kWaitingBytesMax &&
                       load.wanted_txs <= node::kTxFetchMax &&
                       load.txs_under_judgement <= node::kTxsUnderJudgementMax;
    if (!holds) complaints_.push_back("a bound is broken at node " + std::to_string(node.index));
}

// --- The life of a world
// ---------------------------------------------------------------------------

void World::run() {
    for (const auto& node : nodes_) {
        if (options_.has_newcomer && node->index == 0) {
            node->is_up = false;
            at(options_.mine_ms / 2, [this] { start(*nodes_[0]); });
        } else {
            start(*node);
        }
    }
    // Blocks and payments at moments drawn beforehand. Liars who mine have twice the rate of all
    // honest nodes together.
    const auto draw = [this](std::uint64_t mean_ms) { return 1 + random_.below(2 * mean_ms); };
    for (std::uint64_t t = draw(options_.block_ms); t < options_.mine_ms;
         t += draw(options_.block_ms))
        at(t, [this] { mine(random_.below(options_.honest)); });
    for (std::size_t i = options_.honest; i < nodes_.size(); ++i) {
        const Mischief mischief = nodes_[i]->mischief;
        const bool mines = mischief == Mischief::WrongRoots ||
                           mischief == Mischief::WrongDifficulty ||
                           mischief == Mischief::Withholder;
        const std::uint64_t mean = options_.block_ms / 2;
        for (std::uint64_t t = draw(mean); mines && t < options_.calm_ms; t += draw(mean))
            at(t, [this, i] { mine(i); });
    }
    for (std::uint64_t t = draw(2'000); t < options_.mine_ms; t += draw(2'000))
        at(t, [this] { spend(); });
    for (std::uint64_t t = 1'000; t < options_.calm_ms + 2'000; t += 1'000)
        at(t, [this] { maybe_break_links(); });
    if (options_.faults.has_crash)
        for (int i = 0; i < 3; ++i)
            at(random_.below(options_.calm_ms), [this] {
                const std::size_t index = 1 + random_.below(options_.honest - 1);
                if (nodes_[index]->is_up) crash(index);
            });
    while (!events_.empty() && events_.top().at < options_.end_ms) {
        // Taken out before it runs: it may add others.
        auto& top = const_cast<Event&>(events_.top());
        now_ = top.at;
        auto run_event = std::move(top.run);
        events_.pop();
        run_event();
    }
    now_ = options_.end_ms;
}

BlockNumber World::final_number() const {
    return nodes_[0]->chain.head().header->number;
}

std::size_t World::deepest_reorg() const {
    std::size_t deepest = 0;
    for (std::size_t i = 0; i < options_.honest; ++i)
        deepest = std::max(deepest, nodes_[i]->chain.deepest_reorg());
    return deepest;
}

std::vector<std::string> World::complaints() const {
    auto found = complaints_;
    const node::CheckedHeader head = nodes_[0]->chain.head();
    TotalDifficulty heaviest;
    for (const auto& [hash, total] : honest_blocks_) heaviest = std::max(heaviest, total);
    if (head.total < heaviest) found.push_back("node 0 is not on the heaviest chain");
    for (std::size_t i = 0; i < options_.honest; ++i) {
        const Node& node = *nodes_[i];
        const auto own = node.chain.head();
        // At a tie of weight the one seen first stays.
        if (own.total != head.total)
            found.push_back("node " + std::to_string(i) + " is at block " +
                            std::to_string(own.header->number) + ", node 0 at " +
                            std::to_string(head.header->number));
        std::set<Coin> spent;
        for (const SignedTx& tx : node.chain.canonical_txs())
            if (!spent.insert(coin_of(tx)).second) found.push_back("a coin is spent twice");
        for (const SignedTx& tx : node.pool.txs())
            if (spent.contains(coin_of(tx)))
                found.push_back("node " + std::to_string(i) + " pools a mined transaction");
        if (options_.faults.has_crash) continue;
        // Every coin that an honest node wanted to spend is spent, or waits in a pool.
        for (const SignedTx& tx : spent_txs_) {
            const bool is_pooled =
                std::any_of(nodes_.begin(), nodes_.end(),
                            [&](const auto& other) { return other->pool.contains(tx.hash()); });
            if (!spent.contains(coin_of(tx)) && !is_pooled) {
                found.push_back("node " + std::to_string(i) + " lost a transaction");
                break;
            }
        }
    }
    return found;
}

}  // namespace cairn::sim
