// SPDX-License-Identifier: MIT
#include "rpc/raw_tx.hpp"

#include "chain/store/read_view.hpp"

namespace cairn::rpc {

Result<PooledTx, RpcError> decode_raw_tx(ByteView raw) {
    if (raw.empty()) return server_error("typed transaction too short");
    // An envelope's first byte names its type; a list begins at 0xc0 (EIP-2718).
    constexpr std::uint8_t kTypeMax = 0x7f;
    if (raw.front() <= kTypeMax && (raw.front() == 0 || raw.front() >= kTxTypeCount))
        return server_error("transaction type not supported");
    auto tx = decode_pooled_tx(raw);
    if (!tx) return server_error("rlp: " + std::string{to_string(tx.error())});
    return std::move(*tx);
}

Result<chain::NewTx, RpcError> recover_raw_tx(const PooledTx& tx) {
    auto sender = recover_sender(tx.tx);
    if (!sender) return server_error("invalid sender");
    return chain::NewTx{std::move(*sender), tx.sidecar};
}

std::optional<Bytes> find_raw_tx(const EthContext& context, const TxHash& hash) {
    const chain::ReadView view{context.store};
    if (const auto location = view.find_tx(hash)) {
        const auto block = view.canonical_hash(location->number);
        const auto body = block ? view.body({location->number, *block}) : std::nullopt;
        if (body && location->position < body->transactions.size())
            return to_bytes(body->transactions[location->position].bytes());
    }
    if (context.pool != nullptr)
        if (const auto pooled = context.pool->find(hash))
            return to_bytes(pooled->signed_tx().bytes());
    return std::nullopt;
}

}  // namespace cairn::rpc
