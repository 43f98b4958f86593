// SPDX-License-Identifier: MIT
#include "rpc/log_query.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rpc/block_source.hpp"
#include "rpc/encode.hpp"

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

/// Blocks taken from the index at a time.
constexpr std::size_t kSliceBlocks = 256;

Decoded<std::vector<Address>> decode_addresses(const Json& in) {
    std::vector<Address> out;
    if (in.is_string()) {
        const auto address = ParamCodec<Address>::decode(in);
        if (!address) return Unexpected{"invalid address: " + address.error()};
        out.push_back(*address);
        return out;
    }
    if (!in.is_array()) return Unexpected{std::string{"invalid addresses in query"}};
    for (std::size_t i = 0; i < in.size(); ++i) {
        const auto address = ParamCodec<Address>::decode(in[i]);
        if (!address)
            return Unexpected{"invalid address at index " + std::to_string(i) + ": " +
                              address.error()};
        out.push_back(*address);
    }
    return out;
}

/// One position: null for any, a topic, or alternatives. A null among them takes everything, as in
/// geth.
Decoded<std::vector<Hash256>> decode_position(const Json& in) {
    std::vector<Hash256> out;
    if (in.is_null()) return out;
    if (in.is_string()) {
        const auto topic = ParamCodec<Hash256>::decode(in);
        if (!topic) return Unexpected{topic.error()};
        out.push_back(*topic);
        return out;
    }
    if (!in.is_array()) return Unexpected{std::string{"invalid topic(s)"}};
    for (const auto& each : in) {
        if (each.is_null()) return std::vector<Hash256>{};
        const auto topic = ParamCodec<Hash256>::decode(each);
        if (!topic) return Unexpected{topic.error()};
        out.push_back(*topic);
    }
    return out;
}

Decoded<std::optional<BlockSelector>> decode_bound(const Json& in, const char* name) {
    const auto* bound = find_member(in, name);
    if (bound == nullptr) return std::optional<BlockSelector>{};
    auto block = ParamCodec<BlockNumberSelector>::decode(*bound);
    if (!block) return Unexpected{block.error()};
    return std::optional<BlockSelector>{std::move(block->block)};
}

/// A range of canonical blocks, both ends included.
struct Range {
    BlockNumber first = 0;
    BlockNumber last = 0;
};

Result<Range, RpcError> range_of(const chain::ReadView& view, const LogQueryArgs& query) {
    const auto head = view.head();
    if (!head) return server_error("header not found");
    const auto number_of =
        [&](const std::optional<BlockSelector>& bound) -> Result<BlockNumber, RpcError> {
        if (!bound) return head->number;
        if (std::holds_alternative<PendingTag>(*bound))
            return server_error("pending logs are not supported");
        if (const auto* number = std::get_if<BlockNumber>(&*bound)) return *number;
        const auto ref = resolve(view, *bound);
        if (!ref) return Unexpected{ref.error()};
        return ref->number;
    };
    const auto first = number_of(query.from);
    if (!first) return Unexpected{first.error()};
    const auto last = number_of(query.to);
    if (!last) return Unexpected{last.error()};
    if (*first > *last) return invalid_params("invalid block range params");
    if (*last > head->number)
        return invalid_params("block range extends beyond current head block");
    return Range{*first, *last};
}

/// The error for too many results, with the part of the range that is answered in full.
RpcError too_many(const Limits& limits, const Range& range, BlockNumber complete_until) {
    const auto hint =
        complete_until >= range.first
            ? "Try with this block range [" + to_quantity(range.first) + ", " +
                  to_quantity(complete_until) + "], then from " + to_quantity(complete_until + 1) +
                  "."
            : "Block " + to_quantity(range.first) + " alone has more: ask by address or topic.";
    return {kLimitExceeded,
            "query returned more than " + std::to_string(limits.logs_max) + " results. " + hint};
}

}  // namespace

bool LogFilter::matches(const Log& log) const noexcept {
    if (!addresses.empty() &&
        std::find(addresses.begin(), addresses.end(), log.address) == addresses.end())
        return false;
    if (topics.size() > log.topics.size()) return false;
    for (std::size_t i = 0; i < topics.size(); ++i) {
        if (topics[i].empty()) continue;
        if (std::find(topics[i].begin(), topics[i].end(), log.topics[i]) == topics[i].end())
            return false;
    }
    return true;
}

Reply LogQueryArgs::check(const Limits& limits) const {
    if (filter.topics.size() > kLogTopicsMax) return invalid_params("exceed max topics");
    const auto is_too_long = [&](const auto& list) {
        return list.size() > limits.log_alternatives_max;
    };
    if (is_too_long(filter.addresses) ||
        std::any_of(filter.topics.begin(), filter.topics.end(), is_too_long))
        return invalid_params("exceed max addresses or topics per search position");
    return {};
}

