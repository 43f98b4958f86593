// SPDX-License-Identifier: MIT
// Transactions by hash and place, their receipts, and the way into the pool.
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/hex.hpp"
#include "rpc/bind.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/block_source.hpp"
#include "rpc/encode.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/raw_tx.hpp"

namespace cairn::rpc {
namespace {

TxPlace place_in(const Block& block, std::size_t index) {
    return {block.header.hash(), block.header->number, block.header->timestamp, index,
            block.header->base_fee};
}

/// The block of a canonical transaction and its index there.
struct FoundTx {
    chain::BlockRef block;
    std::size_t index = 0;
};

std::optional<FoundTx> find_mined(const chain::ReadView& view, const TxHash& hash) {
    const auto location = view.find_tx(hash);
    if (!location) return std::nullopt;
    const auto block = view.canonical_hash(location->number);
    if (!block) return std::nullopt;
    return FoundTx{{location->number, *block}, location->position};
}

Reply get_tx_by_hash(EthContext& context, Call&, JsonWriter& out, TxHash hash) {
    const chain::ReadView view{context.store};
    if (const auto found = find_mined(view, hash)) {
        const auto block = context.rendered.block(view, found->block);
        out.raw(block->transactions.at(found->index).of(block->text));
        return {};
    }
    if (context.pool != nullptr) {
        if (const auto pooled = context.pool->find(hash)) {
            write_tx(out, pooled->signed_tx(), pooled->sender(), std::nullopt);
            return {};
        }
    }
    out.null();
    return {};
}

/// The transaction at a place in a block, by `write`; null where there is none.
template <class Write>
Reply with_tx_at(EthContext& context, JsonWriter& out, const BlockSelector& selector,
                 std::uint64_t index, Write write) {
    const chain::ReadView view{context.store};
    const auto found = find_block(context, view, selector, BlockParts::Body);
    if (!found) return Unexpected{found.error()};
    if (!*found || index >= (*found)->block.body.transactions.size()) {
        out.null();
        return {};
    }
    write(**found);
    return {};
}

Reply write_tx_at(EthContext& context, JsonWriter& out, const BlockSelector& selector,
                  std::uint64_t index) {
    return with_tx_at(context, out, selector, index, [&](const FoundBlock& found) {
        write_tx(out, found.block.body.transactions[index], found.senders[index],
                 place_in(found.block, index));
    });
}

Reply write_raw_tx_at(EthContext& context, JsonWriter& out, const BlockSelector& selector,
                      std::uint64_t index) {
    return with_tx_at(context, out, selector, index, [&](const FoundBlock& found) {
        out.data(found.block.body.transactions[index].bytes());
    });
}

Reply get_tx_by_block_hash(EthContext& context, Call&, JsonWriter& out, BlockHash hash,
                           std::uint64_t index) {
    return write_tx_at(context, out, chain::BlockByHash{hash, false}, index);
}

Reply get_tx_by_block_number(EthContext& context, Call&, JsonWriter& out,
                             BlockNumberSelector number, std::uint64_t index) {
    return write_tx_at(context, out, number.block, index);
}

Reply get_raw_tx_by_block_hash(EthContext& context, Call&, JsonWriter& out, BlockHash hash,
                               std::uint64_t index) {
    return write_raw_tx_at(context, out, chain::BlockByHash{hash, false}, index);
}

Reply get_raw_tx_by_block_number(EthContext& context, Call&, JsonWriter& out,
                                 BlockNumberSelector number, std::uint64_t index) {
    return write_raw_tx_at(context, out, number.block, index);
}

Reply get_raw_tx_by_hash(EthContext& context, Call&, JsonWriter& out, TxHash hash) {
    const auto raw = find_raw_tx(context, hash);
    out.data(raw ? ByteView{*raw} : ByteView{});  // as geth: nothing, not null
    return {};
}

/// Writes the receipt and says whether there is one.
bool write_receipt_of(EthContext& context, JsonWriter& out, const TxHash& hash) {
    const chain::ReadView view{context.store};
    const auto found = find_mined(view, hash);
    if (!found) return false;
    const auto receipts = context.rendered.receipts(view, found->block, context.spec);
    if (receipts == nullptr) return false;
    out.raw(receipts->marks.receipts.at(found->index).of(receipts->text));
    return true;
}

Reply get_receipt(EthContext& context, Call&, JsonWriter& out, TxHash hash) {
    if (!write_receipt_of(context, out, hash)) out.null();
    return {};
}

/// A transaction with its sender, or what is wrong with it.
using ReadTx = Result<chain::NewTx, RpcError>;

ReadTx read_raw_tx(const Bytes& raw) {
    const auto tx = decode_raw_tx(raw);
    if (!tx) return Unexpected{tx.error()};
    return recover_raw_tx(*tx);
}

/// What takes most of the time of eth_sendRawTransaction; null where the handler will find fault
/// with the parameters.
std::shared_ptr<const void> prepare_send(const nlohmann::json& params) {
    if (!params.is_array() || params.size() != 1) return nullptr;
    const auto raw = ParamCodec<Bytes>::decode(params.front());
    return raw ? std::make_shared<const ReadTx>(read_raw_tx(*raw)) : nullptr;
}

/// A raw transaction into the pool.
Result<TxHash, RpcError> send(EthContext& context, const ReadTx& tx) {
    if (!tx) return Unexpected{tx.error()};
    if (context.pool == nullptr) return server_error("this node has no transaction pool");
    return context.pool->add(*tx);
}

Reply send_raw_tx(EthContext& context, Call& call, JsonWriter& out, Bytes raw) {
    const auto prepared = std::static_pointer_cast<const ReadTx>(call.prepared);
    const auto hash = send(context, prepared ? *prepared : read_raw_tx(raw));
    if (!hash) return Unexpected{hash.error()};
    out.data(*hash);
    return {};
}

/// Milliseconds that eth_sendRawTransactionSync waits where it is not told, and at most (geth).
constexpr std::uint64_t kSyncWaitDefaultMs = 20'000;
constexpr std::uint64_t kSyncWaitMaxMs = 60'000;
/// Requests that may wait so at a time: each holds a worker.
constexpr unsigned kSyncWaitersMax = 4;

/// Counts a request among those that wait, for as long as it lives.
class SyncWaiter {
public:
    explicit SyncWaiter(std::atomic<unsigned>& count) noexcept
        : count_{count}, place_{count.fetch_add(1)} {}
    ~SyncWaiter() { count_.fetch_sub(1); }
    SyncWaiter(const SyncWaiter&) = delete;
    SyncWaiter& operator=(const SyncWaiter&) = delete;
    [[nodiscard]] bool has_room() const noexcept { return place_ < kSyncWaitersMax; }

private:
    std::atomic<unsigned>& count_;
    unsigned place_;
};

Reply send_raw_tx_sync(EthContext& context, Call& call, JsonWriter& out, Bytes raw,
                       std::optional<std::uint64_t> timeout_ms) {
    const SyncWaiter waiter{context.sync_waiters};
    if (!waiter.has_room())
        return Unexpected{RpcError{
            kLimitExceeded, "too many requests wait for a receipt: use eth_sendRawTransaction"}};
    const auto hash = send(context, read_raw_tx(raw));
    if (!hash) return Unexpected{hash.error()};
    const auto wait = std::chrono::milliseconds{
        std::min(timeout_ms.value_or(kSyncWaitDefaultMs), kSyncWaitMaxMs)};
    const auto until = std::min(Call::Clock::now() + wait, call.deadline);
    // A block comes every few seconds, so asking now and then costs less than listening would.
    constexpr std::chrono::milliseconds kInterval{20};
    while (!write_receipt_of(context, out, *hash)) {
        if (Call::Clock::now() >= until) {
            // EIP-7966: the transaction is in the pool, and may still be mined.
            constexpr int kNotMinedInTime = 4;
            return Unexpected{RpcError{
                kNotMinedInTime,
                "The transaction was added to the transaction pool but wasn't processed in " +
                    std::to_string(wait.count()) + "ms",
                "\"" + to_hex0x(*hash) + "\""}};
        }
        std::this_thread::sleep_for(kInterval);
    }
    return {};
}

}  // namespace

std::vector<Method> eth_tx_methods(EthContext& context) {
    const auto light = Cost::Light;
    std::vector<Method> rows;
    rows.push_back(method(
        context, {"eth_getTransactionByHash", "A transaction, mined or pooled.", "object?", light},
        {"hash"}, get_tx_by_hash));
    rows.push_back(method(
        context,
        {"eth_getTransactionByBlockHashAndIndex", "A transaction by its place.", "object?", light},
        {"blockHash", "index"}, get_tx_by_block_hash));
    rows.push_back(method(context,
                          {"eth_getTransactionByBlockNumberAndIndex", "A transaction by its place.",
                           "object?", light},
                          {"block", "index"}, get_tx_by_block_number));
    rows.push_back(
        method(context,
               {"eth_getRawTransactionByHash", "A transaction's bytes (EIP-2718).", "data", light},
               {"hash"}, get_raw_tx_by_hash));
    rows.push_back(method(
        context,
        {"eth_getRawTransactionByBlockHashAndIndex", "A transaction's bytes.", "data?", light},
        {"blockHash", "index"}, get_raw_tx_by_block_hash));
    rows.push_back(method(
        context,
        {"eth_getRawTransactionByBlockNumberAndIndex", "A transaction's bytes.", "data?", light},
        {"block", "index"}, get_raw_tx_by_block_number));
    rows.push_back(method(
        context,
        {"eth_getTransactionReceipt", "What became of a mined transaction.", "object?", light},
        {"hash"}, get_receipt));
    rows.push_back(method(
        context,
        {"eth_sendRawTransaction", "Puts a signed transaction into the pool.", "hash", Cost::Brief},
        {"transaction"}, send_raw_tx));
    rows.back().prepare = prepare_send;
    rows.push_back(method(
        context,
        {"eth_sendRawTransactionSync", "The same, and waits for the receipt (EIP-7966).", "object"},
        {"transaction", "timeoutMs"}, send_raw_tx_sync));
    return rows;
}

}  // namespace cairn::rpc
