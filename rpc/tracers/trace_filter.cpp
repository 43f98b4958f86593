// SPDX-License-Identifier: MIT
// trace_filter of OpenEthereum's tracing module (https://openethereum.github.io/JSONRPC-trace-module#trace_filter).
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "rpc/bind.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/tracers/active_blocks.hpp"
#include "rpc/tracers/block_calls.hpp"
#include "rpc/tracers/flat_visit.hpp"
#include "rpc/tracers/parity_format.hpp"
#include "rpc/tracers/tracing_methods.hpp"

namespace cairn::rpc {

/// What trace_filter looks for.
struct TraceFilter {
    BlockSelector from_block{chain::BlockTag::Earliest};
    BlockSelector to_block{chain::BlockTag::Latest};
    std::set<Address> from{};  ///< empty: anyone
    std::set<Address> to{};    ///< empty: anyone
    bool is_union = false;     ///< `mode` "union": one of both suffices
    std::uint64_t after = 0;   ///< matches to pass over
    std::uint64_t count = ~std::uint64_t{0};

    /// Whether nothing matches that is not sent by one of `from`.
    [[nodiscard]] bool wants_senders() const noexcept { return !from.empty() && (!is_union || to.empty()); }

    [[nodiscard]] bool matches(const Address& sender, const std::optional<Address>& recipient) const {
        const bool has_from = from.contains(sender);
        const bool has_to = recipient && to.contains(*recipient);
        if (is_union && !from.empty() && !to.empty()) return has_from || has_to;
        return (from.empty() || has_from) && (to.empty() || has_to);
    }
};
CAIRN_PARAM_CODEC(TraceFilter);

namespace {

Decoded<std::set<Address>> decode_addresses(const nlohmann::json& in, const char* name) {
    std::set<Address> out;
    const auto* member = find_member(in, name);
    if (member == nullptr || member->is_null()) return out;
    if (!member->is_array()) return Unexpected{std::string{name} + " must be an array of addresses"};
    for (const auto& each : *member) {
        const auto address = ParamCodec<Address>::decode(each);
        if (!address) return Unexpected{address.error()};
        out.insert(*address);
    }
    return out;
}

}  // namespace

Decoded<TraceFilter> ParamCodec<TraceFilter>::decode(const nlohmann::json& in) {
    if (!in.is_object()) return Unexpected<std::string>{"filter must be an object"};
    TraceFilter out;
    constexpr std::string_view kStruct = "TraceFilter";
    const auto from_block = decode_member<BlockSelector>(in, "fromBlock", kStruct);
    if (!from_block) return Unexpected{from_block.error()};
    const auto to_block = decode_member<BlockSelector>(in, "toBlock", kStruct);
    if (!to_block) return Unexpected{to_block.error()};
    const auto after = decode_member<std::uint64_t>(in, "after", kStruct);
    if (!after) return Unexpected{after.error()};
    const auto count = decode_member<std::uint64_t>(in, "count", kStruct);
    if (!count) return Unexpected{count.error()};
    const auto mode = decode_member<std::string>(in, "mode", kStruct);
    if (!mode) return Unexpected{mode.error()};
    if (*mode && **mode != "union" && **mode != "intersection")
        return Unexpected<std::string>{"mode must be union or intersection"};
    auto from = decode_addresses(in, "fromAddress");
    if (!from) return Unexpected{from.error()};
    auto to = decode_addresses(in, "toAddress");
    if (!to) return Unexpected{to.error()};
    if (*from_block) out.from_block = **from_block;
    if (*to_block) out.to_block = **to_block;
    out.after = after->value_or(0);
    out.count = count->value_or(out.count);
    out.is_union = *mode && **mode == "union";
    out.from = std::move(*from);
    out.to = std::move(*to);
    return out;
}
std::string ParamCodec<TraceFilter>::schema() { return R"({"title":"trace filter","type":"object"})"; }

namespace {

/// The row's context: the chain's, and what runs of blocks have shown.
struct FilterContext {
    explicit FilterContext(EthContext& context) : eth{context} {}

    EthContext& eth;
    BlockCalls calls;
};

/// Writes the matches of a range of blocks, one block after the other.
class FilterScan {
public:
    FilterScan(FilterContext& context, Call& call, JsonWriter& out, const TraceFilter& filter)
        : context_{context}, call_{call}, out_{out}, filter_{filter} {}

    [[nodiscard]] bool is_full() const noexcept { return written_ >= filter_.count; }

    /// A canonical block, if there is one of that number.
    Reply scan(BlockNumber number) {
        if (call_.is_late()) return Unexpected{RpcError{kTimedOut, "request timed out"}};
        if (number == 0) return {};
        std::optional<FoundBlock> found;
        BlockEnds ends;
        bool must_run = true;
        {
            const chain::ReadView view{context_.eth.store};
            const auto hash = view.canonical_hash(number);
            if (!hash) return {};
            const auto kept = context_.calls.find(*hash);
            if (kept != nullptr && pass_over(*kept)) return {};
            found = get_block(view, {number, *hash}, BlockParts::Body);
            for (const auto& reward : rewards_of(*found)) ends.authors.push_back(reward.author);
            if (kept == nullptr) {
                if (auto told = context_.calls.tell(view, *found)) {
                    ends.calls = std::move(*told);
                    must_run = !pass_over(ends);
                    if (!must_run) context_.calls.put(*hash, std::move(ends));
                }
            }
        }
        return must_run ? run(std::move(*found), std::move(ends.authors)) : Reply{};
    }

private:
    [[nodiscard]] std::vector<BlockReward> rewards_of(const FoundBlock& found) const {
        return rpc::rewards_of(rules_of(context_.eth.spec, *found.block.header), found.block);
    }
    /// A reward comes from nobody.
    [[nodiscard]] bool matches_reward(const Address& author) const {
        return (filter_.from.empty() || filter_.is_union) && filter_.matches(Address{}, author);
    }

