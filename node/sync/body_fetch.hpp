// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "node/sync/peer_table.hpp"

namespace cairn::node {

/// Downloads the bodies of checked headers from all peers at once and gives the blocks out in
/// order, as many as import may hold.
///
/// Every peer has a window that grows while its replies are full and quick and halves when one does
/// not come. The block that is needed next goes first; what one peer does not have or does not send
/// is asked of another. Bodies are known by the roots that their headers commit to, so that a peer
/// can withhold but not falsify.
///
/// What is held is bounded: headers by who adds them, bodies by kBodiesHeldMax and
/// kBodyBytesHeldMax, blocks in import by kImportsMax and kImportBytesMax (one block may exceed the
/// bytes by itself).
class BodyFetch {
public:
    explicit BodyFetch(SyncShared& shared) : shared_{shared} {}

    /// Adds headers that follow what is there.
    /// @param source  whose chain they are; it answers for what turns out wrong with it
    void add(PeerId source, const std::vector<CheckedHeader>& headers);
    /// @return false where the reply is none of ours
    bool on_bodies(PeerId peer, BlockBodies reply, SyncTime now);
    void on_peer_gone(PeerId peer);
    /// Time-outs; asks for what there is room for; hands out what is next.
    void tick(SyncTime now);

    /// A block that was handed to import is done with.
    /// @return whose chain it belongs to; nothing where the job is none of ours
    [[nodiscard]] std::optional<PeerId> on_imported(JobId job);
    /// Lets go of everything that was not handed to import.
    void clear();

    /// Headers here whose blocks are not imported.
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size() + imports_.size(); }
    [[nodiscard]] bool is_empty() const noexcept { return size() == 0; }
    /// The last header added, while its block is not imported and clear() was not called.
    [[nodiscard]] std::optional<CheckedHeader> tip() const { return tip_; }
    /// Whose chain the block needed next belongs to, where that peer itself says that it does not
    /// have its body, or no peer that is left has it.
    [[nodiscard]] std::optional<PeerId> find_withholder() const;
    /// Whose chain the block needed next belongs to, while its body is missing.
    [[nodiscard]] std::optional<PeerId> find_awaited() const;

    /// Blocks handed to import and not answered.
    [[nodiscard]] std::size_t import_count() const noexcept { return imports_.size(); }
    [[nodiscard]] std::size_t held_bytes() const noexcept { return held_bytes_; }
    [[nodiscard]] std::size_t import_bytes() const noexcept { return import_bytes_; }
    [[nodiscard]] std::size_t requests() const noexcept { return requests_.size(); }

private:
    struct Entry {
        CheckedHeader checked;
        PeerId source = 0;
        bool is_asked = false;
        std::optional<BlockBody> body;
        std::size_t bytes = 0;
        std::vector<PeerId> lacking;  ///< peers that do not have it
    };
    struct Request {
        PeerId peer = 0;
        std::vector<BlockNumber> numbers;  ///< ascending
        MonotonicMs asked_at = 0;
        MonotonicMs deadline = 0;
    };
    struct Import {
        PeerId source = 0;
        std::size_t bytes = 0;
    };

    [[nodiscard]] Entry* find(BlockNumber number) noexcept;
    [[nodiscard]] bool may_ask(const SyncPeer& peer, SyncTime now) const;
    void ask(SyncPeer& peer, SyncTime now);
    void give_back(const Request& request);
    void hand_out();
    void match(const Request& request, BlockBodies reply);

    SyncShared& shared_;
    std::deque<Entry> entries_;  ///< contiguous by number; first: needed next
    std::optional<CheckedHeader> tip_;
    std::map<RequestId, Request> requests_;
    std::map<JobId, Import> imports_;
    std::size_t held_ = 0;  ///< entries with a body
    std::size_t held_bytes_ = 0;
    std::size_t import_bytes_ = 0;
    std::size_t asked_ = 0;  ///< entries that are asked for
};

}  // namespace cairn::node
