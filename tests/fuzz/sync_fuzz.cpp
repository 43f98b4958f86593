// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "core/base/assert.hpp"
#include "node/sync/header_verify.hpp"
#include "node/sync/sync_manager.hpp"
#include "tests/sim/light_chain.hpp"

// The sync state machine under peers that send anything, in any order, at any time: it never fails,
// holds no more than its bounds, and never sends to, blames or lets go a peer that is not there.

namespace {

using namespace cairn;  // NOLINT: a program of one file
using namespace cairn::node;

/// Reads choices off the input; zeros when it has ended.
class Choices {
public:
    Choices(const std::uint8_t* data, std::size_t size) : data_{data}, size_{size} {}
    [[nodiscard]] bool is_over() const noexcept { return at_ >= size_; }
    [[nodiscard]] std::uint8_t next() noexcept { return is_over() ? 0 : data_[at_++]; }
    [[nodiscard]] std::size_t below(std::size_t bound) noexcept { return next() % bound; }

private:
    const std::uint8_t* data_;
    std::size_t size_;
    std::size_t at_ = 0;
};

constexpr SyncTime kBegin{.ms = 1'000'000, .unix_seconds = sim::kSimStart + 1'000'000};
constexpr PeerId kPeers = 4;

/// Blocks that peers may speak of: a chain, a fork of it, and some that break rules.
const std::vector<Block>& all_blocks() {
    static const std::vector<Block> blocks = [] {
        std::vector<Block> made{sim::light_genesis()};
        for (std::uint64_t miner = 0; miner < 2; ++miner) {
            sim::LightChain chain;
            for (std::uint64_t i = 0; i < 12; ++i) {
                const auto timestamp = chain.head().header->timestamp + 8 + 4 * miner;
                std::vector<SignedTx> txs;
                if (i % 2 == 0) txs.push_back(sim::make_light_tx(miner, i, 0));
                made.push_back(chain.make_block(timestamp, txs, i < 4 ? 0 : miner));
                (void)chain.import(made.back(), kBegin.unix_seconds);
            }
        }
        const std::size_t valid = made.size();
        for (std::size_t i = 1; i < valid; i += 3) {
            Header header = *made[i].header;
            header.state_root = Hash256{};
            if (i % 2 == 0) header.difficulty.value = header.difficulty.value + Uint256{1};
            made.push_back({HashedHeader{header}, made[i].body});
        }
        return made;
    }();
    return blocks;
}

class Driver {
public:
    Driver(const std::uint8_t* data, std::size_t size) : choices_{data, size} {
        network_.genesis = sim::light_genesis().header.hash();
        network_.forks = std::make_shared<const chain::ForkSchedule>(
            sim::light_spec(), network_.genesis, sim::kSimStart);
    }

    void run() {
        SyncManager sync{chain_, pool_, network_, SyncOptions{}};
        while (!choices_.is_over()) {
            step(sync);
            take_actions(sync);
            const SyncLoad load = sync.load();
            CAIRN_ASSERT(load.gossip_blocks <= kGossipBlocksMax);
            CAIRN_ASSERT(load.headers <= 2 * kHeadersAheadMax);
            CAIRN_ASSERT(load.gossip_bytes <= kWaitingBytesMax);
        }
    }

private:
    const Block& block() { return all_blocks()[choices_.below(all_blocks().size())]; }
    PeerId peer() {
        // Also some that are gone or never came.
        return base_ + choices_.below(kPeers + 1);
    }
    RequestId request() {
        return last_request_ - std::min<RequestId>(last_request_, choices_.below(3));
    }

