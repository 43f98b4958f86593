// SPDX-License-Identifier: MIT
#include "chain/store/read_view.hpp"

#include <algorithm>

#include "chain/store/store.hpp"

namespace cairn::chain {

ReadView::ReadView(const Store& store)
    : detail::TxnHolder{store.env(), Txn::Kind::Read}, ChainReader{own} {}

std::optional<BlockRef> ChainReader::head() const {
    return find_meta_ref(txn_, MetaKey::kHead);
}

std::optional<BlockHash> ChainReader::genesis_hash() const {
    const auto row = txn_.find(Table::Meta, as_bytes(MetaKey::kGenesis));
    if (!row) return std::nullopt;
    return decode_block_hash(*row);
}

BlockNumber ChainReader::horizon() const {
    const auto row = txn_.find(Table::Meta, as_bytes(MetaKey::kHorizon));
    return row ? decode_number(*row) : 0;
}

std::optional<BlockHash> ChainReader::canonical_hash(BlockNumber number) const {
    return find_canonical(txn_, number);
}

bool ChainReader::is_canonical(const BlockRef& block) const {
    return canonical_hash(block.number) == block.hash;
}

Hash256 ChainReader::state_root_after(const Header& header) const {
    const auto row = txn_.find(Table::Meta, amended_root_key(header.number));
    return row ? decode_block_hash(*row).as<Hash256>() : header.state_root;
}

std::vector<BlockHash> ChainReader::hashes_at(BlockNumber number) const {
    return find_hashes(txn_, number);
}

Result<BlockRef, LookupError> ChainReader::resolve(const BlockId& id) const {
    const auto known = [](const std::optional<BlockRef>& block) -> Result<BlockRef, LookupError> {
        if (!block) return Unexpected{LookupError::NotKnown};
        return *block;
    };
    const auto by_number = [&](BlockNumber number) {
        const auto hash = canonical_hash(number);
        return known(hash ? std::optional{BlockRef{number, *hash}} : std::nullopt);
    };
    if (const auto* number = std::get_if<BlockNumber>(&id)) return by_number(*number);
    if (const auto* by_hash = std::get_if<BlockByHash>(&id)) {
        const auto block = find(by_hash->hash);
        if (block && by_hash->require_canonical && !is_canonical(*block))
            return Unexpected{LookupError::NotCanonical};
        return known(block);
    }
    switch (std::get<BlockTag>(id)) {
        case BlockTag::Latest:
            return known(head());
        case BlockTag::Earliest:
            return by_number(0);
        case BlockTag::Safe:
            return known(find_meta_ref(txn_, MetaKey::kSafe));
        case BlockTag::Finalized:
            return known(find_meta_ref(txn_, MetaKey::kFinalized));
    }
    return Unexpected{LookupError::NotKnown};
}

std::optional<BlockRef> ChainReader::find(const BlockHash& hash) const {
    const auto entry = find_block_index(txn_, hash);
    if (!entry) return std::nullopt;
    return BlockRef{entry->number, hash};
}

std::optional<TotalDifficulty> ChainReader::total_difficulty(const BlockHash& hash) const {
    const auto entry = find_block_index(txn_, hash);
    if (!entry) return std::nullopt;
    return entry->total_difficulty;
}

std::optional<HashedHeader> ChainReader::header(const BlockHash& hash) const {
    const auto block = find(hash);
    if (!block) return std::nullopt;
    return header(*block);
}

std::optional<HashedHeader> ChainReader::header(const BlockRef& block) const {
    return find_header(txn_, block);
}

std::optional<HashedHeader> ChainReader::header(BlockNumber number) const {
    const auto hash = canonical_hash(number);
    if (!hash) return std::nullopt;
    return header(BlockRef{number, *hash});
}

std::optional<BlockBody> ChainReader::body(const BlockRef& block) const {
    return find_body(txn_, block);
}

std::optional<Block> ChainReader::block(const BlockRef& ref) const {
    auto its_header = header(ref);
    if (!its_header) return std::nullopt;
    auto its_body = body(ref);
    if (!its_body) return std::nullopt;
    return Block{*std::move(its_header), *std::move(its_body)};
}

std::optional<std::vector<Receipt>> ChainReader::receipts(const BlockRef& block) const {
    return find_receipts(txn_, block);
}

std::optional<std::vector<Address>> ChainReader::senders(const BlockRef& block) const {
    return find_senders(txn_, block);
}

void ChainReader::settle() const {
    if (pending_ != nullptr) pending_->settle();
}

const Txn& ChainReader::txn() const {
    if (pending_ != nullptr) pending_->settle_all();
    return txn_;
}

std::optional<TxLocation> ChainReader::find_tx(const TxHash& hash) const {
    settle();
    return chain::find_tx(txn_, hash);
}

std::optional<BadBlock> ChainReader::bad_block(const BlockHash& hash) const {
    return find_bad_block(txn_, hash);
}

std::optional<StateDiff> ChainReader::change_log(BlockNumber number) const {
    return find_change_log(txn_, number);
}

std::vector<BlockNumber> ChainReader::log_blocks(const LogQuery& query, BlockNumber first,
                                                 BlockNumber last, std::size_t count_max) const {
    const auto at_head = head();
    if (!at_head) return {};
    return find_log_blocks(txn_, query, first, std::min(last, at_head->number), count_max);
}

Result<std::unique_ptr<StoredState>, StateMissing> ChainReader::state_at(BlockNumber number) const {
    const auto at_head = head();
    if (!at_head || number > at_head->number)
        return Unexpected{StateMissing{StateMissing::Cause::NotKnown, 0}};
    if (const auto oldest = horizon(); number < oldest)
        return Unexpected{StateMissing{StateMissing::Cause::Pruned, oldest}};
    settle();
    std::unique_ptr<StoredState> state;
    if (number == at_head->number)
        state = std::make_unique<HeadState>(txn_);
    else
        state = std::make_unique<PastState>(txn_, number);
    return state;
}

}  // namespace cairn::chain