Decoded<LogQueryArgs> ParamCodec<LogQueryArgs>::decode(const Json& in) {
    if (!in.is_object())
        return Unexpected{"json: cannot unmarshal " + std::string{in.type_name()} +
                          " into Go value of type filters.input"};
    LogQueryArgs out;
    const auto hash = decode_member<BlockHash>(in, "blockHash", "input");
    if (!hash) return Unexpected{hash.error()};
    out.block_hash = *hash;
    auto from = decode_bound(in, "fromBlock");
    if (!from) return Unexpected{from.error()};
    auto to = decode_bound(in, "toBlock");
    if (!to) return Unexpected{to.error()};
    if (out.block_hash && (*from || *to))
        return Unexpected{std::string{
            "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other"}};
    out.from = std::move(*from);
    out.to = std::move(*to);
    if (const auto* address = find_member(in, "address")) {
        auto addresses = decode_addresses(*address);
        if (!addresses) return Unexpected{addresses.error()};
        out.filter.addresses = std::move(*addresses);
    }
    if (const auto* topics = find_member(in, "topics")) {
        if (!topics->is_array()) return Unexpected{std::string{"invalid topics in query"}};
        for (const auto& each : *topics) {
            auto position = decode_position(each);
            if (!position) return Unexpected{position.error()};
            out.filter.topics.push_back(std::move(*position));
        }
    }
    return out;
}

std::string ParamCodec<LogQueryArgs>::schema() {
    return R"({"title":"log filter","type":"object","properties":{"blockHash":{"type":"string"},)"
           R"("fromBlock":{"type":"string"},"toBlock":{"type":"string"},"address":{},"topics":{"type":"array"}}})";
}

std::size_t write_block_logs(JsonWriter& out, const LogFilter& filter, const Block& block,
                             const std::vector<Receipt>& receipts, bool is_removed) {
    std::size_t count = 0;
    LogPlace place{block.header.hash(), block.header->number, block.header->timestamp, {}, 0, 0,
                   is_removed};
    for (std::size_t i = 0; i < receipts.size() && i < block.body.transactions.size(); ++i) {
        place.tx_index = i;
        for (const auto& log : receipts[i].logs) {
            if (filter.matches(log)) {
                place.tx_hash = block.body.transactions[i].hash();
                write_log(out, log, place);
                ++count;
            }
            ++place.log_index;
        }
    }
    return count;
}

namespace {

/// The logs of one stored block. Its body is read only where a log fits: decoding it costs most.
std::size_t write_stored_logs(const EthContext& context, JsonWriter& out,
                              const chain::ReadView& view, const chain::BlockRef& ref,
                              const LogFilter& filter) {
    const auto write_rendered = [&](const RenderedReceipts& rendered) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < rendered.logs.size(); ++i) {
            if (!filter.matches(rendered.logs[i])) continue;
            out.raw(rendered.marks.logs[i].of(rendered.text));
            ++count;
        }
        return count;
    };
    if (const auto kept = context.rendered.find_receipts(ref.hash)) return write_rendered(*kept);
    const auto receipts = view.receipts(ref);
    if (!receipts) return 0;
    const bool has_any =
        std::any_of(receipts->begin(), receipts->end(), [&](const Receipt& receipt) {
            return std::any_of(receipt.logs.begin(), receipt.logs.end(),
                               [&](const Log& log) { return filter.matches(log); });
        });
    if (!has_any) return 0;
    const auto rendered = context.rendered.receipts(view, ref, context.spec);
    return rendered ? write_rendered(*rendered) : 0;
}

Reply write_range(const EthContext& context, Call& call, JsonWriter& out,
                  const chain::ReadView& view, const LogFilter& filter, const Range& range) {
    const auto query = filter.index_query();
    std::size_t total = 0;
    auto first = range.first;
    for (;;) {
        const auto blocks = view.log_blocks(query, first, range.last, kSliceBlocks);
        for (const auto number : blocks) {
            const auto hash = view.canonical_hash(number);
            if (!hash) continue;
            total += write_stored_logs(context, out, view, {number, *hash}, filter);
            if (total > context.limits.logs_max)
                return Unexpected{too_many(context.limits, range, number == 0 ? 0 : number - 1)};
        }
        if (blocks.size() < kSliceBlocks || blocks.back() >= range.last) return {};
        if (call.is_late()) return Unexpected{RpcError{kTimedOut, "request timed out"}};
        first = blocks.back() + 1;
    }
}

}  // namespace

Reply write_logs(const EthContext& context, Call& call, JsonWriter& out,
                 const LogQueryArgs& query) {
    if (auto checked = query.check(context.limits); !checked) return checked;
    const chain::ReadView view{context.store};
    out.begin_array();
    if (query.block_hash) {
        const auto ref = view.find(*query.block_hash);
        if (!ref) return server_error("unknown block");
        (void)write_stored_logs(context, out, view, *ref, query.filter);
    } else {
        const auto range = range_of(view, query);
        if (!range) return Unexpected{range.error()};
        if (auto written = write_range(context, call, out, view, query.filter, *range); !written)
            return written;
    }
    out.end_array();
    return {};
}

}  // namespace cairn::rpc
