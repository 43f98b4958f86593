// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/sync/doors.hpp"
#include "node/sync/peer_table.hpp"

namespace cairn::node {

/// Downloads and checks the headers of one peer's canonical chain, from the last block we share.
///
/// A run goes through these phases:
///   Probe    the kAncestorProbe headers up to our head are asked for by number; in nearly all
///   cases
///            the last block we share is among them.
///   Search   otherwise it is found by halving: a block is shared where it is stored, and with it
///            are all before it.
///   Measure  batches are asked for and checked, headers held, until their total exceeds both our
///            head's and the minimum. Where more than kHeadersAheadMax come first, they are let go
///            again and only each batch's last hash is kept.
///   Refetch  then, after such a long measure, the batches are asked for again; one whose last hash
///            is the remembered one is the one that was checked.
///   Fetch    further batches are given out as soon as they are checked.
/// So whoever wants to fill our memory with headers has to do the work of our whole chain first,
/// and no body is asked for before the chain that it belongs to is known to be heavier.
///
/// Only what the chain's own rules allow is given out, in order and without gaps. One run at a
/// time.
class HeaderSync {
public:
    enum class Phase : std::uint8_t { Idle, Probe, Search, Measure, Refetch, Fetch };

    /// How a run ended.
    enum class EndKind : std::uint8_t {
        Complete,  ///< everything up to the peer's head was given out
        Lighter,   ///< its chain has no more work than ours; it need not have claimed that it had
        Lied,      ///< its head does not have the total that it claims
        Invalid,   ///< a header breaks a rule that the peer could have checked
        Breach,    ///< a reply that is not what was asked for
        Early,     ///< a header is too far ahead of our clock
        KnownBad,  ///< leads to a block known to be invalid (it may be by our operator's word)
        Changed,   ///< the peer's chain changed under our eyes too often
        Diverged,  ///< does not stand on the block it was to begin at
        Timeout,   ///< no reply
        Gone,      ///< the connection ended
        Aborted,   ///< abort() was called
    };
    struct End {
        PeerId peer = 0;
        EndKind kind{};
        std::string detail;                ///< for the log
        TotalDifficulty claimed_total;     ///< what it claimed when the run began
        std::optional<CheckedHeader> tip;  ///< the last header that was checked
    };

    explicit HeaderSync(SyncShared& shared) : shared_{shared} {}

    /// Begins a run. Only while idle (asserted).
    /// @param base  where to begin, without a search: the last header given out whose block is not
    ///              imported yet
    void start(PeerId peer, const std::optional<CheckedHeader>& base, const ChainSnapshot& chain,
               SyncTime now);
    /// @return false where the reply is none of ours
    bool on_headers(PeerId peer, const BlockHeaders& reply, const ChainSnapshot& chain,
                    SyncTime now);
    /// @return false where the job is none of ours
    bool on_checked(const HeadersChecked& checked, const ChainSnapshot& chain, SyncTime now);
    void on_peer_gone(PeerId peer);
    void abort();
    /// Time-outs, and questions that there is room for again.
    /// @param ahead  headers given out and not imported
    void tick(std::size_t ahead, SyncTime now);

    /// Checked headers, in order, linked; given away.
    [[nodiscard]] std::vector<CheckedHeader> take_headers() {
        if (!ready_.empty()) has_given_ = true;
        return std::exchange(ready_, {});
    }
    /// Set once when a run has ended.
    [[nodiscard]] std::optional<End> take_end() { return std::exchange(end_, std::nullopt); }

    [[nodiscard]] bool is_idle() const noexcept { return phase_ == Phase::Idle; }
    [[nodiscard]] Phase phase() const noexcept { return phase_; }
    [[nodiscard]] PeerId peer() const noexcept { return peer_; }
    /// Number of the last header that was checked in this run.
    [[nodiscard]] BlockNumber checked_number() const noexcept {
        return tip_ ? (*tip_).header->number : 0;
    }
    /// Headers in memory: held, waiting for a check, ready.
    [[nodiscard]] std::size_t held_count() const noexcept;

private:
    struct BatchEnd {
        BlockNumber number = 0;
        BlockHash hash;
    };

    void finish(EndKind kind, std::string detail = {});
    void restart(const ChainSnapshot& chain, SyncTime now);
    void ask(BlockNumber first, std::size_t amount, SyncTime now);
    void ask_next(std::size_t ahead, SyncTime now);
    void begin_at(const CheckedHeader& ancestor, SyncTime now);
    void search_next(SyncTime now);
    void on_probe(const std::vector<HashedHeader>& headers, const ChainSnapshot& chain,
                  SyncTime now);
    void on_search(const std::vector<HashedHeader>& headers, const ChainSnapshot& chain,
                   SyncTime now);
    void on_batch(std::vector<HashedHeader> headers, const ChainSnapshot& chain, SyncTime now);
    void on_refetched(const std::vector<HashedHeader>& headers, const ChainSnapshot& chain,
                      SyncTime now);
    void check_next(SyncTime now);
    void take_checked(std::vector<HashedHeader> headers, const ChainSnapshot& chain, SyncTime now);
    [[nodiscard]] bool passes_claim(const CheckedHeader& checked);
    void conclude();
    [[nodiscard]] bool is_heavy(const TotalDifficulty& total, const ChainSnapshot& chain) const;

    SyncShared& shared_;
    Phase phase_ = Phase::Idle;
    PeerId peer_ = 0;
    unsigned restarts_ = 0;
    BlockHash claimed_head_;
    TotalDifficulty claimed_total_;

    // The question under way.
    std::optional<RequestId> request_;
    BlockNumber asked_first_ = 0;
    std::size_t asked_amount_ = 0;
    MonotonicMs deadline_ = 0;

    // Search: a block at low_ is shared, none at high_.
    BlockNumber low_ = 0;
    BlockNumber high_ = 0;
    std::optional<CheckedHeader> low_header_;

    // Batches.
    bool has_given_ = false;  ///< began at a base, or gave out: what follows must stand on it
    std::optional<CheckedHeader> ancestor_;          ///< where the run began
    std::optional<CheckedHeader> tip_;               ///< the last one checked
    std::optional<HashedHeader> link_;               ///< the last one received
    std::deque<std::vector<HashedHeader>> batches_;  ///< received, the first under check
    std::optional<JobId> job_;
    bool at_peers_end_ = false;  ///< the last reply was shorter than asked
    std::vector<CheckedHeader> held_;
    bool is_dropped_ = false;  ///< more were measured than are held
    std::vector<BatchEnd> batch_ends_;
    std::size_t refetched_ = 0;  ///< batch ends passed again

    std::vector<CheckedHeader> ready_;
    std::optional<End> end_;
};

}  // namespace cairn::node