    void step(SyncManager& sync) {
        const SyncTime now = now_;
        switch (choices_.below(12)) {
            case 0: {
                const PeerId id = peer();
                if (!present_.insert(id).second) return;
                Status status = make_status(sync.local_chain(), EthVersion::Eth68);
                status.head = block().header.hash();
                status.total_difficulty.value = Uint256{131072ULL * choices_.next()};
                sync.on_peer(id, EthVersion::Eth68, status, now);
                return;
            }
            case 1: {
                const PeerId id = peer();
                present_.erase(id);
                sync.on_peer_gone(id, now);
                base_ += present_.empty() ? kPeers + 1 : 0;
                return;
            }
            case 2: {
                const Block& pushed = block();
                sync.on_message(peer(), NewBlock{pushed, {Uint256{131072ULL * choices_.next()}}},
                                now);
                return;
            }
            case 3: {
                const auto& header = block().header;
                sync.on_message(peer(), NewBlockHashes{{{header.hash(), header->number}}}, now);
                return;
            }
            case 4:
            case 5: {
                BlockHeaders reply{request(), {}};
                const std::size_t first = choices_.below(all_blocks().size());
                for (std::size_t i = 0, n = choices_.below(13); i < n; ++i)
                    reply.headers.push_back(all_blocks()[(first + i) % all_blocks().size()].header);
                sync.on_message(peer(), reply, now);
                return;
            }
            case 6: {
                BlockBodies reply{request(), {}};
                for (std::size_t i = 0, n = choices_.below(5); i < n; ++i)
                    reply.bodies.push_back(block().body);
                sync.on_message(peer(), reply, now);
                return;
            }
            case 7: {
                const SignedTx tx = sim::make_light_tx(choices_.below(3), choices_.below(3), 0);
                sync.on_message(peer(), Transactions{{tx}}, now);
                sync.on_message(peer(), NewPooledTransactionHashes{{{tx.hash(), 0, 90}}, true},
                                now);
                sync.on_message(peer(), PooledTransactions{request(), {{tx, nullptr}}}, now);
                return;
            }
            case 8: {
                GetBlockHeaders query{.request_id = 1, .origin = block().header->number};
                if (choices_.below(2) == 0) query.origin = block().header.hash();
                query.amount = choices_.next();
                query.skip = choices_.below(3);
                query.reverse = choices_.below(2) == 0;
                sync.on_message(peer(), query, now);
                return;
            }
            case 9:
                answer(sync);
                return;
            default:
                now_.ms += 200ULL * (1 + choices_.next());
                now_.unix_seconds = kBegin.unix_seconds + (now_.ms - kBegin.ms) / 1000;
                sync.tick(now_);
                return;
        }
    }

    /// Answers one job that was given out.
    void answer(SyncManager& sync) {
        if (!checks_.empty()) {
            const CheckHeaders job = checks_.front();
            checks_.erase(checks_.begin());
            sync.on_headers_checked(check_headers(sim::light_spec(), sim::light_engine(), job),
                                    now_);
        } else if (!imports_.empty()) {
            const ImportBlock job = imports_.front();
            imports_.erase(imports_.begin());
            const auto imported = chain_.import(job.block, now_.unix_seconds);
            if (imported.is_head_moved) sync.on_head(imported.applied, now_);
            sync.on_imported(job.job, imported.outcome, now_);
        }
    }

    void take_actions(SyncManager& sync) {
        for (auto& action : sync.take_actions()) {
            if (auto* send = std::get_if<SendMessage>(&action)) {
                CAIRN_ASSERT(present_.contains(send->peer));
                if (const auto* query = std::get_if<GetBlockHeaders>(&send->message))
                    last_request_ = query->request_id;
                if (const auto* query = std::get_if<GetBlockBodies>(&send->message))
                    last_request_ = query->request_id;
                if (const auto* query = std::get_if<GetPooledTransactions>(&send->message))
                    last_request_ = query->request_id;
            } else if (auto* check = std::get_if<CheckHeaders>(&action)) {
                checks_.push_back(std::move(*check));
            } else if (auto* import = std::get_if<ImportBlock>(&action)) {
                imports_.push_back(std::move(*import));
            }
        }
    }

    Choices choices_;
    sim::LightChain chain_;
    sim::LightPool pool_;
    SyncNetwork network_;
    SyncTime now_ = kBegin;
    PeerId base_ = 1;
    std::set<PeerId> present_;
    RequestId last_request_ = 0;
    std::vector<CheckHeaders> checks_;
    std::vector<ImportBlock> imports_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Driver{data, size}.run();
    return 0;
}
