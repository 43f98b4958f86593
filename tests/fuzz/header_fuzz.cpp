// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <cstdint>

#include "chain/rules/header_check.hpp"
#include "chain/rules/ommers.hpp"
#include "chain/rules/pow.hpp"
#include "chain/spec/rule_table.hpp"
#include "core/base/assert.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/types/mining_job.hpp"

// Two headers after each other, the second judged on the first under every row of rules: none may
// crash, verdicts are functions of the bytes, and a seal survives its work header.

namespace {

using namespace cairn;  // NOLINT: a program of one file
using namespace cairn::chain;

ChainSpec make_spec(const RuleSet& rules) {
    ChainParameters p;
    p.steps.push_back({ForkTrigger::Number, 0, rules});
    p.dao_fork_block = 7;
    p.asert_anchor = AsertAnchor{.number = 0, .timestamp = 100, .difficulty = {Uint256{131072}}};
    return ChainSpec{std::move(p)};
}

void check_pair(const RuleSet& rules, const HashedHeader& parent, const HashedHeader& child) {
    const ChainSpec spec = make_spec(rules);
    const auto first = check_header(spec, rules, *child, parent);
    const auto again = check_header(spec, rules, *child, parent);
    CAIRN_ASSERT(first.has_value() == again.has_value());
    if (!first) CAIRN_ASSERT(first.error() == again.error());
    static const auto kEngine = make_seal_engine(SealKind::Sha256d);
    (void)check_seal(*kEngine, rules, *child);
    const std::array<OmmerAncestor, 2> ancestors{{{child, {}}, {parent, {}}}};
    const std::array<HashedHeader, 1> ommers{child};
    (void)check_ommers(spec, rules, *kEngine, child, ommers, ancestors);
}

void check_seal_round_trip(const Header& header) {
    const WorkBase base = work_base_of(header);
    const auto seal = find_seal(base, make_work_header(base, seal_of(header)));
    CAIRN_ASSERT(seal.has_value() && *seal == seal_of(header));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteView rest{data, size};
    const auto first = rlp_take_item(rest);
    if (!first) return 0;
    auto parent = decode_header(first->encoded);
    if (!parent) return 0;
    CAIRN_ASSERT(equal(encode_header(*parent), first->encoded));
    check_seal_round_trip(*parent);
    auto child = decode_header(rest);
    // One header alone is tried on itself, moved to where a child would stand.
    if (!child) child = parent;
    if (child->number == 0) child->number = parent->number + 1;
    if (child->parent_hash.is_zero()) child->parent_hash = hash_of(*parent);
    const HashedHeader below{std::move(*parent)};
    const HashedHeader above{std::move(*child)};
    for (std::size_t r = 0; r < kRevisionCount; ++r)
        check_pair(rules_of(static_cast<Revision>(r)), below, above);
    check_pair(cairn_testnet_rules(), below, above);
    check_pair(cairn_dev_rules(), below, above);
    return 0;
}
