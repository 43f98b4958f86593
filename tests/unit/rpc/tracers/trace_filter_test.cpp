// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "rpc/tracers/block_calls.hpp"
#include "tests/unit/rpc/tracers/tracing_fixture.hpp"

namespace cairn::rpc::test {
namespace {

TEST(MayAddFrames, every_instruction_that_makes_a_frame_is_seen) {
    for (const auto opcode : {vm::OP_CREATE, vm::OP_CALL, vm::OP_CALLCODE, vm::OP_DELEGATECALL, vm::OP_CREATE2,
                              vm::OP_STATICCALL, vm::OP_SELFDESTRUCT}) {
        EXPECT_TRUE(may_add_frames(Bytes{opcode}));
        // As data of a PUSH, also of one that is cut by the code's end, it is none.
        EXPECT_FALSE(may_add_frames(Bytes{vm::OP_PUSH1, opcode}));
        EXPECT_FALSE(may_add_frames(Bytes{vm::OP_PUSH32, opcode, opcode}));
        EXPECT_TRUE(may_add_frames(Bytes{vm::OP_PUSH1, vm::OP_STOP, opcode}));
        EXPECT_TRUE(may_add_frames(Bytes{vm::OP_PUSH2, vm::OP_STOP, vm::OP_STOP, opcode}));
    }
    for (int opcode = 0; opcode < 256; ++opcode) {
        constexpr std::array<int, 7> kFrames{0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xfa, 0xff};
        const bool adds = std::find(kFrames.begin(), kFrames.end(), opcode) != kFrames.end();
        EXPECT_EQ(may_add_frames(Bytes{static_cast<std::uint8_t>(opcode)}), adds) << opcode;
    }
    EXPECT_FALSE(may_add_frames({}));
}

TEST(MayAddFrames, what_cannot_be_reached_does_not_count) {
    for (const auto end : {vm::OP_STOP, vm::OP_JUMP, vm::OP_RETURN, vm::OP_REVERT, vm::OP_INVALID}) {
        EXPECT_FALSE(may_add_frames(Bytes{end, vm::OP_CALL}));
        EXPECT_TRUE(may_add_frames(Bytes{end, vm::OP_CALL, vm::OP_JUMPDEST, vm::OP_CALL}));
        // A JUMPDEST among a PUSH's data is none, be the PUSH reached or not.
        EXPECT_FALSE(may_add_frames(Bytes{end, vm::OP_PUSH1, vm::OP_JUMPDEST, vm::OP_CALL}));
    }
    EXPECT_TRUE(may_add_frames(Bytes{vm::OP_JUMPI, vm::OP_CALL}));
}

/// The chain of TracingTest, and more blocks:
///
///   block 5  two transfers
///   block 6  nothing
///   block 7  key 2 calls `quiet`, which pays nobody and calls nobody, and the identity precompile
///   block 8  key 2 calls `box` with 8 wei; a transfer
class TraceFilterTest : public TracingTest {
protected:
    TraceFilterTest() {
        using cairn::test::make_tx;
        extend({make_tx(key1, 4, key3.address, Wei{1}), make_tx(key2, 2, key1.address, Wei{2})});
        extend({});
        extend({make_tx(key2, 3, reverter, Wei{}, {}, 100'000), make_tx(key2, 4, precompile, Wei{}, {}, 100'000)});
        extend({make_tx(key2, 5, box, Wei{8}, {}, 200'000), make_tx(key1, 5, kNobody, Wei{1})});
    }

    /// What the definition gives: every block's traces, looked at one by one.
    json expected(const std::vector<Address>& from, const std::vector<Address>& to, bool is_union) {
        const auto has = [](const std::vector<Address>& list, const std::string& address) {
            return std::any_of(list.begin(), list.end(),
                               [&](const Address& each) { return to_hex0x(each) == address; });
        };
        json out = json::array();
        for (std::size_t number = 1; number <= blocks.size(); ++number) {
            for (const auto& frame : result("trace_block", json::array({"0x" + std::to_string(number)}))) {
                const auto& action = frame.at("action");
                const std::string sender = action.value("from", "");
                const json made_by = frame.value("result", json::object());  // null of a reward
                const std::string made = made_by.is_object() ? made_by.value("address", "") : "";
                const std::string receiver = action.value("to", action.value("author", made));
                const bool has_from = has(from, sender);
                const bool has_to = has(to, receiver);
                const bool matches = is_union && !from.empty() && !to.empty()
                                         ? has_from || has_to
                                         : (from.empty() || has_from) && (to.empty() || has_to);
                if (matches) out.push_back(frame);
            }
        }
        return out;
    }
    static json filter_of(const std::vector<Address>& from, const std::vector<Address>& to, bool is_union) {
        json filter{{"mode", is_union ? "union" : "intersection"}};
        for (const auto& each : from) filter["fromAddress"].push_back(to_hex0x(each));
        for (const auto& each : to) filter["toAddress"].push_back(to_hex0x(each));
        return filter;
    }

    const Address precompile = [] {
        Address out;
        out.bytes.back() = 4;
        return out;
    }();
};

TEST_F(TraceFilterTest, blocks_whose_calls_can_be_told_are_told_and_others_are_not) {
    BlockCalls calls;
    const chain::ReadView view{*chain.store};
    using Calls = std::vector<CallEnds>;
    const auto tell = [&](BlockNumber number) {
        return calls.tell(view, get_block(view, {number, *view.canonical_hash(number)}, BlockParts::Body));
    };
    EXPECT_EQ(tell(1), std::nullopt) << "a creation";
    EXPECT_EQ(tell(2), std::nullopt) << "code that calls";
    EXPECT_EQ(tell(3), std::nullopt);
    EXPECT_EQ(tell(4), (Calls{{key1.address, reverter}})) << "code that cannot call";
    EXPECT_EQ(tell(5), (Calls{{key1.address, key3.address}, {key2.address, key1.address}}));
    EXPECT_EQ(tell(6), Calls{});
    EXPECT_EQ(tell(7), (Calls{{key2.address, reverter}, {key2.address, precompile}}));
    EXPECT_EQ(tell(8), std::nullopt);
}

TEST(BlockCalls, what_was_found_is_kept_where_it_is_not_too_much) {
    BlockCalls calls;
    BlockHash block;
    EXPECT_EQ(calls.find(block), nullptr);
    calls.put(block, {std::vector<CallEnds>(BlockCalls::kFramesMax + 1), {}});
    EXPECT_EQ(calls.find(block), nullptr);
    calls.put(block, {std::vector<CallEnds>(BlockCalls::kFramesMax), {kNobody}});
    ASSERT_NE(calls.find(block), nullptr);
    EXPECT_EQ(calls.find(block)->calls.size(), BlockCalls::kFramesMax);
    EXPECT_EQ(calls.find(block)->authors, std::vector<Address>{kNobody});
}

TEST_F(TraceFilterTest, answer_is_that_of_all_blocks_one_after_the_other) {
    const std::vector<std::vector<Address>> lists{
        {}, {box}, {key1.address}, {key3.address}, {reverter, precompile}, {miner}, {kNobody}, {box, key2.address}};
    for (int round = 0; round < 2; ++round) {  // the second has what the first has seen
        for (const auto& from : lists) {
            for (const auto& to : lists) {
                for (const bool is_union : {false, true}) {
                    const auto all = expected(from, to, is_union);
                    auto filter = filter_of(from, to, is_union);
                    EXPECT_EQ(result("trace_filter", json::array({filter})), all) << filter;
                    for (const std::size_t after : {1U, 3U}) {
                        filter["after"] = after;
                        filter["count"] = 2;
                        json some = json::array();
                        for (auto i = after; i < std::min(after + 2, all.size()); ++i) some.push_back(all[i]);
                        EXPECT_EQ(result("trace_filter", json::array({filter})), some) << filter;
                    }
                }
            }
        }
    }
}

TEST_F(TraceFilterTest, refusal_for_size_names_the_range_to_ask_for) {
    const auto all = expected({}, {}, false);
    context.limits.reply_bytes_max = all.dump().size() * 2 / 3;
    json parts = json::array();
    std::string first = "0x0";
    std::string last = "latest";
    int refusals = 0;
    while (true) {
        const auto answer = ask("trace_filter", json::array({{{"fromBlock", first}, {"toBlock", last}}}));
        if (answer.contains("result")) {
            for (const auto& frame : answer.at("result")) parts.push_back(frame);
            if (last == "latest") break;
            first = "0x" + std::to_string(std::stoi(last, nullptr, 16) + 1);
            last = "latest";
            continue;
        }
        EXPECT_EQ(answer.at("error").at("code"), -32003);
        // "… Try with this block range [0x1, 0x4], then from 0x5."
        const auto words = answer.at("error").at("message").get<std::string>();
        const auto comma = words.find(", 0x");
        ASSERT_NE(words.find("[" + first + ", 0x"), std::string::npos) << words;
        last = words.substr(comma + 2, words.find(']') - comma - 2);
        ASSERT_LT(++refusals, 4) << words;
    }
    EXPECT_GT(refusals, 0);
    EXPECT_EQ(parts, all);
}

}  // namespace
}  // namespace cairn::rpc::test
