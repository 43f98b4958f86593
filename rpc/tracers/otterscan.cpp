// SPDX-License-Identifier: MIT
// What the block explorer Otterscan asks of a node (https://docs.otterscan.io/api-docs/ots-api).
#include <algorithm>
#include <set>
#include <utility>

#include "rpc/bind.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/encode.hpp"
#include "rpc/tracers/call_tracer.hpp"
#include "rpc/tracers/parity_format.hpp"
#include "rpc/tracers/replay.hpp"
#include "rpc/tracers/tracing_methods.hpp"
#include "vm/opcodes.hpp"

namespace cairn::rpc {
namespace {

/// Version of the interface that is spoken here.
constexpr std::uint64_t kApiLevel = 8;
/// Transactions of one page at most (Otterscan asks for 25).
constexpr std::uint64_t kPageSizeMax = 250;
constexpr std::chrono::milliseconds kTxTimeMax{30'000};

Reply get_api_level(EthContext&, Call&, JsonWriter& out) {
    out.number(kApiLevel);
    return {};
}

Reply has_code(EthContext& context, Call&, JsonWriter& out, Address address, std::optional<BlockSelector> block) {
    const auto at = StateAt::open(context, block.value_or(BlockSelector{chain::BlockTag::Latest}));
    if (!at) return Unexpected{at.error()};
    const auto account = (*at)->state().account(address);
    out.boolean(account && account->code_hash != kEmptyCodeHash);
    return {};
}

/// A transaction that has run again with its call tree recorded.
struct RecordedTx {
    CallTracer tracer{CallTreeOptions{}};
    chain::TxOutcome outcome{};
};

/// Null where there is no such transaction.
Result<std::unique_ptr<RecordedTx>, RpcError> record(EthContext& context, Call& call, const TxHash& hash) {
    auto replay = Replay::before(context, hash);
    if (!replay) return Unexpected{replay.error()};
    if (!*replay) return std::unique_ptr<RecordedTx>{};
    auto recorded = std::make_unique<RecordedTx>();
    auto traced = (*replay)->run(recorded->tracer, trace_bounds(context, call, kTxTimeMax));
    if (!traced) return Unexpected{traced.error()};
    recorded->outcome = std::move(traced->outcome);
    return recorded;
}

Reply get_transaction_error(EthContext& context, Call& call, JsonWriter& out, TxHash hash) {
    const auto recorded = record(context, call, hash);
    if (!recorded) return Unexpected{recorded.error()};
    const bool has_error = *recorded && (*recorded)->outcome.status == vm::Status::Revert;
    out.data(has_error ? ByteView{(*recorded)->outcome.output} : ByteView{});
    return {};
}

/// Depth of each frame, the outermost 0.
std::vector<std::uint64_t> depths_of(const CallTree& tree) {
    std::vector<std::uint64_t> depths;
    for (const auto& frame : tree.frames()) depths.push_back(frame.parent ? depths[*frame.parent] + 1 : 0);
    return depths;
}

Reply trace_transaction(EthContext& context, Call& call, JsonWriter& out, TxHash hash) {
    const auto recorded = record(context, call, hash);
    if (!recorded) return Unexpected{recorded.error()};
    if (!*recorded) {
        out.null();
        return {};
    }
    const auto& tree = (*recorded)->tracer.tree();
    const auto depths = depths_of(tree);
    out.begin_array();
    for (std::size_t i = 0; i < depths.size(); ++i) {
        const auto& frame = tree.frames()[i];
        out.begin_object().text("type", vm::opcode_name(frame.opcode)).key("depth").number(depths[i]);
        out.data("from", frame.from);
        if (frame.to) out.data("to", *frame.to);
        else out.null("to");
        // What a delegate sees of its caller's value is not moved again.
        if (frame.value && frame.opcode != vm::OP_DELEGATECALL) out.quantity("value", *frame.value);
        else out.null("value");
        out.data("input", frame.input).data("output", frame.output).end_object();
    }
    out.end_array();
    return {};
}

/// Otterscan's number for what a frame did beside the transaction itself; nothing where no value moved and nothing
/// was made.
std::optional<std::uint64_t> operation_type(const CallFrame& frame) {
    switch (frame.opcode) {
        case vm::OP_CALL: return frame.value && !frame.value->is_zero() ? std::optional<std::uint64_t>{0} : std::nullopt;
        case vm::OP_SELFDESTRUCT: return 1;
        case vm::OP_CREATE: return 2;
        case vm::OP_CREATE2: return 3;
        default: return std::nullopt;
    }
}

Reply get_internal_operations(EthContext& context, Call& call, JsonWriter& out, TxHash hash) {
    const auto recorded = record(context, call, hash);
    if (!recorded) return Unexpected{recorded.error()};
    out.begin_array();
    if (*recorded) {
        const auto& frames = (*recorded)->tracer.tree().frames();
        std::vector<bool> has_failed(frames.size());
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const auto& frame = frames[i];
            has_failed[i] = !frame.error.empty() || (frame.parent && has_failed[*frame.parent]);
            const auto type = operation_type(frame);
            if (!frame.parent || has_failed[i] || !type) continue;
            out.begin_object().key("type").number(*type).data("from", frame.from).data("to", *frame.to);
            out.quantity("value", frame.value.value_or(Wei{})).end_object();
        }
    }
    out.end_array();
    return {};
}

/// The members of a block object that do not hang on its transactions.
void write_block_head(JsonWriter& out, const Block& block) {
    const auto& header = block.header;
    out.data("hash", header.hash()).data("nonce", header->nonce).data("miner", header->beneficiary);
    write_header_fields(out, header);
    out.quantity("size", encoded_size(block)).key("uncles").begin_array();
    for (const auto& ommer : block.body.ommers) out.data(ommer.hash());
    out.end_array().quantity("transactionCount", block.body.transactions.size());
}

Reply write_block_details(EthContext& context, JsonWriter& out, const BlockSelector& selector) {
    const chain::ReadView view{context.store};
    const auto found = find_block(context, view, selector, BlockParts::BodyAndReceipts);
    if (!found) return Unexpected{found.error()};
    if (!*found) {
        out.null();
        return {};
    }
    const auto& block = (*found)->block;
    out.begin_object().key("block").begin_object();
    write_block_head(out, block);
    out.end_object();

    Wei own;
    Wei ommers;
    const auto& rules = rules_of(context.spec, *block.header);
    if (block.header->number != 0)
        for (const auto& reward : rewards_of(rules, block)) (reward.is_ommer ? ommers : own) += reward.value;
    out.key("issuance").begin_object().quantity("blockReward", own).quantity("uncleReward", ommers);
    out.quantity("issuance", own + ommers).end_object();

    Wei fees;
    Gas gas_before = 0;
    for (std::size_t i = 0; i < (*found)->receipts.size(); ++i) {
        const auto gas = (*found)->receipts[i].cumulative_gas_used;
        fees += Wei{gas - gas_before} * price_paid(block.body.transactions[i].tx(), block.header->base_fee);
        gas_before = gas;
    }
    out.quantity("totalFees", fees).end_object();
    return {};
}

Reply get_block_details(EthContext& context, Call&, JsonWriter& out, BlockNumberSelector number) {
    return write_block_details(context, out, number.block);
}

Reply get_block_details_by_hash(EthContext& context, Call&, JsonWriter& out, BlockHash hash) {
    return write_block_details(context, out, chain::BlockByHash{hash, false});
}

TxPlace place_in(const Block& block, std::size_t index) {
    return {block.header.hash(), block.header->number, block.header->timestamp, index, block.header->base_fee};
}

Reply get_block_transactions(EthContext& context, Call&, JsonWriter& out, BlockNumberSelector number,
                             std::uint64_t page, std::uint64_t page_size) {
    if (page_size > kPageSizeMax) return invalid_params("page size is above " + std::to_string(kPageSizeMax));
    const chain::ReadView view{context.store};
    const auto found = find_block(context, view, number.block, BlockParts::BodyAndReceipts);
    if (!found) return Unexpected{found.error()};
    if (!*found) {
        out.null();
        return {};
    }
    const auto& block = (*found)->block;
    const auto count = block.body.transactions.size();
    // Pages count from the block's end, but keep its order.
    const auto skipped = page_size != 0 && page > count / page_size ? count : page * page_size;
    const auto last = count - std::min<std::size_t>(skipped, count);
    const auto first = last - std::min<std::size_t>(page_size, last);
    out.begin_object().key("fullblock").begin_object();
    write_block_head(out, block);
    out.key("transactions").begin_array();
    for (auto i = first; i < last; ++i)
        write_tx(out, block.body.transactions[i], (*found)->senders[i], place_in(block, i));
    out.end_array().end_object().key("receipts").begin_array();
    const auto& rules = rules_of(context.spec, *block.header);
    for (auto i = first; i < last; ++i) write_receipt_at(out, block, (*found)->senders, (*found)->receipts, rules, i);
    out.end_array().end_object();
    return {};
}

/// Looks through blocks for the transactions that have to do with an account.
class AccountSearch {
public:
    AccountSearch(EthContext& context, Call& call, const Address& address)
        : context_{context}, call_{call}, address_{address} {}