    /// Whether nothing of the block is to be written; then what matches is counted.
    bool pass_over(const BlockEnds& ends) {
        const auto calls = std::count_if(ends.calls.begin(), ends.calls.end(), [&](const CallEnds& call) {
            return filter_.matches(call.from, call.to);
        });
        const auto rewards = std::count_if(ends.authors.begin(), ends.authors.end(),
                                           [&](const Address& author) { return matches_reward(author); });
        const auto matches = static_cast<std::uint64_t>(calls + rewards);
        if (matches > filter_.after - passed_) return false;
        passed_ += matches;
        return true;
    }

    /// Runs the block's transactions again, writes what matches, and keeps what was seen.
    Reply run(FoundBlock found, std::vector<Address> authors) {
        const auto header = found.block.header;
        const auto rewards = rewards_of(found);
        BlockEnds ends{{}, std::move(authors)};
        bool is_whole = true;
        if (!found.block.body.transactions.empty()) {
            auto replay = Replay::open(context_.eth, std::move(found));
            if (!replay) return Unexpected{replay.error()};
            auto& at = **replay;
            const auto count = at.block().body.transactions.size();
            const auto visit = [&](const FlatFrame& flat, const FlatTracePlace& where) {
                const auto& frame = *flat.frame;
                const auto to = frame.is_create() ? std::optional{frame.created} : frame.to;
                if (ends.calls.size() <= BlockCalls::kFramesMax) ends.calls.push_back({frame.from, to});
                if (filter_.matches(frame.from, to) && take()) write_flat_frame(out_, flat, true, where);
            };
            while (at.next() < count && !is_full())
                if (auto traced = visit_next(context_.eth, call_, at, out_.size(), visit); !traced) return traced;
            is_whole = at.next() == count;
        }
        for (const auto& reward : rewards)
            if (matches_reward(reward.author) && take()) write_reward(out_, reward, header);
        if (is_whole) context_.calls.put(header.hash(), std::move(ends));
        return {};
    }
    /// Counts a match; whether it is to be written.
    bool take() {
        if (passed_ < filter_.after) {
            ++passed_;
            return false;
        }
        if (is_full()) return false;
        ++written_;
        return true;
    }

    FilterContext& context_;
    Call& call_;
    JsonWriter& out_;
    const TraceFilter& filter_;
    std::uint64_t passed_ = 0;  ///< never above filter_.after
    std::uint64_t written_ = 0;
};

/// A range of canonical blocks, both ends included.
struct Range {
    BlockNumber first = 0;
    BlockNumber last = 0;
};

Result<Range, RpcError> range_of(const EthContext& context, const TraceFilter& filter) {
    const chain::ReadView view{context.store};
    const auto from = resolve(view, filter.from_block);
    if (!from) return Unexpected{from.error()};
    const auto to = resolve(view, filter.to_block);
    if (!to) return Unexpected{to.error()};
    if (from->number > to->number)
        return invalid_params("invalid block range: fromBlock is above toBlock");
    return Range{from->number, to->number};
}

/// What ended a scan, be it the time or the answer's size, with the part of the range that is searched.
RpcError stopped_at(RpcError error, const Range& range, BlockNumber number) {
    if (number == range.first) return error;
    error.message += ". Try with this block range [" + to_quantity(range.first) + ", " + to_quantity(number - 1) +
                     "], then from " + to_quantity(number) + ".";
    return error;
}

Reply trace_filter(FilterContext& context, Call& call, JsonWriter& out, TraceFilter filter) {
    const auto range = range_of(context.eth, filter);
    if (!range) return Unexpected{range.error()};
    out.begin_array();
    FilterScan scan{context, call, out, filter};
    for (auto number = range->first; number <= range->last && !scan.is_full(); ++number) {
        if (filter.wants_senders())
            number = next_active_block(chain::ReadView{context.eth.store}, filter.from, number, range->last);
        if (number > range->last) break;
        const auto scanned = scan.scan(number);
        if (scanned) continue;
        const bool is_bound = call.is_late() || scanned.error().code == kResponseTooLarge;
        return is_bound ? Unexpected{stopped_at(scanned.error(), *range, number)} : scanned;
    }
    out.end_array();
    return {};
}

}  // namespace

Method trace_filter_method(EthContext& context) {
    auto own = std::make_shared<FilterContext>(context);
    auto row = method(*own, {"trace_filter", "Calls from or to accounts in a range of blocks.", "array"}, {"filter"},
                      trace_filter);
    // The row keeps its context alive.
    row.handler = [own = std::move(own), handler = std::move(row.handler)](
                      Call& call, const nlohmann::json& params, JsonWriter& out) { return handler(call, params, out); };
    return row;
}

}  // namespace cairn::rpc
