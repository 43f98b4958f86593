// SPDX-License-Identifier: MIT
#include "rpc/tries_at.hpp"

#include <optional>

#include "chain/store/account_edits.hpp"

namespace cairn::rpc {
namespace {

/// What leads from the head's state back to that after `number`; nothing where a log on the way is
/// gone.
std::optional<chain::StateDiff> diff_back_to(const chain::ReadView& view, BlockNumber number,
                                             BlockNumber head) {
    chain::StateDiff back;
    for (auto at = head; at > number; --at) {
        const auto log = view.change_log(at);
        if (!log) return std::nullopt;
        back = at == head ? chain::inverse(*log) : chain::merge(back, chain::inverse(*log));
    }
    return back;
}

}  // namespace

void LayeredNodes::apply(const chain::StateTrieChanges& changes) {
    put(std::nullopt, changes.accounts);
    for (const auto& storage : changes.storages) {
        if (storage.is_wiped) tries_[storage.owner].is_wiped = true;
        put(storage.owner, storage.rows);
    }
}

void LayeredNodes::put(const chain::TrieOwner& owner, const chain::NodeChanges& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i)
        tries_[owner].rows[changes[i].path] = to_bytes(changes[i].encoding);
}

ByteView LayeredNodes::load(const chain::TrieOwner& owner, const chain::Nibbles& path) const {
    const auto trie = tries_.find(owner);
    if (trie == tries_.end()) return base_.load(owner, path);
    const auto row = trie->second.rows.find(path);
    if (row != trie->second.rows.end()) return row->second;
    return trie->second.is_wiped ? ByteView{} : base_.load(owner, path);
}

Result<std::unique_ptr<TriesAt>, RpcError> TriesAt::open(const chain::ReadView& view,
                                                         const Header& header) {
    std::unique_ptr<TriesAt> out{new TriesAt{view}};
    const auto head = view.head();
    if (!head || head->number <= header.number) return out;
    if (head->number - header.number > kBlocksBackMax)
        return server_error("state tries are at hand for the last " +
                            std::to_string(kBlocksBackMax) + " blocks only");
    const auto back = diff_back_to(view, header.number, head->number);
    if (!back) return Unexpected{RpcError{kPrunedHistory, "pruned history unavailable"}};
    const auto edits = chain::account_edits(*back, view.head_state());
    chain::StateTrieChanges changes;
    const auto root = chain::update_state_root(out->head_, edits.edits, changes);
    if (!root || *root != view.state_root_after(header))
        return Unexpected{
            RpcError{kInternalError, "the state trie does not lead back to this block"}};
    out->layered_.apply(changes);
    return out;
}

}  // namespace cairn::rpc
