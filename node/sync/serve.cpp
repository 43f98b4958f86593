// SPDX-License-Identifier: MIT
#include "node/sync/serve.hpp"

#include <algorithm>
#include <limits>

namespace cairn::node {
namespace {

/// A header with its hash takes at most about this much; ommers are headers too.
constexpr std::size_t kHeaderBytes = 650;
constexpr std::size_t kWithdrawalBytes = 64;
/// A receipt's fields without its logs: most of it is the bloom.
constexpr std::size_t kReceiptBytes = 280;

[[nodiscard]] std::optional<HashedHeader> find_origin(const ChainSnapshot& chain,
                                                      const GetBlockHeaders& query) {
    if (const auto* hash = std::get_if<BlockHash>(&query.origin)) return chain.header(*hash);
    const auto hash = chain.canonical_hash(std::get<BlockNumber>(query.origin));
    return hash ? chain.header(*hash) : std::nullopt;
}

[[nodiscard]] bool is_canonical(const ChainSnapshot& chain, const HashedHeader& header) {
    return chain.canonical_hash(header->number) == header.hash();
}

/// The header `steps` before this one, along its own ancestors where it is not canonical. Those are
/// walked one by one, and at most kHeadersMax of them: a side chain is short.
[[nodiscard]] std::optional<HashedHeader> find_ancestor(const ChainSnapshot& chain,
                                                        HashedHeader from, BlockNumber steps) {
    if (steps > from->number) return std::nullopt;
    const BlockNumber wanted = from->number - steps;
    for (std::size_t walked = 0; walked <= kHeadersMax; ++walked) {
        if (from->number == wanted) return from;
        if (is_canonical(chain, from)) {
            const auto hash = chain.canonical_hash(wanted);
            return hash ? chain.header(*hash) : std::nullopt;
        }
        auto parent = chain.header(from->parent_hash);
        if (!parent) return std::nullopt;
        from = *std::move(parent);
    }
    return std::nullopt;
}

[[nodiscard]] std::optional<HashedHeader> find_next(const ChainSnapshot& chain,
                                                    const HashedHeader& from,
                                                    const GetBlockHeaders& query) {
    if (query.skip >= std::numeric_limits<BlockNumber>::max() - from->number) return std::nullopt;
    const BlockNumber step = query.skip + 1;
    if (query.reverse) return find_ancestor(chain, from, step);
    if (!is_canonical(chain, from)) return std::nullopt;
    const auto hash = chain.canonical_hash(from->number + step);
    return hash ? chain.header(*hash) : std::nullopt;
}

[[nodiscard]] std::size_t size_of(const std::vector<Receipt>& receipts) noexcept {
    std::size_t size = 0;
    for (const Receipt& receipt : receipts) {
        size += kReceiptBytes;
        for (const Log& log : receipt.logs)
            size += 32 + log.data.size() + log.topics.size() * Hash256::size();
    }
    return size;
}

}  // namespace

std::size_t size_of(const BlockBody& body) noexcept {
    std::size_t size = body.ommers.size() * kHeaderBytes;
    for (const SignedTx& tx : body.transactions) size += tx_item_size(tx);
    if (body.withdrawals) size += body.withdrawals->size() * kWithdrawalBytes;
    return size;
}

BlockHeaders serve_headers(const ChainSnapshot& chain, const GetBlockHeaders& query) {
    BlockHeaders reply{.request_id = query.request_id, .headers = {}};
    const auto count_max = static_cast<std::size_t>(
        std::min<std::uint64_t>({query.amount, kHeadersMax, kSoftReplyBytes / kHeaderBytes}));
    if (count_max == 0) return reply;
    auto next = find_origin(chain, query);
    while (next) {
        reply.headers.push_back(*next);
        if (reply.headers.size() == count_max) break;
        next = find_next(chain, reply.headers.back(), query);
    }
    return reply;
}

BlockBodies serve_bodies(const ChainSnapshot& chain, const GetBlockBodies& query) {
    BlockBodies reply{.request_id = query.request_id, .bodies = {}};
    std::size_t bytes = 0;
    for (const BlockHash& hash : query.hashes) {
        if (bytes >= kSoftReplyBytes || reply.bodies.size() == kBodiesMax) break;
        auto body = chain.body(hash);
        if (!body) continue;
        bytes += size_of(*body);
        reply.bodies.push_back(*std::move(body));
    }
    return reply;
}

Receipts serve_receipts(const ChainSnapshot& chain, const GetReceipts& query) {
    Receipts reply{.request_id = query.request_id, .blocks = {}};
    std::size_t bytes = 0;
    for (const BlockHash& hash : query.hashes) {
        if (bytes >= kSoftReplyBytes || reply.blocks.size() == kReceiptListsMax) break;
        auto receipts = chain.receipts(hash);
        if (!receipts) continue;
        bytes += size_of(*receipts);
        reply.blocks.push_back(*std::move(receipts));
    }
    return reply;
}

PooledTransactions serve_pooled_txs(const PoolDoor& pool, const GetPooledTransactions& query) {
    PooledTransactions reply{.request_id = query.request_id, .txs = {}};
    std::size_t bytes = 0;
    for (const TxHash& hash : query.hashes) {
        if (bytes >= kSoftReplyBytes || reply.txs.size() == kPooledTxsMax) break;
        auto tx = pool.find(hash);
        if (!tx) continue;
        bytes += tx->tx.bytes().size();
        if (tx->sidecar)
            bytes += tx->sidecar->blobs.size() * (kBlobBytes + KzgBytes::size()) +
                     tx->sidecar->proofs.size() * KzgBytes::size();
        reply.txs.push_back(*std::move(tx));
    }
    return reply;
}

}  // namespace cairn::node
