// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/base/lru_map.hpp"
#include "node/sync/doors.hpp"
#include "node/sync/peer_table.hpp"

namespace cairn::node {

/// What happens to blocks near the head that peers push (NewBlock) or announce (NewBlockHashes).
///
/// A pushed block is held against its header's roots, then its header is checked on its parent,
/// seal included; then it goes whole to the square root of the peers that do not have it, then to
/// import, and once it is stored its hash goes to the rest. An announced one gets kBlockArriveMs to
/// come by itself; then its header and, when that is checked, its body are asked of those who
/// announced it, one after the other. Blocks whose parent is on its way or whose time has not come
/// wait; all of this is bounded in number, bytes and time, for each peer and in all.
///
/// Who pushes an invalid block is to blame only for what is seen without executing it, since that
/// is all that an honest node looks at before it relays.
class BlockGossip {
public:
    explicit BlockGossip(SyncShared& shared) : shared_{shared} {}

    void on_new_block(PeerId peer, const NewBlock& message, const ChainSnapshot& chain,
                      SyncTime now);
    void on_announced(PeerId peer, const NewBlockHashes& message, const ChainSnapshot& chain,
                      SyncTime now);
    /// @return false where the reply or job is none of ours
    bool on_headers(PeerId peer, const BlockHeaders& reply, const ChainSnapshot& chain,
                    SyncTime now);
    bool on_bodies(PeerId peer, const BlockBodies& reply, const ChainSnapshot& chain, SyncTime now);
    bool on_checked(const HeadersChecked& checked, const ChainSnapshot& chain, SyncTime now);
    bool on_imported(JobId job, const chain::ImportOutcome& outcome, const ChainSnapshot& chain,
                     SyncTime now);
    /// A block became canonical, by whatever way it came; one that was not sent on yet (our own)
    /// is. Blocks that waited for it go on.
    void on_applied(const AppliedBlock& applied, const ChainSnapshot& chain, SyncTime now);
    /// The head moved: blocks go on whose parents are stored by now, by whatever way they came.
    void on_head(const ChainSnapshot& chain, SyncTime now);
    void on_peer_gone(PeerId peer);
    void tick(const ChainSnapshot& chain, SyncTime now);

    /// Blocks on their way.
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    /// Bytes of whole blocks held.
    [[nodiscard]] std::size_t held_bytes() const noexcept { return held_bytes_; }

private:
    enum class Stage : std::uint8_t {
        Announced,    ///< may still come by itself
        HeaderAsked,  ///< the question is under way
        Orphan,       ///< its parent is not stored
        Checking,     ///< the header is being checked
        Early,        ///< its time has not come
        BodyWanted,   ///< checked; nobody is asked
        BodyAsked,    ///< the question is under way
        Importing,    ///< handed to import
    };
    struct Entry {
        BlockHash hash;
        Stage stage = Stage::Announced;
        /// Whom the bounds count it for. Blamed for a bad header where it gave it.
        PeerId giver = 0;
        PeerId header_giver = 0;
        std::vector<PeerId> havers;  ///< to be asked in turn
        std::optional<HashedHeader> header;
        std::optional<TotalDifficulty> total;  ///< set once checked
        std::optional<BlockBody> body;
        std::size_t bytes = 0;  ///< counted in held_bytes_ and for the giver
        PeerId asked = 0;
        RequestId request = 0;
        JobId job = 0;
        MonotonicMs due = 0;  ///< by stage: to ask, to give up, to try again
        MonotonicMs born = 0;
    };
    using Entries = std::map<BlockHash, Entry>;

    [[nodiscard]] bool is_near(BlockNumber number, const ChainSnapshot& chain) const;
    [[nodiscard]] Entry* make_entry(const BlockHash& hash, SyncPeer& peer, SyncTime now);
    void erase(Entries::iterator it);
    void hold_body(Entry& entry, BlockBody body, std::size_t bytes);
    [[nodiscard]] bool may_hold(const SyncPeer& peer, std::size_t bytes) const;
    /// Takes the entry as far as it can go; it may be gone afterwards.
    void advance(Entries::iterator it, const ChainSnapshot& chain, SyncTime now);
    void ask_header(Entries::iterator it, SyncTime now);
    void ask_body(Entries::iterator it, SyncTime now);
    [[nodiscard]] SyncPeer* next_haver(Entry& entry);
    void import(Entry& entry);
    void wake_children(const BlockHash& parent, const ChainSnapshot& chain, SyncTime now);
    void drop_children(const BlockHash& parent);
    void relay(const Block& block, const TotalDifficulty& total);
    void announce(const BlockHash& hash, BlockNumber number);
    [[nodiscard]] Entries::iterator find_by_job(JobId job);
    [[nodiscard]] Entries::iterator find_by_request(RequestId request, PeerId peer);

    struct Nothing {};
    SyncShared& shared_;
    Entries entries_;
    std::size_t held_bytes_ = 0;
    LruMap<BlockHash, Nothing> relayed_{kRelayedMax};
};

}  // namespace cairn::node