    /// Indexes of the block's transactions that the account sent, received, or had a part in by an internal call of a
    /// transaction that changed it; ascending.
    Result<std::set<std::size_t>, RpcError> find_in(const FoundBlock& found, const chain::ReadView& view) {
        std::set<std::size_t> out;
        const auto& transactions = found.block.body.transactions;
        for (std::size_t i = 0; i < transactions.size(); ++i)
            if (found.senders[i] == address_ || transactions[i]->to == address_) out.insert(i);
        if (transactions.size() == out.size() || !has_changed(view, found.block.header->number)) return out;
        auto replay = Replay::open(context_, found);
        if (!replay) return Unexpected{replay.error()};
        for (std::size_t i = 0; i < transactions.size(); ++i) {
            CallTracer tracer{CallTreeOptions{}};
            const auto traced = (*replay)->run(tracer, trace_bounds(context_, call_, kTxTimeMax));
            if (!traced) return Unexpected{traced.error()};
            for (const auto& frame : tracer.tree().frames())
                if (frame.from == address_ || frame.to == address_) out.insert(i);
        }
        return out;
    }

private:
    [[nodiscard]] bool has_changed(const chain::ReadView& view, BlockNumber number) const {
        const auto diff = view.change_log(number);
        if (!diff) return false;
        const auto is_own = [&](const auto& change) { return change.address == address_; };
        return std::any_of(diff->accounts.begin(), diff->accounts.end(), is_own) ||
               std::any_of(diff->storage.begin(), diff->storage.end(), is_own);
    }

