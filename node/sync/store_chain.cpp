// SPDX-License-Identifier: MIT
#include "node/sync/store_chain.hpp"

#include "chain/store/read_view.hpp"
#include "core/base/assert.hpp"

namespace cairn::node {
namespace {

class StoreSnapshot final : public ChainSnapshot {
public:
    explicit StoreSnapshot(const chain::Store& store) : view_{store} {}

    CheckedHeader head() const override {
        const auto ref = view_.head();
        CAIRN_ASSERT(ref);
        const auto found = view_.header(*ref);
        const auto total = view_.total_difficulty(ref->hash);
        CAIRN_ASSERT(found && total);
        return {*found, *total};
    }
    std::optional<BlockHash> canonical_hash(BlockNumber number) const override {
        return view_.canonical_hash(number);
    }
    std::optional<TotalDifficulty> total_difficulty(const BlockHash& hash) const override {
        return view_.total_difficulty(hash);
    }
    std::optional<HashedHeader> header(const BlockHash& hash) const override {
        return view_.header(hash);
    }
    std::optional<BlockBody> body(const BlockHash& hash) const override {
        const auto ref = view_.find(hash);
        return ref ? view_.body(*ref) : std::nullopt;
    }
    std::optional<std::vector<Receipt>> receipts(const BlockHash& hash) const override {
        const auto ref = view_.find(hash);
        return ref ? view_.receipts(*ref) : std::nullopt;
    }
    bool is_bad(const BlockHash& hash) const override { return view_.bad_block(hash).has_value(); }

private:
    chain::ReadView view_;
};

}  // namespace

std::unique_ptr<ChainSnapshot> StoreChain::snapshot() const {
    return std::make_unique<StoreSnapshot>(store_);
}

}  // namespace cairn::node
