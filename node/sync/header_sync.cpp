// SPDX-License-Identifier: MIT
#include "node/sync/header_sync.hpp"

#include <algorithm>

#include "chain/rules/blame.hpp"
#include "core/base/assert.hpp"
#include "node/sync/header_verify.hpp"

namespace cairn::node {
namespace {

/// A block that both have. The total is there wherever the header is.
[[nodiscard]] std::optional<CheckedHeader> find_shared(const ChainSnapshot& chain,
                                                       const HashedHeader& header) {
    const auto total = chain.total_difficulty(header.hash());
    if (!total) return std::nullopt;
    return CheckedHeader{header, *total};
}

[[nodiscard]] CheckedHeader genesis_of(const ChainSnapshot& chain) {
    const auto hash = chain.canonical_hash(0);
    CAIRN_ASSERT(hash);
    const auto header = chain.header(*hash);
    const auto total = chain.total_difficulty(*hash);
    CAIRN_ASSERT(header && total);
    return {*header, *total};
}

}  // namespace

std::size_t HeaderSync::held_count() const noexcept {
    std::size_t count = held_.size() + ready_.size();
    for (const auto& batch : batches_) count += batch.size();
    return count;
}

void HeaderSync::finish(EndKind kind, std::string detail) {
    end_ = End{peer_, kind, std::move(detail), claimed_total_, tip_};
    phase_ = Phase::Idle;
    request_.reset();
    job_.reset();
    low_header_.reset();
    ancestor_.reset();
    link_.reset();
    batches_.clear();
    held_.clear();
    held_.shrink_to_fit();
    batch_ends_.clear();
    batch_ends_.shrink_to_fit();
}

void HeaderSync::abort() {
    if (!is_idle()) finish(EndKind::Aborted);
}

void HeaderSync::on_peer_gone(PeerId peer) {
    if (!is_idle() && peer == peer_) finish(EndKind::Gone);
}

bool HeaderSync::is_heavy(const TotalDifficulty& total, const ChainSnapshot& chain) const {
    return total > chain.head().total && total >= shared_.options.minimum_total;
}

void HeaderSync::start(PeerId peer, const std::optional<CheckedHeader>& base,
                       const ChainSnapshot& chain, SyncTime now) {
    CAIRN_ASSERT(is_idle());
    const SyncPeer* known = shared_.find(peer);
    CAIRN_ASSERT(known != nullptr);
    peer_ = peer;
    restarts_ = 0;
    claimed_head_ = known->head;
    claimed_total_ = known->total;
    end_.reset();
    ready_.clear();
    has_given_ = base.has_value();
    tip_.reset();
    if (base) {
        begin_at(*base, now);
        return;
    }
    phase_ = Phase::Probe;
    const BlockNumber head = chain.head().header->number;
    const BlockNumber first = head < kAncestorProbe ? 0 : head - kAncestorProbe + 1;
    ask(first, static_cast<std::size_t>(head - first + 1), now);
}

void HeaderSync::restart(const ChainSnapshot& chain, SyncTime now) {
    if (++restarts_ > kHeaderRestartsMax) {
        finish(EndKind::Changed);
        return;
    }
    if (has_given_) {
        finish(EndKind::Diverged);
        return;
    }
    const unsigned restarts = restarts_;
    phase_ = Phase::Idle;
    batches_.clear();
    held_.clear();
    batch_ends_.clear();
    job_.reset();
    start(peer_, std::nullopt, chain, now);
    restarts_ = restarts;
}

void HeaderSync::ask(BlockNumber first, std::size_t amount, SyncTime now) {
    request_ = shared_.issue(peer_);
    asked_first_ = first;
    asked_amount_ = amount;
    deadline_ = now.ms + kHeaderTimeoutMs;
    shared_.send(peer_,
                 GetBlockHeaders{.request_id = *request_, .origin = first, .amount = amount});
}

void HeaderSync::begin_at(const CheckedHeader& ancestor, SyncTime now) {
    phase_ = Phase::Measure;
    ancestor_ = ancestor;
    tip_ = ancestor;
    link_ = ancestor.header;
    low_header_.reset();
    batches_.clear();
    job_.reset();
    at_peers_end_ = false;
    held_.clear();
    is_dropped_ = false;
    batch_ends_.clear();
    refetched_ = 0;
    ask((*link_)->number + 1, kHeaderBatch, now);
}

void HeaderSync::ask_next(std::size_t ahead, SyncTime now) {
    if (request_ || at_peers_end_ || batches_.size() >= kHeaderBatchesMax) return;
    switch (phase_) {
        case Phase::Fetch:
            if (ahead + held_count() + kHeaderBatch > kHeadersAheadMax) return;
            [[fallthrough]];
        case Phase::Measure:
            ask((*link_)->number + 1, kHeaderBatch, now);
            return;
        case Phase::Refetch: {
            if (ahead + held_count() + kHeaderBatch > kHeadersAheadMax) return;
            const BlockNumber first = (*link_)->number + 1;
            ask(first, static_cast<std::size_t>(batch_ends_[refetched_].number - first + 1), now);
            return;
        }
        case Phase::Idle:
        case Phase::Probe:
        case Phase::Search:
            return;
    }
}

bool HeaderSync::on_headers(PeerId peer, const BlockHeaders& reply, const ChainSnapshot& chain,
                            SyncTime now) {
    if (is_idle() || peer != peer_ || request_ != reply.request_id) return false;
    request_.reset();
    if (SyncPeer* known = shared_.find(peer)) known->timeouts = 0;
    const auto& headers = reply.headers;
    // A node answers from one snapshot of its chain, so a broken link is of its own making.
    if (headers.size() > asked_amount_ ||
        (!headers.empty() && headers.front()->number != asked_first_) || !are_linked(headers)) {
        finish(EndKind::Breach, "headers that were not asked for");
        return true;
    }
    switch (phase_) {
        case Phase::Probe:
            on_probe(headers, chain, now);
            break;
        case Phase::Search:
            on_search(headers, chain, now);
            break;
        case Phase::Measure:
        case Phase::Fetch:
            on_batch(headers, chain, now);
            break;
        case Phase::Refetch:
            on_refetched(headers, chain, now);
            break;
        case Phase::Idle:
            break;
    }
    return true;
}

void HeaderSync::on_probe(const std::vector<HashedHeader>& headers, const ChainSnapshot& chain,
                          SyncTime now) {
    for (auto it = headers.rbegin(); it != headers.rend(); ++it) {
        if (const auto shared = find_shared(chain, *it)) {
            begin_at(*shared, now);
            return;
        }
    }
    low_ = 0;
    low_header_ = genesis_of(chain);
    high_ = asked_first_;
    search_next(now);
}

void HeaderSync::search_next(SyncTime now) {
    phase_ = Phase::Search;
    if (high_ <= low_ + 1) {
        begin_at(CheckedHeader{*low_header_}, now);
        return;
    }
    ask(low_ + (high_ - low_) / 2, 1, now);
}

void HeaderSync::on_search(const std::vector<HashedHeader>& headers, const ChainSnapshot& chain,
                           SyncTime now) {
    const auto shared = headers.empty() ? std::nullopt : find_shared(chain, headers.front());
    if (shared) {
        low_ = asked_first_;
        low_header_ = shared;
    } else {
        high_ = asked_first_;
    }
    search_next(now);
}

void HeaderSync::on_batch(std::vector<HashedHeader> headers, const ChainSnapshot& chain,
                          SyncTime now) {
    at_peers_end_ = headers.size() < asked_amount_;
    if (!headers.empty()) {
        if (headers.front()->parent_hash != link_->hash()) {
            restart(chain, now);
            return;
        }
        for (const HashedHeader& header : headers) {
            if (chain.is_bad(header.hash())) {
                finish(EndKind::KnownBad);
                return;
            }
        }
        link_ = headers.back();
        batches_.push_back(std::move(headers));
        check_next(now);
    }
    if (batches_.empty() && at_peers_end_) conclude();
}

void HeaderSync::check_next(SyncTime now) {
    if (job_ || batches_.empty()) return;
    job_ = shared_.next_job();
    shared_.actions.emplace_back(CheckHeaders{
        .job = *job_, .parent = *tip_, .headers = batches_.front(), .now = now.unix_seconds});
}

bool HeaderSync::on_checked(const HeadersChecked& checked, const ChainSnapshot& chain,
                            SyncTime now) {
    if (!job_ || *job_ != checked.job) return false;
    job_.reset();
    std::vector<HashedHeader> batch = std::move(batches_.front());
    batches_.pop_front();
    if (checked.error) {
        const chain::Blame blame = chain::blame_of(*checked.error);
        EndKind kind = EndKind::Diverged;
        if (*checked.error == chain::BlockError::TimestampEarly)
            kind = EndKind::Early;
        else if (blame.is_givers_fault)
            kind = EndKind::Invalid;
        // What is good before it is worth having: an early header at the tip must not hold up the
        // rest.
        batch.erase(batch.begin() + static_cast<std::ptrdiff_t>(checked.valid_count), batch.end());
        if (kind == EndKind::Early && !batch.empty()) take_checked(std::move(batch), chain, now);
        if (!is_idle()) finish(kind, std::string{chain::to_string(*checked.error)});
        return true;
    }
    take_checked(std::move(batch), chain, now);
    if (is_idle()) return true;
    check_next(now);
    if (phase_ != Phase::Refetch && batches_.empty() && at_peers_end_) conclude();
    return true;
}

bool HeaderSync::passes_claim(const CheckedHeader& checked) {
    if (checked.header.hash() != claimed_head_ || checked.total >= claimed_total_) return true;
    finish(EndKind::Lied, "its head has less work than it claims");
    return false;
}

void HeaderSync::take_checked(std::vector<HashedHeader> headers, const ChainSnapshot& chain,
                              SyncTime now) {
    std::vector<CheckedHeader> checked;
    checked.reserve(headers.size());
    for (HashedHeader& header : headers) {
        const TotalDifficulty total = tip_->total + header->difficulty;
        tip_ = CheckedHeader{std::move(header), total};
        if (!passes_claim(*tip_)) return;
        checked.push_back(*tip_);
    }
    if (phase_ == Phase::Fetch) {
        ready_.insert(ready_.end(), checked.begin(), checked.end());
        return;
    }
    batch_ends_.push_back({tip_->header->number, tip_->header.hash()});
    if (!is_dropped_) {
        held_.insert(held_.end(), checked.begin(), checked.end());
        // Room is left for the batches that are on their way.
        if (held_.size() + (kHeaderBatchesMax + 1) * kHeaderBatch > kHeadersAheadMax) {
            held_.clear();
            held_.shrink_to_fit();
            is_dropped_ = true;
        }
    }
    if (!is_heavy(tip_->total, chain)) {
        if (batch_ends_.size() >= kBatchEndsMax) finish(EndKind::Lighter, "endless");
        return;
    }
    if (!is_dropped_) {
        phase_ = Phase::Fetch;
        ready_ = std::exchange(held_, {});
        return;
    }
    // Batches that came after are asked for again with the rest.
    phase_ = Phase::Refetch;
    batches_.clear();
    request_.reset();
    at_peers_end_ = false;
    tip_ = ancestor_;
    link_ = ancestor_->header;
    refetched_ = 0;
    ask_next(0, now);
}

void HeaderSync::on_refetched(const std::vector<HashedHeader>& headers, const ChainSnapshot& chain,
                              SyncTime now) {
    if (headers.size() != asked_amount_ || headers.front()->parent_hash != link_->hash() ||
        headers.back().hash() != batch_ends_[refetched_].hash) {
        restart(chain, now);
        return;
    }
    for (const HashedHeader& header : headers) {
        tip_ = CheckedHeader{header, tip_->total + header->difficulty};
        ready_.push_back(*tip_);
    }
    link_ = headers.back();
    if (++refetched_ == batch_ends_.size()) {
        phase_ = Phase::Fetch;
        batch_ends_.clear();
    }
}

void HeaderSync::conclude() {
    finish(phase_ == Phase::Fetch ? EndKind::Complete : EndKind::Lighter);
}

void HeaderSync::tick(std::size_t ahead, SyncTime now) {
    if (is_idle()) return;
    if (request_ && now.ms >= deadline_) {
        if (SyncPeer* peer = shared_.find(peer_)) shared_.note_timeout(*peer, now.ms);
        finish(EndKind::Timeout);
        return;
    }
    ask_next(ahead, now);
}

}  // namespace cairn::node