    EthContext& context_;
    Call& call_;
    Address address_;
};

/// A page of search results: transactions and receipts side by side, the newest first.
class SearchPage {
public:
    explicit SearchPage(bool is_ascending) : is_ascending_{is_ascending} {}

    [[nodiscard]] std::size_t count() const noexcept { return txs_.size(); }

    void add(const FoundBlock& found, std::size_t index, const chain::RuleSet& rules) {
        const auto& block = found.block;
        std::string tx;
        JsonWriter tx_out{tx};
        write_tx(tx_out, block.body.transactions[index], found.senders[index], place_in(block, index));
        std::string receipt;
        JsonWriter receipt_out{receipt};
        write_receipt_at(receipt_out, block, found.senders, found.receipts, rules, index);
        // One member more than a receipt has.
        receipt.pop_back();
        receipt += ",\"timestamp\":" + std::to_string(block.header->timestamp) + '}';
        txs_.push_back(std::move(tx));
        receipts_.push_back(std::move(receipt));
    }

    void write(JsonWriter& out, bool is_first, bool is_last) {
        if (is_ascending_) {
            std::reverse(txs_.begin(), txs_.end());
            std::reverse(receipts_.begin(), receipts_.end());
        }
        out.begin_object().key("txs").begin_array();
        for (const auto& tx : txs_) out.raw(tx);
        out.end_array().key("receipts").begin_array();
        for (const auto& receipt : receipts_) out.raw(receipt);
        out.end_array().boolean("firstPage", is_first).boolean("lastPage", is_last).end_object();
    }

private:
    bool is_ascending_;
    std::vector<std::string> txs_;
    std::vector<std::string> receipts_;
};

/// Blocks from `start` towards one end of the chain, whole blocks until the page is full.
Reply search(EthContext& context, Call& call, JsonWriter& out, const Address& address, BlockNumber bound,
             std::uint64_t page_size, bool is_ascending) {
    if (page_size == 0 || page_size > kPageSizeMax)
        return invalid_params("page size must be from 1 to " + std::to_string(kPageSizeMax));
    const auto head = chain::ReadView{context.store}.head();
    if (!head) return server_error("header not found");
    // 0 stands for the end that the search starts from.
    const bool is_whole = bound == 0 || bound > head->number;
    AccountSearch account{context, call, address};
    SearchPage page{is_ascending};
    const BlockNumber first = is_ascending ? (bound == 0 ? 1 : bound + 1) : 1;
    const BlockNumber last = is_ascending || is_whole ? head->number : bound - 1;
    auto number = is_ascending ? first : last;
    bool has_reached_end = first > last;
    while (!has_reached_end && page.count() < page_size) {
        if (call.is_late()) return Unexpected{RpcError{kTimedOut, "request timed out"}};
        const chain::ReadView view{context.store};
        if (const auto hash = view.canonical_hash(number)) {
            const auto found = get_block(view, {number, *hash}, BlockParts::BodyAndReceipts);
            const auto indexes = account.find_in(found, view);
            if (!indexes) return Unexpected{indexes.error()};
            const auto& rules = rules_of(context.spec, *found.block.header);
            const auto add = [&](std::size_t index) { page.add(found, index, rules); };
            if (is_ascending) std::for_each(indexes->begin(), indexes->end(), add);
            else std::for_each(indexes->rbegin(), indexes->rend(), add);
        }
        has_reached_end = number == (is_ascending ? last : first);
        number = is_ascending ? number + 1 : number - 1;
    }
    // The first page holds the newest.
    const bool is_first = is_ascending ? has_reached_end : is_whole;
    const bool is_last = is_ascending ? bound == 0 : has_reached_end;
    page.write(out, is_first, is_last);
    return {};
}

Reply search_before(EthContext& context, Call& call, JsonWriter& out, Address address, std::uint64_t number,
                    std::uint64_t page_size) {
    return search(context, call, out, address, number, page_size, false);
}

Reply search_after(EthContext& context, Call& call, JsonWriter& out, Address address, std::uint64_t number,
                   std::uint64_t page_size) {
    return search(context, call, out, address, number, page_size, true);
}

/// The lowest kept block after which `holds` is true of the account, which it is once and for all: found by halving.
/// Nothing where it never becomes true.
template <class Predicate>
Result<std::optional<BlockNumber>, RpcError> find_first(const chain::ReadView& view, const Address& address,
                                                        Predicate holds) {
    const auto head = view.head();
    if (!head) return std::optional<BlockNumber>{};
    const auto holds_at = [&](BlockNumber number) -> Result<bool, RpcError> {
        const auto state = view.state_at(number);
        if (!state) return Unexpected{state_error(state.error())};
        return holds((*state)->account(address).value_or(chain::AccountRecord{}));
    };
    BlockNumber low = view.horizon();
    BlockNumber high = head->number;
    const auto at_end = holds_at(high);
    if (!at_end) return Unexpected{at_end.error()};
    if (!*at_end) return std::optional<BlockNumber>{};
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto is_true = holds_at(middle);
        if (!is_true) return Unexpected{is_true.error()};
        if (*is_true) high = middle;
        else low = middle + 1;
    }
    return std::optional{low};
}

Reply get_transaction_by_sender_and_nonce(EthContext& context, Call&, JsonWriter& out, Address sender,
                                          std::uint64_t nonce) {
    const chain::ReadView view{context.store};
    const auto number =
        find_first(view, sender, [&](const chain::AccountRecord& account) { return account.nonce > nonce; });
    if (!number) return Unexpected{number.error()};
    if (*number) {
        const auto hash = view.canonical_hash(**number);
        CAIRN_ASSERT(hash.has_value());
        const auto found = get_block(view, {**number, *hash}, BlockParts::Body);
        for (std::size_t i = 0; i < found.senders.size(); ++i) {
            const auto& tx = found.block.body.transactions[i];
            if (found.senders[i] != sender || tx->nonce != nonce) continue;
            out.data(tx.hash());
            return {};
        }
    }
    out.null();
    return {};
}

Reply get_contract_creator(EthContext& context, Call& call, JsonWriter& out, Address address) {
    std::optional<FoundBlock> found;
    {
        const chain::ReadView view{context.store};
        const auto number = find_first(
            view, address, [](const chain::AccountRecord& account) { return account.code_hash != kEmptyCodeHash; });
        if (!number) return Unexpected{number.error()};
        if (*number && **number != 0) {
            const auto hash = view.canonical_hash(**number);
            CAIRN_ASSERT(hash.has_value());
            found = get_block(view, {**number, *hash}, BlockParts::Body);
        }
    }
    if (found) {
        auto replay = Replay::open(context, std::move(*found));
        if (!replay) return Unexpected{replay.error()};
        for (const auto& tx : (*replay)->block().body.transactions) {
            CallTracer tracer{CallTreeOptions{}};
            const auto traced = (*replay)->run(tracer, trace_bounds(context, call, kTxTimeMax));
            if (!traced) return Unexpected{traced.error()};
            for (const auto& frame : tracer.tree().frames()) {
                if (!frame.is_create() || !frame.error.empty() || frame.created != address) continue;
                out.begin_object().data("hash", tx.hash()).data("creator", frame.from).end_object();
                return {};
            }
        }
    }
    out.null();
    return {};
}

}  // namespace

std::vector<Method> otterscan_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(method(context, {"ots_getApiLevel", "Version of the ots_ methods.", "number", Cost::Light},
                          get_api_level));
    rows.push_back(method(context, {"ots_hasCode", "Whether an account has code.", "boolean"}, {"address", "block"},
                          has_code));
    rows.push_back(method(context, {"ots_getTransactionError", "The data that a transaction reverted with.", "data"},
                          {"hash"}, get_transaction_error));
    rows.push_back(method(context, {"ots_traceTransaction", "The calls of a transaction.", "array?"}, {"hash"},
                          trace_transaction));
    rows.push_back(method(context, {"ots_getInternalOperations", "Transfers and creations in a transaction.", "array"},
                          {"hash"}, get_internal_operations));
    rows.push_back(method(context, {"ots_getBlockDetails", "A block with issuance and fees.", "object?"}, {"block"},
                          get_block_details));
    rows.push_back(method(context, {"ots_getBlockDetailsByHash", "A block with issuance and fees.", "object?"},
                          {"hash"}, get_block_details_by_hash));
    rows.push_back(method(context, {"ots_getBlockTransactions", "A page of a block's transactions.", "object?"},
                          {"block", "page", "pageSize"}, get_block_transactions));
    rows.push_back(method(context,
                          {"ots_searchTransactionsBefore", "An account's transactions before a block.", "object"},
                          {"address", "block", "pageSize"}, search_before));
    rows.push_back(method(context,
                          {"ots_searchTransactionsAfter", "An account's transactions after a block.", "object"},
                          {"address", "block", "pageSize"}, search_after));
    rows.push_back(method(context,
                          {"ots_getTransactionBySenderAndNonce", "The hash of a sender's transaction.", "hash?"},
                          {"sender", "nonce"}, get_transaction_by_sender_and_nonce));
    rows.push_back(method(context, {"ots_getContractCreator", "Who made a contract, and in which transaction.",
                                    "object?"},
                          {"address"}, get_contract_creator));
    return rows;
}

}  // namespace cairn::rpc
